import { isBackward } from "../backward/as-forward.js";
import type { Trace } from "../bundle/formats.js";
import { ledgerOf } from "../chain-family/registry.js";
import { groupBy } from "../encoding/group-by.js";
import type { Fail } from "../failure.js";
import { checkMovements, type Movement } from "./movements.js";

interface Told {
	readonly chain: string;
	readonly where: string;
	readonly movement: Movement;
}

/** Every movement that a trace states, in rows, seeds and passages, is such as can be, with all others of its chain. */
export function checkTracedMovements(trace: Trace, fail: Fail): void {
	for (const [chain, told] of groupBy([...movementsIn(trace)], (one) => one.chain))
		checkMovements(
			chain,
			told.map(({ movement }) => movement),
			(i) => told[i]?.where ?? "trace.json",
			fail,
		);
}

function* movementsIn(trace: Trace): Iterable<Told> {
	const { chain, edges, seeds, passages = [] } = trace;
	// Backward a seed names who paid, or what it had: then no movement stands behind it.
	const side = isBackward(trace) && ledgerOf(chain) === "accounts" ? "from" : "to";
	for (const [i, movement] of edges.entries()) yield { chain, where: `trace.json edge ${i + 1}`, movement };
	for (const [i, { rows }] of seeds.entries())
		for (const { account, position, txHash, asset, amount } of rows)
			if (txHash !== "")
				yield { chain, where: `trace.json seed ${i + 1} at ${position}`, movement: { position, txHash, [side]: account, asset, amount } };
	for (const [i, { paid, got, alternatives = [] }] of passages.entries()) {
		const where = `trace.json passage ${i + 1}`;
		yield { chain, where, movement: paid };
		// What comes out may be on another chain, which its asset names.
		for (const movement of [...(got === undefined ? [] : [got]), ...alternatives])
			yield { chain: movement.asset.slice(0, Math.max(movement.asset.indexOf("/"), 0)), where, movement };
	}
}
