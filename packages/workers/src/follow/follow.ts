import {
	type AccountHistory,
	type AccountId,
	type ChainSource,
	COVERED_KINDS,
	type Coverage,
	type GraphStore,
	groupBy,
	type LedgerReader,
	maxAmount,
	type NodeError,
	parsePosition,
	type Revisions,
	revisionsOf,
	type TraceGap,
	type TraceResult,
	throwIfAborted,
} from "@clew/core";
import { buildResult, runTrace, type TraceRequest, type TraceRun } from "@clew/tracer";
import { endOf } from "../end-of-data.js";
import { compareEndPoints, silentGap } from "../end-points.js";
import { nodeSource } from "../ingest.js";
import { noteHead } from "../noted-heads.js";
import { withOpeningBalances } from "../opening-balances.js";
import { kindsOfBlock } from "./block-kinds.js";
import { BLOCKS_A_STEP, expandAccount, keepTold } from "./expand.js";
import { AskedAlready, firstGap } from "./history-gaps.js";
import { largest } from "./largest.js";
import { isAway, isUnanswered } from "./silence.js";

/** How much may be asked of a node, and how the money is followed. */
export interface FollowOptions {
	/** Calls to the node at most; the step under way is ended. */
	readonly requests: number;
	/** Blocks fetched for one account at most: a hub is not read whole. */
	readonly blocksPerAccount: number;
	/** Blocks above this height are not looked at; without it, the node's head. */
	readonly until?: number | undefined;
	readonly signal: AbortSignal;
	readonly onProgress?: (progress: FollowProgress) => void;
	/** True once the time is over: the step under way is ended, and no further account is read. */
	readonly enough?: () => boolean;
	/**
	 * Shown each trace before it is followed on, so that labels and detections of accounts that became known stop it: true where the case
	 * says other of some by now, and the trace is to be run again. `last`: the follow would end with this trace.
	 */
	readonly learn?: (result: TraceResult, last: boolean) => Promise<boolean>;
}

/** How far a follow came. */
export interface FollowProgress {
	readonly requests: number;
	readonly edges: number;
	readonly account: string;
}

/** What a follow found. `open` are leaves with money that could not be followed on: a budget bound, or the node could not tell. */
export interface FollowReport {
	readonly result: TraceResult;
	/** What the case held when the trace began. */
	readonly asOf: Revisions;
	readonly requests: number;
	readonly head: number;
	readonly open: readonly { readonly account: AccountId; readonly why: OpenWhy }[];
	/** What the node failed with when it went silent in the middle: what is open was not looked at. */
	readonly stopped?: string;
}

/** Why a leaf was not followed on: which bound held it, or that the node could not tell. */
export type OpenWhy = "requests" | "time" | "blocks" | "no answer";

/** End points that are compared with the node once the time is over: the first of the list. */
export const COMPARED_LATE = 20;
/** Parts of a whole by which leaves are compared across assets. */
const SHARES = 1_000_000_000n;

/**
 * Follows money from a seed without ingesting a chain: the trace is run on what is known, the leaf with the largest share of the seeded
 * money is expanded by a window of its history, and so on (best first), until no leaf with money lacks history, or a budget binds. What was
 * fetched stays in the case; the same call again goes on. A node that goes silent ends it with what was told until then.
 */
export async function followMoney(
	store: GraphStore,
	node: ChainSource,
	history: AccountHistory,
	request: TraceRequest,
	options: FollowOptions,
): Promise<FollowReport> {
	const { signal } = options;
	const sent = () => node.requests() + (history.requests?.() ?? 0);
	const started = sent();
	const used = () => sent() - started;
	const head = await noteHead(store, node, options.until);
	const asked = new AskedAlready();
	await fetchSeeds(store, node, request, asked, signal);
	const spent = new Map<AccountId, number>();
	const asking = withOpeningBalances(store, node);
	const { id, title } = store.info;
	const build = async (run: TraceRun, source: LedgerReader, nodeGaps: readonly TraceGap[]) =>
		buildResult(run, source, { id, title, cutoff: await endOf(store, head, options.until), sources: await store.sources(), nodeGaps });
	const unanswered = new Set<AccountId>();
	/** Set once the node went silent: from then on only what it told before is read. */
	let away: NodeError | undefined;
	for (;;) {
		throwIfAborted(signal);
		try {
			const asOf = await revisionsOf(store);
			const source = away === undefined ? asking : store;
			const run = await runTrace(request, { source, signal });
			const result = await build(run, source, []);
			const frontier = await unread(store, request, result, head, asked);
			const isRead = (account: AccountId) => (spent.get(account) ?? 0) >= options.blocksPerAccount;
			const next = away === undefined ? frontier.find(({ account }) => !isRead(account) && !unanswered.has(account)) : undefined;
			options.onProgress?.({ requests: used(), edges: result.edges.length, account: next?.account ?? "" });
			const bound = boundOf(options, used());
			const last = next === undefined || bound !== undefined;
			if (await options.learn?.(result, last)) continue;
			if (last) {
				const why = (account: AccountId): OpenWhy =>
					isRead(account) ? "blocks" : away !== undefined || unanswered.has(account) ? "no answer" : (bound ?? "requests");
				const open = frontier.map(({ account }) => ({ account, why: why(account) }));
				const compared = bound === "time" ? COMPARED_LATE : undefined;
				const nodeGaps = away === undefined ? await compareEndPoints(store, node, result, head, signal, compared) : [silentGap(head, away)];
				const told = nodeGaps.length === 0 ? result : await build(run, source, nodeGaps);
				return { result: told, asOf, requests: used(), head, open, ...(away === undefined ? {} : { stopped: away.message }) };
			}
			const blocks = Math.min(BLOCKS_A_STEP, options.blocksPerAccount - (spent.get(next.account) ?? 0));
			const step = expandAccount(store, node, history, next.account, next.from, next.to, { blocks, signal, asked });
			const report = await step.catch((error: unknown) => {
				if (!isUnanswered(error)) throw error;
				unanswered.add(next.account);
				return { blocks: 0 };
			});
			spent.set(next.account, (spent.get(next.account) ?? 0) + report.blocks);
		} catch (error) {
			if (away !== undefined || !isAway(error)) throw error;
			away = error;
		}
	}
}

/** The bound of the whole follow that is reached, if one is. */
export function boundOf({ requests, enough }: Pick<FollowOptions, "requests" | "enough">, used: number): "requests" | "time" | undefined {
	if (used >= requests) return "requests";
	return enough?.() ? "time" : undefined;
}

/** The transactions that are seeds, in their blocks or by themselves; accounts that are begin unread. */
async function fetchSeeds(
	store: GraphStore,
	node: ChainSource,
	{ seeds }: TraceRequest,
	asked: AskedAlready,
	signal: AbortSignal,
): Promise<void> {
	const coverage = await store.coverage(node.chain);
	for (const seed of seeds) {
		if (seed.kind !== "tx" && seed.kind !== "transfer") continue;
		const { txHash } = seed;
		const height = txHash === undefined ? (seed as { at: { height: number } }).at.height : await node.heightOf(txHash);
		if (asked.blocks.has(height)) continue;
		const held = await kindsOfBlock(store, node.chain, height, coverage);
		if (COVERED_KINDS.every((kind) => held.has(kind))) continue;
		const part = txHash === undefined || held.size > 0 ? undefined : await node.partOf?.(height, { hashes: [txHash] }, signal);
		const told = part === undefined ? { fetched: [await node.block(height, signal)], parts: [] } : { fetched: [], parts: [part] };
		await keepTold(store, node, await nodeSource(node), { ...told, signal });
		// A part says nothing of what else its block holds.
		if (part === undefined) asked.blocks.add(height);
	}
}

interface Unread {
	readonly account: AccountId;
	readonly from: number;
	readonly to: number;
	readonly share: bigint;
}

/**
 * Accounts whose history is not in the case up to `head`: those that are seeds, leaves that hold money, and those that paid it on unread;
 * seeds first, since what came to them is what is followed, then the largest share of the seeded money.
 */
async function unread(
	store: LedgerReader,
	{ seeds }: TraceRequest,
	result: TraceResult,
	head: number,
	asked: AskedAlready,
): Promise<Unread[]> {
	const named = seeds.flatMap((seed): OpenEnd[] =>
		seed.kind === "account" ? [{ account: seed.account, arrived: seed.since.height, share: 2n * SHARES }] : [],
	);
	const seeded = seededOf(result);
	const ends = [...named, ...openLeaves(result, seeded), ...paidUnread(result, seeded), ...readInPart(result)];
	const found = new Map<AccountId, Unread>();
	for (const [account, own] of groupBy(ends, (end) => end.account)) {
		const { coverage } = await store.profile(account, 1);
		for (const { arrived, share, readTo } of own) {
			const to = readTo === undefined ? head : Math.min(head, readTo(coverage));
			const gap = firstGap(coverage, arrived, to, asked.of(account));
			if (gap === undefined) continue;
			const held = found.get(account);
			if (held === undefined || gap.from < held.from || share > held.share)
				found.set(account, {
					account,
					from: Math.min(gap.from, held?.from ?? gap.from),
					to: gap.to,
					share: maxAmount(share, held?.share ?? 0n),
				});
		}
	}
	return [...found.values()].sort((a, b) => (a.share === b.share ? (a.account < b.account ? -1 : 1) : a.share > b.share ? -1 : 1));
}

interface OpenEnd {
	readonly account: AccountId;
	/** From which height on its history matters. */
	readonly arrived: number;
	readonly share: bigint;
	/** Up to which height it matters, by what is read of the account; without it, the head. */
	readonly readTo?: (coverage: readonly Coverage[]) => number;
}

function openLeaves({ leaves }: TraceResult, seeded: ReadonlyMap<string, bigint>): OpenEnd[] {
	return leaves
		.filter(({ stop: { reason } }) => reason === "unfetched" || reason === "unspent" || reason === "contract-unknown")
		.map(({ account, arrivals, amounts }) => {
			const shares = Object.entries(amounts).map(([asset, byRule]) => shareOf(seeded.get(asset), largest(byRule)));
			return { account: account as AccountId, arrived: parsePosition(arrivals.first).height, share: shares.reduce(maxAmount, 0n) };
		});
}

/** Nothing of what these paid is agreed until they are read. */
function paidUnread({ coverage: { gaps } }: TraceResult, seeded: ReadonlyMap<string, bigint>): OpenEnd[] {
	return gaps.flatMap(({ kind, account, asset = "", fromHeight = "0", uncertain = "0" }) =>
		kind === "unread-outflow" && account !== undefined
			? [{ account: account as AccountId, arrived: Number(fromHeight), share: shareOf(seeded.get(asset), BigInt(uncertain)) }]
			: [],
	);
}

/** Accounts that the money went through and of which some kinds of movement were read, not all: last, as far as others were read. */
function readInPart({ coverage: { gaps } }: TraceResult): OpenEnd[] {
	const readTo = (coverage: readonly Coverage[]) => coverage.reduce((most, { toHeight }) => Math.max(most, toHeight), 0);
	return gaps.flatMap(({ kind, account, fromHeight = "0" }) =>
		kind === "missing-kind" && account !== undefined
			? [{ account: account as AccountId, arrived: Number(fromHeight), share: 0n, readTo }]
			: [],
	);
}

/** What seeds marked, by asset. */
function seededOf({ seeds }: TraceResult): ReadonlyMap<string, bigint> {
	const seeded = new Map<string, bigint>();
	for (const seed of seeds)
		for (const [asset, amounts] of Object.entries(seed.seeded)) seeded.set(asset, (seeded.get(asset) ?? 0n) + largest(amounts));
	return seeded;
}

/** What an exchange brought has no seeded amount of its own: it counts as much as the agreed part of itself. */
function shareOf(whole: bigint | undefined, amount: bigint): bigint {
	return whole === undefined || whole === 0n ? SHARES / 2n : (amount * SHARES) / whole;
}

/** Seeds for `follow`: a transaction hash by itself, or anything that a trace takes. */
export function followSeed(text: string): string {
	return /^(0x)?[0-9a-fA-F]{64}$/.test(text) ? `tx:${text}` : text;
}
