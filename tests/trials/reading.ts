import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { type FileReport, formatsOf, IMPORT_FAMILIES, type ImportReport, importFile, settleCoverage } from "@clew/chains";
import { accountId, type ChainId, type GraphStore, parseChainId, startOf, tokenContract } from "@clew/core";
import { createCase } from "@clew/graph-store";

export const [A, B, C, TOKEN] = ["a1", "b2", "c3", "d4"].map((c) => `0x${c.repeat(20)}`) as [string, string, string, string];
export const hash = (n: number) => `0x${n.toString(16).padStart(64, "0")}`;
export const ETHEREUM = parseChainId("eip155:1");

/** A case in a folder of its own, and files to import into it. */
export interface Desk {
	readonly store: GraphStore;
	file(name: string, content: string | Uint8Array): string;
	/** Imports files, whatever family they are of. */
	load(...paths: readonly string[]): Promise<ImportReport[]>;
	/** Everything that the case knows of transfers and heights. */
	facts(): Promise<string[]>;
	ledger(address: string): Promise<string[]>;
	close(): Promise<void>;
}

/** Opens a desk; `skipBad` as of the command line. */
export async function desk(chain: ChainId = ETHEREUM, skipBad = false): Promise<Desk> {
	const folder = mkdtempSync(join(tmpdir(), "clew-reading-"));
	const store = await createCase(join(folder, "a.clew"), { title: "t", chain, at: "2026-01-01T00:00:00Z" });
	const line = async (t: Awaited<ReturnType<GraphStore["scan"]>>[number]) => {
		const place = `${t.position.height}.${t.position.txIndex}.${t.position.eventIndex}`;
		return `${place} ${t.kind} ${t.from.slice(-2)}>${t.to.slice(-2)} ${t.amount}`;
	};
	return {
		store,
		file(name, content) {
			const path = join(folder, name);
			mkdirSync(dirname(path), { recursive: true });
			writeFileSync(path, content);
			return path;
		},
		async load(...paths) {
			return store.atomically(async (tx) => {
				const decimals = new Map((await tx.assets()).map((info) => [tokenContract(info.asset), info.decimals]));
				const formats = IMPORT_FAMILIES.flatMap((family) => formatsOf(family, (contract) => decimals.get(contract)));
				const reports: FileReport[] = [];
				for (const path of paths) {
					const report = await importFile(tx, path, { chain, formats, skipBad, ignoreUnknown: false });
					if (report !== undefined) reports.push(report);
				}
				return settleCoverage(tx, chain, reports);
			});
		},
		async facts() {
			const transfers = await store.scan(chain, startOf(0), 10_000);
			const rows = await Promise.all(
				transfers.map(async (t) => `${await line(t)} ${t.asset} ${t.txHash} ${(await store.header(chain, t.position.height))?.time}`),
			);
			return [...rows, ...(await store.assets()).map((info) => `${info.asset} ${info.decimals} ${info.symbol}`)];
		},
		async ledger(address) {
			return Promise.all((await store.ledger(accountId(chain, address), startOf(0), 1000)).map(line));
		},
		async close() {
			await store.close();
			rmSync(folder, { recursive: true, force: true });
		},
	};
}

/** Opens a desk, works at it, and clears it. */
export async function atDesk<T>(work: (open: Desk) => Promise<T>, chain: ChainId = ETHEREUM, skipBad = false): Promise<T> {
	const open = await desk(chain, skipBad);
	try {
		return await work(open);
	} finally {
		await open.close();
	}
}

export type Cells = Readonly<Record<string, string>>;

/** A CSV file of rows that all have the first one's columns. */
export function csv(rows: readonly Cells[]): string {
	const columns = Object.keys(rows[0] ?? {});
	const cell = (text: string) => (/[",;\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
	return [columns, ...rows.map((row) => columns.map((column) => row[column] ?? ""))]
		.map((cells) => `${cells.map(cell).join(",")}\n`)
		.join("");
}

/** A row of the API's list of transactions. */
export const apiRow = (n: number, over: Cells = {}): Cells => ({
	blockNumber: `${100 + n}`,
	timeStamp: `${1_600_000_000 + n}`,
	hash: hash(n),
	transactionIndex: "0",
	from: A,
	to: B,
	value: "5",
	gasPrice: "2",
	gasUsed: "3",
	isError: "0",
	contractAddress: "",
	...over,
});

/** A row of the API's list of token transfers. */
export const tokenRow = (n: number, over: Cells = {}): Cells => ({
	blockNumber: `${100 + n}`,
	timeStamp: `${1_600_000_000 + n}`,
	hash: hash(n),
	from: A,
	to: B,
	value: "7",
	contractAddress: TOKEN,
	tokenSymbol: "TOK",
	tokenDecimal: "6",
	...over,
});

/** A row of the API's list of internal transfers. */
export const internalRow = (n: number, over: Cells = {}): Cells => ({
	blockNumber: `${100 + n}`,
	timeStamp: `${1_600_000_000 + n}`,
	hash: hash(n),
	from: B,
	to: A,
	value: "4",
	contractAddress: "",
	type: "call",
	isError: "0",
	...over,
});

/** A row of the site's download of transactions. */
export const siteRow = (n: number, over: Cells = {}): Cells => ({
	"Transaction Hash": hash(n),
	Blockno: `${100 + n}`,
	UnixTimestamp: `${1_600_000_000 + n}`,
	"DateTime (UTC)": new Date((1_600_000_000 + n) * 1000).toISOString().slice(0, 19).replace("T", " "),
	From: A,
	To: B,
	ContractAddress: "",
	"Value_IN(ETH)": "0",
	"Value_OUT(ETH)": "1.5",
	"CurrentValue @ $2,000.5/Eth": "3000.75",
	"TxnFee(ETH)": "0.0004",
	"TxnFee(USD)": "0.8",
	Status: "",
	ErrCode: "",
	Method: "Transfer",
	...over,
});

/** A row of ethereum-etl's transactions with receipts. */
export const etlRow = (n: number, over: Cells = {}): Cells => ({
	hash: hash(n),
	block_number: `${5_000_000 + n}`,
	transaction_index: "0",
	from_address: A,
	to_address: B,
	value: "5",
	gas_price: "2",
	receipt_gas_used: "3",
	receipt_status: "1",
	block_timestamp: "2018-11-09 05:20:00",
	...over,
});

/** A row of ethereum-etl's traces. */
export const traceRow = (n: number, over: Cells = {}): Cells => ({
	block_number: `${5_000_000 + n}`,
	transaction_hash: hash(n),
	transaction_index: "0",
	from_address: B,
	to_address: A,
	value: "4",
	trace_type: "call",
	call_type: "call",
	trace_address: "0",
	status: "1",
	...over,
});
