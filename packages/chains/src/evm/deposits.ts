import { DEPOSIT_TYPE } from "./forms/rollups.js";
import { typeOf } from "./forms/transactions.js";
import type { RpcBlock, RpcReceipt, RpcTransaction } from "./shapes.js";

/** Since Jovian the scalar of the operator fee counts hundreds of wei per gas, before millionths (specs.optimism.io, "Operator fee"). */
const JOVIAN_FACTOR = 100n;
const ISTHMUS_DIVISOR = 1_000_000n;

/** True for a block of an OP-stack rollup since Bedrock: each begins with a deposit that tells of the parent chain. */
export function isRollupBlock(block: RpcBlock): boolean {
	const [first] = block.transactions;
	return first !== undefined && typeOf(first) === DEPOSIT_TYPE;
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
