import {
	type ChainId,
	type DecodedBlock,
	type GraphStore,
	InputError,
	publishedToken,
	type TransferRecord,
	throwIfAborted,
} from "@clew/core";
import { z } from "zod";
import type { UtxoImportReport } from "../bitcoin/import-blocks.js";
import { fileSource } from "../import/file-source.js";
import { wholeText } from "../import/text-file.js";
import { readTronBlock } from "./answers.js";
import { decodeTronBlock } from "./decode/decode.js";

/** What a case calls such a file, in the detail of its source. */
export const TRON_BLOCK_FILE = "Tron blocks";

const hex = z.string().regex(/^(0x)?([0-9a-f]{2})+$/i, "expected bytes in hex");
/** A block as bytes, with the infos of its transactions where the file has them, and whatever else its maker wrote beside. */
const blockShape = z
	.object({ blockExtention: hex.optional(), block: hex.optional(), transactionInfoList: hex.optional() })
	.refine(
		({ blockExtention, block }) => (blockExtention === undefined) !== (block === undefined),
		"expected one of blockExtention and block",
	);
const BARE = /^(0x)?([0-9a-f]{2})+$/i;

/** The parts of a file that hold one block each, and where. */
interface BlockBytes {
	readonly where: string;
	readonly block: Buffer;
	readonly infos: Buffer | undefined;
}

/**
 * Imports whole blocks of Tron from their bytes: protobuf in hex, one block a line, or JSON with `blockExtention` or `block` and, where it is
 * there, `transactionInfoList`: one object, a list of them, or one a line. Everything that the bytes can show is recomputed before anything
 * is stored; see `checkTronBlock`. Throws InputError with the place.
 */
export async function importTronBlocks(store: GraphStore, path: string, signal?: AbortSignal): Promise<UtxoImportReport> {
	const { chain } = store.info;
	const source = await fileSource(path, TRON_BLOCK_FILE);
	const blocks = blocksIn(await wholeText(path), path).map((bytes) => decoded(chain, bytes));
	throwIfAborted(signal);
	blocks.sort((a, b) => a.header.height - b.header.height);
	for (const [i, { header }] of blocks.entries())
		if (header.height === blocks[i - 1]?.header.height && header.hash !== blocks[i - 1]?.header.hash)
			throw new InputError(`holds two blocks ${header.height}`, { where: path });
	await store.putSource(source);
	const { added, known } = await store.putBlocks(chain, blocks, source);
	await describe(store, blocks);
	await store.putCoverage(
		blocks.map(({ header, kinds }) => ({
			chain,
			fromHeight: header.height,
			toHeight: header.height,
			kinds,
			source: source.id,
			note: "",
		})),
	);
	const [first, last] = [blocks[0]?.header.height, blocks.at(-1)?.header.height];
	return {
		file: path,
		source,
		blocks: blocks.length,
		added,
		known,
		heights: first === undefined || last === undefined ? undefined : [first, last],
	};
}

/** Tokens whose makers publish what they are: a block says nothing of it. */
async function describe(store: GraphStore, blocks: readonly DecodedBlock[]): Promise<void> {
	const moved = blocks.flatMap(({ transactions }) => transactions.flatMap(({ transfers }) => transfers));
	const assets = [...new Set(moved.map(({ asset }: TransferRecord) => asset))];
	await store.putAssets(
		assets.flatMap((asset) => {
			const published = publishedToken(asset);
			return published === undefined ? [] : [{ asset, ...published }];
		}),
	);
}

function decoded(chain: ChainId, { where, block: bytes, infos }: BlockBytes): DecodedBlock {
	try {
		return decodeTronBlock(chain, { ...readTronBlock(bytes, infos), provenance: "imported" });
	} catch (error) {
		if (!(error instanceof InputError)) throw error;
		throw new InputError(error.message, { where, cause: error, ...(error.hint === undefined ? {} : { hint: error.hint }) });
	}
}

function blocksIn(text: string, path: string): BlockBytes[] {
	const whole = text.trim();
	if (whole.startsWith("[")) return listOf(parsed(whole, path), path);
	if (whole.startsWith("{")) {
		try {
			return [fromJson(JSON.parse(whole), path)];
		} catch (error) {
			// More than one object: one a line.
			if (!(error instanceof SyntaxError)) throw error;
		}
	}
	const lines = text.split(/\r?\n/);
	const found = lines.flatMap((line, i) => (line.trim() === "" ? [] : [lineOf(line.trim(), `${path}:${i + 1}`)]));
	if (found.length === 0) throw new InputError("holds no block", { where: path });
	return found;
}

function listOf(value: unknown, path: string): BlockBytes[] {
	if (!Array.isArray(value) || value.length === 0) throw new InputError("holds no block", { where: path });
	return value.map((one, i) => fromJson(one, `${path}: block ${i + 1}`));
}

function lineOf(line: string, where: string): BlockBytes {
	if (BARE.test(line)) return { where, block: bytesOf(line), infos: undefined };
	return fromJson(parsed(line, where), where);
}

function parsed(text: string, where: string): unknown {
	try {
		return JSON.parse(text);
	} catch (cause) {
		throw new InputError("is neither bytes in hex nor JSON that holds them; the file may be cut off", { where, cause });
	}
}

function fromJson(value: unknown, where: string): BlockBytes {
	const shape = blockShape.safeParse(value);
	if (!shape.success) {
		const [issue] = shape.error.issues;
		const at = issue === undefined || issue.path.length === 0 ? "" : `${issue.path.join(".")}: `;
		throw new InputError(`is no block of Tron as bytes: ${at}${issue?.message ?? ""}`, {
			where,
			hint: "Give protobuf in hex as blockExtention or block. JSON of a node without bytes cannot be recomputed.",
		});
	}
	const { blockExtention, block, transactionInfoList } = shape.data;
	const infos = transactionInfoList === undefined ? undefined : bytesOf(transactionInfoList);
	return { where, block: bytesOf(blockExtention ?? block ?? ""), infos };
}

function bytesOf(text: string): Buffer {
	return Buffer.from(text.replace(/^0x/i, ""), "hex");
}
