import { claimed, inAll, type Lot, ofOrigin, type Part } from "./holding.js";

/** Whose something is, a part for each rule, in the order of the rules. */
export type Parts = readonly Part[];

/** Ledgers that make more work than anybody should have with a bundle: they are not played. */
export class TooMuch extends Error {
	override readonly name = "TooMuch";
}

/** Lots that movements may be made of, all rules together: some ten times those of the largest ledgers that a bundle holds. */
const MOST_LOTS = 15_000_000;

/** Counts the lots of what is moved. Throws TooMuch. */
export class LotCount {
	private left = MOST_LOTS;

	of(parts: Parts): Parts {
		for (const part of parts) this.left -= part.length;
		if (this.left < 0) throw new TooMuch("its ledgers split money into more lots than are played");
		return parts;
	}
}

/** A seed as the trace states it. `since` is a height, of a balance the one at whose end it stands; `limit` counts units of `asset`. */
export interface SeedSpec {
	readonly kind: "account" | "tx" | "transfer" | "outpoint" | "passage" | "balance";
	/** Account, transaction, or position. */
	readonly subject: string;
	/** Of a transfer that is named by its transaction: its event. */
	readonly event?: number;
	readonly asset?: string;
	readonly since: number;
	readonly limit?: bigint;
	/** What came out of passages for it, as stated, by position and rule. */
	readonly marks: ReadonlyMap<string, readonly bigint[]>;
}

/** What an account paid and got in an exchange. */
export interface Exchanged {
	readonly pays: string;
	readonly paid: bigint;
	readonly gets: string;
	readonly got: bigint;
	readonly txHash: string;
}

/** What the rules give, by keys that the trace has, too. */
export interface Replayed {
	/** By position; the two sides of an exchange by position, account and `pays` or `gets`. */
	readonly rows: Map<string, Parts>;
	/** By the same as `stopped`: each time something stopped there, and where that was. */
	readonly stoppedAt: Map<string, { readonly position: string; readonly parts: Parts }[]>;
	/** By account, asset and reason of what stopped, and by account and asset of what is held. */
	readonly stopped: Map<string, Parts>;
	readonly held: Map<string, Parts>;
	/** By account and asset: where the movements stand that brought it tainted money, or of which seeds marked some. */
	readonly came: Map<string, Set<string>>;
	/** Bitcoin: by output, what lies there at the end, stopped or not. */
	readonly outputs: Map<string, Parts>;
	readonly owners: Map<string, string>;
	/** Bitcoin: by output at an end point, where it was made. */
	readonly made: Map<string, string>;
	/** By origin, position and asset, for each rule. */
	readonly marks: Map<string, readonly bigint[]>;
	/** By the same: balances that are asked about. */
	readonly balances: Map<string, bigint>;
	/** By position and account. */
	readonly exchanges: Map<string, Exchanged>;
	/** By account and asset: how much it paid out beyond what it is known to have had, once something of it was tainted. */
	readonly lacks: Map<string, bigint>;
	/** By account and asset: while something of it was tainted, from where that came first to the last payment. */
	readonly paidTainted: Map<string, TaintedPayments[]>;
	/** Bitcoin: outputs that a transaction spends, and its height. */
	readonly spent: Map<string, number>;
}

/** Heights: where taint came into an account that had none of the asset, and where it last paid of it before all was gone. */
export interface TaintedPayments {
	readonly since: number;
	last: number | undefined;
	/** Where it paid fees of it. */
	readonly fees: string[];
	/** Nothing was left. */
	isOver: boolean;
}

export function emptyReplay(): Replayed {
	return {
		rows: new Map(),
		stopped: new Map(),
		stoppedAt: new Map(),
		held: new Map(),
		came: new Map(),
		outputs: new Map(),
		owners: new Map(),
		made: new Map(),
		marks: new Map(),
		balances: new Map(),
		exchanges: new Map(),
		lacks: new Map(),
		paidTainted: new Map(),
		spent: new Map(),
	};
}

export function isTainted(parts: Parts | undefined): parts is Parts {
	return parts?.some((part) => part.length > 0) ?? false;
}

/** Adds to what stands under a key, by origin. */
export function addTo(map: Map<string, Parts>, key: string, parts: Parts): void {
	const known = map.get(key) ?? parts.map(() => []);
	map.set(
		key,
		known.map((part, r) => (parts[r] as Part).reduce<Lot[]>((lots, { of, n }) => claimed(lots, of, n), [...part])),
	);
}

/** A seed that marks a movement; by what came out of a passage as stated, or by its own words. */
export interface Marker {
	readonly origin: number;
	readonly passage: boolean;
}

/** Adds what a seed marked of a movement. */
export function addMarks({ marks }: Replayed, key: string, amounts: readonly bigint[]): void {
	const known = marks.get(key);
	marks.set(
		key,
		amounts.map((n, r) => n + (known?.[r] ?? 0n)),
	);
}

/** Amounts of one rule by origin, and over all of them. */
export function amountsOf(rule: string, part: Part, origins: number): { readonly each: bigint[]; readonly all: bigint } {
	const each = Array.from({ length: origins }, (_, origin) => ofOrigin(part, origin));
	// Several claims of one origin are one; of several origins the largest counts.
	return {
		each,
		all: inAll(
			rule,
			each.map((n, of): Lot => ({ of, n })),
		),
	};
}

/** Counts down what each seed may still mark under each rule. */
export class Limits {
	private readonly left: bigint[][];

	constructor(seeds: readonly SeedSpec[], rules: readonly string[]) {
		this.left = seeds.map(({ limit }) => rules.map(() => limit ?? 1n << 260n));
	}

	of(origin: number, rule: number): bigint {
		return this.left[origin]?.[rule] ?? 0n;
	}

	use(origin: number, amounts: readonly bigint[]): void {
		const left = this.left[origin] as bigint[];
		for (const [r, n] of amounts.entries()) left[r] = (left[r] as bigint) - n;
	}
}
