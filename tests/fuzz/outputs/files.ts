import { importBitcoinCsv, importBlockFile, importEsplora } from "@clew/chains";
import type { GraphStore } from "@clew/core";
import { type Cells, csv, type Desk } from "../../trials/reading.js";
import { shuffled } from "../shuffled.js";
import { type MinedBlock, type MinedChain, NETWORK } from "./chain.js";
import type { FilePlan } from "./world.js";

type RawTransaction = MinedBlock["raw"]["transactions"][number];
type RawOutput = RawTransaction["raw"]["outs"][number];

const NO_TXID = "0".repeat(64);
const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString("hex");
/** Ids are written from their last byte on. */
const idOf = (bytes: Uint8Array) => hex(Buffer.from(bytes).reverse());

/** Writes a planned file into the desk's folder and gives what imports it. */
export function fileWriter(desk: Desk, chain: MinedChain): (plan: FilePlan, number: number) => (store: GraphStore) => Promise<unknown> {
	const all = chain.blocks.flatMap((block) => block.raw.transactions.map((tx, index) => ({ block, tx, index })));
	const made = new Map(all.map((one) => [one.tx.txid as string, one]));
	const spentBy = (input: RawTransaction["raw"]["ins"][number]) => {
		const from = made.get(idOf(input.hash));
		return from === undefined ? undefined : { ...from, vout: input.index, output: from.tx.raw.outs[input.index] as RawOutput };
	};

	const esplora = ({ block, tx, index }: (typeof all)[number]) => ({
		txid: tx.txid,
		version: tx.raw.version,
		locktime: tx.raw.locktime,
		vin: tx.raw.ins.map((input) => {
			const spent = spentBy(input);
			const prevout = spent && { scriptpubkey: hex(spent.output.script), value: Number(spent.output.value) };
			return {
				txid: index === 0 ? NO_TXID : idOf(input.hash),
				vout: input.index,
				prevout: prevout ?? null,
				is_coinbase: index === 0,
				sequence: input.sequence,
			};
		}),
		vout: tx.raw.outs.map(({ script, value }) => ({ scriptpubkey: hex(script), value: Number(value) })),
		status: { confirmed: true, block_height: block.height, block_hash: block.raw.hash, block_time: block.time },
	});
	const node = ({ raw, height, time, bytes }: MinedBlock) => {
		const head = Buffer.from(bytes);
		return {
			hash: raw.hash,
			height,
			confirmations: 1,
			version: head.readInt32LE(0),
			merkleroot: idOf(head.subarray(36, 68)),
			time,
			nonce: head.readUInt32LE(76),
			bits: head.readUInt32LE(72).toString(16),
			previousblockhash: raw.parent,
			tx: raw.transactions.map((tx) => ({ txid: tx.txid, hex: tx.raw.toHex(), vin: tx.raw.ins.map(() => ({})) })),
		};
	};
	const clock = ({ time }: MinedBlock) => new Date(time * 1000).toISOString().slice(0, 19).replace("T", " ");
	const outputRow = ({ block, tx, index }: (typeof all)[number], vout: number, { script, value }: RawOutput): Cells => ({
		block_id: `${block.height}`,
		transaction_hash: tx.txid,
		index: `${vout}`,
		time: clock(block),
		value: `${value}`,
		script_hex: hex(script),
		is_from_coinbase: index === 0 ? "1" : "0",
	});
	const inputRow = ({ block, tx }: (typeof all)[number], n: number): Cells => {
		const input = tx.raw.ins[n];
		const spent = input && spentBy(input);
		if (spent === undefined) throw new Error("a coinbase has no inputs in a dump");
		return {
			...outputRow(spent, spent.vout, spent.output),
			spending_block_id: `${block.height}`,
			spending_transaction_hash: tx.txid,
			spending_index: `${n}`,
			spending_time: clock(block),
			spending_sequence: `${input?.sequence}`,
		};
	};

	return ({ form, transactions, heights, tabs, shuffle }, number) => {
		const blocks = chain.blocks.filter(({ height }) => heights[0] <= height && height <= heights[1]);
		const ids = new Set(transactions.map(chain.txidOf));
		const told = shuffled(
			all.filter(({ tx }) => ids.has(tx.txid)),
			shuffle,
		);
		if (form === "blocks") {
			const path = desk.file(`${number}.dat`, Buffer.concat(blocks.flatMap(({ bytes }) => [frameOf(bytes), bytes])));
			return (store) => importBlockFile(store, path);
		}
		if (form === "node") {
			const path = desk.file(`${number}.json`, JSON.stringify(blocks.map(node)));
			return (store) => importBlockFile(store, path);
		}
		if (form === "esplora") {
			const path = desk.file(`${number}.json`, JSON.stringify(told.map(esplora)));
			return (store) => importEsplora(store, path);
		}
		const dump = (rows: readonly Cells[], name: string) =>
			desk.file(`${number}-${name}.${tabs ? "tsv" : "csv"}`, tabs ? csv(rows).replaceAll(",", "\t") : csv(rows));
		const outputs = told.flatMap((one) => one.tx.raw.outs.map((output, vout) => outputRow(one, vout, output)));
		const inputs = told.filter(({ index }) => index > 0).flatMap((one) => one.tx.raw.ins.map((_, n) => inputRow(one, n)));
		const paths = [dump(outputs, "outputs"), ...(inputs.length > 0 ? [dump(inputs, "inputs")] : [])];
		return outputs.length === 0 ? async () => undefined : (store) => importBitcoinCsv(store, shuffled(paths, shuffle));
	};
}

/** The network's magic and the block's length, as they stand before it in a file. */
function frameOf({ length }: Uint8Array): Buffer {
	const frame = Buffer.alloc(8);
	frame.write(NETWORK.magic, "hex");
	frame.writeUInt32LE(length, 4);
	return frame;
}
