import { readFileSync } from "node:fs";
import { blockShape, type RpcBlock, type RpcReceipt, receiptShape } from "../evm/shapes.js";

/** A real block of mainnet with its receipts, as fixtures/ethereum keeps it. */
export function realBlock(height: number): { block: RpcBlock; receipts: RpcReceipt[] } {
	const read = (name: string): unknown =>
		JSON.parse(readFileSync(new URL(`../../../../fixtures/ethereum/${height}/${name}.json`, import.meta.url), "utf8"));
	const unwrap = (value: unknown) => (value !== null && typeof value === "object" && "result" in value ? value.result : value);
	return { block: blockShape.parse(unwrap(read("block"))), receipts: receiptShape.array().parse(unwrap(read("receipts"))) };
}
