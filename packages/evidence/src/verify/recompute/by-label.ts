import type { Trace } from "../bundle/formats.js";
import { LabelEnds } from "../trace/label-ends.js";
import { endsOf } from "./arrived.js";
import { addTo, amountsOf, type Parts, type Replayed } from "./replayed.js";

type Leaf = Trace["leaves"][number];

/**
 * What stopped at an address did so while a label of its end points stood. Of several of one asset and reason each is told, at least, what
 * came while its label alone can have stood; that they add up is checked apart.
 */
export function checkByLabel(
	trace: Trace,
	rules: readonly string[],
	stoppedAt: Replayed["stoppedAt"],
	differ: (what: string) => void,
): void {
	const labels = new LabelEnds(trace);
	for (const [key, leaves] of endsOf(trace)) {
		const own = new Map<string, Parts>();
		for (const { position, parts } of stoppedAt.get(key) ?? []) {
			const [leaf, other] = labels.at(leaves, position);
			if (leaf === undefined) differ(`end point ${key}: no label of it stood at ${position}`);
			else if (other === undefined && leaves.length > 1) addTo(own, String(leaves.indexOf(leaf)), parts);
		}
		for (const [i, parts] of own)
			for (const [r, rule] of rules.entries()) {
				const { all } = amountsOf(rule, parts[r] ?? [], trace.seeds.length);
				const { amounts, stop } = leaves[Number(i)] as Leaf;
				const said = BigInt(Object.values(amounts)[0]?.[rule] ?? "0");
				if (said < all) differ(`end point ${key}, ${stop.detail.slice(0, 100)}: ${rule} gives ${all}, the trace says ${said}`);
			}
	}
}
