import { RLP } from "@ethereumjs/rlp";
import { getBytes, keccak256 } from "ethers";
import { DEPOSIT_TYPE, typeOf } from "./deposits.js";
import type { RpcBlock, RpcHeader, RpcReceipt, RpcTransaction } from "./shapes.js";
import { orderedTrieRoot } from "./trie.js";

type Item = Uint8Array | Item[];

const EMPTY = new Uint8Array(0);

/** A number as RLP has it: big-endian without leading zeros. */
function integer(quantity: unknown): Uint8Array {
	const digits = String(quantity ?? "0x0").replace(/^0x0*/, "");
	return digits === "" ? EMPTY : getBytes(`0x${digits.length % 2 ? "0" : ""}${digits}`);
}

function data(hex: unknown): Uint8Array {
	return hex === null || hex === undefined ? EMPTY : getBytes(String(hex));
}

/** Header fields in the order of the yellow paper and of EIP-1559, 4895, 4844, 4788 and 7685. */
export function encodeHeader(block: RpcHeader): Uint8Array {
	const fields: Item[] = [
		data(block.parentHash),
		data(block.sha3Uncles),
		data(block.miner),
		data(block.stateRoot),
		data(block.transactionsRoot),
		data(block.receiptsRoot),
		data(block.logsBloom),
		integer(block.difficulty),
		integer(block.number),
		integer(block.gasLimit),
		integer(block.gasUsed),
		integer(block.timestamp),
		data(block.extraData),
		data(block.mixHash),
		data(block.nonce),
	];
	if (block.baseFeePerGas != null) fields.push(integer(block.baseFeePerGas));
	if (block.withdrawalsRoot != null) fields.push(data(block.withdrawalsRoot));
	if (block.blobGasUsed != null) fields.push(integer(block.blobGasUsed), integer(block.excessBlobGas));
	if (block.parentBeaconBlockRoot != null) fields.push(data(block.parentBeaconBlockRoot));
	if (block.requestsHash != null) fields.push(data(block.requestsHash));
	return RLP.encode(fields);
}

/** Hash of {@link encodeHeader}, lower-case hex. */
export function blockHash(block: RpcHeader): string {
	return keccak256(encodeHeader(block));
}

function accessList(list: unknown): Item[] {
	return (Array.isArray(list) ? list : []).map((entry: { address: string; storageKeys: string[] }) => [
		data(entry.address),
		entry.storageKeys.map(data),
	]);
}

function authorizations(list: unknown): Item[] {
	return (Array.isArray(list) ? list : []).map((a: Record<string, string>) => [
		integer(a["chainId"]),
		data(a["address"]),
		integer(a["nonce"]),
		integer(a["yParity"] ?? a["v"]),
		integer(a["r"]),
		integer(a["s"]),
	]);
}

/** Newest transaction type of Ethereum itself (EIP-7702). */
const LAST_TYPE = 4;

/** True for a type whose transactions and receipts we can encode: Ethereum's own, and deposits of the OP stack. */
export function isKnownType(type: number): boolean {
	return type <= LAST_TYPE || type === DEPOSIT_TYPE;
}

/**
 * The bytes of a transaction that its hash is over (EIP-155, 2930, 1559, 4844, 7702; a deposit has no signature), undefined for a type that
 * we do not know.
 */
export function encodeTransaction(tx: RpcTransaction): Uint8Array | undefined {
	const type = typeOf(tx);
	if (type === DEPOSIT_TYPE) return encodeDeposit(tx);
	if (!isKnownType(type)) return undefined;
	const fees = type >= 2 ? [integer(tx["maxPriorityFeePerGas"]), integer(tx["maxFeePerGas"])] : [integer(tx.gasPrice)];
	const call = [integer(tx["gas"]), data(tx.to), integer(tx.value), data(tx["input"])];
	if (type === 0) return RLP.encode([integer(tx["nonce"]), ...fees, ...call, integer(tx["v"]), integer(tx["r"]), integer(tx["s"])]);
	const extra: Item[] = [];
	if (type === 3) extra.push(integer(tx["maxFeePerBlobGas"]), (tx["blobVersionedHashes"] as string[]).map(data));
	if (type === 4) extra.push(authorizations(tx["authorizationList"]));
	const signature = [integer(tx["yParity"] ?? tx["v"]), integer(tx["r"]), integer(tx["s"])];
	return typed(type, [
		integer(tx["chainId"]),
		integer(tx["nonce"]),
		...fees,
		...call,
		accessList(tx["accessList"]),
		...extra,
		...signature,
	]);
}

/** A legacy signature for a chain has a `v` of 35 or 36 plus twice its number; older ones have 27 or 28 (EIP-155). */
const FIRST_V_OF_CHAIN = 35n;

/**
 * Number of the chain that a transaction is signed for (EIP-155, EIP-2930); undefined where its signature is for any, and for deposits,
 * which nobody signs.
 */
export function signedFor(tx: RpcTransaction): bigint | undefined {
	const type = typeOf(tx);
	if (type === DEPOSIT_TYPE) return undefined;
	if (type > 0) return BigInt(String(tx["chainId"] ?? "0x0"));
	const v = BigInt(String(tx["v"] ?? "0x0"));
	return v < FIRST_V_OF_CHAIN ? undefined : (v - FIRST_V_OF_CHAIN) / 2n;
}

/** A deposit as the OP stack has it in the transactions trie. */
function encodeDeposit(tx: RpcTransaction): Uint8Array {
	return typed(DEPOSIT_TYPE, [
		data(tx["sourceHash"]),
		data(tx.from),
		data(tx.to),
		integer(tx.mint),
		integer(tx.value),
		integer(tx["gas"]),
		tx["isSystemTx"] === true ? integer("0x1") : EMPTY,
		data(tx["input"]),
	]);
}

/**
 * A receipt as the trie holds it: state root before Byzantium, status after (EIP-658), type byte in front (EIP-2718); a deposit's has its
 * nonce since Canyon, which gave it a version. For a type that we do not know this is the form that all known ones have, and may be
 * another.
 */
export function encodeReceipt(receipt: RpcReceipt): Uint8Array {
	const type = typeOf(receipt);
	const outcome = receipt.status == null ? data(receipt.root) : integer(receipt.status);
	const logs: Item[] = receipt.logs.map((log) => [data(log.address), log.topics.map(data), data(log.data)]);
	const fields: Item[] = [outcome, integer(receipt.cumulativeGasUsed), data(receipt.logsBloom), logs];
	if (type === DEPOSIT_TYPE && receipt.depositReceiptVersion != null)
		fields.push(integer(receipt.depositNonce), integer(receipt.depositReceiptVersion));
	return type === 0 ? RLP.encode(fields) : typed(type, fields);
}

function typed(type: number, fields: Item[]): Uint8Array {
	const body = RLP.encode(fields);
	const out = new Uint8Array(body.length + 1);
	out[0] = type;
	out.set(body, 1);
	return out;
}

/** EIP-4895 withdrawals root. */
export function withdrawalsRoot(withdrawals: NonNullable<RpcBlock["withdrawals"]>): string {
	return orderedTrieRoot(
		withdrawals.map((w) => RLP.encode([integer(w.index), integer(w.validatorIndex), data(w.address), integer(w.amount)])),
	);
}
