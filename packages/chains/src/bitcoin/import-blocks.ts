import {
	type BitcoinNetwork,
	type BlockHeader,
	type GraphStore,
	type Hash,
	InputError,
	impossibleHeight,
	impossibleMoment,
	type OutputFacts,
	type Source,
	throwIfAborted,
	type UtxoBlock,
	withPrevious,
} from "@clew/core";
import { parseExactJson } from "../exact-json.js";
import { fileSource } from "../import/file-source.js";
import { looksLikeJson, wholeText } from "../import/text-file.js";
import { decodeBlock, parseBlock, type RawBlock } from "./block.js";
import { blockFrames, isBlockFile } from "./block-file.js";
import { blockFromJson, unwrapped } from "./json.js";
import { type ScriptReader, scriptReader } from "./script.js";
import { networkOf } from "./source.js";

/** What a case calls such a file, in the detail of its source. */
export const BLOCK_FILE = "Bitcoin blocks";

/** How block files are imported. */
export interface BlockImportOptions {
	/**
	 * Height of the first block, when it stands in the middle of the chain, so that its parent is in no source. Refused where a source says
	 * another.
	 */
	readonly firstHeight?: number;
	/** The same as an assumption: any source wins over it. */
	readonly assumedHeight?: number;
	readonly signal?: AbortSignal;
	readonly onProgress?: (blocks: number, height: number) => void;
}

/** What an import of one file did. `added` and `known` count transactions. */
export interface UtxoImportReport {
	readonly file: string;
	readonly source: Source;
	readonly blocks: number;
	readonly added: number;
	readonly known: number;
	/** Heights of the blocks, inclusive; undefined when there were none. */
	readonly heights: readonly [number, number] | undefined;
	/** What was left out or is not promised, in words; absent when nothing. */
	readonly notes?: readonly string[];
}

/** Bytes of blocks handed to the store at a time. */
const CHUNK_BYTES = 4 << 20;
const NO_PARENT = "0".repeat(64);

/** A parsed block with what the file told besides its bytes. */
interface FileBlock {
	readonly block: RawBlock;
	readonly where: string;
	readonly bytes: number;
	/** Height that a node's answer gives the block. */
	readonly height?: number;
	readonly previous?: ReadonlyMap<string, OutputFacts>;
}

/**
 * Imports one file of whole blocks into an open transaction of the store: `blk*.dat` framing (plain, bzip2, obfuscated), or a node's JSON
 * for one block or a list of them. Blocks must continue one another. Memory is that of a few blocks, whatever the file. Throws InputError
 * with file:offset: wrong network, work, Merkle root or witness commitment, cut-off data, blocks out of order, a missing parent.
 */
export async function importBlockFile(store: GraphStore, path: string, options: BlockImportOptions = {}): Promise<UtxoImportReport> {
	const network = networkOf(store.info.chain);
	const scripts = scriptReader(network);
	const source = await fileSource(path, BLOCK_FILE);
	await store.putSource(source);
	const chain = new ChainOfBlocks(store, network, options);
	const totals = { blocks: 0, added: 0, known: 0 };
	let first: number | undefined;
	let last: number | undefined;
	let batch: UtxoBlock[] = [];
	let bytes = 0;
	const flush = async () => {
		if (batch.length === 0) return;
		const { added, known } = await store.putUtxoBlocks(network.chain, batch, source, "imported");
		totals.added += added;
		totals.known += known;
		totals.blocks += batch.length;
		options.onProgress?.(totals.blocks, batch[batch.length - 1]?.header.height ?? 0);
		batch = [];
		bytes = 0;
		throwIfAborted(options.signal);
		// Let timers, signals and output have their turn.
		await new Promise((resolve) => setImmediate(resolve));
	};
	for await (const { block, where, bytes: size, height: told, previous } of blocksOf(path, network, scripts)) {
		const height = await chain.heightOf(block, told, where);
		const odd = impossibleHeight(network.chain, height) ?? impossibleMoment(network.chain, block.time);
		if (odd !== undefined) throw new InputError(odd, { where });
		first ??= height;
		last = height;
		batch.push(withPrevious(decodeBlock(block, height, scripts), previous ?? new Map()));
		bytes += size;
		if (bytes >= CHUNK_BYTES) await flush();
	}
	await flush();
	if (first === undefined || last === undefined) return { file: path, source, ...totals, heights: undefined };
	await store.putCoverage([{ chain: network.chain, fromHeight: first, toHeight: last, kinds: ["native"], source: source.id, note: "" }]);
	return { file: path, source, ...totals, heights: [first, last] };
}

async function* blocksOf(path: string, network: BitcoinNetwork, scripts: ScriptReader): AsyncGenerator<FileBlock> {
	if (!(await isBlockFile(path)) && (await isJson(path))) yield* jsonBlocks(path, network, scripts);
	else {
		for await (const { bytes, offset } of blockFrames(path, network)) {
			const where = `${path}:${offset}`;
			yield { block: parseBlock(bytes, network, where), where, bytes: bytes.length };
		}
	}
}

async function* jsonBlocks(path: string, network: BitcoinNetwork, scripts: ScriptReader): AsyncGenerator<FileBlock> {
	const text = await wholeText(path);
	const parsed = parseExactJson(text, path);
	const list = Array.isArray(parsed) ? parsed : [parsed];
	for (const [i, item] of list.entries()) {
		const where = list.length === 1 ? path : `${path}:${i + 1}`;
		const { block, height, previous } = blockFromJson(unwrapped(item, where), network, scripts, where);
		yield { block, where, bytes: text.length / list.length, ...(height === undefined ? {} : { height }), previous };
	}
}

/** True for JSON text. What is no text, or cannot be unpacked, is looked at as blocks, and refused there with the reason. */
async function isJson(path: string): Promise<boolean> {
	return looksLikeJson(path).catch((error: unknown) => {
		if (error instanceof InputError) return false;
		throw error;
	});
}

/** Finds heights: a block stands one above its parent. */
class ChainOfBlocks {
	private last: { hash: Hash; height: number } | undefined;
	private readonly store: GraphStore;
	private readonly network: BitcoinNetwork;
	private readonly firstHeight: number | undefined;
	private readonly assumedHeight: number | undefined;

	constructor(store: GraphStore, network: BitcoinNetwork, { firstHeight, assumedHeight }: BlockImportOptions) {
		this.store = store;
		this.network = network;
		this.firstHeight = firstHeight;
		this.assumedHeight = assumedHeight;
	}

	/**
	 * The block's height: one above its parent, else what the answer itself says, else what the user gave. Throws InputError when two of them
	 * differ.
	 */
	async heightOf(block: RawBlock, told: number | undefined, where: string): Promise<number> {
		const parent = await this.afterParent(block, where);
		const height = parent ?? this.stated(block, told, where);
		const differs = (other: number | undefined) => other !== undefined && other !== height;
		if (differs(told))
			throw new InputError(`the answer says that block ${block.hash} is block ${told}, and it stands at height ${height}`, { where });
		if (this.last === undefined && differs(this.firstHeight))
			throw new InputError(`block ${block.hash} is block ${height}, and --first-height says ${this.firstHeight}`, {
				where,
				code: "USAGE",
				hint: "Leave --first-height out, or give the right one.",
			});
		if (block.statedHeight !== undefined && isBip34(height, this.network) && block.statedHeight !== height)
			throw new InputError(`block ${block.hash} says that it is block ${block.statedHeight}, and stands at height ${height}`, { where });
		this.last = { hash: block.hash, height };
		return height;
	}

	private async afterParent({ hash, parent }: RawBlock, where: string): Promise<number | undefined> {
		if (parent === NO_PARENT) {
			if (hash === this.network.genesis) return 0;
			throw new InputError(`block ${hash} has no parent and is not the genesis block of ${this.network.name}`, { where });
		}
		if (this.last?.hash === parent) return this.last.height + 1;
		const held: BlockHeader | undefined = await this.store.headerOf(this.network.chain, parent);
		if (held !== undefined) return held.height + 1;
		return parent === this.network.genesis ? 1 : undefined;
	}

	/** For the first block of a file when nobody told of its parent: the height of the answer, else the one that the user gave. */
	private stated({ hash, parent, statedHeight }: RawBlock, told: number | undefined, where: string): number {
		const height = told ?? this.firstHeight ?? this.assumedHeight;
		if (height === undefined || this.last !== undefined) {
			throw new InputError(`block ${hash} follows block ${parent}, which neither the case nor the file before it holds`, {
				where,
				hint: `Blocks are out of order, or one is missing. To begin in the middle of the chain, give --first-height${statedHeight ? ` ${statedHeight}` : " N"}.`,
			});
		}
		return height;
	}
}

/** From this height on every block of the main network states its height (BIP 34, buried by BIP 90). */
const BIP34_HEIGHT = 227_931;

function isBip34(height: number, network: BitcoinNetwork): boolean {
	return network.name === "bitcoin" && height >= BIP34_HEIGHT;
}
