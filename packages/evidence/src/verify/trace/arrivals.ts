import { asForward, isBackward } from "../backward/as-forward.js";
import type { Trace } from "../bundle/formats.js";
import type { Fail } from "../failure.js";
import { comparePosition, transactionOf } from "./positions.js";
import { GIVEN } from "./stops.js";

const LACKED = "its books lack what it paid out";

/**
 * When money came to an end point, and by how many movements: the first and the last stand in transactions in which a row or a seed brings
 * its account money, in order, and there are no more movements than these. What an account gave in somebody else's exchange is no row: it
 * had come before, and the ledgers tell where it was given.
 */
export function checkArrivals(trace: Trace, fail: Fail): void {
	const { edges, seeds, leaves } = asForward(trace);
	const backward = isBackward(trace);
	const moved = new Map<string, Map<string, Set<string>>>();
	const note = (account: string, position: string) => {
		const own = moved.get(account) ?? new Map<string, Set<string>>();
		const transaction = transactionOf(position);
		own.set(transaction, (own.get(transaction) ?? new Set()).add(position));
		moved.set(account, own);
	};
	for (const { to, position } of edges) note(to, position);
	for (const { rows } of seeds) for (const { account, position } of rows) note(account, position);
	for (const [i, { account, arrivals, stop }] of leaves.entries()) {
		if (arrivals === undefined) continue;
		const { first, last, count } = arrivals;
		const where = `trace.json leaf ${i + 1}`;
		const own = moved.get(account) ?? new Map<string, Set<string>>();
		if (comparePosition(first, last) > 0) fail(where, `says that money came first at ${first} and last at ${last}`);
		// What came unread stands at the payment that lacked it, which may be no row, too.
		const lacked = backward && stop.detail.includes(LACKED);
		if (lacked || stop.detail.includes(GIVEN)) {
			const what = lacked ? "money came to it unread" : "it gave money in an exchange";
			const came = [...own.values()]
				.flatMap((positions) => [...positions])
				.some((at) => (backward ? comesBefore(last, at) : comesBefore(at, first)));
			if (!came) fail(where, `says that ${what} at ${backward ? last : first}, and no row brings it any before`);
			if (count < 1 || (count === 1 && first !== last)) fail(where, `says that ${what} ${count} times from ${first} to ${last}`);
			continue;
		}
		for (const at of new Set([first, last]))
			if (!own.has(transactionOf(at))) fail(where, `says that money came at ${at}, where no row brings it any`);
		const most = [...own.values()].reduce((sum, positions) => sum + positions.size, 0);
		if (count < 1 || (count === 1 && first !== last) || count > most)
			fail(where, `says that ${count} movements brought its money from ${first} to ${last}, and ${most} rows name it`);
	}
}

/** In the same transaction the order may be another: an exchange is told at its first leg. */
function comesBefore(at: string, other: string): boolean {
	return transactionOf(at) === transactionOf(other) || comparePosition(at, other) <= 0;
}
