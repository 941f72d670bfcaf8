import {
	type ChainId,
	type DecodedBlock,
	type GraphStore,
	InputError,
	impossibleHeight,
	impossibleMoment,
	publishedAssets,
	throwIfAborted,
} from "@clew/core";
import type { UtxoImportReport } from "../bitcoin/import-blocks.js";
import { fileSource } from "../import/file-source.js";
import { wholeText } from "../import/text-file.js";
import { readTronBlock } from "./answers.js";
import { type BlockBytes, blocksIn } from "./block-bytes.js";
import { decodeTronBlock } from "./decode/decode.js";

/** What a case calls such a file, in the detail of its source. */
export const TRON_BLOCK_FILE = "Tron blocks";

/**
 * Imports whole blocks of Tron from their bytes: protobuf in hex, one block a line, or JSON with `blockExtention` or `block` and, where it
 * is there, `transactionInfoList`: one object, a list of them, or one a line. Everything that the bytes can show is recomputed before
 * anything is stored; see `checkTronBlock`. Throws InputError with the place.
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
	await store.putAssets(publishedAssets(new Set(moved.map(({ asset }) => asset))));
}

function decoded(chain: ChainId, { where, block: bytes, infos }: BlockBytes): DecodedBlock {
	try {
		const block = decodeTronBlock(chain, { ...readTronBlock(bytes, infos), provenance: "imported" });
		const { height, time } = block.header;
		const odd = impossibleHeight(chain, height) ?? impossibleMoment(chain, time);
		if (odd !== undefined) throw new InputError(odd);
		return block;
	} catch (error) {
		if (!(error instanceof InputError)) throw error;
		throw new InputError(error.message, { where, cause: error, ...(error.hint === undefined ? {} : { hint: error.hint }) });
	}
}
