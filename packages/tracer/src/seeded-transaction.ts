import { type AccountId, type AssetId, formatPosition, maxAmount, minAmount, type Rule, type Transfer } from "@clew/core";
import { addEnvelopes, type Envelope, envelopeOf, envelopeOfMark, type Frame, markedEnvelope, withEnvelope } from "./bounds/envelope.js";
import { type Interval, lesser, NOTHING, plus, sumOf, taintRange, without } from "./bounds/interval.js";
import { cleanParcels, heldParcels, type Ledger, type Parcels } from "./ledger.js";
import type { Mark, Marking } from "./marking.js";
import { byOrigin, markParcel, taintedTotal } from "./rules/index.js";
import type { NetReceipt } from "./seeds.js";
import type { Stop } from "./stops.js";

/** One transfer of a seeded transaction that pays an account which has more of the asset when it is over. */
interface Receipt {
	readonly transfer: Transfer;
	parcels: Parcels | undefined;
	/** What of it stopped. */
	stopped: Parcels;
}

/** What a seed marks of an account's asset when the transaction is over: in all, and told by the transfers that paid it. */
export interface ReceiptMarks {
	readonly receipt: NetReceipt;
	readonly total: readonly bigint[];
	/** Bounds of the total, where the rules' own amounts are not exact. */
	readonly bounds?: Envelope;
	readonly rows: readonly {
		readonly transfer: Transfer;
		readonly mark: Mark;
	}[];
}

/**
 * The seeded transaction under way. `tx:` marks what accounts have more of when it is over, and no unit twice: of the clean units that an
 * account has gained, less what of its receipts was found tainted and stopped there.
 */
export class SeededTransaction {
	readonly receipts: readonly NetReceipt[];
	private readonly rules: readonly Rule[];
	private readonly paid = new Map<string, Receipt>();
	/** What was tainted before it, where a ledger is kept. */
	private readonly before = new Map<NetReceipt, readonly bigint[]>();
	/** The same as bounds, where they are kept. */
	private readonly beforeRange = new Map<NetReceipt, Interval>();
	/** Taint that an exchange brought an account and that stopped there, by account and asset. */
	private readonly proceeds = new Map<string, Parcels>();

	/** Receipts of ledgers whose taint was known as bounds alone before it. */
	private readonly uncertain = new Set<NetReceipt>();
	private readonly frame: Frame | undefined;

	constructor(receipts: readonly NetReceipt[], rules: readonly Rule[], frame?: Frame) {
		this.receipts = receipts;
		this.rules = rules;
		this.frame = frame;
		for (const { transfers } of receipts)
			for (const transfer of transfers)
				this.paid.set(formatPosition(transfer.position), { transfer, parcels: undefined, stopped: cleanParcels(rules) });
	}

	/** Notes what of a ledger is tainted before the transaction. */
	open(receipt: NetReceipt, ledger: Ledger): void {
		this.before.set(receipt, taintIn(ledger, this.rules, receipt.origin));
		if (this.frame !== undefined) this.beforeRange.set(receipt, taintRange(this.frame, heldParcels(ledger), receipt.origin));
		if (ledger.bounds?.held !== undefined) this.uncertain.add(receipt);
	}

	/** Notes whose a transfer was when it arrived; true when it waits for marks, to be told as one row. */
	arrived(t: Transfer, parcels: Parcels | undefined, stop: Stop | undefined): boolean {
		const receipt = this.paid.get(formatPosition(t.position));
		if (receipt === undefined) return false;
		receipt.parcels = parcels;
		if (parcels !== undefined && stop !== undefined) receipt.stopped = parcels;
		return true;
	}

	/** Notes taint that an account's exchange brought it and that stopped there. */
	stoppedProceeds(account: AccountId, asset: AssetId, parcels: Parcels): void {
		this.proceeds.set(`${account} ${asset}`, parcels);
	}

	/** The rows that waited, as they are now. */
	*waiting(): Iterable<{ readonly transfer: Transfer; readonly parcels: Parcels }> {
		for (const { transfer, parcels } of this.paid.values()) if (parcels !== undefined) yield { transfer, parcels };
	}

	/** What one origin's seed marks, within its limits, which the transfers use up in their order. */
	*marksOf(origin: number, marking: Marking, ledgerOf: (account: AccountId, asset: AssetId) => Ledger | undefined): Iterable<ReceiptMarks> {
		const own = this.receipts.filter((receipt) => receipt.origin === origin);
		const wanted = new Map<Transfer, bigint[]>();
		for (const receipt of own) {
			const left = this.gained(receipt, ledgerOf(receipt.account, receipt.asset));
			for (const t of [...receipt.transfers].reverse()) {
				const amounts = this.rules.map((rule, i) => markParcel(rule, this.parcelsOf(t)[i] ?? [], t.amount, origin, left[i] ?? 0n).marked);
				for (const [i, amount] of amounts.entries()) left[i] = (left[i] ?? 0n) - amount;
				wanted.set(t, amounts);
			}
		}
		const limits = this.rules.map((_, i) => marking.left(origin, i));
		const byPosition = [...wanted].sort(([a], [b]) => a.position.eventIndex - b.position.eventIndex);
		for (const [, amounts] of byPosition) {
			for (const [i, amount] of amounts.entries()) {
				amounts[i] = minAmount(amount, limits[i] ?? 0n);
				limits[i] = (limits[i] ?? 0n) - (amounts[i] ?? 0n);
			}
		}
		const ranges = this.rangesOf(own, marking, ledgerOf);
		for (const receipt of own) yield this.tell(receipt, wanted, ranges);
	}

	/** The same as bounds, by transfer; undefined where the rules' own amounts are exact. */
	private rangesOf(
		own: readonly NetReceipt[],
		marking: Marking,
		ledgerOf: (account: AccountId, asset: AssetId) => Ledger | undefined,
	): ReadonlyMap<Transfer, Interval> | undefined {
		const { frame } = this;
		const [first] = own;
		const limit = first && marking.limitOf(first.origin);
		if (frame === undefined || limit === undefined) return undefined;
		const ledgers = new Map(own.map((receipt) => [receipt, ledgerOf(receipt.account, receipt.asset)]));
		if (limit.exact && !own.some((receipt) => this.isOpen(receipt, ledgers.get(receipt)))) return undefined;
		const ranges = new Map<Transfer, Interval>();
		for (const receipt of own) {
			let left = this.gainedRange(frame, receipt, ledgers.get(receipt));
			for (const t of [...receipt.transfers].reverse()) {
				const whole = { least: t.amount, most: t.amount };
				const range = lesser(left, without(whole, taintRange(frame, this.parcelsOf(t), receipt.origin)));
				left = without(left, range);
				ranges.set(t, range);
			}
		}
		let left: Interval = limit;
		for (const [t, wanted] of [...ranges].sort(([a], [b]) => a.position.eventIndex - b.position.eventIndex)) {
			const range = lesser(wanted, left);
			left = without(left, range);
			ranges.set(t, range);
		}
		return ranges;
	}

	/** True when bounds alone are known of something that decides what is marked. */
	private isOpen(receipt: NetReceipt, ledger: Ledger | undefined): boolean {
		if (this.uncertain.has(receipt) || ledger?.bounds?.held !== undefined || this.proceedsOf(receipt)?.envelope !== undefined) return true;
		return receipt.transfers.some((t) => {
			const { parcels, stopped } = this.paid.get(formatPosition(t.position)) as Receipt;
			return parcels?.envelope !== undefined || stopped.envelope !== undefined;
		});
	}

	/** Clean units that an account has more of, as bounds. */
	private gainedRange(frame: Frame, receipt: NetReceipt, ledger: Ledger | undefined): Interval {
		const { origin, net, transfers } = receipt;
		const taintOf = (parcels: Parcels | undefined) => (parcels === undefined ? NOTHING : taintRange(frame, parcels, origin));
		const stopped = transfers.map((t) => taintOf(this.paid.get(formatPosition(t.position))?.stopped));
		const ended = sumOf([...stopped, taintOf(this.proceedsOf(receipt))]);
		const now = plus(ended, taintOf(ledger && heldParcels(ledger)));
		const before = this.beforeRange.get(receipt) ?? NOTHING;
		const whole = { least: net, most: net };
		return lesser(whole, without(plus(whole, before), now));
	}

	private tell(
		receipt: NetReceipt,
		wanted: ReadonlyMap<Transfer, readonly bigint[]>,
		ranges: ReadonlyMap<Transfer, Interval> | undefined,
	): ReceiptMarks {
		const { frame } = this;
		const { origin, transfers } = receipt;
		const total = this.rules.map((_, i) => transfers.reduce((sum, t) => sum + (wanted.get(t)?.[i] ?? 0n), 0n));
		const rows = [];
		for (const transfer of transfers) {
			const amounts = wanted.get(transfer) ?? [];
			const range = ranges?.get(transfer);
			if (amounts.every((amount) => amount === 0n) && (range?.most ?? 0n) === 0n) continue;
			const held = this.paid.get(formatPosition(transfer.position)) as Receipt;
			const bounds = frame && range && envelopeOfMark(frame, origin, range.least, range.most);
			rows.push({ transfer, mark: { origin, amounts, ...(bounds === undefined ? {} : { bounds }) } });
			const before = this.parcelsOf(transfer);
			const after = before.map((parcel, i) => markParcel(this.rules[i] as Rule, parcel, transfer.amount, origin, amounts[i] ?? 0n).parcel);
			held.parcels = bounds === undefined ? after : withEnvelope(after, this.marked(before, bounds, transfer.amount));
		}
		if (frame === undefined || ranges === undefined) return { receipt, total, rows };
		const { least, most } = sumOf(transfers.map((t) => ranges.get(t) ?? NOTHING));
		return { receipt, total, bounds: envelopeOfMark(frame, origin, least, minAmount(most, receipt.net)), rows };
	}

	/** Bounds of parcels of so much money once more of it is marked. */
	private marked(parcels: Parcels, bounds: Envelope, amount: bigint): Envelope {
		const before = this.frame === undefined ? bounds : envelopeOf(this.frame, parcels);
		const { least, most } = addEnvelopes(before, bounds);
		return { least: least.map((x) => minAmount(x, amount)), most: most.map((x) => minAmount(x, amount)) };
	}

	/** Notes that marked units of a transfer stopped. */
	stopped({ position, amount: whole }: Transfer, { origin, amounts, bounds }: Mark): void {
		const held = this.paid.get(formatPosition(position)) as Receipt;
		const { stopped } = held;
		const now = stopped.map((parcel, i) => [...parcel, { origin, amount: amounts[i] ?? 0n }]);
		const more = bounds ?? (this.frame && stopped.envelope && markedEnvelope(this.frame, amounts, origin));
		held.stopped = more === undefined ? now : withEnvelope(now, this.marked(stopped, more, whole));
	}

	private proceedsOf({ account, asset }: NetReceipt): Parcels | undefined {
		return this.proceeds.get(`${account} ${asset}`);
	}

	/** Clean units that an account has more of, by rule: the surplus, less the taint that came with it. */
	private gained(receipt: NetReceipt, ledger: Ledger | undefined): bigint[] {
		const { origin, net, transfers } = receipt;
		const before = this.before.get(receipt);
		const now = ledger && taintIn(ledger, this.rules, origin);
		const stopped = this.proceedsOf(receipt);
		return this.rules.map((rule, i) => {
			let tainted = taintOf(rule, stopped?.[i] ?? [], origin);
			for (const t of transfers) tainted += taintOf(rule, this.paid.get(formatPosition(t.position))?.stopped[i] ?? [], origin);
			// What an origin has poisoned is all its own, however much was before.
			if (rule === "poison") return tainted > 0n || (now?.[i] ?? 0n) > 0n ? 0n : net;
			return maxAmount(0n, minAmount(net, net - tainted - ((now?.[i] ?? 0n) - (before?.[i] ?? 0n))));
		});
	}

	private parcelsOf(t: Transfer): Parcels {
		return this.paid.get(formatPosition(t.position))?.parcels ?? cleanParcels(this.rules);
	}
}

/** What of a ledger is tainted, by rule: for claims, an origin's own. */
function taintIn({ balance, holdings }: Ledger, rules: readonly Rule[], origin: number): bigint[] {
	return rules.map((rule, i) => taintOf(rule, holdings?.[i]?.tainted(balance) ?? [], origin));
}

function taintOf(rule: Rule, lots: Parameters<typeof taintedTotal>[1], origin: number): bigint {
	return rule === "libr" || rule === "poison" ? (byOrigin(lots).get(origin) ?? 0n) : taintedTotal(rule, lots);
}
