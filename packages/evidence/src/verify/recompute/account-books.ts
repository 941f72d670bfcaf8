import type { MirroredLedgers } from "../backward/mirrored-ledgers.js";
import { entryPoint } from "../evm/entry-points.js";
import { Refusal } from "../failure.js";
import { ALL_CLEAN, Holding, type Part } from "./holding.js";
import { isKept, type LedgerAccount, type LedgerStop, type Ledgers, type LedgerTransfer, placeOf } from "./ledgers.js";
import { addMarks, addTo, emptyReplay, isTainted, Limits, LotCount, type Parts, type Replayed, type SeedSpec } from "./replayed.js";

/** A movement with its numbers. */
export interface Move extends Omit<LedgerTransfer, "amount"> {
	readonly amount: bigint;
	readonly height: number;
	readonly event: number;
}

export function moveOf(transfer: LedgerTransfer): Move {
	const [height = 0, , event = 0] = placeOf(transfer.position);
	return { ...transfer, amount: BigInt(transfer.amount), height, event };
}

/** True for what changes hands: no fee, no gas that goes through an EntryPoint, and nothing that an account pays itself. */
export function changesHands(t: Move): boolean {
	return t.kind !== "fee" && t.from !== t.to && !isGas(t);
}

/** True for what an EntryPoint (ERC-4337) is paid, or pays. */
export function isGas({ from, to }: Move): boolean {
	return entryPoint(to) !== undefined || entryPoint(from) !== undefined;
}

type Of = Pick<LedgerStop, "account" | "asset">;

function stopKey({ what, position, account, asset, origin }: Omit<LedgerStop, "reason">): string {
	return `${what} ${position} ${account} ${asset} ${origin ?? ""}`;
}

/** The accounts of a replay: what each has under every rule, where money was not followed on, and what was found. */
export class AccountBooks {
	readonly found: Replayed = emptyReplay();
	readonly rules: readonly string[];
	readonly seeds: readonly SeedSpec[];
	readonly limits: Limits;
	private readonly lots = new LotCount();
	private readonly holdings = new Map<string, readonly Holding[]>();
	private readonly kept = new Map<string, Pick<LedgerAccount, "since" | "until">>();
	private readonly stops = new Map<string, LedgerStop>();
	/** Back in time: what the books of an account lack, as {@link MirroredLedgers} tells it. */
	readonly lacks: MirroredLedgers["lacks"] | undefined;
	/** The first block that was read. */
	readonly first: number = 0;

	constructor(rules: readonly string[], seeds: readonly SeedSpec[], ledgers: Ledgers | MirroredLedgers) {
		const { accounts, stops } = ledgers;
		if ("lacks" in ledgers) [this.lacks, this.first] = [ledgers.lacks, ledgers.first];
		this.rules = rules;
		this.seeds = seeds;
		this.limits = new Limits(seeds, rules);
		for (const { opening, ...own } of accounts) {
			const { account } = own;
			if (this.kept.has(account)) throw new Refusal(`${account} has two ledgers`);
			this.kept.set(account, own);
			for (const [asset, amount] of Object.entries(opening))
				if (amount !== "0") for (const holding of this.of(account, asset)) holding.put(ALL_CLEAN, BigInt(amount));
		}
		for (const stop of stops) this.stops.set(stopKey(stop), stop);
	}

	/** True where all that an account moves in a transaction is there. */
	keeps(account: string, position: string): boolean {
		const own = this.kept.get(account);
		return own !== undefined && isKept(own, placeOf(position).slice(0, 2));
	}

	of(account: string, asset: string): readonly Holding[] {
		const key = `${account} ${asset}`;
		const known = this.holdings.get(key) ?? this.rules.map((rule) => new Holding(rule));
		this.holdings.set(key, known);
		return known;
	}

	balance(account: string, asset: string): bigint {
		return this.of(account, asset)[0]?.left ?? 0n;
	}

	clean(): Parts {
		return this.rules.map(() => ALL_CLEAN);
	}

	take({ height, kind, position }: Pick<Move, "height" | "kind" | "position">, account: string, asset: string, amount: bigint): Parts {
		this.lack(account, asset, amount - this.balance(account, asset));
		const parts = this.lots.of(this.of(account, asset).map((holding) => holding.take(amount)));
		const own = this.found.paidTainted.get(`${account} ${asset}`)?.at(-1);
		if (own !== undefined && !own.isOver) {
			own.last = height;
			if (kind === "fee") own.fees.push(position);
			own.isOver = this.balance(account, asset) === 0n;
		}
		return parts;
	}

	/** Notes what an account paid out beyond what it is known to have had, once something of it was tainted. */
	lack(account: string, asset: string, amount: bigint): void {
		if (amount <= 0n || !this.found.came.has(`${account} ${asset}`)) return;
		const { lacks } = this.found;
		lacks.set(`${account} ${asset}`, (lacks.get(`${account} ${asset}`) ?? 0n) + amount);
	}

	/** Back in time: what came unread for a payment leaves, whosever it is. */
	leaveUntold({ position }: Pick<Move, "position">, account: string, asset: string): void {
		const amount = this.lacks?.get(`${account} ${asset} ${position}`);
		if (amount === undefined) return;
		const parts = this.lots.of(this.of(account, asset).map((holding) => holding.take(amount)));
		this.lack(account, asset, amount);
		if (isTainted(parts)) this.end({ position }, account, asset, "unfetched", parts);
	}

	put({ position }: Pick<Move, "position">, account: string, asset: string, amount: bigint, parts: Parts): void {
		if (isTainted(parts)) this.came(position, account, asset);
		for (const [r, holding] of this.of(account, asset).entries()) holding.put(parts[r] as Part, amount);
	}

	/** Gives clean units of what an account has to a seed, so many under each rule, of what these movements brought. */
	mark(moves: readonly Pick<Move, "position">[], account: string, asset: string, amounts: readonly bigint[], origin: number): void {
		for (const { position } of moves) this.came(position, account, asset);
		for (const [r, holding] of this.of(account, asset).entries()) holding.mark(amounts[r] as bigint, origin);
	}

	private came(position: string, account: string, asset: string): void {
		const key = `${account} ${asset}`;
		const known = this.found.came.get(key);
		if (known === undefined) this.found.came.set(key, new Set([position]));
		else known.add(position);
		const { paidTainted } = this.found;
		const own = paidTainted.get(key) ?? [];
		if (own.length === 0 || own.at(-1)?.isOver)
			own.push({ since: placeOf(position)[0] as number, last: undefined, fees: [], isOver: false });
		paidTainted.set(key, own);
	}

	/** The assets of which an account has, or had, some. */
	assetsOf(account: string): readonly string[] {
		return [...this.holdings.keys()].flatMap((key) => (key.startsWith(`${account} `) ? [key.slice(account.length + 1)] : []));
	}

	/** Whose what an account has is, as far as it is tainted. */
	heldOf(account: string, asset: string): Parts {
		return this.of(account, asset).map((holding) => holding.held());
	}

	/** What is tainted of what an account has under each rule, of claims one origin's. */
	taintOf(account: string, asset: string, origin: number): readonly bigint[] {
		return this.of(account, asset).map((holding) => holding.tainted(origin));
	}

	/** Why money was not followed on, if it was not. */
	stopOf(what: LedgerStop["what"], { position }: Pick<Move, "position">, of: Of, origin?: number): LedgerStop | undefined {
		return this.stops.get(stopKey({ what, position, ...of, ...(origin === undefined ? {} : { origin }) }));
	}

	/** Money that stays where it is for good. */
	end({ position }: Pick<Move, "position">, account: string, asset: string, reason: string, parts: Parts): void {
		const key = `${account} ${asset} ${reason}`;
		addTo(this.found.stopped, key, parts);
		const known = this.found.stoppedAt.get(key);
		if (known === undefined) this.found.stoppedAt.set(key, [{ position, parts }]);
		else known.push({ position, parts });
	}

	noteMark({ position, asset }: Pick<Move, "position" | "asset">, origin: number, amounts: readonly bigint[]): void {
		if (amounts.some((n) => n > 0n)) addMarks(this.found, `${origin} ${position} ${asset}`, amounts);
	}

	finish(): Replayed {
		for (const [key, holdings] of this.holdings) {
			const held = holdings.map((holding) => holding.held());
			if (isTainted(held)) this.found.held.set(key, held);
		}
		return this.found;
	}
}
