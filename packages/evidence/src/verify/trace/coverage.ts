import { asForward, isBackward } from "../backward/as-forward.js";
import { balanceOf } from "../backward/direction.js";
import type { Trace } from "../bundle/formats.js";
import { ledgerOf } from "../chain-family/registry.js";
import { groupBy } from "../encoding/group-by.js";
import { isWrappedCoin } from "../evm/wrapped-coins.js";
import type { Fail } from "../failure.js";
import { accountOf } from "../recompute/seeds.js";
import { heightOf } from "./positions.js";

/** What was fetched, as the facts of a case state it; without an account of the whole chain. */
export interface Covered {
	readonly chain?: string;
	readonly account?: string;
	readonly fromHeight: number;
	readonly toHeight?: number;
	readonly kinds: readonly string[];
	readonly note?: string;
	readonly source?: string;
}

/** What is fetched of an account apart: what of it was not is a gap. */
const KINDS = ["native", "internal", "token"];
const STILL_THERE = /^(?:still there at block|held at height) ([0-9]{1,10})\b/;
const BY_ACCOUNT = "account:";
const HELD = new Set(["unspent", "time-window"]);

/**
 * What the facts of a case lack of an account that a trace went through is told as a gap: kinds of movements that nobody fetched,
 * and what it had before the first block that was read. Facts may know more than the trace did. On Bitcoin the chain is read, no
 * account.
 */
export function checkCoverage(
	trace: Trace,
	all: readonly Covered[],
	openings: readonly { readonly account: string; readonly asset: string }[],
	fail: Fail,
): void {
	if (ledgerOf(trace.chain) === "outputs") return;
	const coveredOf = byAccount(all.filter(({ chain = trace.chain }) => chain === trace.chain));
	const gaps = new Set(trace.coverage.gaps.map(({ kind, account }) => `${kind} ${account ?? ""}`));
	const opened = new Set(openings.filter(({ asset }) => asset.includes("/slip44:")).map(({ account }) => account));
	const backward = isBackward(trace);
	for (const [i, leaf] of trace.leaves.entries()) {
		// A source says where money was, and not that it is still there.
		if (backward || !HELD.has(leaf.stop.reason)) continue;
		const came = heightOf(leaf.arrivals?.first ?? firstOf(trace, leaf));
		const end = Math.max(came, Number(STILL_THERE.exec(leaf.stop.detail)?.[1] ?? came));
		const own = coveredOf(leaf.account);
		const read = kindsOf(Object.keys(leaf.amounts)[0] ?? "").map((kind) => ({ kind, to: readOn(own, kind, came) }));
		const unread = read.filter((one) => one.to < end);
		if (unread.length === 0) continue;
		const last = Math.min(...unread.map((one) => one.to));
		const to = last < came ? "not read where it came" : `read to block ${last}`;
		fail(
			`trace.json leaf ${i + 1}`,
			`is still there at block ${end}, and facts.json says that its ${unread.map(({ kind }) => kind).join(" and ")} transfers were ${to}`,
		);
	}
	for (const account of followed(trace)) {
		const own = coveredOf(account);
		const missing = KINDS.filter((kind) => !own.some(({ kinds }) => kinds.includes(kind)));
		const told = gaps.has(`${own.length === 0 && !backward ? "unfetched-account" : "missing-kind"} ${account}`);
		if (missing.length > 0 && !told)
			fail("facts.json", `${account}: its ${missing.join(" and ")} transfers were not fetched, and no gap of trace.json says so`);
		const first = own.reduce((least, { fromHeight }) => Math.min(least, fromHeight), Number.POSITIVE_INFINITY);
		if (own.length > 0 && first > 0 && !opened.has(account) && !gaps.has(`opening-balance-unknown ${account}`))
			fail("facts.json", `${account}: what it had before block ${first} is not in the case, and no gap of trace.json says so`);
	}
}

/** That something was read, for the verdict: nothing but a replay of files shows it. */
export function coverageInWords(all: readonly Covered[]): string[] {
	if (all.length === 0) return [];
	const accounts = new Set(all.flatMap(({ account }) => account ?? []));
	return [accounts.size === 0 ? "which blocks were read" : `what was read of accounts (${accounts.size}) and of blocks`];
}

/** What was read of an account, and of all. */
export function byAccount(covered: readonly Covered[]): (account: string) => readonly Covered[] {
	const by = groupBy(covered, ({ account }) => account);
	const ofAll = by.get(undefined) ?? [];
	return (account) => [...ofAll, ...(by.get(account) ?? [])];
}

/** Which transfers must have been read for it to be known that an asset is still there; a wrapped coin is unmade by a call. */
export function kindsOf(asset: string): readonly string[] {
	if (asset.includes("/slip44:")) return ["native", "internal"];
	return isWrappedCoin(asset) ? KINDS : ["token"];
}

/** Up to which block a kind was read from one on, without a break; below that block where it was not read there. */
export function readOn(covered: readonly Covered[], kind: string, from: number): number {
	let end = from - 1;
	for (const { fromHeight, toHeight = Number.POSITIVE_INFINITY } of covered
		.filter(({ kinds }) => kinds.includes(kind))
		.sort((a, b) => a.fromHeight - b.fromHeight))
		if (fromHeight <= end + 1) end = Math.max(end, toHeight);
	return end;
}

/** Where the first row stands that brings an end point something of its asset. */
function firstOf({ edges }: Trace, { account, amounts }: Trace["leaves"][number]): string {
	return edges.find(({ to, asset, into }) => to === account && (into?.asset ?? asset) in amounts)?.position ?? "0";
}

/**
 * Accounts whose books a trace kept: what came to them was paid on, or is still there; and those that a seed names, unless they are an end
 * point alone. What a seed marked on its way came out of nobody's books.
 */
function followed(trace: Trace): ReadonlySet<string> {
	const { chain, edges, leaves, seeds } = asForward(trace);
	const marked = new Set(seeds.flatMap(({ rows }) => rows.map(({ position }) => position)));
	const came = new Map<string, string>();
	const found = new Set<string>();
	for (const { from, to, kind, position } of edges) {
		const at = came.get(from);
		if (at !== undefined && at !== position && !marked.has(position)) found.add(from);
		if (kind !== "fee" && !came.has(to)) came.set(to, position);
	}
	for (const { account, stop } of leaves) if (HELD.has(stop.reason)) found.add(account);
	const ends = new Set(leaves.map(({ account }) => account));
	for (const { spec } of seeds) {
		const account = spec.startsWith(BY_ACCOUNT) ? accountOf(balanceOf(spec)?.account ?? spec.slice(BY_ACCOUNT.length), chain) : undefined;
		if (account !== undefined && !ends.has(account)) found.add(account);
	}
	return found;
}
