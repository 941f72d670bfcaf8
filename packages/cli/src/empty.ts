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
} from "@clew/core";
import type { Seed } from "@clew/tracer";

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

/** NFTs that a transaction moved, and whether it moved anything else but its fee. Throws InputError when the case does not hold it. */
export async function whatMoved(store: GraphStore, hash: Hash) {
	const { chain } = store.info;
	const told = await nftsMovedIn(store, chain, hash);
	if (told === undefined) {
		await mustNotBeElsewhere(store, hash);
		throw notInCase(`transaction ${hash}`, chain);
	}
	const transfers = await store.transaction(chain, hash);
	return {
		height: told.height,
		transfers,
		nfts: told.moved,
		isFeeAlone: transfers.every((t) => t.kind === "fee"),
	};
}

/** Throws InputError when another chain of the case holds a transaction that was asked for on this one. */
async function mustNotBeElsewhere(store: GraphStore, hash: Hash): Promise<void> {
	const { chain } = store.info;
	for (const other of await store.chains())
		if (other !== chain && isHash(hash, other) && (await store.placeOf(other, parseHash(hash, other))) !== undefined)
			throw new InputError(`transaction ${hash} is in the case on ${other}, not on ${chain}`, { hint: `Give --chain ${other}.` });
}

/** What there is to say of a transaction that is in the case and moved no amounts. */
export function movedNothing(hash: Hash, height: number, nfts: readonly MovedNfts[]): string {
	const what = nfts.length === 0 ? "no amount that a source of the case tells of" : `no amounts, but ${nftWords(nfts)}`;
	return `transaction ${hash} stands in block ${height} and moved ${what}`;
}

/**
 * Throws InputError when a seeded transaction is not in the case, or moved no amounts. Gives what is to be said of one that moved some.
 */
export async function mustMove(store: GraphStore, hash: Hash): Promise<string | undefined> {
	const { height, nfts, isFeeAlone } = await whatMoved(store, hash);
	if (isFeeAlone) throw new InputError(movedNothing(hash, height, nfts));
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
