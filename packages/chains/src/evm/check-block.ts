import { type ChainId, evmChainNumber, NodeError } from "@clew/core";
import { keccak256 } from "ethers";
import { checkLists } from "./check-lists.js";
import { checkReceipts } from "./check-receipts.js";
import { encodeReceipt, encodeTransaction, isWholeReceipt, signedFor } from "./encoding.js";
import { encodedHeader, hashDoubt } from "./forms/headers.js";
import { isImpossible, LAST_TYPE, typeOf } from "./forms/transactions.js";
import { hasStateRoot } from "./outcome.js";
import type { RpcBlock, RpcReceipt, RpcTransaction } from "./shapes.js";
import { orderedTrieRoot } from "./trie.js";

/** How a block stands to what was recomputed of it. */
export interface CheckedBlock {
	/** What could not be recomputed, in words; empty when everything was. */
	readonly gaps: readonly string[];
	/** True where something did not come out, and the node's word was taken for it. */
	readonly unverified: boolean;
}

/** The node's word was asked for, and something that is held against it does not come out. */
class Doubt extends Error {}

/**
 * Recomputes from the node's own words: every transaction's hash, the roots of transactions, receipts and withdrawals, whether there
 * are uncles, and the block's hash. `inRoots` is how many transactions stand in the roots: a state sync of Bor does not. Throws
 * NodeError that names the node and the height when one differs: NODE_LIED where the chain's rule is known, else NODE_UNVERIFIED, and
 * neither with `trust`, which takes the node's word. A part that cannot be encoded (a transaction type of another chain) is a gap, each
 * kind by its name. Without receipts what they say stays the node's word.
 */
export function checkBlock(
	node: string,
	chain: ChainId,
	block: RpcBlock,
	receipts: readonly RpcReceipt[] | undefined,
	inRoots = block.transactions.length,
	trust = false,
): CheckedBlock {
	const height = Number(block.number);
	const lie = (what: string): never => {
		const why = hashDoubt(chain, block);
		if (why === undefined)
			throw new NodeError("NODE_LIED", node, `block ${height}: ${what}`, { hint: "Ask another node; nothing of this block was stored." });
		throw new NodeError("NODE_UNVERIFIED", node, `block ${height}: ${what}; ${why}`, {
			hint: "Take the node's word with --trust-node: everything that it tells is then marked as unverified.",
		});
	};
	const doubts = new Set<string>();
	/** What a rule that is not known may make otherwise. */
	const doubt = (kind: string, what: string) => (trust ? void doubts.add(kind) : lie(what));
	const same = (what: string, computed: string, stated: string, kind = what) => {
		if (computed !== stated.toLowerCase()) doubt(kind, `${what} is ${stated}, but what the node sent gives ${computed}`);
	};
	const trusted = (kind: string, check: (lie: (what: string) => never) => readonly string[]): readonly string[] => {
		if (!trust) return check(lie);
		try {
			return check((what) => {
				throw new Doubt(what);
			});
		} catch (error) {
			if (!(error instanceof Doubt)) throw error;
			doubts.add(kind);
			return [];
		}
	};
	if (receipts !== undefined) checkOrder(block, receipts, inRoots, lie);
	else if (block.transactions.some((tx, i) => Number(tx.transactionIndex) !== i)) lie("its transactions do not count on from 0");
	const rooted = block.transactions.slice(0, inRoots);
	const unknown = new Set<number>();
	const encoded: Uint8Array[] = [];
	for (const [i, tx] of rooted.entries()) {
		if (isImpossible(chain, tx)) lie(`transaction ${i} is of type ${names([typeOf(tx)])}, which ${chain} does not have`);
		const bytes = bytesOf(chain, tx, () =>
			doubt("forms of transactions", `transaction ${i} has fields that no transaction of its type has`),
		);
		if (bytes === undefined) unknown.add(typeOf(tx));
		else {
			same(`the hash of transaction ${i}`, keccak256(bytes), tx.hash, "hashes of transactions");
			const of = signedFor(chain, tx) ?? evmChainNumber(chain);
			if (of !== evmChainNumber(chain))
				doubt("whom transactions are signed for", `transaction ${i} is signed for eip155:${of}: this is no block of ${chain}`);
			encoded.push(bytes);
		}
	}
	const unprovable = unknown.size === 0 ? [] : [unknownTypes([...unknown])];
	if (unknown.size === 0) same("the transactions root", orderedTrieRoot(encoded), block.transactionsRoot);
	/** True where the receipts give the root that the header holds. */
	const hasRoot = (own: readonly RpcReceipt[]): boolean => {
		const root = orderedTrieRoot(own.map(encodeReceipt));
		const strange = new Set(own.filter((receipt, i) => unknown.has(typeOf(receipt)) || !isKnownReceipt(receipt, rooted[i])).map(typeOf));
		// Receipts of other types mostly have the common form: then they are proven; when they have not, nobody lied.
		if (strange.size === 0) same("the receipts root", root, block.receiptsRoot);
		const meets = root === block.receiptsRoot.toLowerCase();
		if (meets)
			trusted("what receipts say beside their root", (lie) => {
				checkReceipts(chain, block, own, lie);
				return [];
			});
		else if (strange.size > 0) unprovable.push(`receipts root not recomputed: receipts of type ${names([...strange])} are not known here`);
		return meets;
	};
	const isRooted = receipts !== undefined && hasRoot(receipts.slice(0, inRoots));
	unprovable.push(...trusted("withdrawals and uncles", (lie) => checkLists(chain, block, lie)));
	same("the block hash", encodedHeader(chain, block).hash, block.hash);
	if (doubts.size > 0)
		unprovable.push(`this node's word, as it does not come out by any rule known here: ${[...doubts].sort().join(", ")}`);
	// Without a root over them nothing shows that these are its transactions, or what came of them.
	return { gaps: unprovable, unverified: unknown.size > 0 || !isRooted || doubts.size > 0 };
}

/** Undefined for a type that is not known, and for one whose fields do not fit, after `strange` was told. */
function bytesOf(chain: ChainId, tx: RpcTransaction, strange: () => void): Uint8Array | undefined {
	try {
		return encodeTransaction(chain, tx);
	} catch {
		strange();
		return undefined;
	}
}

/** True for a receipt whose form is known: of a type of Ethereum's, or of its transaction's type, whose form is; and whole. */
function isKnownReceipt(receipt: RpcReceipt, tx: RpcTransaction | undefined): boolean {
	const type = typeOf(receipt);
	return type <= LAST_TYPE || (tx !== undefined && type === typeOf(tx) && isWholeReceipt(receipt));
}

function unknownTypes(types: readonly number[]): string {
	return `transactions root not recomputed, and what such transactions move beyond value and logs not decoded: type ${names(types)} is not known here`;
}

function names(types: readonly number[]): string {
	return [...types]
		.sort((a, b) => a - b)
		.map((type) => `0x${type.toString(16)}`)
		.join(", ");
}

/** Logs count through the block; those of a state sync begin anywhere. */
function checkOrder(block: RpcBlock, receipts: readonly RpcReceipt[], inRoots: number, lie: (what: string) => never): void {
	if (receipts.length !== block.transactions.length)
		lie(`it has ${block.transactions.length} transactions, but ${receipts.length} receipts came`);
	let logIndex = 0;
	for (const [i, receipt] of receipts.entries()) {
		const tx = block.transactions[i];
		// Without either its bytes are those of a failure.
		if (i < inRoots && receipt.status == null && !hasStateRoot(receipt))
			lie(`the receipt of transaction ${i} tells neither a status nor a state root`);
		if (receipt.transactionHash.toLowerCase() !== tx?.hash.toLowerCase() || Number(tx.transactionIndex) !== i)
			lie(`transaction ${i} and its receipt do not belong together`);
		if (i >= inRoots) logIndex = Number(receipt.logs[0]?.logIndex ?? "0x0");
		for (const log of receipt.logs) {
			if (Number(log.logIndex) !== logIndex++) lie(`the log indices of transaction ${i} do not continue`);
		}
	}
}
