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
import { packHeight, packPosition, packTransaction } from "../rules/keys.js";
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
	const rows = await run(
		`UNWIND $ranges AS r MATCH ()-[t:TRANSFER]->() WHERE t.c = $c AND t.pos >= r.from AND t.pos < r.end
		RETURN ${COLUMNS}, t.indexed AS indexed, t.txIndexed AS txIndexed ORDER BY t.pos`,
		{ c, ranges: heightRanges(chain, heights) },
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
		last.transfers.push({ ...movementOf(t), ...(row["indexed"] ? { eventIndex } : {}) });
	}
	return held;
}

/** Writes of transfers of one case; each call takes the open transaction. */
export function transferWrites(names: Names) {
	const { c } = names;

	/** Runs the rules over heights read before, and writes what they changed. */
	async function change(
		run: Run,
		chain: number,
		heights: readonly number[],
		work: (writer: ReturnType<typeof transferWriter>) => MergeResult,
	): Promise<MergeResult> {
		const held = await loadHeights(run, c, chain, heights);
		const headers = headerWindow(await loadHeaders(run, c, chain, heights));
		const cleared = new Set<number>();
		const accounts = new Set<AccountId>();
		const contracts = new Set<AccountId>();
		const events = new Map<number, readonly ChainEvent[]>();
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
			ranges: heightRanges(chain, heights),
		});
		await run(`UNWIND $ranges AS r MATCH (t:Transaction) WHERE t.c = $c AND t.key >= r.from AND t.key < r.end DETACH DELETE t`, {
			c,
			ranges: heights.map((h) => ({ from: packTransaction(chain, h, 0), end: packTransaction(chain, h + 1, 0) })),
		});
	}

	return {
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
