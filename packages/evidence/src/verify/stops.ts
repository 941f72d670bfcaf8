import type { Fail } from "./bounds.js";
import type { Trace } from "./formats.js";

/** Every reason for which a trace ends; of some the parameter that it follows from, and the word of it that rules the reason out. */
const REASONS: Readonly<Record<string, { readonly parameter: string; readonly without: string } | undefined>> = {
	service: undefined,
	mixer: undefined,
	bridge: undefined,
	swap: undefined,
	unspent: undefined,
	burned: undefined,
	unfetched: undefined,
	"contract-unknown": undefined,
	"unknown-receiver": undefined,
	dust: { parameter: "dust", without: "none" },
	budget: { parameter: "budgetBound", without: "no" },
	"time-window": { parameter: "until", without: "end of data" },
};

/** No end point ends for a reason that there is not, or that the trace's own parameters rule out. */
export function checkStops({ leaves, parameters }: Pick<Trace, "leaves" | "parameters">, fail: Fail): void {
	for (const [i, { stop }] of leaves.entries()) {
		const where = `trace.json leaf ${i + 1}`;
		if (!Object.hasOwn(REASONS, stop.reason)) {
			fail(where, `ends as ${JSON.stringify(stop.reason.slice(0, 40))}, a reason that there is not`);
			continue;
		}
		const needed = REASONS[stop.reason];
		const stated = needed && (parameters[needed.parameter] ?? needed.without);
		if (needed !== undefined && stated === needed.without)
			fail(where, `ends as ${stop.reason}, and the trace's parameter ${needed.parameter} is ${JSON.stringify(stated)}`);
	}
}
