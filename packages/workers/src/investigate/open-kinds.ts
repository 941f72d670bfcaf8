import { groupBy, NODE_GAPS, type StopReason, type TraceGap, type TraceResult } from "@clew/core";

/** What of one kind is open, over how many accounts. */
export interface OpenKind {
	readonly kind: TraceGap["kind"];
	readonly gaps: number;
	/** The text of the first. */
	readonly text: string;
}

/** Gaps that say how something is known, and leave no amount and no end point open. */
const REMARKS: ReadonlySet<TraceGap["kind"]> = new Set(["source-note", "label-validity", "behaviour-only"]);

/**
 * What leaves amounts or end points open, the most frequent first, and what no history can tell, in words. `ends`: reasons of end points at
 * somebody who moves on what came to him, so that his balance opens nothing.
 */
export function openKinds({ coverage, leaves }: TraceResult, ends: ReadonlySet<StopReason>): [open: OpenKind[], remarks: string[]] {
	// A service moves on what came to it: that it holds less by now opens nothing.
	const ended = new Set(leaves.filter(({ stop }) => ends.has(stop.reason)).map(({ account }) => account));
	const counted = coverage.gaps.filter(({ kind, account = "" }) => !REMARKS.has(kind) && !(NODE_GAPS.has(kind) && ended.has(account)));
	// Of what blocks pay one gap tells for all accounts: no list of an account's transactions holds it.
	const isRemark = ({ kind, account }: TraceGap) => kind === "missing-kind" && account === undefined;
	const kinds = groupBy(
		counted.filter((gap) => !isRemark(gap)),
		({ kind }) => kind,
	);
	const open = [...kinds].map(([kind, gaps]) => ({ kind, gaps: gaps.length, text: gaps[0]?.text ?? "" })).sort((a, b) => b.gaps - a.gaps);
	return [open, counted.filter(isRemark).map(({ text }) => text)];
}
