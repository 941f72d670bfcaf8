import type { AccountId, AccountProfile, Position, Rule } from "@clew/core";
import type { ArrivalStops } from "./arrival-stops.js";
import type { Books } from "./books.js";
import { type Envelope, type Frame, withEnvelope } from "./bounds/envelope.js";
import { type FollowedAccount, type FollowedAccounts, ledgerOf } from "./followed-accounts.js";
import { markIn, type Parcels } from "./ledger.js";
import { cameTo } from "./ledger-moves.js";
import type { Marking } from "./marking.js";
import { type ReceiptMarks, SeededTransaction } from "./seeded-transaction.js";
import type { NetReceipt } from "./seeds.js";
import type { Stop } from "./stops.js";
import type { StoppedAt, SweepEdge } from "./sweep-options.js";

/** What a sweep does for its seeded transactions. */
export interface ReceiptsSweep {
	readonly rules: readonly Rule[];
	readonly frame: Frame | undefined;
	readonly accounts: FollowedAccounts;
	readonly stops: ArrivalStops;
	readonly marking: Marking;
	readonly books: Books;
	/** Follows an account from a place on. */
	activate(profile: AccountProfile, account: AccountId, at: Position): Promise<FollowedAccount>;
	stop(at: Omit<StoppedAt, "reason">, stop: Stop, parcels: Parcels): void;
	tell(edge: SweepEdge): void;
}

/** What accounts have more of when a seeded transaction is over: that much is marked. */
export class SeededReceipts {
	/** The seeded transaction under way. */
	under: SeededTransaction | undefined;
	private readonly sweep: ReceiptsSweep;

	constructor(sweep: ReceiptsSweep) {
		this.sweep = sweep;
	}

	/** Keeps the ledgers of a seeded transaction's receivers from its start, unless the trace stops there. */
	async open(receipts: readonly NetReceipt[], at: Position): Promise<void> {
		const { rules, frame, stops, accounts } = this.sweep;
		const transaction = new SeededTransaction(receipts, rules, frame);
		this.under = transaction;
		for (const receipt of receipts) {
			const { account, asset, transfers } = receipt;
			const { position } = transfers[0];
			const profile = await stops.profileOf(account, position);
			const stop = stops.stopAt(account, { asset, position }, profile, undefined);
			const state = accounts.get(account) ?? (stop === undefined ? await this.sweep.activate(profile, account, at) : undefined);
			if (state !== undefined) transaction.open(receipt, ledgerOf(state, asset));
		}
	}

	/** Marks what accounts have more of now that a seeded transaction is over, and tells the rows that waited for it. */
	close(receipts: readonly NetReceipt[]): void {
		const { accounts, marking } = this.sweep;
		const transaction = this.under;
		this.under = undefined;
		if (transaction === undefined) return;
		const ledger: Parameters<SeededTransaction["marksOf"]>[2] = (account, asset) => {
			const state = accounts.get(account);
			return state && ledgerOf(state, asset);
		};
		for (const origin of new Set(receipts.map((receipt) => receipt.origin)))
			for (const marks of transaction.marksOf(origin, marking, ledger)) this.mark(transaction, marks);
		for (const edge of transaction.waiting()) this.sweep.tell(edge);
	}

	private mark(transaction: SeededTransaction, { receipt, total, bounds, rows }: ReceiptMarks): void {
		if (rows.length === 0) return;
		const { rules, accounts, stops, marking, books } = this.sweep;
		const { account, asset, origin } = receipt;
		const lots = (amounts: readonly bigint[], within: Envelope | undefined): Parcels => {
			const parcels = amounts.map((amount) => (amount > 0n ? [{ origin, amount }] : []));
			return within === undefined ? parcels : withEnvelope(parcels, within);
		};
		const profile = stops.profiles.get(account);
		const { position } = receipt.transfers[0];
		const stop = profile && stops.stopAt(account, { asset, position }, profile, lots(total, bounds));
		const state = accounts.get(account);
		for (const { transfer, mark } of rows) marking.commit(books, transfer, [mark]);
		const ledger = state && ledgerOf(state, asset);
		for (const { transfer, mark } of rows) {
			if (stop !== undefined) {
				this.sweep.stop({ what: "marked", account, asset, at: transfer.position, origin }, stop, lots(mark.amounts, mark.bounds));
				transaction.stopped(transfer, mark);
			} else if (state !== undefined && ledger !== undefined) cameTo(state, ledger, transfer.position);
		}
		if (stop !== undefined || state === undefined || ledger === undefined) return;
		markIn(ledger, rules, total, origin, position, bounds);
	}
}
