import { z } from "zod";

/** What a node may answer; everything is hostile until it passes here. Unknown fields are kept where a hash needs them. */
const hexData = z.string().regex(/^0x([0-9a-fA-F]{2})*$/);
export const quantity = z.string().regex(/^0x[0-9a-fA-F]{1,64}$/);
export const hash = z.string().regex(/^0x[0-9a-fA-F]{64}$/);
const address = z.string().regex(/^0x[0-9a-fA-F]{40}$/);
const optional = <T extends z.ZodType>(type: T) => type.nullish();

export const transactionShape = z.looseObject({
	hash,
	blockNumber: quantity,
	transactionIndex: quantity,
	from: address,
	to: optional(address),
	value: quantity,
	type: optional(quantity),
	gasPrice: optional(quantity),
	mint: optional(quantity),
});
export type RpcTransaction = z.infer<typeof transactionShape>;

export const blockShape = z.looseObject({
	number: quantity,
	hash,
	parentHash: hash,
	sha3Uncles: hash,
	miner: address,
	stateRoot: hash,
	transactionsRoot: hash,
	receiptsRoot: hash,
	logsBloom: hexData,
	difficulty: quantity,
	gasLimit: quantity,
	gasUsed: quantity,
	timestamp: quantity,
	extraData: hexData,
	mixHash: optional(hash),
	nonce: optional(hexData),
	baseFeePerGas: optional(quantity),
	withdrawalsRoot: optional(hash),
	blobGasUsed: optional(quantity),
	excessBlobGas: optional(quantity),
	parentBeaconBlockRoot: optional(hash),
	requestsHash: optional(hash),
	extDataHash: optional(hash),
	extDataGasUsed: optional(quantity),
	blockGasCost: optional(quantity),
	timestampMilliseconds: optional(quantity),
	minDelayExcess: optional(quantity),
	blockExtraData: optional(hexData),
	uncles: optional(z.array(hash)),
	withdrawals: optional(z.array(z.looseObject({ index: quantity, validatorIndex: quantity, address, amount: quantity }))),
	transactions: z.array(transactionShape),
});
export type RpcBlock = z.infer<typeof blockShape>;

/** A block without its transactions, or with their hashes only. */
export const headerShape = blockShape.omit({ transactions: true });
export type RpcHeader = z.infer<typeof headerShape>;

/** What `eth_getProof` answers, as far as an account's balance goes (EIP-1186). */
export const accountProofShape = z.looseObject({ accountProof: z.array(hexData), balance: quantity });

export const logShape = z.looseObject({
	address,
	topics: z.array(hash).max(4),
	data: hexData,
	logIndex: quantity,
	removed: optional(z.boolean()),
});
export type RpcLog = z.infer<typeof logShape>;

export const receiptShape = z.looseObject({
	transactionHash: hash,
	blockHash: hash,
	transactionIndex: quantity,
	gasUsed: quantity,
	cumulativeGasUsed: quantity,
	logsBloom: hexData,
	logs: z.array(logShape),
	status: optional(quantity),
	root: optional(hexData),
	type: optional(quantity),
	effectiveGasPrice: optional(quantity),
	contractAddress: optional(address),
	blobGasUsed: optional(quantity),
	blobGasPrice: optional(quantity),
	l1Fee: optional(quantity),
	operatorFeeScalar: optional(quantity),
	operatorFeeConstant: optional(quantity),
	daFootprintGasScalar: optional(quantity),
	depositNonce: optional(quantity),
	depositReceiptVersion: optional(quantity),
});
export type RpcReceipt = z.infer<typeof receiptShape>;

export const parityTraceShape = z.looseObject({
	type: z.string(),
	action: z.looseObject({
		from: optional(address),
		to: optional(address),
		value: optional(quantity),
		callType: optional(z.string()),
		address: optional(address),
		refundAddress: optional(address),
		balance: optional(quantity),
		author: optional(address),
		rewardType: optional(z.string()),
		input: optional(z.string()),
		init: optional(z.string()),
	}),
	result: optional(z.looseObject({ address: optional(address) })),
	error: optional(z.string()),
	traceAddress: z.array(z.number().int().nonnegative()),
	transactionHash: optional(hash),
	transactionPosition: optional(z.number().int().nonnegative()),
});
export type ParityTrace = z.infer<typeof parityTraceShape>;

/** callTracer's frame; nodes that ignore the tracer option answer struct logs instead, which do not fit. */
export interface CallFrame {
	readonly type: string;
	readonly from: string;
	readonly to?: string | null | undefined;
	readonly value?: string | null | undefined;
	readonly input?: string | null | undefined;
	readonly error?: string | null | undefined;
	readonly calls?: readonly CallFrame[] | null | undefined;
}
export const callFrameShape: z.ZodType<CallFrame> = z.looseObject({
	type: z.string(),
	from: address,
	to: optional(address),
	value: optional(quantity),
	input: optional(z.string()),
	error: optional(z.string()),
	calls: optional(z.array(z.lazy(() => callFrameShape))),
});
export const callTraceListShape = z.array(z.looseObject({ txHash: optional(hash), result: callFrameShape }));
