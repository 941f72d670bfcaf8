import {
	type AccountId,
	type AssetId,
	after,
	type BlockHeader,
	type ChainId,
	chainOf,
	compareText,
	type DecodedBlock,
	type DerivedBalance,
	type Direction,
	type Hash,
	MAX_HEIGHT,
	MAX_TX_INDEX,
	type MergeResult,
	type PlacedTransaction,
	type Position,
	type ProvenanceTier,
	type Source,
	type SourcedTransaction,
	type SourcedTransfer,
	type StoredHeight,
	startOf,
	type TransactionRecord,
	type Transfer,
	type TransferKind,
	type TransferPage,
	type TransferQuery,
	type TransferRecord,
} from "@clew/core";
import { byHeight, sumResults } from "../rules/batches.js";
import { type LedgerRow, replayBalances } from "../rules/facts.js";
import { headerFrom, headerWriter } from "../rules/headers.js";
import { endOfChain, highPart, packHeight, packPosition, packTransaction } from "../rules/keys.js";
import { type Told, transferWriter } from "../rules/transfers.js";
import type { Row, Run } from "./client.js";
import { flushHeaders, headerWindow, loadHeaders } from "./headers.js";
import type { Names } from "./names.js";

const DEFAULT_PAGE = 500;
const HISTORY_PAGE = 10_000;
/** Relationships created by one statement. */
const WRITE_CHUNK = 5_000;
const EVENT_BITS = 16n;
const TX_MASK = 0x3fffn;
const EVENT_MASK = 0xffffn;
const HEIGHT_SHIFT = 30n;

const COLUMNS = `t.pos AS pos, t.tx AS tx, t.sender AS sender, t.receiver AS receiver, t.asset AS asset, t.amount AS amount, t.kind AS kind, t.tier AS tier, t.source AS source`;

interface TransferRow {
	pos: bigint;
	tx: string;
	sender: string;
	receiver: string;
	asset: string;
	amount: string;
	kind: string;
	tier: string;
	source: string;
}

const positionOf = (pos: bigint): Position => ({
	height: Number(pos >> HEIGHT_SHIFT) % (MAX_HEIGHT + 1),
	txIndex: Number((pos >> EVENT_BITS) & TX_MASK),
	eventIndex: Number(pos & EVENT_MASK),
});

/** Decimal digits with their count before them: sorts by value as text. */
const sizeOf = (amount: bigint): string => {
	const digits = amount.toString();
	return `${String(digits.length).padStart(2, "0")}${digits}`;
};

/** Reads and writes of transfers of one case; each call takes the open transaction. */
export function transferQueries(names: Names) {
	const { c } = names;
	const transferFrom =
		(chain: ChainId) =>
		(row: Row): Transfer => {
			const t = row as unknown as TransferRow;
			return {
				chain,
				position: positionOf(t.pos),
				txHash: t.tx as Hash,
				from: t.sender as AccountId,
				to: t.receiver as AccountId,
				asset: t.asset as AssetId,
				amount: BigInt(t.amount),
				kind: t.kind as TransferKind,
				provenance: t.tier as ProvenanceTier,
				source: t.source,
			};
		};

	/** At most `limit` transfers of an account with keys in [from, end). */
	async function rowsOf(
		run: Run,
		account: AccountId,
		direction: Direction,
		asset: AssetId | undefined,
		[from, end]: readonly [bigint, bigint],
		limit: number,
	) {
		const side = (property: "sender" | "receiver") =>
			`MATCH ()-[t:TRANSFER]->() WHERE t.c = $c AND t.${property} = $account AND t.pos >= $from AND t.pos < $end${asset === undefined ? "" : " AND t.asset = $asset"}
			RETURN ${COLUMNS} ORDER BY t.pos LIMIT $limit`;
		const parameters = { c, account, from, end, asset: asset ?? null, limit };
		if (direction !== "both") return run(side(direction === "out" ? "sender" : "receiver"), parameters);
		return run(`CALL () { ${side("sender")} UNION ${side("receiver")} } RETURN * ORDER BY pos LIMIT $limit`, parameters);
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

	async function count(run: Run, account: AccountId, cap: number): Promise<number> {
		const side = async (property: string) => {
			const [row] = await run(
				`MATCH ()-[t:TRANSFER]->() WHERE t.c = $c AND t.${property} = $account AND t.pos >= 0 WITH t LIMIT $cap RETURN count(t) AS n`,
				{
					c,
					account,
					cap,
				},
			);
			return Number(row?.["n"] ?? 0);
		};
		const out = await side("sender");
		return Math.min(cap, out >= cap ? out : out + (await side("receiver")));
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
					height: positionOf(t.pos).height,
					amount: BigInt(t.amount),
				});
			}
			const last = rows[rows.length - 1];
			if (last === undefined || rows.length < HISTORY_PAGE) break;
			from = last.pos + 1n;
		}
		return replayBalances(
			openings.map((o) => ({ asset: o["asset"] as AssetId, height: Number(o["height"]), amount: BigInt(o["amount"] as string) })),
			ledger,
		);
	}

	/** What heights hold, as the rules want it. */
	async function load(run: Run, chain: number, heights: readonly number[]): Promise<Map<number, SourcedTransaction[]>> {
		const ranges = heights.map((height) => ({ from: packHeight(chain, height), end: packHeight(chain, height + 1) }));
		const rows = await run(
			`UNWIND $ranges AS r MATCH ()-[t:TRANSFER]->() WHERE t.c = $c AND t.pos >= r.from AND t.pos < r.end
			RETURN ${COLUMNS}, t.indexed AS indexed, t.txIndexed AS txIndexed ORDER BY t.pos`,
			{ c, ranges },
		);
		const held = new Map<number, SourcedTransaction[]>();
		let last: { key: bigint; transfers: SourcedTransfer[] } | undefined;
		for (const row of rows) {
			const t = row as unknown as TransferRow;
			const { height, txIndex, eventIndex } = positionOf(t.pos);
			if (last?.key !== t.pos >> EVENT_BITS) {
				last = { key: t.pos >> EVENT_BITS, transfers: [] };
				const tx = { hash: t.tx as Hash, height, ...(row["txIndexed"] ? { txIndex } : {}), transfers: last.transfers };
				held.set(height, [...(held.get(height) ?? []), tx]);
			}
			last.transfers.push({
				kind: t.kind as TransferKind,
				from: t.sender as AccountId,
				to: t.receiver as AccountId,
				asset: t.asset as AssetId,
				amount: BigInt(t.amount),
				provenance: t.tier as ProvenanceTier,
				source: t.source,
				...(row["indexed"] ? { eventIndex } : {}),
			});
		}
		return held;
	}

	/** Runs the rules over heights read before, and writes what they changed. */
	async function change(
		run: Run,
		chain: number,
		heights: readonly number[],
		work: (writer: ReturnType<typeof transferWriter>) => MergeResult,
	): Promise<MergeResult> {
		const held = await load(run, chain, heights);
		const headers = headerWindow(await loadHeaders(run, c, chain, heights));
		const cleared = new Set<number>();
		const accounts = new Set<AccountId>();
		const contracts = new Set<AccountId>();
		let transactions: Row[] = [];
		let transfers: Row[] = [];
		const stored = new Set(held.keys());
		const result = work(
			transferWriter(
				{
					load: (_, height) => held.get(height) ?? [],
					clear(_, height) {
						if (stored.has(height)) cleared.add(height);
						held.delete(height);
						const from = packHeight(chain, height);
						const end = packHeight(chain, height + 1);
						const outside = (pos: unknown) => (pos as bigint) < from || (pos as bigint) >= end;
						if (transfers.some((t) => !outside(t["pos"]))) {
							transfers = transfers.filter((t) => outside(t["pos"]));
							transactions = transactions.filter((t) => outside(BigInt(t["key"] as number) << EVENT_BITS));
						}
					},
					write(_, height, placed, told) {
						held.set(height, rowsFor(height, placed, told));
						for (const tx of placed) collect(chain, height, tx, told);
					},
					markContract: (account) => void contracts.add(account),
				},
				headerWriter(headers),
			),
		);
		if (cleared.size > 0) await clearHeights(run, chain, [...cleared]);
		await names.putAccounts(run, accounts);
		for (let i = 0; i < transactions.length; i += WRITE_CHUNK)
			await run(`UNWIND $rows AS row CREATE (t:Transaction) SET t = row`, { rows: transactions.slice(i, i + WRITE_CHUNK) });
		for (let i = 0; i < transfers.length; i += WRITE_CHUNK)
			await run(
				`UNWIND $rows AS row MATCH (a:Account {c: $c, id: row.sender}) MATCH (b:Account {c: $c, id: row.receiver}) CREATE (a)-[t:TRANSFER]->(b) SET t = row`,
				{ c, rows: transfers.slice(i, i + WRITE_CHUNK) },
			);
		await names.putContracts(run, contracts);
		await flushHeaders(run, c, headers);
		return result;

		function collect(
			chainNumber: number,
			height: number,
			tx: PlacedTransaction<TransferRecord | SourcedTransfer>,
			told: Told | undefined,
		): void {
			if (tx.transfers.length === 0) return;
			transactions.push({ c, key: packTransaction(chainNumber, height, tx.txIndex), hash: tx.hash, indexed: tx.txIndexed });
			for (const { transfer: t, eventIndex, indexed } of tx.transfers) {
				const { provenance, source } = told ?? (t as SourcedTransfer);
				accounts.add(t.from).add(t.to);
				transfers.push({
					c,
					pos: packPosition(chainNumber, { height, txIndex: tx.txIndex, eventIndex }),
					tx: tx.hash,
					txIndexed: tx.txIndexed,
					sender: t.from,
					receiver: t.to,
					asset: t.asset,
					amount: t.amount.toString(),
					size: sizeOf(t.amount),
					kind: t.kind,
					tier: provenance,
					source,
					indexed,
				});
			}
		}
	}

	async function clearHeights(run: Run, chain: number, heights: readonly number[]): Promise<void> {
		await run(`UNWIND $ranges AS r MATCH ()-[t:TRANSFER]->() WHERE t.c = $c AND t.pos >= r.from AND t.pos < r.end DELETE t`, {
			c,
			ranges: heights.map((h) => ({ from: packHeight(chain, h), end: packHeight(chain, h + 1) })),
		});
		await run(`UNWIND $ranges AS r MATCH (t:Transaction) WHERE t.c = $c AND t.key >= r.from AND t.key < r.end DETACH DELETE t`, {
			c,
			ranges: heights.map((h) => ({ from: packTransaction(chain, h, 0), end: packTransaction(chain, h + 1, 0) })),
		});
	}

	return {
		scan,
		count,
		balancesBefore,
		async ledger(run: Run, account: AccountId, from: Position, limit: number): Promise<Transfer[]> {
			const chain = await names.knownChain(run, chainOf(account));
			if (chain === undefined) return [];
			const rows = await rowsOf(run, account, "both", undefined, [packPosition(chain, from), endOfChain(chain)], limit);
			return rows.map(transferFrom(chainOf(account)));
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
			const id = await names.knownChain(run, chain);
			if (id === undefined) return [];
			const rows = await run(
				`MATCH (x:Transaction) WHERE x.c = $c AND x.hash = $hash AND x.key >= $first AND x.key < $last WITH x.key AS key LIMIT 1
				MATCH ()-[t:TRANSFER]->() WHERE t.c = $c AND t.pos >= key * $events AND t.pos < (key + 1) * $events RETURN ${COLUMNS} ORDER BY t.pos`,
				{ c, hash, first: packTransaction(id, 0, 0), last: packTransaction(id + 1, 0, 0), events: 1n << EVENT_BITS },
			);
			return rows.map(transferFrom(chain));
		},
		async transferAt(run: Run, chain: ChainId, position: Position): Promise<Transfer | undefined> {
			const [found] = await scan(run, chain, position, 1);
			const same = found !== undefined && (await names.knownChain(run, chain)) !== undefined;
			return same && positionKey(found.position) === positionKey(position) ? found : undefined;
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
			const held = await load(run, id, all);
			return all.map((height) => {
				const row = byHeight.get(height);
				const header = row && { hash: row["hash"] as string | null, parent: row["parent"] as string | null, time: Number(row["time"]) };
				const gaps = [...((row?.["gaps"] as string[] | null | undefined) ?? [])].sort(compareText);
				return { height, header: header && headerFrom(header, height), gaps, transactions: held.get(height) ?? [] };
			});
		},
		async putHeights(run: Run, chain: number, heights: readonly StoredHeight[]): Promise<void> {
			await change(
				run,
				chain,
				heights.map(({ height }) => height),
				(writer) => {
					for (const held of heights) writer.restore(chain, held);
					return { added: 0, known: 0 };
				},
			);
		},
		async putBlocks(run: Run, chain: number, blocks: readonly DecodedBlock[], source: Source): Promise<MergeResult> {
			const heights = blocks.map((block) => block.header.height);
			return change(run, chain, heights, (writer) => sumResults(blocks.map((block) => writer.putBlock(chain, block, source))));
		},
		async putTransactions(
			run: Run,
			chain: number,
			transactions: readonly TransactionRecord[],
			times: ReadonlyMap<number, number>,
			source: Source,
			tier: ProvenanceTier,
		): Promise<MergeResult> {
			const groups = byHeight(transactions);
			const heights = groups.map(([height]) => height);
			return change(run, chain, heights, (writer) =>
				sumResults(groups.map(([height, txs]) => writer.putHeight(chain, height, txs, times.get(height), source, tier))),
			);
		},
	};

	async function findHeader(run: Run, chain: ChainId, where: string, parameters: Row): Promise<BlockHeader | undefined> {
		const id = await names.knownChain(run, chain);
		if (id === undefined) return undefined;
		const [row] = await run(
			`MATCH (b:Block) WHERE b.c = $c AND b.key >= $from AND b.key < $end AND ${where} RETURN b.key AS key, b.hash AS hash, b.parent AS parent, b.time AS time ORDER BY b.key DESC LIMIT 1`,
			{ c, from: highPart(id, 0), end: highPart(id + 1, 0), ...parameters },
		);
		if (row === undefined) return undefined;
		const header = { hash: row["hash"] as string | null, parent: row["parent"] as string | null, time: Number(row["time"]) };
		return headerFrom(header, Number(row["key"]) - highPart(id, 0));
	}
}

function positionKey({ height, txIndex, eventIndex }: Position): string {
	return `${height}.${txIndex}.${eventIndex}`;
}

/** Placed transactions as what a height holds, should the same call touch it again. */
function rowsFor(
	height: number,
	placed: readonly PlacedTransaction<TransferRecord | SourcedTransfer>[],
	told: Told | undefined,
): SourcedTransaction[] {
	return placed
		.filter((tx) => tx.transfers.length > 0)
		.map((tx) => ({
			hash: tx.hash,
			height,
			...(tx.txIndexed ? { txIndex: tx.txIndex } : {}),
			transfers: tx.transfers.map(({ transfer, eventIndex, indexed }) => {
				const { eventIndex: _, ...rest } = { ...transfer, ...(told ?? {}) } as SourcedTransfer;
				return { ...rest, ...(indexed ? { eventIndex } : {}) };
			}),
		}));
}
