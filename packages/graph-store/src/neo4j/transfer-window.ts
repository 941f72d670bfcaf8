import type {
	AccountId,
	ChainEvent,
	DecodedBlock,
	Hash,
	MergeResult,
	PlacedTransaction,
	ProvenanceTier,
	Source,
	SourcedTransaction,
	SourcedTransfer,
	StoredHeight,
	TransactionRecord,
	TransferRecord,
} from "@clew/core";
import { byHeight, sumResults } from "../rules/batches.js";
import { headerWriter } from "../rules/headers.js";
import { chainOfTransaction, highPart, packHeight, packPosition, packTransaction, unpackTransaction } from "../rules/keys.js";
import { statusCode, statusFrom } from "../rules/status.js";
import { type Told, transferWriter } from "../rules/transfers.js";
import type { Row, Run } from "./client.js";
import { writeEvents } from "./events.js";
import { flushHeaders, headerWindow, loadHeaders } from "./headers.js";
import type { Names } from "./names.js";
import { COLUMNS, EVENT_BITS, heightRanges, movementOf, positionOf, type TransferRow, WRITE_CHUNK } from "./transfer-rows.js";

/** Decimal digits with their count before them: sorts by value as text. */
const sizeOf = (amount: bigint): string => {
	const digits = amount.toString();
	return `${String(digits.length).padStart(2, "0")}${digits}`;
};

/** What heights hold, as the rules want it. */
export async function loadHeights(
	run: Run,
	c: number,
	chain: number,
	heights: readonly number[],
): Promise<Map<number, SourcedTransaction[]>> {
	const txRows = await run(
		`UNWIND $ranges AS r MATCH (t:Transaction) WHERE t.c = $c AND t.key >= r.from AND t.key < r.end
		RETURN t.key AS key, t.hash AS hash, t.indexed AS indexed, coalesce(t.status, 0) AS status ORDER BY t.key`,
		{ c, ranges: transactionRanges(chain, heights) },
	);
	const rows = await run(
		`UNWIND $ranges AS r MATCH ()-[t:TRANSFER]->() WHERE t.c = $c AND t.pos >= r.from AND t.pos < r.end
		RETURN ${COLUMNS}, t.indexed AS indexed, t.path AS path ORDER BY t.pos`,
		{ c, ranges: heightRanges(chain, heights) },
	);
	const transfers = new Map<number, SourcedTransfer[]>();
	const held = new Map<number, SourcedTransaction[]>();
	for (const row of txRows) {
		const key = Number(row["key"]);
		const { height, txIndex } = unpackTransaction(key);
		const own: SourcedTransfer[] = [];
		transfers.set(key, own);
		const place = row["indexed"] ? { txIndex } : {};
		const tx = { hash: row["hash"] as Hash, height, ...place, ...statusFrom(Number(row["status"])), transfers: own };
		const list = held.get(height);
		if (list) list.push(tx);
		else held.set(height, [tx]);
	}
	for (const row of rows) {
		const t = row as unknown as TransferRow;
		const { eventIndex } = positionOf(t.pos);
		const place = { ...(row["indexed"] ? { eventIndex } : {}), ...(row["path"] ? { callPath: row["path"] as string } : {}) };
		transfers.get(Number(t.pos >> EVENT_BITS))?.push({ ...movementOf(t), ...place });
	}
	return held;
}

/** The keys of transactions at heights. */
function transactionRanges(chain: number, heights: readonly number[]): { from: number; end: number }[] {
	return heights.map((h) => ({ from: packTransaction(chain, h, 0), end: packTransaction(chain, h + 1, 0) }));
}

/** The heights at which transactions stand, by hash. */
async function loadPlaces(run: Run, c: number, chain: number, hashes: readonly Hash[]): Promise<Map<Hash, number[]>> {
	const rows = await run(
		`UNWIND $hashes AS hash MATCH (t:Transaction) WHERE t.c = $c AND t.hash = hash RETURN t.hash AS hash, t.key AS key`,
		{
			c,
			hashes,
		},
	);
	const places = new Map<Hash, number[]>();
	for (const row of rows) {
		const key = Number(row["key"]);
		if (chainOfTransaction(key) !== chain) continue;
		const hash = row["hash"] as Hash;
		places.set(hash, [...(places.get(hash) ?? []), unpackTransaction(key).height]);
	}
	return places;
}

/** Writes of transfers of one case; each call takes the open transaction. */
export function transferWrites(names: Names) {
	const { c } = names;

	/** Runs the rules over heights read before, and writes what they changed. */
	async function change(
		run: Run,
		chain: number,
		touched: readonly number[],
		hashes: readonly Hash[],
		work: (writer: ReturnType<typeof transferWriter>) => MergeResult,
	): Promise<MergeResult> {
		const places = await loadPlaces(run, c, chain, hashes);
		const heights = [...new Set([...touched, ...[...places.values()].flat()])];
		const held = await loadHeights(run, c, chain, heights);
		const headers = headerWindow(await loadHeaders(run, c, chain, heights));
		const cleared = new Set<number>();
		const accounts = new Set<AccountId>();
		const contracts = new Set<AccountId>();
		const events = new Map<number, readonly ChainEvent[]>();
		let transactions: Row[] = [];
		let transfers: Row[] = [];
		let gaps: Row[] = [];
		const stored = new Set(held.keys());
		const result = work(
			transferWriter(
				{
					load: (_, height) => held.get(height) ?? [],
					clear(_, height) {
						if (stored.has(height)) cleared.add(height);
						for (const { hash } of held.get(height) ?? [])
							places.set(
								hash,
								(places.get(hash) ?? []).filter((at) => at !== height),
							);
						held.delete(height);
						const from = packHeight(chain, height);
						const end = packHeight(chain, height + 1);
						const outside = (pos: unknown) => (pos as bigint) < from || (pos as bigint) >= end;
						const txOutside = (t: Row) => outside(BigInt(t["key"] as number) << EVENT_BITS);
						if (transactions.some((t) => !txOutside(t))) {
							transfers = transfers.filter((t) => outside(t["pos"]));
							transactions = transactions.filter(txOutside);
							gaps = gaps.filter((gap) => gap["key"] !== highPart(chain, height));
						}
					},
					write(_, height, placed, told) {
						held.set(height, rowsFor(height, placed, told));
						for (const tx of placed) collect(chain, height, tx, told);
						for (const { hash } of placed) {
							const known = places.get(hash) ?? [];
							if (!known.includes(height)) places.set(hash, [...known, height]);
						}
					},
					elsewhere: (_, height, hash) => places.get(hash)?.find((other) => other !== height),
					noteGaps(_, height, list) {
						for (const { account, gap } of list) gaps.push({ c, key: highPart(chain, height), gap, account });
					},
					markContract: (account) => void contracts.add(account),
					setEvents: (_, height, told) => void events.set(height, told),
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
		if (gaps.length > 0)
			await run(`UNWIND $rows AS row MERGE (g:Gap {c: row.c, key: row.key, gap: row.gap, account: row.account})`, { rows: gaps });
		await names.putContracts(run, contracts);
		await flushHeaders(run, c, headers);
		await writeEvents(run, c, chain, events);
		return result;

		function collect(
			chainNumber: number,
			height: number,
			tx: PlacedTransaction<TransferRecord | SourcedTransfer>,
			told: Told | undefined,
		): void {
			const key = packTransaction(chainNumber, height, tx.txIndex);
			transactions.push({ c, key, hash: tx.hash, indexed: tx.txIndexed, status: statusCode(tx) });
			for (const { transfer: t, eventIndex, indexed, untold } of tx.transfers) {
				const { provenance, source } = told ?? (t as SourcedTransfer);
				accounts.add(t.from).add(t.to);
				transfers.push({
					c,
					pos: packPosition(chainNumber, { height, txIndex: tx.txIndex, eventIndex }),
					tx: tx.hash,
					sender: t.from,
					receiver: t.to,
					asset: t.asset,
					amount: t.amount.toString(),
					size: sizeOf(t.amount),
					kind: t.kind,
					tier: provenance,
					source,
					indexed,
					path: t.callPath ?? null,
					untold: untold ?? null,
					caller: t.kind === "internal" ? t.from : null,
				});
			}
		}
	}

	async function clearHeights(run: Run, chain: number, heights: readonly number[]): Promise<void> {
		await run(`UNWIND $ranges AS r MATCH ()-[t:TRANSFER]->() WHERE t.c = $c AND t.pos >= r.from AND t.pos < r.end DELETE t`, {
			c,
			ranges: heightRanges(chain, heights),
		});
		await run(`UNWIND $ranges AS r MATCH (t:Transaction) WHERE t.c = $c AND t.key >= r.from AND t.key < r.end DETACH DELETE t`, {
			c,
			ranges: transactionRanges(chain, heights),
		});
		await run(`UNWIND $keys AS key MATCH (g:Gap) WHERE g.c = $c AND g.key = key DELETE g`, {
			c,
			keys: heights.map((height) => highPart(chain, height)),
		});
	}

	return {
		async putHeights(run: Run, chain: number, heights: readonly StoredHeight[]): Promise<void> {
			await change(
				run,
				chain,
				heights.map(({ height }) => height),
				[],
				(writer) => {
					for (const held of heights) writer.restore(chain, held);
					return { added: 0, known: 0 };
				},
			);
		},
		async putBlocks(run: Run, chain: number, blocks: readonly DecodedBlock[], source: Source): Promise<MergeResult> {
			const heights = blocks.map((block) => block.header.height);
			const hashes = blocks.flatMap((block) => block.transactions.map((tx) => tx.hash));
			return change(run, chain, heights, hashes, (writer) => sumResults(blocks.map((block) => writer.putBlock(chain, block, source))));
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
			const hashes = transactions.map((tx) => tx.hash);
			return change(run, chain, heights, hashes, (writer) =>
				sumResults(groups.map(([height, txs]) => writer.putHeight(chain, height, txs, times.get(height), source, tier))),
			);
		},
	};
}

/** Placed transactions as what a height holds, should the same call touch it again. */
function rowsFor(
	height: number,
	placed: readonly PlacedTransaction<TransferRecord | SourcedTransfer>[],
	told: Told | undefined,
): SourcedTransaction[] {
	return placed.map((tx) => ({
		hash: tx.hash,
		height,
		...(tx.txIndexed ? { txIndex: tx.txIndex } : {}),
		...statusFrom(statusCode(tx)),
		transfers: tx.transfers.map(({ transfer, eventIndex, indexed }) => {
			const { eventIndex: _, ...rest } = { ...transfer, ...(told ?? {}) } as SourcedTransfer;
			return { ...rest, ...(indexed ? { eventIndex } : {}) };
		}),
	}));
}
