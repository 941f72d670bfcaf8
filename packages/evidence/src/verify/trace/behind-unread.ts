import { isBackward } from "../backward/as-forward.js";
import type { Trace } from "../bundle/formats.js";
import type { Fail } from "../failure.js";
import { heightOf } from "./positions.js";

/** Gaps that say of an account that something of it was not read, so that nothing which goes on from it is agreed. */
const UNREAD = new Set(["unread-outflow", "unread-inflow"]);

/**
 * What comes through an account of which something was not read is agreed nowhere: an end point that money reaches through such accounts
 * alone has no agreed amount. The trace is one that goes forward, or was turned (`asForward`). Where money might have gone round such an
 * account, nothing is said: order and amounts are left aside.
 */
export function checkBehindUnread(trace: Trace, fail: Fail): void {
	const unread = new Map<string, number>();
	for (const { kind, account, asset, fromHeight = "0" } of trace.coverage.gaps)
		if (UNREAD.has(kind) && account !== undefined) {
			const key = `${account} ${asset}`;
			unread.set(key, Math.min(unread.get(key) ?? Number.POSITIVE_INFINITY, Number(fromHeight)));
		}
	if (unread.size === 0) return;
	const back = isBackward(trace);
	const touches = (key: string, height: number) => height >= (unread.get(key) ?? Number.POSITIVE_INFINITY);
	const moves = trace.edges.map((edge) => ({
		from: `${edge.from} ${edge.asset}`,
		to: `${edge.to} ${edge.into?.asset ?? edge.asset}`,
		height: heightOf(edge.position),
	}));
	const reached = new Set<string>();
	/** Reached, and what goes on from there may be agreed. */
	const passed = new Set<string>();
	const reach = (key: string, height: number) => {
		reached.add(key);
		if (!back || !touches(key, height)) passed.add(key);
	};
	const paid = new Set(moves.map(({ to }) => to));
	for (const { rows } of trace.seeds) for (const { account, asset, position } of rows) reach(`${account} ${asset}`, heightOf(position));
	for (const { from } of moves) if (!paid.has(from) && !reached.has(from)) reach(from, 0);
	for (let before = -1; before !== reached.size + passed.size; ) {
		before = reached.size + passed.size;
		for (const { from, to, height } of moves) if (passed.has(from) && (back || !touches(from, height))) reach(to, height);
	}
	for (const [i, { account, agreed, amounts }] of trace.leaves.entries())
		if (agreed !== "0" && Object.keys(amounts).every((asset) => !reached.has(`${account} ${asset}`)))
			fail(`trace.json leaf ${i + 1}`, `agrees on ${agreed}, and comes only through accounts of which something was not read`);
}
