import type { KnownBalance } from "../backward/mirrored-ledgers.js";
import type { Trace } from "../bundle/formats.js";
import { byAccount, type Covered, kindsOf, readOn } from "../trace/coverage.js";
import { heightOf } from "../trace/positions.js";
import type { Replayed } from "./replayed.js";

/** What the facts of a bundle say was read, and which accounts are contracts. */
export interface ReadOf {
	readonly coverage: readonly Covered[];
	readonly contracts: readonly string[];
	/** What accounts had at the end of a block, where that is known. */
	readonly openings?: readonly KnownBalance[];
}

const PAID_BY_CALL = /"from":"([^"\\]*)","kind":"internal"/;

/** What facts say was read; who pays by a call, in these lines of ledgers, is a contract, whether they name it or not. */
export function readOf({ coverage, contracts, openings = [] }: ReadOf, lines: readonly string[]): ReadOf {
	return { openings, coverage, contracts: [...contracts, ...lines.flatMap((line) => PAID_BY_CALL.exec(line)?.[1] ?? [])] };
}

/** How a note of what was read ends that tells of fees of which a part stands in no file. */
const IN_PART = ": lower bounds";

/**
 * An account that held tainted money and paid at a height up to which the facts do not say that its own payments were read without a break
 * is named by a gap: nothing of what it paid from there on is agreed. So is one that still holds some of a coin of which it paid fees
 * that are told in part. Facts may know more than the trace did.
 */
export function checkUnread(
	trace: Trace,
	{ paidTainted, held }: Replayed,
	{ coverage, contracts }: ReadOf,
	differ: (what: string) => void,
): void {
	const coveredOf = byAccount(coverage.filter(({ chain = trace.chain }) => chain === trace.chain));
	const gaps = trace.coverage.gaps.flatMap(({ kind, account, asset }) => (kind === "unread-outflow" ? [`${account} ${asset}`] : []));
	const [told, code] = [new Set(gaps), new Set(contracts)];
	const fees = new Set(
		trace.edges.flatMap(({ kind, provenance, position }) => (kind === "fee" && provenance === "imported" ? [position] : [])),
	);
	for (const [key, payments] of paidTainted) {
		if (told.has(key)) continue;
		const [account = "", asset = ""] = key.split(" ");
		// An account with a key pays by transactions alone; what a contract pays its calls tell, too.
		const kinds = kindsOf(asset).filter((kind) => kind !== "internal" || code.has(account));
		const own = coveredOf(account);
		const missing = payments.flatMap(({ since, last }) => {
			const kind = last === undefined ? undefined : kinds.find((one) => readOn(own, one, since) < last);
			return kind === undefined
				? []
				: [`it paid in block ${last}, and of its ${kind} transfers since block ${since} not all up to there were read`];
		});
		const left = payments.at(-1);
		const inPart = held.has(key) && left?.isOver === false ? left.fees.find((at) => fees.has(at) && isInPart(own, account, at)) : undefined;
		if (inPart !== undefined) missing.push(`its fee at ${inPart} is told in part`);
		if (missing[0] !== undefined) differ(`${key}: ${missing[0]}: no gap says so`);
	}
}

/** All that was read of an account's own transactions at a place tells fees in part. */
function isInPart(covered: readonly Covered[], account: string, position: string): boolean {
	const height = heightOf(position);
	const there = covered.filter(
		({ account: of, kinds, fromHeight, toHeight = Number.POSITIVE_INFINITY }) =>
			of === account && kinds.includes("native") && fromHeight <= height && height <= toHeight,
	);
	return there.length > 0 && there.every(({ note = "" }) => note.includes(IN_PART));
}
