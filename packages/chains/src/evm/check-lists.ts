import type { ChainId } from "@clew/core";
import { RLP } from "@ethereumjs/rlp";
import { keccak256 } from "ethers";
import { checkAtomic } from "./atomic.js";
import { isRollupBlock } from "./deposits.js";
import { withdrawalsRoot } from "./encoding.js";
import type { RpcBlock } from "./shapes.js";

/** Hash of an empty list of uncles (yellow paper, section 4.3). */
const NO_UNCLES = keccak256(RLP.encode([]));
const ETHEREUM = "eip155:1";
/** A block of Ethereum includes two uncles at most (yellow paper, section 11.1). */
const MOST_UNCLES = 2;

/**
 * Holds the lists beside the transactions against what the header commits to; a list that is left out counts as an empty one. Of uncles
 * the header holds a hash over their headers, which no node's answer about a block has: it shows whether there are any. Returns what
 * could not be held against it, in words. `lie` throws.
 */
export function checkLists(chain: ChainId, block: RpcBlock, lie: (what: string) => never): string[] {
	checkWithdrawals(block, lie);
	checkAtomic(block, lie);
	return checkUncles(chain, block, lie);
}

function checkWithdrawals(block: RpcBlock, lie: (what: string) => never): void {
	const listed = block.withdrawals ?? [];
	if (block.withdrawalsRoot == null) {
		if (listed.length > 0) lie(`it lists ${listed.length} withdrawals, and its header has no withdrawals root`);
		return;
	}
	if (hasStorageRoot(block)) return;
	const computed = withdrawalsRoot(listed);
	if (computed === block.withdrawalsRoot.toLowerCase()) return;
	const sent = block.withdrawals == null ? "the node left them out" : `what the node sent gives ${computed}`;
	lie(`the withdrawals root is ${block.withdrawalsRoot}, but ${sent}`);
}

/** Since Isthmus a block of the OP stack, which has no withdrawals, keeps the storage root of its message passer in their place. */
function hasStorageRoot(block: RpcBlock): boolean {
	return isRollupBlock(block) && (block.withdrawals ?? []).length === 0;
}

function checkUncles(chain: ChainId, { sha3Uncles, uncles }: RpcBlock, lie: (what: string) => never): string[] {
	const has = sha3Uncles.toLowerCase() !== NO_UNCLES;
	if (uncles == null)
		return has ? ["the block has uncles, which the node does not list: their rewards, and its miner's part for them, are missing"] : [];
	if (has && uncles.length === 0) lie(`the hash of its uncles is ${sha3Uncles}, but the node lists none`);
	if (!has && uncles.length > 0) lie(`it lists ${uncles.length} uncles, and the hash of its uncles says that there are none`);
	const different = new Set(uncles.map((one) => one.toLowerCase())).size;
	if (different < uncles.length || (chain === ETHEREUM && different > MOST_UNCLES))
		lie(`it lists ${uncles.length} uncles, ${different} different ones, and a block of Ethereum has ${MOST_UNCLES} at most`);
	return [];
}
