import {
	type AccountId,
	type AssetId,
	after,
	type BlockHeader,
	type ChainId,
	chainOf,
	comparePositions,
	compareText,
	type DerivedBalance,
	type Direction,
	type Hash,
	MAX_TX_INDEX,
	type Position,
	type StoredHeight,
	startOf,
	type TransactionPlace,
	type Transfer,
	type TransferPage,
	type TransferQuery,
} from "@clew/core";
import { type LedgerRow, replayBalances } from "../rules/facts.js";
import { headerFrom } from "../rules/headers.js";
import { endOfChain, highPart, packHeight, packPosition, packTransaction, unpackTransaction } from "../rules/keys.js";
import { openingPlace, storedAmount } from "../rules/stored-amount.js";
import type { Row, Run } from "./client.js";
import { loadEvents } from "./events.js";
import { headerRow, loadHeaders } from "./headers.js";
import type { Names } from "./names.js";
import { amountOf, COLUMNS, EVENT_BITS, movementOf, positionOf, type TransferRow } from "./transfer-rows.js";
import { loadHeights } from "./transfer-window.js";

const DEFAULT_PAGE = 500;
const HISTORY_PAGE = 10_000;

/** Reads of transfers, transactions and headers of one case, as in the GraphStore port; each call takes the open transaction. */
export function transferQueries(names: Names) {
	const { c } = names;
	const transferFrom =
		(chain: ChainId) =>
		(row: Row): Transfer => {
			const t = row as unknown as TransferRow;
			return { chain, position: { ...positionOf(t.pos), ...(t.untold ? { untold: true } : {}) }, txHash: t.tx as Hash, ...movementOf(t) };
		};

	/** At most `limit` transfers of an account with keys in [from, end). */
	async function rowsOf(
		run: Run,
		account: AccountId,
		direction: Direction,
		asset: AssetId | undefined,
		[from, end]: readonly [bigint, bigint],
		limit: number,
		order: "ASC" | "DESC" = "ASC",
	) {
		const side = (property: "sender" | "receiver") =>
			`MATCH ()-[t:TRANSFER]->() WHERE t.c = $c AND t.${property} = $account AND t.pos >= $from AND t.pos < $end${asset === undefined ? "" : " AND t.asset = $asset"}
			RETURN ${COLUMNS} ORDER BY t.pos ${order} LIMIT $limit`;
		const parameters = { c, account, from, end, asset: asset ?? null, limit };
		if (direction !== "both") return run(side(direction === "out" ? "sender" : "receiver"), parameters);
		return run(`CALL () { ${side("sender")} UNION ${side("receiver")} } RETURN * ORDER BY pos ${order} LIMIT $limit`, parameters);
	}

	async function scan(run: Run, chain: ChainId, from: Position, limit: number): Promise<Transfer[]> {
		const id = await names.knownChain(run, chain);
		if (id === undefined) return [];
		const rows = await run(
			`MATCH ()-[t:TRANSFER]->() WHERE t.c = $c AND t.pos >= $from AND t.pos < $end RETURN ${COLUMNS} ORDER BY t.pos LIMIT $limit`,
			{ c, from: packPosition(id, from), end: endOfChain(id), limit },
		);
		return rows.map(transferFrom(chain));
	}

	async function scanBefore(run: Run, chain: ChainId, before: Position, limit: number): Promise<Transfer[]> {
		const id = await names.knownChain(run, chain);
		if (id === undefined) return [];
		const rows = await run(
			`MATCH ()-[t:TRANSFER]->() WHERE t.c = $c AND t.pos >= $from AND t.pos < $end RETURN ${COLUMNS} ORDER BY t.pos DESC LIMIT $limit`,
			{ c, from: packHeight(id, 0), end: packPosition(id, before), limit },
		);
		return rows.map(transferFrom(chain));
	}

	async function count(run: Run, account: AccountId, cap: number): Promise<number> {
		const side = async (condition: string) => {
			const [row] = await run(
				`MATCH ()-[t:TRANSFER]->() WHERE t.c = $c AND ${condition} AND t.pos >= 0 WITH t LIMIT $cap RETURN count(t) AS n`,
				{
					c,
					account,
					cap,
				},
			);
			return Number(row?.["n"] ?? 0);
		};
		const out = await side("t.sender = $account");
		// A transfer of an account to itself is one transfer.
		return Math.min(cap, out >= cap ? out : out + (await side("t.receiver = $account AND t.sender <> $account")));
	}

	async function balancesBefore(run: Run, account: AccountId, before: Position): Promise<DerivedBalance[]> {
		const chain = await names.knownChain(run, chainOf(account));
		if (chain === undefined) return [];
		const openings = await run(
			`MATCH (o:Opening) WHERE o.c = $c AND o.account = $account AND o.height < $height RETURN o.asset AS asset, o.height AS height, o.amount AS amount ORDER BY o.height, o.asset`,
			{ c, account, height: before.height },
		);
		const end = packPosition(chain, before);
		const ledger: LedgerRow[] = [];
		for (let from = packHeight(chain, 0); ; ) {
			const rows = (await rowsOf(run, account, "both", undefined, [from, end], HISTORY_PAGE)) as unknown as TransferRow[];
			for (const t of rows) {
				if (t.sender === t.receiver) continue;
				ledger.push({
					incoming: t.receiver === account,
					asset: t.asset as AssetId,
					position: positionOf(t.pos),
					amount: amountOf(t),
				});
			}
			const last = rows[rows.length - 1];
			if (last === undefined || rows.length < HISTORY_PAGE) break;
			from = last.pos + 1n;
		}
		return replayBalances(
			openings.map((o) => {
				const opening = { account, asset: o["asset"] as AssetId, height: Number(o["height"]) };
				return { ...opening, amount: storedAmount(o["amount"], openingPlace, opening) };
			}),
			ledger,
		);
	}

	return {
		scan,
		scanBefore,
		count,
		balancesBefore,
		async ledger(run: Run, account: AccountId, from: Position, limit: number): Promise<Transfer[]> {
			const chain = await names.knownChain(run, chainOf(account));
			if (chain === undefined) return [];
			const rows = await rowsOf(run, account, "both", undefined, [packPosition(chain, from), endOfChain(chain)], limit);
			return rows.map(transferFrom(chainOf(account)));
		},
		async ledgerBefore(run: Run, account: AccountId, before: Position, limit: number): Promise<Transfer[]> {
			const chain = await names.knownChain(run, chainOf(account));
			if (chain === undefined) return [];
			const range = [packHeight(chain, 0), packPosition(chain, before)] as const;
			return (await rowsOf(run, account, "both", undefined, range, limit, "DESC")).map(transferFrom(chainOf(account)));
		},
		async size(run: Run, chain: ChainId): Promise<number> {
			const id = await names.knownChain(run, chain);
			if (id === undefined) return 0;
			const [row] = await run(`MATCH ()-[t:TRANSFER]->() WHERE t.c = $c AND t.pos >= $from AND t.pos < $end RETURN count(t) AS n`, {
				c,
				from: packHeight(id, 0),
				end: endOfChain(id),
			});
			return Number(row?.["n"] ?? 0);
		},
		async transfersOf(run: Run, account: AccountId, query: TransferQuery): Promise<TransferPage> {
			const chain = await names.knownChain(run, chainOf(account));
			if (chain === undefined) return { transfers: [], next: undefined };
			const limit = query.limit ?? DEFAULT_PAGE;
			const first = packPosition(chain, startOf(query.fromHeight ?? 0));
			const cursor = query.cursor === undefined ? first : packPosition(chain, query.cursor);
			const end = query.toHeight === undefined ? endOfChain(chain) : packHeight(chain, query.toHeight + 1);
			const from = cursor > first ? cursor : first;
			const rows = await rowsOf(run, account, query.direction ?? "both", query.asset, [from, end], limit);
			const transfers = rows.map(transferFrom(chainOf(account)));
			const last = transfers[transfers.length - 1];
			return { transfers, next: last === undefined || transfers.length < limit ? undefined : after(last.position) };
		},
		async transaction(run: Run, chain: ChainId, hash: Hash): Promise<Transfer[]> {
			return (await ofTransaction(run, chain, hash, COLUMNS)).map(transferFrom(chain));
		},
		async placeOf(run: Run, chain: ChainId, hash: Hash): Promise<TransactionPlace | undefined> {
			const id = await names.knownChain(run, chain);
			if (id === undefined) return undefined;
			const [row] = await run(
				`MATCH (x:Transaction) WHERE x.c = $c AND x.hash = $hash AND x.key >= $first AND x.key < $last RETURN x.key AS key LIMIT 1`,
				{ c, hash, first: packTransaction(id, 0, 0), last: packTransaction(id + 1, 0, 0) },
			);
			return row === undefined ? undefined : unpackTransaction(Number(row["key"]));
		},
		async derivedEvents(run: Run, chain: ChainId, hash: Hash): Promise<number[]> {
			const rows = await ofTransaction(run, chain, hash, "t.pos AS pos, t.indexed AS indexed");
			return rows.flatMap((row) => (row["indexed"] ? [] : [positionOf(row["pos"] as bigint).eventIndex]));
		},
		async transferAt(run: Run, chain: ChainId, position: Position): Promise<Transfer | undefined> {
			const [found] = await scan(run, chain, position, 1);
			return found !== undefined && comparePositions(found.position, position) === 0 ? found : undefined;
		},
		async header(run: Run, chain: ChainId, height: number): Promise<BlockHeader | undefined> {
			const id = await names.knownChain(run, chain);
			if (id === undefined) return undefined;
			const row = (await loadHeaders(run, c, id, [height])).get(highPart(id, height));
			return row && headerFrom(row, height);
		},
		async head(run: Run, chain: ChainId): Promise<BlockHeader | undefined> {
			return findHeader(run, chain, "b.hash IS NOT NULL", {});
		},
		async headerOf(run: Run, chain: ChainId, hash: Hash): Promise<BlockHeader | undefined> {
			return findHeader(run, chain, "b.hash = $hash", { hash });
		},
		async headersBeside(run: Run, chain: ChainId, heights: readonly number[]): Promise<BlockHeader[][]> {
			const id = await names.knownChain(run, chain);
			const found = new Map<number, BlockHeader[]>(heights.map((height) => [height, []]));
			if (id === undefined) return [...found.values()];
			const base = highPart(id, 0);
			const side = (range: string, order: string) =>
				`MATCH (b:Block) WHERE b.c = $c AND ${range} RETURN b ORDER BY b.c ${order}, b.key ${order} LIMIT 1`;
			const rows = await run(
				`UNWIND $keys AS at CALL (at) { ${side("b.key >= $from AND b.key < at", "DESC")} UNION ALL ${side("b.key > at AND b.key < $end", "ASC")} }
				RETURN at, b.key AS key, b.hash AS hash, b.parent AS parent, b.time AS time`,
				{ c, keys: heights.map((height) => base + height), from: base, end: highPart(id + 1, 0) },
			);
			for (const row of rows) found.get(Number(row["at"]) - base)?.push(headerFrom(headerRow(row), Number(row["key"]) - base));
			return heights.map((height) => (found.get(height) ?? []).sort((a, b) => a.height - b.height));
		},
		async heights(run: Run, chain: ChainId, from: number, limit: number): Promise<StoredHeight[]> {
			const id = await names.knownChain(run, chain);
			if (id === undefined) return [];
			const base = highPart(id, 0);
			const bounds = { c, from: base + from, end: highPart(id + 1, 0), limit, indices: MAX_TX_INDEX + 1 };
			const blocks = await run(
				`MATCH (b:Block) WHERE b.c = $c AND b.key >= $from AND b.key < $end RETURN b.key AS key, b.hash AS hash, b.parent AS parent, b.time AS time, b.gaps AS gaps ORDER BY b.key LIMIT $limit`,
				bounds,
			);
			const others = await run(
				`MATCH (t:Transaction) WHERE t.c = $c AND t.key >= $from * $indices AND t.key < $end * $indices RETURN DISTINCT t.key / $indices AS key ORDER BY key LIMIT $limit`,
				bounds,
			);
			const byHeight = new Map(blocks.map((row) => [Number(row["key"]) - base, row]));
			const all = [...new Set([...byHeight.keys(), ...others.map((row) => Number(row["key"]) - base)])]
				.sort((a, b) => a - b)
				.slice(0, limit);
			const held = await loadHeights(run, c, id, all);
			const events = await loadEvents(run, c, id, all);
			return all.map((height) => {
				const row = byHeight.get(height);
				const header = row && headerRow(row);
				const gaps = [...((row?.["gaps"] as string[] | null | undefined) ?? [])].sort(compareText);
				return {
					height,
					header: header && headerFrom(header, height),
					gaps,
					transactions: held.get(height) ?? [],
					events: events.get(height) ?? [],
				};
			});
		},
	};

	/** `columns` of the transfers `t` of a transaction, in position order; none when the case does not hold it. */
	async function ofTransaction(run: Run, chain: ChainId, hash: Hash, columns: string): Promise<Row[]> {
		const id = await names.knownChain(run, chain);
		if (id === undefined) return [];
		return run(
			`MATCH (x:Transaction) WHERE x.c = $c AND x.hash = $hash AND x.key >= $first AND x.key < $last WITH x.key AS key LIMIT 1
			MATCH ()-[t:TRANSFER]->() WHERE t.c = $c AND t.pos >= key * $events AND t.pos < (key + 1) * $events RETURN ${columns} ORDER BY t.pos`,
			{ c, hash, first: packTransaction(id, 0, 0), last: packTransaction(id + 1, 0, 0), events: 1n << EVENT_BITS },
		);
	}

	async function findHeader(run: Run, chain: ChainId, where: string, parameters: Row): Promise<BlockHeader | undefined> {
		const id = await names.knownChain(run, chain);
		if (id === undefined) return undefined;
		const [row] = await run(
			`MATCH (b:Block) WHERE b.c = $c AND b.key >= $from AND b.key < $end AND ${where} RETURN b.key AS key, b.hash AS hash, b.parent AS parent, b.time AS time ORDER BY b.key DESC LIMIT 1`,
			{ c, from: highPart(id, 0), end: highPart(id + 1, 0), ...parameters },
		);
		if (row === undefined) return undefined;
		return headerFrom(headerRow(row), Number(row["key"]) - highPart(id, 0));
	}
}
