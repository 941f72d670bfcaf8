import type { Trace } from "../bundle/formats.js";
import { exchanged } from "./holding.js";
import { amountsOf, type Parts, type Replayed } from "./replayed.js";

/** What of a passage's far side is tainted is what the rules give of its near side, in proportion. */
export function checkThrough(trace: Trace, rules: readonly string[], found: Replayed, differ: (what: string) => void): void {
	for (const [i, { paid, got, into = {} }] of (trace.passages ?? []).entries()) {
		if (got === undefined) continue;
		const parts = found.rows.get(paid.position) ?? givenAt(found, paid);
		for (const [r, rule] of rules.entries()) {
			const far = exchanged(rule, parts?.[r] ?? [], BigInt(paid.amount), BigInt(got.amount));
			const [{ all }, said] = [amountsOf(rule, far, trace.seeds.length), BigInt(into[rule] ?? "0")];
			if (all !== said) differ(`passage ${i + 1}: ${rule} gives ${all} of what comes out, the trace says ${said}`);
		}
	}
}

/** What was given in somebody's exchange is no row: it ends where it was given. */
function givenAt({ stoppedAt }: Replayed, { from, asset, position }: { from: string; asset: string; position: string }): Parts | undefined {
	return stoppedAt.get(`${from} ${asset} swap`)?.find((one) => one.position === position)?.parts;
}
