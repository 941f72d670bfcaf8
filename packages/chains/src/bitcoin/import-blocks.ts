import { open, readFile, stat } from "node:fs/promises";
import {
	type BitcoinNetwork,
	type BlockHeader,
	type GraphStore,
	type Hash,
	InputError,
	type OutputFacts,
	type Source,
	throwIfAborted,
	type UtxoBlock,
	withPrevious,
} from "@clew/core";
import { fileSource } from "../import/file-source.js";
import { decodeBlock, parseBlock, type RawBlock } from "./block.js";
import { blockFrames, isBlockFile } from "./block-file.js";
import { blockFromJson, parseExactJson } from "./json.js";
import { type ScriptReader, scriptReader } from "./script.js";
import { networkOf } from "./source.js";

/** How block files are imported. */
export interface BlockImportOptions {
	/** Height of the first block when it stands in the middle of the chain, so that its parent is in no source. */
	readonly firstHeight?: number;
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
}

/** Bytes of blocks handed to the store at a time. */
const CHUNK_BYTES = 4 << 20;
const NO_PARENT = "0".repeat(64);
const MAX_JSON_BYTES = 256 << 20;

/** A parsed block with what the file told besides its bytes. */
interface FileBlock {
	readonly block: RawBlock;
	readonly where: string;
	readonly bytes: number;
	readonly previous?: ReadonlyMap<string, OutputFacts>;
}

/**
 * Imports one file of whole blocks into an open transaction of the store: `blk*.dat` framing (plain, bzip2, obfuscated), or a node's JSON for one block or
 * a list of them. Blocks must continue one another. Memory is that of a few blocks, whatever the file.
 * Throws InputError with file:offset: wrong network, work, Merkle root or witness commitment, cut-off data, blocks out of order, a missing parent.
 */
export async function importBlockFile(store: GraphStore, path: string, options: BlockImportOptions = {}): Promise<UtxoImportReport> {
	const network = networkOf(store.info.chain);
	const scripts = scriptReader(network);
	const source = await fileSource(path, "Bitcoin blocks");
	await store.putSource(source);
	const chain = new ChainOfBlocks(store, network, options.firstHeight);
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
	for await (const { block, where, bytes: size, previous } of blocksOf(path, network, scripts)) {
		const height = await chain.heightOf(block, where);
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
	if (!(await isBlockFile(path)) && (await startsLikeJson(path))) yield* jsonBlocks(path, network, scripts);
	else {
		for await (const { bytes, offset } of blockFrames(path, network)) {
			const where = `${path}:${offset}`;
			yield { block: parseBlock(bytes, network, where), where, bytes: bytes.length };
		}
	}
}

async function* jsonBlocks(path: string, network: BitcoinNetwork, scripts: ScriptReader): AsyncGenerator<FileBlock> {
	const { size } = await stat(path);
	if (size > MAX_JSON_BYTES)
		throw new InputError(`JSON files above ${MAX_JSON_BYTES >> 20} MiB are not read`, { where: path, hint: "Import raw blocks." });
	const parsed = parseExactJson(await readFile(path, "utf8"), path);
	const unwrapped = (value: unknown) => (value as { result?: unknown })?.result ?? value;
	const list = Array.isArray(parsed) ? parsed : [parsed];
	for (const [i, item] of list.entries()) {
		const where = list.length === 1 ? path : `${path}:${i + 1}`;
		const { block, previous } = blockFromJson(unwrapped(item), network, scripts, where);
		yield { block, where, bytes: size / list.length, previous };
	}
}

async function startsLikeJson(path: string): Promise<boolean> {
	const file = await open(path);
	try {
		const { buffer, bytesRead } = await file.read(Buffer.alloc(64), 0, 64, 0);
		return /^\s*[[{]/.test(buffer.subarray(0, bytesRead).toString("latin1"));
	} finally {
		await file.close();
	}
}

/** Finds heights: a block stands one above its parent. */
class ChainOfBlocks {
	private last: { hash: Hash; height: number } | undefined;
	private readonly store: GraphStore;
	private readonly network: BitcoinNetwork;
	private firstHeight: number | undefined;

	constructor(store: GraphStore, network: BitcoinNetwork, firstHeight: number | undefined) {
		this.store = store;
		this.network = network;
		this.firstHeight = firstHeight;
	}

	async heightOf(block: RawBlock, where: string): Promise<number> {
		const height = (await this.afterParent(block, where)) ?? this.stated(block, where);
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

	/** For a block whose parent nobody told: the height that the user gave, once. */
	private stated({ hash, parent, statedHeight }: RawBlock, where: string): number {
		const height = this.firstHeight;
		if (height === undefined || this.last !== undefined) {
			throw new InputError(`block ${hash} follows block ${parent}, which neither the case nor the file before it holds`, {
				where,
				hint: `Blocks are out of order, or one is missing. To begin in the middle of the chain, give --first-height${statedHeight ? ` ${statedHeight}` : " N"}.`,
			});
		}
		this.firstHeight = undefined;
		return height;
	}
}

/** From this height on every block of the main network states its height (BIP 34, buried by BIP 90). */
const BIP34_HEIGHT = 227_931;

function isBip34(height: number, network: BitcoinNetwork): boolean {
	return network.name === "bitcoin" && height >= BIP34_HEIGHT;
}
