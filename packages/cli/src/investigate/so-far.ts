import type { TraceResult } from "@clew/core";
import { withKnownIssuers } from "@clew/evidence";
import { answerOf } from "@clew/workers";
import type { Context } from "../context.js";
import { rangeWords } from "./screen-amounts.js";

/** Between two lines about what is known so far. */
const EVERY_MS = 10_000;
const NAMES = {
	freeze: "where somebody may stop it",
	records: "ask for records",
	held: "not seen to move on",
	unread: "not yet read",
	gone: "burned",
} as const;

type Learn = (result: TraceResult, last: boolean) => Promise<boolean>;

/** The same, and says on the way what is known so far: the first trace that found anything at once, others now and then. */
export function tellingSoFar(context: Context, learn: Learn): Learn {
	const begun = performance.now();
	let next = 0;
	return async (result, last) => {
		const more = await learn(result, last);
		if (last || more || result.leaves.length === 0 || performance.now() < next) return more;
		next = performance.now() + EVERY_MS;
		// No node was asked yet whether it is still there: nothing of it is to be frozen by this line.
		const { sums } = answerOf(result, { recipients: withKnownIssuers([]), open: undefined, frozen: new Map() });
		const parts = Object.entries(NAMES).flatMap(([group, name]) => {
			const [first, ...others] = sums[group as keyof typeof NAMES];
			return first === undefined
				? []
				: [`${name} ${rangeWords({ result }, first)}${others.length > 0 ? ` and ${others.length} other assets` : ""}`];
		});
		context.note(`so far (${Math.round((performance.now() - begun) / 1000)} s, as of the blocks read): ${parts.join("; ")}`);
		return more;
	};
}
