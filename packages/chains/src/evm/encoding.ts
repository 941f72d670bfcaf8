import type { ChainId } from "@clew/core";
import { RLP } from "@ethereumjs/rlp";
import { DEPOSIT_TYPE } from "./forms/rollups.js";
import { encodeByForm, formOf, isEthereums, signatureOf, typeOf } from "./forms/transactions.js";
import { accessList, data, type Item, integer, typed } from "./rlp.js";
import { quantity, type RpcBlock, type RpcReceipt, type RpcTransaction } from "./shapes.js";
import { orderedTrieRoot } from "./trie.js";

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

/**
 * The bytes of a transaction that its hash is over (EIP-155, 2930, 1559, 4844, 7702; `forms` has those of other clients), undefined for a
 * type that is not known on this chain. Throws where fields are none of its type.
 */
export function encodeTransaction(chain: ChainId, tx: RpcTransaction): Uint8Array | undefined {
	if (!isEthereums(tx)) {
		const form = formOf(chain, tx);
		return form === undefined ? undefined : encodeByForm(form, tx);
	}
	const type = typeOf(tx);
	const fees = type >= 2 ? [integer(tx["maxPriorityFeePerGas"]), integer(tx["maxFeePerGas"])] : [integer(tx.gasPrice)];
	const call = [integer(tx["gas"]), data(tx.to), integer(tx.value), data(tx["input"])];
	if (type === 0) return RLP.encode([integer(tx["nonce"]), ...fees, ...call, integer(tx["v"]), integer(tx["r"]), integer(tx["s"])]);
	const extra: Item[] = [];
	if (type === 3) extra.push(integer(tx["maxFeePerBlobGas"]), (tx["blobVersionedHashes"] as string[]).map(data));
	if (type === 4) extra.push(authorizations(tx["authorizationList"]));
	return typed(type, [
		integer(tx["chainId"]),
		integer(tx["nonce"]),
		...fees,
		...call,
		accessList(tx["accessList"]),
		...extra,
		...signatureOf(tx),
	]);
}

/** A legacy signature for a chain has a `v` of 35 or 36 plus twice its number; older ones have 27 or 28 (EIP-155). */
const FIRST_V_OF_CHAIN = 35n;

/**
 * Number of the chain that a transaction is for (EIP-155, EIP-2930); undefined where its signature is for any, and for those that do not
 * name one, as deposits.
 */
export function signedFor(chain: ChainId, tx: RpcTransaction): bigint | undefined {
	if (!isEthereums(tx) && formOf(chain, tx)?.namesChain !== true) return undefined;
	if (typeOf(tx) > 0) return BigInt(String(tx["chainId"] ?? "0x0"));
	const v = BigInt(String(tx["v"] ?? "0x0"));
	return v < FIRST_V_OF_CHAIN ? undefined : (v - FIRST_V_OF_CHAIN) / 2n;
}

/** Type of Celo's transactions whose receipts have the base fee, in the token of the fee, since Celo is a rollup. */
const CELO_FEE_TYPE = 0x7b;

/**
 * A receipt as the trie holds it: state root before Byzantium, status after (EIP-658), type byte in front (EIP-2718); a deposit's has its
 * nonce since Canyon, which gave it a version, one of Celo's the base fee. For a type that we do not know this is the form that all known
 * ones have, and may be another.
 */
export function encodeReceipt(receipt: RpcReceipt): Uint8Array {
	const type = typeOf(receipt);
	const outcome = receipt.status == null ? data(receipt.root) : integer(receipt.status);
	const logs: Item[] = receipt.logs.map((log) => [data(log.address), log.topics.map(data), data(log.data)]);
	const fields: Item[] = [outcome, integer(receipt.cumulativeGasUsed), data(receipt.logsBloom), logs];
	if (type === DEPOSIT_TYPE && receipt.depositReceiptVersion != null)
		fields.push(integer(receipt.depositNonce), integer(receipt.depositReceiptVersion));
	if (type === CELO_FEE_TYPE && isWholeReceipt(receipt)) fields.push(integer(receipt["baseFee"]));
	return type === 0 ? RLP.encode(fields) : typed(type, fields);
}

/** True where a receipt tells all that its form has: one of Celo's may leave out the base fee. */
export function isWholeReceipt(receipt: RpcReceipt): boolean {
	return typeOf(receipt) !== CELO_FEE_TYPE || quantity.safeParse(receipt["baseFee"]).success;
}

/** EIP-4895 withdrawals root. */
export function withdrawalsRoot(withdrawals: NonNullable<RpcBlock["withdrawals"]>): string {
	return orderedTrieRoot(
		withdrawals.map((w) => RLP.encode([integer(w.index), integer(w.validatorIndex), data(w.address), integer(w.amount)])),
	);
}
