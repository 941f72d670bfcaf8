import {
	type AccountId,
	type AssetId,
	type ChainId,
	type ChainNode,
	type ChainSource,
	COVERED_KINDS,
	type Coverage,
	type CoveredKind,
	chainOf,
	type GraphStore,
	isNative,
	isNoPlace,
	isUnnamedBlock,
	joinRuns,
	knownFamily,
	MAX_HEIGHT,
	NodeError,
	nativeAsset,
	startOf,
	throwIfAborted,
	transferPages,
} from "@clew/core";
import { holesIn, kindsThatTell, readRuns, unknownOpening } from "@clew/tracer";
import pLimit from "p-limit";

/** Questions to a node at one time. */
const AT_ONCE = 8;

/** What the case derives of a balance beside what a node says of it, at the end of one height, in base units. */
export interface ComparedBalance {
	readonly account: AccountId;
	readonly asset: AssetId;
	/** `short`: the case derives less than the node tells; `over`: more. */
	readonly verdict: "equal" | "short" | "over";
	readonly height: number;
	/** Below zero where the case shows more going out than coming in. */
	readonly derived: bigint;
	readonly told: bigint;
	/** What of the account's movements is known not to be in the case, in words: equal all the same where it brought as much as it took. */
	readonly missing: readonly string[];
}

/** A balance that was not compared, and why. */
export interface UnaskedBalance {
	readonly account: AccountId;
	readonly asset: AssetId;
	readonly verdict: "not-asked";
	readonly why: string;
}

export type Reconciled = ComparedBalance | UnaskedBalance;

/** The balances of one chain of a case, and how many of its accounts were left out. */
export interface Reconciliation {
	readonly chain: ChainId;
	/** Absent where no node was asked. */
	readonly node?: string;
	readonly rows: readonly Reconciled[];
	readonly accountsLeft: number;
}

/** Accounts whose movements a chain of a case is to hold: those fetched one by one; then, where whole blocks were read, all that moved. */
export async function followedAccounts(store: GraphStore, chain: ChainId, signal: AbortSignal): Promise<ReadonlySet<AccountId>> {
	const coverage = await store.coverage(chain);
	const found = new Set(coverage.flatMap(({ account }) => (account === undefined || isNoPlace(account) ? [] : [account])));
	if (!coverage.some(({ account }) => account === undefined)) return found;
	for await (const page of transferPages((at, limit) => store.scan(chain, at, limit))) {
		throwIfAborted(signal);
		for (const { from, to } of page) for (const account of [from, to]) if (!isNoPlace(account)) found.add(account);
	}
	return found;
}

/**
 * Compares what the case derives of each account and asset with a node, at the last height to which the account was read; where the case
 * does not know what an account began with, the node is asked that, too, so that what is compared is what the case says of what moved.
 * Nothing is stored. Throws NodeError when the node fails, not when it cannot tell.
 */
export async function reconcile(
	store: GraphStore,
	node: ChainNode,
	accounts: readonly AccountId[],
	signal: AbortSignal,
	onAccount: (done: number) => void = () => {},
): Promise<readonly Reconciled[]> {
	if (node.ledger === "outputs") return unasked(store, accounts, "no node of this chain tells the balance of an address");
	const { height: head } = await node.head();
	const isSame = sameBlocks(store, node);
	const limit = pLimit(AT_ONCE);
	let done = 0;
	const rows = await Promise.all(
		accounts.map((account) =>
			limit(async () => {
				throwIfAborted(signal);
				const found = await reconcileAccount(store, node, account, { head, isSame });
				onAccount(++done);
				return found;
			}),
		),
	);
	return rows.flat();
}

/** The same rows where no node was asked. */
export async function unasked(store: GraphStore, accounts: readonly AccountId[], why: string): Promise<readonly UnaskedBalance[]> {
	const rows: UnaskedBalance[] = [];
	for (const account of accounts)
		for (const asset of await assetsOf(store, account)) rows.push({ account, asset, verdict: "not-asked", why });
	return rows;
}

/** The native coin, and every asset that the case shows moving there. */
async function assetsOf(store: GraphStore, account: AccountId): Promise<ReadonlySet<AssetId>> {
	const moved = await store.balancesBefore(account, startOf(MAX_HEIGHT));
	return new Set([nativeAsset(chainOf(account)), ...moved.map(({ asset }) => asset)]);
}

/** Whether a node has the block of a height that the case has; undefined where that cannot be said. */
type SameBlock = (height: number) => Promise<boolean | undefined>;

/** Each height is asked about once. */
function sameBlocks(store: GraphStore, node: ChainSource): SameBlock {
	const known = new Map<number, Promise<boolean | undefined>>();
	const ask = async (height: number) => {
		const stored = (await store.header(node.chain, height))?.hash;
		if (stored === undefined || isUnnamedBlock(stored)) return undefined;
		try {
			return (await node.rawHeader(height)).hash === stored;
		} catch (error) {
			if (!(error instanceof NodeError) || error.retryable) throw error;
			return undefined;
		}
	};
	return (height) => {
		const answer = known.get(height) ?? ask(height);
		known.set(height, answer);
		return answer;
	};
}

async function reconcileAccount(
	store: GraphStore,
	node: ChainSource,
	account: AccountId,
	{ head, isSame }: { readonly head: number; readonly isSame: SameBlock },
): Promise<Reconciled[]> {
	const { coverage } = await store.profile(account, 1);
	const rows: Reconciled[] = [];
	for (const asset of await assetsOf(store, account)) {
		const height = readThrough(coverage, chainOf(account), asset);
		const unasked = (why: string) => rows.push({ account, asset, verdict: "not-asked", why });
		if (height === undefined) unasked("its movements of this asset were not fetched");
		else if (height > head) unasked(`the node's head is block ${head}`);
		else if ((await isSame(height)) === false) unasked(`the node has another block ${height} than the case`);
		else rows.push(await compare(store, node, { account, asset, coverage, height }));
	}
	return rows;
}

/** The last height to which the movements that make up a balance were read; undefined where none was. */
function readThrough(coverage: readonly Coverage[], chain: ChainId, asset: AssetId): number | undefined {
	const ends = kindsThatTell(chain, asset).flatMap((kind) => readRuns(coverage, kind).at(-1)?.to ?? []);
	return ends.length === 0 ? undefined : Math.min(...ends);
}

interface Question {
	readonly account: AccountId;
	readonly asset: AssetId;
	readonly coverage: readonly Coverage[];
	readonly height: number;
}

async function compare(store: GraphStore, node: ChainSource, { account, asset, coverage, height }: Question): Promise<Reconciled> {
	try {
		const [told, opening] = await Promise.all([node.balance(account, asset, height), openingAt(store, node, account, asset, coverage)]);
		const derived = opening + (await movedThrough(store, account, asset, height));
		const verdict = derived === told ? "equal" : derived < told ? "short" : "over";
		return { account, asset, verdict, height, derived, told, missing: missingOf(account, asset, coverage) };
	} catch (error) {
		if (!(error instanceof NodeError) || error.retryable || error.code === "NODE_LIED") throw error;
		return { account, asset, verdict: "not-asked", why: `the node does not tell its balance: ${error.message}` };
	}
}

/** What the node tells of a beginning that the case does not know; 0 where the case's own figure begins there already. */
async function openingAt(
	store: GraphStore,
	node: ChainSource,
	account: AccountId,
	asset: AssetId,
	coverage: readonly Coverage[],
): Promise<bigint> {
	const height = await unknownOpening(account, asset, coverage, store);
	if (height === undefined) return 0n;
	// Movements of a kind that was read further back than others are in the case's own figure, and in the node's.
	return (await node.balance(account, asset, height)) - (await movedThrough(store, account, asset, height));
}

/**
 * What came in less what went out up to the end of a height, from a stored opening balance on: each outflow lowers the amount or adds to
 * the shortfall.
 */
async function movedThrough(store: GraphStore, account: AccountId, asset: AssetId, height: number): Promise<bigint> {
	const held = (await store.balancesBefore(account, startOf(height + 1))).find((one) => one.asset === asset);
	return (held?.amount ?? 0n) - (held?.shortfall ?? 0n);
}

/** What of an account's movements of an asset, behind what it began with, is known not to be in the case. */
function missingOf(account: AccountId, asset: AssetId, coverage: readonly Coverage[]): string[] {
	const holes = kindsThatTell(chainOf(account), asset).flatMap((kind) => holesIn(readRuns(coverage, kind), 0));
	const never = COVERED_KINDS.filter((kind) => isWanted(kind, account, asset) && readRuns(coverage, kind).length === 0);
	return [
		...joinRuns(holes).map(({ from, to }) => `its movements in blocks ${from} to ${to} are not all in the case`),
		...never.map((kind) => `its ${kind} transfers were not fetched${kind === "token" ? ": which tokens it holds is not known" : ""}`),
	];
}

/** Movements that make up the balance; of coins also those of tokens, which nobody asked about where none is known. */
function isWanted(kind: CoveredKind, account: AccountId, asset: AssetId): boolean {
	const chain = chainOf(account);
	return kindsThatTell(chain, asset).includes(kind) || (kind === "token" && isNative(asset) && knownFamily(chain)?.tokens !== undefined);
}
