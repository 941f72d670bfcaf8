import { Refusal } from "../failure.js";
import { comparePlaces, type Ledgers, type LedgerTransfer, placeOf } from "../recompute/ledgers.js";
import { turned } from "./as-forward.js";

/** What an account had of an asset at the end of a block, as the facts of a bundle state it. */
export interface KnownBalance {
	readonly account: string;
	readonly asset: string;
	readonly height: number;
	readonly amount: string;
}

/** The ledgers of accounts as they run back in time. */
export interface MirroredLedgers extends Ledgers {
	/** The first block that was read. */
	readonly first: number;
	/** What the books of an account lack for a payment, by account, asset and place: it came unread, and leaves here. */
	readonly lacks: ReadonlyMap<string, bigint>;
}

/** The last transaction of a block: its own movements. Behind it the block is over. */
const END_OF_BLOCK = 16_383;

/**
 * Ledgers of accounts from the last movement to the first, with payers and receivers exchanged. What an account had when they begin, and
 * what its books lack of what it paid up to there, is derived from all that it moved before: from what it had before block `since`, the first
 * that was read, from a balance that is known, else from nothing. Throws Refusal for ledgers of a trace forward.
 */
export function mirroredLedgers(ledgers: Ledgers, since: number, known: readonly KnownBalance[]): MirroredLedgers {
	const books = new Map<string, Books>();
	for (const { account, until, opening } of ledgers.accounts) {
		if (until === undefined) throw new Refusal(`${account}: its ledger does not say up to where it goes`);
		const balances = new Map(Object.entries(opening).map(([asset, amount]) => [asset, BigInt(amount)]));
		books.set(account, { until: placeOf(until), balances, from: new Map() });
	}
	for (const { account, asset, height, amount } of [...known].sort((a, b) => a.height - b.height)) {
		const own = books.get(account);
		if (own === undefined || height < since || !isBefore(height, own.until)) continue;
		own.balances.set(asset, BigInt(amount));
		own.from.set(asset, height);
	}
	const lacks = new Map<string, bigint>();
	for (const transfer of ledgers.transfers) {
		if (transfer.from === transfer.to) continue;
		move(books.get(transfer.from), transfer, false, lacks);
		move(books.get(transfer.to), transfer, true, lacks);
	}
	return {
		...ledgers,
		accounts: ledgers.accounts.map(({ account, until }) => ({
			account,
			...(until === undefined ? {} : { until }),
			opening: Object.fromEntries([...(books.get(account)?.balances ?? [])].map(([asset, amount]) => [asset, amount.toString()])),
		})),
		transfers: [...ledgers.transfers].reverse().map(turned),
		lacks,
		first: since,
	};
}

interface Books {
	/** Height and transaction up to which it is kept. */
	readonly until: readonly number[];
	readonly balances: Map<string, bigint>;
	/** Heights up to which a known balance holds all that moved. */
	readonly from: Map<string, number>;
}

function isBefore(height: number, [until = 0, transaction]: readonly number[]): boolean {
	return transaction === END_OF_BLOCK ? height <= until : height < until;
}

function move(
	books: Books | undefined,
	{ position, from, asset, amount }: LedgerTransfer,
	comes: boolean,
	lacks: Map<string, bigint>,
): void {
	if (books === undefined) return;
	const place = placeOf(position);
	const [height = 0] = place;
	if (comparePlaces(place.slice(0, 2), books.until) > 0 || height <= (books.from.get(asset) ?? -1)) return;
	const left = (books.balances.get(asset) ?? 0n) + (comes ? BigInt(amount) : -BigInt(amount));
	if (left < 0n) lacks.set(`${from} ${asset} ${position}`, -left);
	books.balances.set(asset, left < 0n ? 0n : left);
}
