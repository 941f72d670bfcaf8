import { parseCanonical } from "../bundle/files.js";
import { type Edge, hash, height, integer, line, movementKind, outpoint, position } from "../bundle/formats.js";
import { int, is, isRecord, list, object, record, type Shape, text } from "../encoding/shape.js";
import { Refusal } from "../failure.js";
import { STOP_REASONS } from "../trace/stops.js";

/** Reasons of what is still there at the end of the data. */
export const HELD: readonly string[] = ["unspent", "time-window"];

/** Where a transaction stands: height and place in its block. */
const place = text(/^(0|[1-9][0-9]{0,9})\.(0|[1-9][0-9]{0,4})$/);

/** A movement of an account that the trace followed, tainted or not, or of a transaction or account that a seed names. */
export type LedgerTransfer = Pick<Edge, "position" | "txHash" | "from" | "to" | "asset" | "amount" | "kind">;

/**
 * An account whose movements are all there from the start of a transaction on, and what it had before. Of a trace back in time: from the
 * first block that was read up to the end of a transaction.
 */
export interface LedgerAccount {
	readonly account: string;
	readonly since?: string;
	readonly until?: string;
	readonly opening: Readonly<Record<string, string>>;
}

/**
 * Money that was not followed on. `arrival`: it stays with who received it. `proceeds`: with who got it in an exchange. `marked`: with whom
 * a `tx:` seed marked it. `given`: with who gave it in somebody else's exchange.
 */
export interface LedgerStop {
	readonly what: "arrival" | "proceeds" | "marked" | "given";
	readonly position: string;
	readonly account: string;
	readonly asset: string;
	readonly reason: string;
	/** Of what a seed marked: its place among the seeds. */
	readonly origin?: number;
}

/** A Bitcoin transaction that the trace touched; an input of an output that nobody knows has no value. */
export interface LedgerTransaction {
	readonly place: string;
	readonly txid: string;
	readonly coinbase: boolean;
	readonly inputs: readonly { readonly outpoint: string; readonly value?: string; readonly account?: string }[];
	readonly outputs: readonly { readonly account: string; readonly value: string }[];
}

/** What a block's coinbase could claim: its subsidy and the fees of its transactions, in order. */
export interface LedgerBlock {
	readonly height: string;
	readonly subsidy: string;
	readonly fees: readonly { readonly txIndex: number; readonly fee: string }[];
}

/** What a replay of the rules starts from. */
export interface Ledgers {
	readonly accounts: LedgerAccount[];
	/** In position order. */
	readonly transfers: LedgerTransfer[];
	readonly stops: LedgerStop[];
	/** In chain order. */
	readonly transactions: LedgerTransaction[];
	readonly blocks: LedgerBlock[];
}

const truth: Shape = (value, path) => (typeof value === "boolean" ? undefined : `${path}: not true or false`);

/** A line of `ledgers.jsonl` is an object with one of these keys. */
const SHAPES: Readonly<Record<string, Shape>> = {
	account: object({ account: line, "since?": place, "until?": place, opening: record(integer) }),
	transfer: object({ position, txHash: hash, from: line, to: line, asset: line, amount: integer, kind: movementKind }),
	stop: object({
		what: text(/^(arrival|proceeds|marked|given)$/),
		position,
		account: line,
		asset: line,
		// What is still there at the end of the data is what ledgers show, and no place where money was not followed on.
		reason: is(...STOP_REASONS.filter((reason) => !HELD.includes(reason))),
		"origin?": int(),
	}),
	transaction: object({
		place,
		txid: hash,
		coinbase: truth,
		inputs: list(object({ outpoint, "value?": integer, "account?": line })),
		outputs: list(object({ account: line, value: integer })),
	}),
	block: object({ height, subsidy: integer, fees: list(object({ txIndex: int(0, 1 << 24), fee: integer })) }),
};

const lineShape: Shape = (value, path) => {
	const [key = "", ...more] = Object.keys(isRecord(value) ? value : {});
	const shape = Object.hasOwn(SHAPES, key) && more.length === 0 ? SHAPES[key] : undefined;
	return shape === undefined ? `${path}: no line of ledgers` : shape((value as Record<string, unknown>)[key], `${path}.${key}`);
};

/** Reads `ledgers.jsonl`. Transfers and transactions stand in order, each once. Throws Error that names the line. */
export function parseLedgers(lines: readonly string[]): Ledgers {
	const ledgers: Ledgers = { accounts: [], transfers: [], stops: [], transactions: [], blocks: [] };
	let [moved, served] = [[-1], [-1]];
	for (const [i, text] of lines.entries()) {
		try {
			const { account, transfer, stop, transaction, block } = parseCanonical<Line>(text, lineShape);
			if (account !== undefined) ledgers.accounts.push(keptOneWay(account));
			if (stop !== undefined) ledgers.stops.push(stop);
			if (block !== undefined) ledgers.blocks.push(block);
			if (transfer !== undefined) {
				moved = later(moved, transfer.position);
				ledgers.transfers.push(transfer);
			}
			if (transaction !== undefined) {
				served = later(served, transaction.place);
				ledgers.transactions.push(transaction);
			}
		} catch (error) {
			throw new Refusal(`line ${i + 1}: ${(error as Error).message}`);
		}
	}
	return ledgers;
}

interface Line {
	readonly account?: LedgerAccount;
	readonly transfer?: LedgerTransfer;
	readonly stop?: LedgerStop;
	readonly transaction?: LedgerTransaction;
	readonly block?: LedgerBlock;
}

/** Of a trace in either direction. */
function keptOneWay(account: LedgerAccount): LedgerAccount {
	if ((account.since === undefined) === (account.until === undefined)) throw new Refusal("it is kept from nowhere on, or from two sides");
	return account;
}

/** True where all that an account moves in a transaction, by height and place, is in its ledger. */
export function isKept({ since, until }: Pick<LedgerAccount, "since" | "until">, place: readonly number[]): boolean {
	if (since !== undefined && comparePlaces(placeOf(since), place) > 0) return false;
	return until === undefined || comparePlaces(place, placeOf(until)) <= 0;
}

function later(before: readonly number[], position: string): number[] {
	const now = placeOf(position);
	if (comparePlaces(before, now) >= 0) throw new Refusal(`${position} does not stand behind the one before`);
	return now;
}

export function placeOf(position: string): number[] {
	return position.split(".").map(Number);
}

export function comparePlaces(a: readonly number[], b: readonly number[]): number {
	for (let i = 0; i < Math.max(a.length, b.length); i++) {
		const difference = (a[i] ?? -1) - (b[i] ?? -1);
		if (difference !== 0) return difference;
	}
	return 0;
}
