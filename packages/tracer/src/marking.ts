import { comparePositions, minAmount, type Rule, type Transfer } from "@clew/core";
import type { Books } from "./books.js";
import { cleanParcels, type Parcels } from "./ledger.js";
import { markParcel } from "./rules/index.js";
import { type SeedMark, type SeedPlan, seedsArrival } from "./seeds.js";

/** Units of one origin, by rule. */
export interface Mark {
	readonly origin: number;
	readonly amounts: readonly bigint[];
	/** Key of the passage that they came out of; then no seed's limit counts them. */
	readonly passage?: string;
}

/** Whose an arrival is once seeds have marked it, and what they marked. */
export interface Marked {
	readonly parcels: Parcels | undefined;
	readonly marks: readonly Mark[];
}

/** Above any amount. */
const NO_LIMIT = 1n << 260n;

/** What seeds mark of transfers as they arrive, and how much each may still mark under each rule. */
export class Marking {
	private readonly plan: SeedPlan;
	private readonly rules: readonly Rule[];
	private readonly limits: bigint[][];
	private nextSeeded = 0;

	constructor(plan: SeedPlan, rules: readonly Rule[]) {
		this.plan = plan;
		this.rules = rules;
		this.limits = plan.seeds.map((seed) => rules.map(() => seed.limit ?? NO_LIMIT));
	}

	/** The seeds that mark a transfer, in the order in which they do: those that name it, passages, accounts. Positions asked for must only grow. */
	seedsOf(t: Transfer): readonly SeedMark[] {
		const { transfers, seeds } = this.plan;
		const place = (at: number) => comparePositions((transfers[at] as SeedMark).transfer.position, t.position);
		while (this.nextSeeded < transfers.length && place(this.nextSeeded) < 0) this.nextSeeded++;
		const found: SeedMark[] = [];
		for (let at = this.nextSeeded; at < transfers.length && place(at) === 0; at++) found.push(transfers[at] as SeedMark);
		for (let origin = 0; origin < seeds.length; origin++) {
			const seed = seeds[origin];
			if (seed?.kind === "account" && seedsArrival(seed, t)) found.push({ origin, transfer: t, cap: t.amount });
		}
		return found;
	}

	/** Marks clean units of `amount` that arrive as `parcels`, one seed after the other, so that a unit is marked once. Nothing is written down yet. */
	apply(seeds: readonly SeedMark[], amount: bigint, parcels: Parcels | undefined): Marked {
		let current = parcels;
		const marks: Mark[] = [];
		for (const { origin, cap, arrival } of seeds) {
			// What comes out of a passage was bounded where it went in.
			const limits = this.rules.map((rule, i) =>
				minAmount(cap, arrival === undefined ? this.left(origin, i) : (arrival.marks.get(rule) ?? 0n)),
			);
			const results = (current ?? cleanParcels(this.rules)).map((parcel, i) =>
				markParcel(this.rules[i] as Rule, parcel, amount, origin, limits[i] as bigint),
			);
			const amounts = results.map(({ marked }) => marked);
			if (amounts.every((marked) => marked === 0n)) continue;
			current = results.map(({ parcel }) => parcel);
			marks.push({ origin, amounts, ...(arrival === undefined ? {} : { passage: arrival.key }) });
		}
		return { parcels: current, marks };
	}

	/** What a seed may still mark under a rule. */
	left(origin: number, rule: number): bigint {
		return this.limits[origin]?.[rule] ?? 0n;
	}

	/** Writes marks of a transfer down, and takes them from their seeds' limits. */
	commit(books: Books, t: Transfer, marks: readonly Mark[]): void {
		for (const { origin, amounts, passage } of marks) {
			books.seed(origin, t, amounts, passage);
			if (passage !== undefined) continue;
			const limits = this.limits[origin] as bigint[];
			for (const [i, amount] of amounts.entries()) limits[i] = (limits[i] ?? 0n) - amount;
		}
	}
}
