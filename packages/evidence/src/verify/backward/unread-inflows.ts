import type { Trace } from "../bundle/formats.js";
import type { Replayed } from "../recompute/replayed.js";
import type { ReadOf } from "../recompute/unread.js";
import { byAccount, type Covered, kindsOf, readOn } from "../trace/coverage.js";

/** What nobody can have had at the end of: a token in the genesis block, a coin before it. */
const EMPTY_TOKEN = 0;
const EMPTY_COIN = -1;

/**
 * An account that money which is asked about came from, and to which something came before, is named by a gap unless all of its movements
 * of that asset are known since a block at whose end it is known what it had, which lies before all that came to it: else what came to it
 * may have been there all along. Facts may know more than the trace did.
 */
export function checkUnreadBack(
	trace: Trace,
	{ paidTainted }: Replayed,
	{ coverage, openings = [] }: ReadOf,
	differ: (what: string) => void,
): void {
	const ofChain = coverage.filter(({ chain = trace.chain }) => chain === trace.chain);
	const coveredOf = byAccount(ofChain);
	const told = new Set(
		trace.coverage.gaps.flatMap(({ kind, account, asset }) => (kind === "unread-inflow" ? [`${account} ${asset}`] : [])),
	);
	const fromGenesis = ofChain.some(
		({ account, fromHeight, source = "" }) => account === undefined && fromHeight === 0 && source.startsWith("node:"),
	);
	for (const [key, payments] of paidTainted) {
		if (told.has(key)) continue;
		const [account = "", asset = ""] = key.split(" ");
		const [first] = payments;
		const last = Math.min(...payments.flatMap((one) => one.last ?? []));
		if (first === undefined || !Number.isFinite(last)) continue;
		const isCoin = asset.includes("/slip44:");
		const empty = isCoin ? (fromGenesis ? [] : [EMPTY_COIN]) : [EMPTY_TOKEN];
		const known = [...empty, ...openings.filter((one) => one.account === account && one.asset === asset).map(({ height }) => height)];
		const own = coveredOf(account);
		if (!known.some((at) => at < last && isWhole(own, asset, at + 1, first.since)))
			differ(
				`${key}: it was paid in block ${last}, and its transfers up to block ${first.since} are not known to be whole: no gap says so`,
			);
	}
}

function isWhole(own: readonly Covered[], asset: string, from: number, to: number): boolean {
	return kindsOf(asset).every((kind) => readOn(own, kind, from) >= to);
}
