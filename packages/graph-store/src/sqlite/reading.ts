import {
	type AccountId,
	type AssetId,
	after,
	type BlockHeader,
	type ChainId,
	chainOf,
	type DerivedBalance,
	type Direction,
	type Hash,
	type Position,
	startOf,
	type TransactionPlace,
	type Transfer,
	type TransferPage,
	type TransferQuery,
} from "@clew/core";
import { type LedgerRow, replayBalances } from "../rules/facts.js";
import { type HeaderRow, headerFrom } from "../rules/headers.js";
import { endOfChain, hashPrefix, highPart, packHeight, packPosition, unpackPosition, unpackTransaction } from "../rules/keys.js";
import { openingPlace, storedAmount, transferPlace } from "../rules/stored-amount.js";
import { BOUND_LIMIT, type Db } from "./database.js";
import type { Interning } from "./interning.js";
import { mergeRows, TRANSFER_COLUMNS, TRANSFER_TABLES, type TransferRow, transferOf } from "./rows.js";

type HistoryRow = [from: number, to: number, asset: number, amount: string, high: number, low: number];
const historyPlace = ([, , , , high, low]: HistoryRow): string => transferPlace(unpackPosition(high, low));

const DEFAULT_PAGE = 500;
const NO_ROWS: readonly TransferRow[] = [];

/** Reads of transfers, transactions and headers. Methods as in the GraphStore port, but synchronous. */
export interface TransferReader {
	ledger(account: AccountId, from: Position, limit: number): Transfer[];
	ledgerBefore(account: AccountId, before: Position, limit: number): Transfer[];
	scan(chain: ChainId, from: Position, limit: number): Transfer[];
	scanBefore(chain: ChainId, before: Position, limit: number): Transfer[];
	size(chain: ChainId): number;
	transfersOf(account: AccountId, query: TransferQuery): TransferPage;
	balancesBefore(account: AccountId, before: Position): DerivedBalance[];
	transaction(chain: ChainId, hash: Hash): Transfer[];
	placeOf(chain: ChainId, hash: Hash): TransactionPlace | undefined;
	derivedEvents(chain: ChainId, hash: Hash): number[];
	transferAt(chain: ChainId, position: Position): Transfer | undefined;
	countTransfers(account: AccountId, cap: number): number;
	header(chain: ChainId, height: number): BlockHeader | undefined;
	head(chain: ChainId): BlockHeader | undefined;
	headerOf(chain: ChainId, hash: Hash): BlockHeader | undefined;
	headersBeside(chain: ChainId, heights: readonly number[]): BlockHeader[][];
}

/** Prepares the read statements of a case. */
export function transferReader(db: Db, names: Interning): TransferReader {
	const select = (where: string) => db.prepare(`SELECT ${TRANSFER_COLUMNS} FROM ${TRANSFER_TABLES} WHERE ${where}`).raw();
	const page = (column: string, extra: string) =>
		select(`t.${column} = ? AND t.pos >= ? AND t.pos < ?${extra} ORDER BY t.pos ${BOUND_LIMIT}`);
	const outgoing = { any: page("from_id", ""), asset: page("from_id", " AND t.asset_id = ?") };
	const incoming = { any: page("to_id", ""), asset: page("to_id", " AND t.asset_id = ?") };
	const backward = (column: string) => select(`t.${column} = ? AND t.pos >= ? AND t.pos < ? ORDER BY t.pos DESC ${BOUND_LIMIT}`);
	const outgoingBefore = backward("from_id");
	const incomingBefore = backward("to_id");
	const history = db
		.prepare(
			`SELECT from_id, to_id, asset_id, amount, pos >> 30, pos & 0x3fffffff FROM transfers WHERE pos IN (
				SELECT pos FROM transfers WHERE from_id = @account AND pos < @end UNION SELECT pos FROM transfers WHERE to_id = @account AND pos < @end
			) ORDER BY pos`,
		)
		.raw();
	const openings = db.prepare(`SELECT asset_id, height, amount FROM openings WHERE account_id = ? AND height < ? ORDER BY height`).raw();
	const ofTransaction = select(`t.pos >= ? AND t.pos < ? ORDER BY t.pos`);
	const findTransaction = db.prepare(`SELECT key FROM txs WHERE prefix = ? AND hash = ?`).pluck();
	const derived = db.prepare(`SELECT pos & 0xffff FROM transfers WHERE pos >= ? AND pos < ? AND indexed <> 1 ORDER BY pos`).pluck();
	const everything = select(`t.pos >= ? AND t.pos < ? ORDER BY t.pos ${BOUND_LIMIT}`);
	const everythingBefore = select(`t.pos >= ? AND t.pos < ? ORDER BY t.pos DESC ${BOUND_LIMIT}`);
	const countAll = db.prepare(`SELECT count(*) FROM transfers WHERE pos >= ? AND pos < ?`).pluck();
	const at = select(`t.pos = ?`);
	// Both indexes are in the order of the key: they are merged without a look at the table, and a transfer to oneself is one transfer.
	const countTouching = db
		.prepare(
			`SELECT count(*) FROM (SELECT pos FROM transfers WHERE from_id = ? UNION SELECT pos FROM transfers WHERE to_id = ? ORDER BY pos ${BOUND_LIMIT})`,
		)
		.pluck();
	const headerAt = db.prepare(`SELECT hash, parent, time FROM blocks WHERE key = ?`);
	const headerByHash = db.prepare(
		`SELECT key - @base AS height, hash, parent, time FROM blocks INDEXED BY blocks_hash WHERE hash = @hash AND key >= @base AND key < @end`,
	);
	const highest = db.prepare(
		`SELECT key - @base AS height, hash, parent, time FROM blocks WHERE key >= @base AND key < @end AND hash IS NOT NULL ORDER BY key DESC LIMIT 1`,
	);
	const below = db.prepare(
		`SELECT key - @base AS height, hash, parent, time FROM blocks WHERE key >= @base AND key < min(@key, @end) ORDER BY key DESC LIMIT 1`,
	);
	const above = db.prepare(
		`SELECT key - @base AS height, hash, parent, time FROM blocks WHERE key > max(@key, @base - 1) AND key < @end ORDER BY key LIMIT 1`,
	);

	const keyOf = (chain: ChainId, hash: Hash): number | undefined => {
		const id = names.knownChain(chain);
		const keys = id === undefined ? [] : (findTransaction.all(hashPrefix(hash), hash) as number[]);
		return keys.find((k) => Math.floor(k / 2 ** 44) === id);
	};
	/** The keys of a transaction's transfers; undefined where the case does not hold it. */
	const rangeOf = (chain: ChainId, hash: Hash): readonly [bigint, bigint] | undefined => {
		const key = keyOf(chain, hash);
		return key === undefined ? undefined : [BigInt(key) << 16n, BigInt(key + 1) << 16n];
	};

	const rowsOf = (
		account: AccountId,
		direction: Direction,
		asset: AssetId | undefined,
		from: bigint,
		end: bigint,
		limit: number,
	): readonly TransferRow[] => {
		const id = names.knownAccount(account);
		const assetId = asset === undefined ? undefined : names.knownAsset(asset);
		if (id === undefined || (asset !== undefined && assetId === undefined)) return NO_ROWS;
		const read = (statements: typeof outgoing) =>
			(assetId === undefined
				? statements.any.all(id, from, end, limit)
				: statements.asset.all(id, from, end, assetId, limit)) as TransferRow[];
		if (direction === "out") return read(outgoing);
		if (direction === "in") return read(incoming);
		return mergeRows(read(outgoing), read(incoming), limit);
	};

	return {
		ledger(account, from, limit) {
			const chain = names.knownChain(chainOf(account));
			if (chain === undefined) return [];
			const rows = rowsOf(account, "both", undefined, packPosition(chain, from), endOfChain(chain), limit);
			return rows.map((row) => transferOf(row, names));
		},
		ledgerBefore(account, before, limit) {
			const [id, chain] = [names.knownAccount(account), names.knownChain(chainOf(account))];
			if (id === undefined || chain === undefined) return [];
			const [first, end] = [packHeight(chain, 0), packPosition(chain, before)];
			const read = (statement: typeof outgoingBefore) => statement.all(id, first, end, limit) as TransferRow[];
			return mergeRows(read(outgoingBefore), read(incomingBefore), limit, "newest first").map((row) => transferOf(row, names));
		},
		scan(chain, from, limit) {
			const id = names.knownChain(chain);
			if (id === undefined) return [];
			return (everything.all(packPosition(id, from), endOfChain(id), limit) as TransferRow[]).map((row) => transferOf(row, names));
		},
		scanBefore(chain, before, limit) {
			const id = names.knownChain(chain);
			if (id === undefined) return [];
			const rows = everythingBefore.all(packHeight(id, 0), packPosition(id, before), limit) as TransferRow[];
			return rows.map((row) => transferOf(row, names));
		},
		size(chain) {
			const id = names.knownChain(chain);
			return id === undefined ? 0 : (countAll.get(packHeight(id, 0), endOfChain(id)) as number);
		},
		transfersOf(account, query) {
			const chain = names.knownChain(chainOf(account));
			if (chain === undefined) return { transfers: [], next: undefined };
			const limit = query.limit ?? DEFAULT_PAGE;
			const first = packPosition(chain, startOf(query.fromHeight ?? 0));
			const cursor = query.cursor === undefined ? first : packPosition(chain, query.cursor);
			const end = query.toHeight === undefined ? endOfChain(chain) : packHeight(chain, query.toHeight + 1);
			const rows = rowsOf(account, query.direction ?? "both", query.asset, cursor > first ? cursor : first, end, limit);
			const transfers = rows.map((row) => transferOf(row, names));
			const last = transfers[transfers.length - 1];
			return { transfers, next: last === undefined || transfers.length < limit ? undefined : after(last.position) };
		},
		balancesBefore(account, before) {
			const id = names.knownAccount(account);
			const chain = names.knownChain(chainOf(account));
			if (id === undefined || chain === undefined) return [];
			return replay(id, chain, before);
		},
		transaction(chain, hash) {
			const range = rangeOf(chain, hash);
			return range === undefined ? [] : (ofTransaction.all(...range) as TransferRow[]).map((row) => transferOf(row, names));
		},
		placeOf(chain, hash) {
			const key = keyOf(chain, hash);
			return key === undefined ? undefined : unpackTransaction(key);
		},
		derivedEvents(chain, hash) {
			const range = rangeOf(chain, hash);
			return range === undefined ? [] : (derived.all(...range) as number[]);
		},
		transferAt(chain, position) {
			const id = names.knownChain(chain);
			const row = id === undefined ? undefined : (at.get(packPosition(id, position)) as TransferRow | undefined);
			return row && transferOf(row, names);
		},
		countTransfers(account, cap) {
			const id = names.knownAccount(account);
			return id === undefined ? 0 : (countTouching.get(id, id, cap) as number);
		},
		header(chain, height) {
			const id = names.knownChain(chain);
			const row = id === undefined ? undefined : (headerAt.get(highPart(id, height)) as HeaderRow | undefined);
			return row && headerFrom(row, height);
		},
		head: (chain) => find(chain, highest, {}),
		headerOf(chain, hash) {
			return find(chain, headerByHash, { hash });
		},
		headersBeside(chain, heights) {
			const id = names.knownChain(chain);
			if (id === undefined) return heights.map(() => []);
			return heights.map((height) => [below, above].flatMap((side) => find(chain, side, { key: highPart(id, height) }) ?? []));
		},
	};

	function find(chain: ChainId, statement: typeof highest, parameters: object): BlockHeader | undefined {
		const id = names.knownChain(chain);
		if (id === undefined) return undefined;
		const row = statement.get({ base: highPart(id, 0), end: highPart(id + 1, 0), ...parameters }) as
			| (HeaderRow & { height: number })
			| undefined;
		return row && headerFrom(row, row.height);
	}

	function replay(id: number, chain: number, before: Position): DerivedBalance[] {
		const account = names.accountName(id);
		const known = (openings.all(id, before.height) as [number, number, string][]).map(([assetId, height, amount]) => {
			const opening = { account, asset: names.assetName(assetId), height };
			return { ...opening, amount: storedAmount(amount, openingPlace, opening) };
		});
		return replayBalances(known, movements(id, packPosition(chain, before)));
	}

	function* movements(id: number, end: bigint): Generator<LedgerRow> {
		for (const row of history.iterate({ account: id, end })) {
			const [from, to, asset, text, high, low] = row as HistoryRow;
			if (from === to) continue;
			yield {
				incoming: to === id,
				asset: names.assetName(asset),
				position: unpackPosition(high, low),
				amount: storedAmount(text, historyPlace, row as HistoryRow),
			};
		}
	}
}
