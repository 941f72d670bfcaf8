import { type AccountId, type ChainId, trustedAccountId } from "@clew/core";
import { concat, getBytes, keccak256, toUtf8Bytes } from "ethers";
import { data, type Item, integer } from "../rlp.js";
import type { RpcTransaction } from "../shapes.js";
import type { TransactionForm } from "./form.js";

/** What Nitro puts before a ticket's id to name the account that keeps its value. */
const ESCROW_PREFIX = "retryable escrow";
const ADDRESS_BYTES = 20;
const NITRO = { publisher: "nitro", signed: false, namesChain: true } as const;
const free = { ...NITRO, paysGas: () => false } as const;

const call = (tx: RpcTransaction): Item[] => [integer(tx.gasPrice), integer(tx["gas"]), data(tx.to), integer(tx.value), data(tx["input"])];

/** The account in which a ticket's value waits: derived from the ticket's id, nobody has its key. */
function escrowOf(chain: ChainId, ticket: string): AccountId {
	const digest = getBytes(keccak256(concat([toUtf8Bytes(ESCROW_PREFIX), ticket])));
	return trustedAccountId(chain, `0x${Buffer.from(digest.subarray(digest.length - ADDRESS_BYTES)).toString("hex")}`);
}

/** Transactions that Arbitrum's Nitro makes of messages from the first layer, and of itself; nobody signs them. */
export const NITRO_FORMS: readonly TransactionForm[] = [
	// A deposit of coin: minted for its sender, who pays it on.
	{
		...free,
		type: 0x64,
		fields: (tx) => [integer(tx["chainId"]), data(tx["requestId"]), data(tx.from), data(tx.to), integer(tx.value)],
		mint: (tx) => BigInt(tx.value),
	},
	// A call that an account of the first layer sends, with a nonce.
	{
		...NITRO,
		type: 0x65,
		paysGas: () => true,
		fields: (tx) => [integer(tx["chainId"]), data(tx.from), integer(tx["nonce"]), ...call(tx)],
	},
	// A call that a contract of the first layer sends.
	{
		...NITRO,
		type: 0x66,
		paysGas: () => true,
		fields: (tx) => [integer(tx["chainId"]), data(tx["requestId"]), data(tx.from), ...call(tx)],
	},
	// A ticket is redeemed: its value leaves the escrow for its sender, who pays it on.
	{
		...free,
		type: 0x68,
		fields: (tx) => [
			integer(tx["chainId"]),
			integer(tx["nonce"]),
			data(tx.from),
			...call(tx),
			data(tx["ticketId"]),
			data(tx["refundTo"]),
			integer(tx["maxRefund"]),
			integer(tx["submissionFeeRefund"]),
		],
		receives: (chain, tx) => ({ account: escrowOf(chain, String(tx["ticketId"])), amount: BigInt(tx.value) }),
		missing: () => "gas that was paid for beforehand, and what of it comes back",
	},
	// A ticket is submitted: what it brings is minted for its sender, its value goes into escrow.
	{
		...free,
		type: 0x69,
		fields: (tx) => [
			integer(tx["chainId"]),
			data(tx["requestId"]),
			data(tx.from),
			integer(tx["l1BaseFee"]),
			integer(tx["depositValue"]),
			integer(tx.gasPrice),
			integer(tx["gas"]),
			data(tx["retryTo"]),
			integer(tx["retryValue"]),
			data(tx["beneficiary"]),
			integer(tx["maxSubmissionFee"]),
			data(tx["refundTo"]),
			data(tx["retryData"]),
		],
		mint: (tx) => BigInt(String(tx["depositValue"] ?? "0x0")),
		pays: (chain, tx) => ({ account: escrowOf(chain, tx.hash), amount: BigInt(String(tx["retryValue"] ?? "0x0")) }),
		missing: () => "fees of submission and gas, and what of them comes back",
	},
	// What ArbOS does by itself.
	{
		...free,
		type: 0x6a,
		fields: (tx) => [integer(tx["chainId"]), data(tx["input"])],
		missing: () => "what ArbOS pays to those who post batches, and returns of tickets that ran out",
	},
];
