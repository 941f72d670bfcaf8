import { basename } from "node:path";
import { fileURLToPath } from "node:url";
import { type BlockEvidence, type ChainId, type ChainSource, type DecodedBlock, type Hash, NodeError, publishedAssets } from "@clew/core";
import { wholeText } from "../import/text-file.js";
import { readTronBlock } from "./answers.js";
import { type BlockBytes, blocksIn } from "./block-bytes.js";
import { parseTronBlock } from "./decode/block.js";
import { tronEvidence } from "./proofs.js";

const HINT = "Give --rpc file:PATH of a file with these blocks as bytes; see docs/imports.md.";

/**
 * Blocks of a file, as `clew import blocks` reads it, in place of a node: what proves rows is taken from their bytes. It knows no other
 * block, no balance and no account's history. Throws InputError where the file holds no blocks, or one that does not fit.
 */
export async function openTronFile(url: string, chain: ChainId): Promise<ChainSource> {
	const path = url.startsWith("file://") ? fileURLToPath(url) : url.slice("file:".length);
	const name = `blocks of ${basename(path)}`;
	const held = new Map<number, BlockBytes>();
	for (const bytes of blocksIn(await wholeText(path), path)) held.set(readTronBlock(bytes.block, bytes.infos).block.header.height, bytes);
	const unsupported = (what: string) => () =>
		Promise.reject(new NodeError("NODE_UNSUPPORTED", name, `a file of blocks does not tell ${what}`));
	const bytesAt = (height: number): BlockBytes => {
		const bytes = held.get(height);
		if (bytes === undefined) throw new NodeError("NODE_BAD_ANSWER", name, `block ${height} is not in it`, { hint: HINT });
		return bytes;
	};
	// What a case holds of it comes by `clew import blocks`, with the hash of the file; here its blocks only prove rows.
	const noBlocks = unsupported("a case anything: take its blocks in with clew import blocks");
	return {
		ledger: "accounts",
		chain,
		name,
		requests: () => 0,
		capabilities: () => Promise.resolve({ client: "a file of blocks", blockReceipts: true, traces: "none" }),
		head: noBlocks,
		block: noBlocks,
		async rawHeader(height) {
			const { block: read, checked } = readTronBlock(bytesAt(height).block, undefined, height);
			return { hash: checked.id as Hash, header: read.header.raw.toString("hex") };
		},
		async evidence(height, cited): Promise<BlockEvidence<DecodedBlock>> {
			const { block: bytes, infos } = bytesAt(height);
			return tronEvidence(chain, height, bytes, infos, cited);
		},
		async heightOf(hash) {
			for (const [height, { block }] of held) if (parseTronBlock(block).transactions.some(({ id }) => id === hash)) return height;
			throw new NodeError("NODE_BAD_ANSWER", name, `transaction ${hash} is in none of its blocks`);
		},
		assets: (assets) => Promise.resolve(publishedAssets(assets)),
		history: unsupported("an account's history"),
		balance: unsupported("balances"),
		says: unsupported("what contracts answer"),
		codeOf: unsupported("whether an account is a contract"),
		balanceProof: unsupported("balances"),
		close: () => {},
	};
}
