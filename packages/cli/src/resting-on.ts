import { type AccountId, countOf, displayAddress, openingsUnder, type TraceResult } from "@clew/core";
import type { FreezeRequest } from "@clew/evidence";

/** Accounts that are named in one line. */
const NAMED = 3;
const READ_IT = "clew trace --rpc, with a node that keeps old states";

function named(accounts: readonly AccountId[]): string {
	const more = accounts.length > NAMED ? ` and ${countOf(accounts.length - NAMED, "other")}` : "";
	return `${accounts.slice(0, NAMED).map(displayAddress).join(", ")}${more}`;
}

/**
 * What is to be known before requests are sent, a line a request: that amounts in it rest on balances which nobody read, and that are
 * reckoned as nothing. Empty where none does.
 */
export function restingOn(result: TraceResult, requests: readonly FreezeRequest[]): string[] {
	const under = openingsUnder(result);
	return requests.flatMap(({ entity, points }) => {
		const accounts = [...new Set(points.flatMap(({ leaf }) => under(leaf)))];
		if (accounts.length === 0) return [];
		return [
			`the amounts asked of ${entity} hold if ${named(accounts)} held nothing of the same before what the case knows of them, which nobody read; if they did, less of it may be there, or nothing. Read it before you send this: ${READ_IT}`,
		];
	});
}

/** The same of all end points of a trace forward, in one sentence; undefined where agreed of none rests on such a balance. */
export function endPointsRestingOn(result: TraceResult): string | undefined {
	const under = openingsUnder(result);
	const resting = result.leaves.map((leaf, i) => ({ rank: i + 1, accounts: under(leaf), agreed: BigInt(leaf.agreed) }));
	const own = resting.filter(({ accounts, agreed }) => accounts.length > 0 && agreed > 0n);
	if (own.length === 0) return undefined;
	const ranks = own.slice(0, NAMED).map(({ rank }) => `#${rank}`);
	const others = own.length > NAMED ? [`${own.length - NAMED} more`] : [];
	const accounts = [...new Set(own.flatMap((one) => one.accounts))].sort();
	return `agreed of ${[...ranks, ...others].join(", ")} holds if ${named(accounts)} held nothing of the same before what the case knows of them, which nobody read; if they did, less of it may be there, or nothing: ${READ_IT}, reads it`;
}
