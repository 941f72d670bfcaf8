import { comparePositions, MAX_EVENT_INDEX, type Position, type Transfer } from "@clew/core";
import type { BalanceSeed, NetReceipt, SeedPlan } from "./seeds.js";

/** Something that seeds make happen at a position, besides the ledgers' own transfers. */
export type Task = { readonly at: Position } & (
	| { readonly handle: Transfer }
	| { readonly open: readonly NetReceipt[] }
	| { readonly close: readonly NetReceipt[] }
	| { readonly holds: BalanceSeed }
);

/** The one that comes first; of two at one place the first. */
export function earlier(a: Task | undefined, b: Task | undefined): Task | undefined {
	if (a === undefined || b === undefined) return a ?? b;
	return comparePositions(a.at, b.at) <= 0 ? a : b;
}

/** Seeded transfers at their place; for seeded transactions, receivers opened before it and marks after it. */
export function seedTasks({ transfers, transactions, balances }: SeedPlan): Task[] {
	const tasks: Task[] = transfers.map(({ transfer }) => ({ at: transfer.position, handle: transfer }));
	for (const receipts of transactions) {
		const { height, txIndex } = (receipts[0] as NetReceipt).transfers[0].position;
		tasks.push({ at: { height, txIndex, eventIndex: 0 }, open: receipts });
		tasks.push({ at: { height, txIndex, eventIndex: MAX_EVENT_INDEX }, close: receipts });
	}
	for (const balance of balances) tasks.push({ at: balance.at, holds: balance });
	const stage = (task: Task) => ("holds" in task ? -1 : "open" in task ? 0 : "handle" in task ? 1 : 2);
	return tasks.sort((a, b) => comparePositions(a.at, b.at) || stage(a) - stage(b));
}
