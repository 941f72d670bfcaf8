import {
	type AccountId,
	type ChainId,
	chainOf,
	displayAddress,
	FIRST_OUTPUT,
	familyOf,
	type GraphStore,
	type Hash,
	InputError,
	isHash,
	ledgerOf,
	type MovedNfts,
	nftsMovedIn,
	nftWords,
	parseHash,
	type Transfer,
} from "@clew/core";
import type { Seed } from "@clew/tracer";
import { mayHaveMovedMore, type ToldOfTransaction, toldOfTransaction } from "@clew/workers";

/** What brings data of a chain into a case. */
function howToFetch(chain: ChainId): string {
	const { imports, hash } = familyOf(chain).words;
	return `Fetch it: clew import ${imports}, clew ingest --rpc URL, or clew follow ${hash} --rpc URL.`;
}

/**
 * What was looked for and is not in the case. It may be on the chain: nothing found in nothing fetched is an error, never an empty answer.
 */
export function notInCase(what: string, chain: ChainId): InputError {
	return new InputError(`${what} is not in the case`, { hint: howToFetch(chain) });
}

/** Throws InputError when the case holds nothing of its chain. */
export async function mustHoldData(store: GraphStore): Promise<void> {
	const { chain } = store.info;
	const held = ledgerOf(chain) === "outputs" ? (await store.counts()).outputs : await store.size(chain);
	if (held === 0 && (await store.coverage(chain)).length === 0)
		throw new InputError(`the case holds nothing of ${chain}`, { hint: howToFetch(chain) });
}

/** What the case tells of what a transaction moved. */
export interface Moved extends ToldOfTransaction {
	readonly height: number;
	readonly transfers: readonly Transfer[];
	readonly nfts: readonly MovedNfts[];
	/** True where no transfer of it but its fee is in the case. */
	readonly isFeeAlone: boolean;
}

/** What a transaction moved, and what of it nobody told. Throws InputError when the case does not hold it. */
export async function whatMoved(store: GraphStore, hash: Hash): Promise<Moved> {
	const { chain } = store.info;
	const told = await nftsMovedIn(store, chain, hash);
	if (told === undefined) {
		await mustNotBeElsewhere(store, hash);
		throw notInCase(`transaction ${hash}`, chain);
	}
	const { height, moved: nfts } = told;
	const transfers = await store.transaction(chain, hash);
	return {
		height,
		transfers,
		nfts,
		isFeeAlone: transfers.every((t) => t.kind === "fee"),
		...(await toldOfTransaction(store, hash, height)),
	};
}

/** Throws InputError when another chain of the case holds a transaction that was asked for on this one. */
async function mustNotBeElsewhere(store: GraphStore, hash: Hash): Promise<void> {
	const { chain } = store.info;
	for (const other of await store.chains())
		if (other !== chain && isHash(hash, other) && (await store.placeOf(other, parseHash(hash, other))) !== undefined)
			throw new InputError(`transaction ${hash} is in the case on ${other}, not on ${chain}`, { hint: `Give --chain ${other}.` });
}

/** What there is to say of a transaction that is in the case and of which the case holds no amounts. */
export function movedNothing(hash: Hash, moved: Omit<Moved, "transfers" | "isFeeAlone">): string {
	const { height, nfts, status } = moved;
	const stands = `transaction ${hash} stands in block ${height} and moved`;
	if (status === "failed") return `${stands} no amount but its fee: it failed`;
	const what = nfts.length === 0 ? "no amount that a source of the case tells of" : `no amounts, but ${nftWords(nfts)}`;
	if (!mayHaveMovedMore(moved)) return `${stands} ${what}`;
	const whether = status === undefined ? "whether it succeeded, and " : "";
	return `${stands} ${what}; ${whether}what contracts called from it moved is not known: nobody told the internal calls of that block`;
}

/** How what contracts called from a transaction moved becomes known. */
export function howToTellCalls(chain: ChainId): string {
	const { calls = "a node that tells more", imports } = familyOf(chain).words;
	return `Give --rpc of ${calls}, or import an explorer's list of internal transactions (clew import ${imports}).`;
}

/**
 * Throws InputError when a seeded transaction is not in the case, or moved no amounts. Gives what is to be said of one that moved some.
 */
export async function mustMove(store: GraphStore, hash: Hash): Promise<string | undefined> {
	const moved = await whatMoved(store, hash);
	const { nfts, isFeeAlone } = moved;
	if (isFeeAlone)
		throw new InputError(movedNothing(hash, moved), mayHaveMovedMore(moved) ? { hint: howToTellCalls(store.info.chain) } : {});
	return nfts.length === 0 ? undefined : `transaction ${hash} also moved ${nftWords(nfts)}, and they are not followed`;
}

/**
 * Work on seeds; where it fails on a transaction that is in the case and moved no amounts, the error says so. Throws what the work
 * throws.
 */
export async function orWhyNothing<T>(store: GraphStore, seeds: readonly Seed[], work: Promise<T>): Promise<T> {
	try {
		return await work;
	} catch (error) {
		for (const seed of error instanceof InputError && ledgerOf(store.info.chain) === "accounts" ? seeds : [])
			if (seed.kind === "tx" && (await nftsMovedIn(store, store.info.chain, seed.txHash)) !== undefined) await mustMove(store, seed.txHash);
		throw error;
	}
}

/** Throws InputError when the case knows nothing of an account: neither a movement, nor that its history was fetched and is empty. */
export async function mustKnow(store: GraphStore, account: AccountId): Promise<void> {
	const { transfers, coverage, labels } = await store.profile(account, 1);
	if (transfers > 0 || coverage.length > 0 || labels.length > 0) return;
	const chain = chainOf(account);
	// An address may be known only by what it spent, where what paid it is not in the case.
	if (ledgerOf(chain) === "outputs" && (await store.foreignSpendsOf(account, FIRST_OUTPUT, 1)).length > 0) return;
	throw notInCase(displayAddress(account), chain);
}
