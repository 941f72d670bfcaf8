import { countOf, displayAddress, type TraceResult } from "@clew/core";
import type { FreezeRequest } from "@clew/evidence";
import { openingsUnder } from "@clew/workers";

/** Accounts that are named in one line. */
const NAMED = 3;

/**
 * What is to be known before requests are sent, a line a request: that amounts in it rest on balances which nobody read, and that are
 * reckoned as nothing. Empty where none does.
 */
export function restingOn(result: TraceResult, requests: readonly FreezeRequest[]): string[] {
	const under = openingsUnder(result);
	return requests.flatMap(({ entity, points }) => {
		const accounts = [...new Set(points.flatMap(({ leaf }) => under(leaf)))];
		if (accounts.length === 0) return [];
		const more = accounts.length > NAMED ? ` and ${countOf(accounts.length - NAMED, "other")}` : "";
		const named = `${accounts.slice(0, NAMED).map(displayAddress).join(", ")}${more}`;
		return [
			`the amounts asked of ${entity} hold if ${named} held no coins before what the case knows of them, which nobody read; if they did, less of it may be there, or nothing. Read it before you send this: clew trace --rpc, with a node that keeps old states`,
		];
	});
}
