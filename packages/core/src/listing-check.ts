import { conflict } from "./conflict.js";
import { isLackOf, type Lack, missingNonces, type NumberRun } from "./history-check.js";
import type { AccountId } from "./ids.js";
import { entryOf, isCompared, type Listed, listedAccounts, listingsOf, nextEntry, shortHash, sidesOf } from "./listing.js";
import type { FactStore } from "./ports/fact-store.js";
import type { GraphStore } from "./ports/graph-store.js";
import type { LedgerReader, TransferQuery } from "./ports/ledger-reader.js";
import { firstFrom } from "./runs.js";
import type { CoveredKind, DecodedBlock, Transfer } from "./transfer.js";

const PAGE = 2_000;
/** Missing nonces that are looked for after each batch of blocks; more of them when a file of the account is imported. */
const MAX_SOUGHT = 2_000;

/** What the case holds of an account that an export of it must list: a transaction that it signed or that moved its coin, or a movement. */
interface Known {
	readonly kind: CoveredKind;
	readonly height: number;
	readonly entry: string;
	readonly paidFee: boolean;
	/** Of a movement. */
	readonly transfer?: Transfer;
}

/**
 * Gives the blocks of the transactions that an account paid for strictly between two heights; nothing where there are surely not `count`.
 */
type PaidBetween = (after: number, before: number, count: number) => Promise<readonly number[]>;

/**
 * What the exports of an account show of each other, and others' exports of them: each lacks what the case knows of the account where it
 * claims to list all, from what it lists before to what it lists after; and nonces that files without nonces fill in. Nothing where the
 * case holds no export of it. Reads all movements of the account. Throws InputError (CONFLICT) where two exports tell one movement with two
 * amounts.
 */
export async function compareListings(store: GraphStore, account: AccountId): Promise<void> {
	const listings = await listingsOf(store, account);
	if (listings.length === 0) return;
	const known = await knownOf(store, account);
	const lacks: Lack[] = [];
	const compare = async (some: readonly Listed[]) => {
		for (const listed of some) {
			const missing = missingFrom(listed, known);
			for (const one of missing) await checkAmounts(store, account, listed, one);
			lacks.push(...lacksOf(listed, heightsOf(missing)));
		}
		await store.putHistoryChecks([{ account, runs: [], lacks }]);
	};
	// How far lists of nothing reach follows from what the others are left with.
	await compare(listings.filter((listed) => !listsNothing(listed)));
	await compare(await withinReach(store, account, listings.filter(listsNothing)));
	const paid = heightsOf(known.filter(({ paidFee }) => paidFee));
	if (isNumbered(listings))
		await fillNumbers(store, account, async (after, before) => paid.filter((height) => after < height && height < before));
}

function listsNothing({ heights }: Listed): boolean {
	return heights.length === 0;
}

const claimOf = ({ source, kind }: Listed) => ({ source, kinds: [kind] });

/** Listings of nothing, with what the case takes them to reach. */
async function withinReach(store: LedgerReader, account: AccountId, listings: readonly Listed[]): Promise<Listed[]> {
	if (listings.length === 0) return [];
	const { coverage } = await store.profile(account, 1);
	const spansOf = ({ source, kind }: Listed) =>
		coverage
			.filter((c) => c.account === account && c.source === source && c.kinds.includes(kind))
			.map(({ fromHeight, toHeight }) => [fromHeight, toHeight] as const);
	return listings.map((listed) => ({ ...listed, spans: spansOf(listed) }));
}

/** {@link compareListings} for every account of which the case holds an export: after movements were taken out of the case. */
export async function compareAllListings(store: GraphStore): Promise<void> {
	for (const account of await listedAccounts(store)) await compareListings(store, account);
}

/**
 * Compares the exports of accounts with whole blocks that were just stored, in the transaction that stores them: what the case knows of the
 * exports afterwards is what {@link compareListings} finds, so that it makes no difference whether a node or a file told first. Reads what
 * these accounts moved in the blocks.
 */
export async function compareBlocks(store: GraphStore, blocks: readonly DecodedBlock[]): Promise<void> {
	const listed = await listedAccounts(store);
	if (listed.size === 0) return;
	const touched = new Map<AccountId, Set<number>>();
	for (const { header, transactions } of blocks)
		for (const { from, to } of transactions.flatMap(({ transfers }) => transfers))
			for (const account of [from, to])
				if (listed.has(account)) touched.set(account, (touched.get(account) ?? new Set()).add(header.height));
	for (const [account, heights] of touched) await compareAt(store, account, heights);
}

async function compareAt(store: GraphStore, account: AccountId, heights: ReadonlySet<number>): Promise<void> {
	const listings = await listingsOf(store, account);
	if (listings.length === 0) return;
	const known: Known[] = [];
	for (const height of heights) known.push(...(await knownOf(store, account, { fromHeight: height, toHeight: height })));
	const before = (await store.historyCheck(account))?.lacks ?? [];
	const nothing = listings.filter(listsNothing);
	const within = [...listings.filter((listed) => !listsNothing(listed)), ...(await withinReach(store, account, nothing))];
	const found = within.map((listed) => ({ listed, missing: heightsOf(missingFrom(listed, known)) }));
	const isStill = (lack: Lack) => found.some(({ listed, missing }) => isLackOf(lack, claimOf(listed)) && missing.includes(lack.at));
	const someMissing = found.some(({ missing }) => missing.length > 0);
	if (before.some((lack) => heights.has(lack.at) && !isStill(lack)) || (someMissing && nothing.length > 0))
		return compareListings(store, account);
	// The first block of each lack stands for all that follow in it.
	const firsts = (listed: Listed) => before.flatMap((lack) => (isLackOf(lack, claimOf(listed)) ? [lack.at] : []));
	const lacks = found.flatMap(({ listed, missing }) => lacksOf(listed, [...firsts(listed), ...missing]));
	if (someMissing) await store.putHistoryChecks([{ account, runs: [], lacks }]);
	if (isNumbered(listings) && known.some(({ paidFee }) => paidFee))
		await fillNumbers(store, account, (after, end, count) => paidBetween(store, account, after, end, count));
}

function isNumbered(listings: readonly Listed[]): boolean {
	return listings.some(({ kind }) => kind === "native");
}

function heightsOf(all: readonly Known[]): number[] {
	return all.map(({ height }) => height);
}

/** What the case holds of an account, whoever told of it, in the heights of a query. */
async function knownOf(store: GraphStore, account: AccountId, query: TransferQuery = {}): Promise<Known[]> {
	const found = new Map<string, Known>();
	for await (const transfer of transfersOf(store, account, { ...query, direction: "both" })) {
		const { kind, from, txHash, position } = transfer;
		const { height } = position;
		const paidFee = kind === "fee" && from === account;
		if (paidFee || kind === "native") {
			const entry = shortHash(txHash);
			const known = found.get(`${height} ${entry}`);
			found.set(`${height} ${entry}`, { kind: "native", height, entry, paidFee: paidFee || known?.paidFee === true });
			continue;
		}
		const listed = kind === "internal" ? "internal" : "token";
		if (!isCompared(transfer, listed)) continue;
		const entry = nextEntry(entryOf(txHash, transfer), (taken) => found.has(`${height} ${taken}`));
		found.set(`${height} ${entry}`, { kind: listed, height, entry, paidFee: false, transfer });
	}
	return [...found.values()];
}

/** Transfers of an account in position order, a page at a time. */
async function* transfersOf(store: LedgerReader, account: AccountId, query: TransferQuery): AsyncGenerator<Transfer> {
	for (let cursor = query.cursor, more = true; more; more = cursor !== undefined) {
		const page = await store.transfersOf(account, { ...query, limit: PAGE, ...(cursor ? { cursor } : {}) });
		yield* page.transfers;
		cursor = page.next;
	}
}

function missingFrom(listed: Listed, known: readonly Known[]): readonly Known[] {
	return known.filter((one) => one.kind === listed.kind && claims(listed, one.height) && !has(listed, one));
}

function claims({ spans }: Listed, height: number): boolean {
	return spans.some(([from, to]) => from <= height && height <= to);
}

function has({ hashes }: Listed, { height, entry }: Pick<Known, "height" | "entry">): boolean {
	return hashes.get(height)?.has(entry) === true;
}

/**
 * Two exports that both claim to list all between two accounts, and of one transaction list different amounts and neither all of the
 * other's: one was rounded or edited. Throws InputError (CONFLICT).
 */
async function checkAmounts(store: GraphStore, account: AccountId, listed: Listed, { transfer, height, kind }: Known): Promise<void> {
	if (transfer === undefined) return;
	const { from, to, txHash, source, amount } = transfer;
	const sides = sidesOf(txHash, transfer);
	const here = [...(listed.hashes.get(height) ?? [])].filter((entry) => entry.startsWith(sides));
	if (here.length === 0) return;
	const tellers = [...(await listingsOf(store, from)), ...(from === to ? [] : await listingsOf(store, to))];
	const other = tellers.find((one) => one.source === source && one.kind === kind && claims(one, height));
	const apart = here.find((entry) => other !== undefined && !has(other, { height, entry }));
	if (apart === undefined) return;
	conflict(
		txHash,
		`${apart.slice(sides.length).replace(/#.*/, "")} base units from ${from} to ${to}, another ${amount}, and both list all of ${account === from ? from : to}`,
	);
}

/** What a listing lacks, in order, from the heights of all that is missing from it. */
function lacksOf({ source, kind, heights }: Listed, all: readonly number[]): Lack[] {
	const lacks: Lack[] = [];
	for (const at of [...all].sort((a, b) => a - b)) {
		const last = lacks.at(-1);
		if (last !== undefined && (last.to === undefined || at < last.to || at === last.from)) continue;
		const next = firstFrom(heights, at);
		const [before, after] = [heights[heights[next] === at ? next : next - 1] ?? 0, heights[next]];
		lacks.push({ source, kind, from: before, at, ...(after === undefined ? {} : { to: after }) });
	}
	return lacks;
}

/**
 * Notes the nonces that files without nonces, and blocks, fill in: those that are missing between two that are told stand in the case where
 * it holds exactly as many transactions that the account paid for strictly between their blocks.
 */
async function fillNumbers(store: FactStore, account: AccountId, paidIn: PaidBetween): Promise<void> {
	const check = await store.historyCheck(account);
	const runs: NumberRun[] = [];
	for (const { first, last, after = -1, before } of check === undefined ? [] : missingNonces(check)) {
		const count = last - first + 1;
		const between = await paidIn(after, before, count);
		if (between.length === count) runs.push({ first, last, from: Math.min(...between), to: Math.max(...between) });
	}
	if (runs.length > 0) await store.putHistoryChecks([{ account, runs }]);
}

/** {@link PaidBetween} as the case holds them; more than {@link MAX_SOUGHT} are not counted. */
async function paidBetween(store: GraphStore, account: AccountId, after: number, before: number, count: number): Promise<number[]> {
	const paid: number[] = [];
	if (count > MAX_SOUGHT || before - after < 2) return paid;
	for await (const { kind, position } of transfersOf(store, account, {
		direction: "out",
		fromHeight: after + 1,
		toHeight: before - 1,
	})) {
		if (kind === "fee") paid.push(position.height);
		if (paid.length > count) break;
	}
	return paid;
}
