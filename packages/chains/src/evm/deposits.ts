import { type ChainId, evmChain } from "@clew/core";
import type { RpcBlock, RpcReceipt, RpcTransaction } from "./shapes.js";

/**
 * Type of the OP stack's deposit transactions (specs.optimism.io, "Deposits"): nobody signs them, the rollup derives them from its parent
 * chain.
 */
export const DEPOSIT_TYPE = 0x7e;
/** Since Jovian the scalar of the operator fee counts hundreds of wei per gas, before millionths (specs.optimism.io, "Operator fee"). */
const JOVIAN_FACTOR = 100n;
const ISTHMUS_DIVISOR = 1_000_000n;

/** Number of a transaction's or receipt's type (EIP-2718). */
export function typeOf({ type }: { readonly type?: string | null | undefined }): number {
	return Number(type ?? "0x0");
}

/** True for a block of an OP-stack rollup since Bedrock: each begins with a deposit that tells of the parent chain. */
export function isRollupBlock(block: RpcBlock): boolean {
	const [first] = block.transactions;
	return first !== undefined && typeOf(first) === DEPOSIT_TYPE;
}

/** True where deposits cannot be: a chain whose rules we know, and which is no rollup. */
export function knowsNoDeposits(chain: ChainId): boolean {
	const known = evmChain(chain);
	return known !== undefined && (known.id === 1 || known.id === 11_155_111);
}

/** Wei that a deposit brings into being for its sender before its value moves, also when it fails. */
export function mintOf(tx: RpcTransaction): bigint {
	return typeOf(tx) === DEPOSIT_TYPE ? BigInt(tx.mint ?? "0x0") : 0n;
}

/** Wei that a rollup takes besides gas: for its data, and since Isthmus for its operator. Deposits pay neither. */
export function rollupFee(tx: RpcTransaction, receipt: RpcReceipt): bigint {
	return typeOf(tx) === DEPOSIT_TYPE ? 0n : BigInt(receipt.l1Fee ?? "0x0") + operatorFee(receipt);
}

function operatorFee(receipt: RpcReceipt): bigint {
	const scaled = BigInt(receipt.gasUsed) * BigInt(receipt.operatorFeeScalar ?? "0x0");
	const isJovian = receipt.daFootprintGasScalar != null;
	return (isJovian ? scaled * JOVIAN_FACTOR : scaled / ISTHMUS_DIVISOR) + BigInt(receipt.operatorFeeConstant ?? "0x0");
}
