import { addressOf, type ChainId, isNative, type TransferRecord } from "@clew/core";
import { readTronBlock } from "../answers.js";
import { decodeTronBlock } from "../decode/decode.js";
import { Message } from "../decode/wire.js";
import { addressBytes } from "../made-up.test-util.js";
import type { Served } from "./fake-node.test-util.js";

const TRON = "tron:0x2b6653dc" as ChainId;

/** A row of a list in the JSON of TronGrid, with the time of its block in milliseconds. */
type Row = { readonly block_timestamp: number };

/** What TronGrid's lists say of an account, made from blocks; undefined for another path. `limit` bounds what is asked for. */
export function gridAnswer(blocks: Iterable<Served>, url: URL, limit: number): object | undefined {
	const [, address, list] = /^\/v1\/accounts\/(T\w+)\/(transactions|transactions\/trc20|internal-transactions)$/.exec(url.pathname) ?? [];
	if (address === undefined || list === undefined) return undefined;
	const asked = (name: string, otherwise: number) => Number(url.searchParams.get(name) ?? otherwise);
	const [from, to] = [asked("min_timestamp", 0), asked("max_timestamp", Number.MAX_SAFE_INTEGER)];
	const rows = [...blocks]
		.flatMap((served) => rowsOf(served, address, list))
		.filter((row) => row.block_timestamp >= from && row.block_timestamp <= to)
		.sort((a, b) => a.block_timestamp - b.block_timestamp);
	if (url.searchParams.get("order_by") !== "block_timestamp,asc") rows.reverse();
	const start = Number(/^page-([0-9]+)$/.exec(url.searchParams.get("fingerprint") ?? "")?.[1] ?? 0);
	const size = Math.min(asked("limit", 20), limit);
	const data = rows.slice(start, start + size);
	const more = start + size < rows.length ? { fingerprint: `page-${start + size}`, links: { next: `${url.origin}/next` } } : {};
	return { data, success: true, meta: { at: 1_800_000_000_000, ...more, page_size: data.length } };
}

/** Blocks that were read, since every question is about all of them. */
const READ = new WeakMap<Served, ReturnType<typeof readServed>>();

function readServed({ block: bytes, infos }: Served) {
	const read = readTronBlock(bytes, infos);
	return { block: read.block, transactions: decodeTronBlock(TRON, { ...read, provenance: "node" }).transactions };
}

function rowsOf(served: Served, address: string, list: string): Row[] {
	const { block, transactions } = READ.get(served) ?? readServed(served);
	READ.set(served, { block, transactions });
	const { time, height } = block.header;
	const mine = ({ from, to }: TransferRecord) => addressOf(from) === address || addressOf(to) === address;
	return transactions.flatMap(({ hash, transfers }, i): Row[] => {
		const own = transfers.filter(mine);
		const base = { block_timestamp: time };
		if (list === "transactions/trc20")
			return own
				.filter(({ asset, kind }) => !isNative(asset) && kind !== "internal")
				.map(({ from, to, asset, amount }) => ({
					transaction_id: hash,
					token_info: { symbol: "USDT", address: asset.split(":").at(-1), decimals: 6, name: "Tether USD" },
					...base,
					from: addressOf(from),
					to: addressOf(to),
					type: "Transfer",
					value: String(amount),
				}));
		if (list === "internal-transactions")
			return own
				.filter(({ kind }) => kind === "internal")
				.map(({ from, to, amount }) => ({
					internal_tx_id: hash,
					data: { note: "call", rejected: false, call_value: { _: Number(amount) } },
					...base,
					to_address: addressOf(to),
					tx_id: hash,
					from_address: addressOf(from),
				}));
		const whole = block.transactions[i];
		if (!whole?.contracts[0]?.parameter.includes(addressBytes(address))) return [];
		const fee = transfers.find(({ kind }) => kind === "fee")?.amount ?? 0n;
		return [
			{
				ret: [{ contractRet: whole.outcome === "failed" ? "REVERT" : "SUCCESS", fee: Number(fee) }],
				txID: hash,
				blockNumber: height,
				...base,
				raw_data_hex: new Message(whole.bytes, "transaction").bytes(1)?.toString("hex"),
				internal_transactions: [],
			} as Row,
		];
	});
}
