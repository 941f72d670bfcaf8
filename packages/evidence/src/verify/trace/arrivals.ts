import type { Trace } from "../bundle/formats.js";
import type { Fail } from "../failure.js";
import { comparePosition, transactionOf } from "./arithmetic.js";

/**
 * When money came to an end point, and by how many movements: the first and the last stand in transactions in which a row or a seed brings
 * its account money (of what it gave in somebody else's exchange: takes it), in order, and there are no more movements than these.
 */
export function checkArrivals({ edges, seeds, leaves }: Trace, fail: Fail): void {
	const moved = new Map<string, Map<string, Set<string>>>();
	const note = (account: string, position: string) => {
		const own = moved.get(account) ?? new Map<string, Set<string>>();
		const transaction = transactionOf(position);
		own.set(transaction, (own.get(transaction) ?? new Set()).add(position));
		moved.set(account, own);
	};
	const given = new Set(leaves.flatMap(({ account, stop }) => (stop.reason === "swap" ? [account] : [])));
	for (const { from, to, position } of edges) {
		note(to, position);
		if (given.has(from)) note(from, position);
	}
	for (const { rows } of seeds) for (const { account, position } of rows) note(account, position);
	for (const [i, { account, arrivals }] of leaves.entries()) {
		if (arrivals === undefined) continue;
		const { first, last, count } = arrivals;
		const where = `trace.json leaf ${i + 1}`;
		const own = moved.get(account) ?? new Map<string, Set<string>>();
		for (const at of new Set([first, last]))
			if (!own.has(transactionOf(at))) fail(where, `says that money came at ${at}, where no row brings it any`);
		if (comparePosition(first, last) > 0) fail(where, `says that money came first at ${first} and last at ${last}`);
		const most = [...own.values()].reduce((sum, positions) => sum + positions.size, 0);
		if (count < 1 || (count === 1 && first !== last) || count > most)
			fail(where, `says that ${count} movements brought its money from ${first} to ${last}, and ${most} rows name it`);
	}
}
