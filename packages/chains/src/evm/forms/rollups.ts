import { accessList, data, EMPTY, type Item, integer } from "../rlp.js";
import type { RpcTransaction } from "../shapes.js";
import type { TransactionForm } from "./form.js";

/**
 * Type of the OP stack's deposit transactions (specs.optimism.io, "Deposits"): nobody signs them, the rollup derives them from its parent
 * chain. Scroll and Mantle have others of the same number.
 */
export const DEPOSIT_TYPE = 0x7e;
const UNSIGNED = { type: DEPOSIT_TYPE, signed: false, namesChain: false, paysGas: () => false } as const;
const minted = (tx: RpcTransaction) => BigInt(tx.mint ?? "0x0");

/** A deposit's fields up to its data. */
const deposit = (tx: RpcTransaction): Item[] => [
	data(tx["sourceHash"]),
	data(tx.from),
	data(tx.to),
	integer(tx.mint),
	integer(tx.value),
	integer(tx["gas"]),
	tx["isSystemTx"] === true ? integer("0x1") : EMPTY,
];

/** Deposits of the OP stack, of Mantle (which mints ether as a token beside its coin), and messages from the first layer to Scroll. */
export const ROLLUP_FORMS: readonly TransactionForm[] = [
	{ ...UNSIGNED, publisher: "op-stack", mint: minted, fields: (tx) => [...deposit(tx), data(tx["input"])] },
	{
		...UNSIGNED,
		publisher: "mantle",
		mint: minted,
		fields: (tx) => [
			...deposit(tx),
			integer(tx["ethValue"]),
			data(tx["input"]),
			...(tx["ethTxValue"] == null ? [] : [integer(tx["ethTxValue"])]),
		],
	},
	{
		...UNSIGNED,
		publisher: "scroll",
		fields: (tx) => [
			integer(tx["queueIndex"]),
			integer(tx["gas"]),
			data(tx.to),
			integer(tx.value),
			data(tx["input"]),
			data(tx["sender"] ?? tx.from),
		],
	},
];

/** Celo's transactions that name the token in which their gas is paid (CIP-64). */
export const CELO_FORMS: readonly TransactionForm[] = [
	{
		type: 0x7b,
		publisher: "celo",
		signed: true,
		namesChain: true,
		fields: (tx) => [
			integer(tx["chainId"]),
			integer(tx["nonce"]),
			integer(tx["maxPriorityFeePerGas"]),
			integer(tx["maxFeePerGas"]),
			integer(tx["gas"]),
			data(tx.to),
			integer(tx.value),
			data(tx["input"]),
			accessList(tx["accessList"]),
			data(tx["feeCurrency"]),
		],
		paysGas: (tx) => tx["feeCurrency"] == null,
		missing: (tx) => (tx["feeCurrency"] == null ? undefined : "the fee, which is paid in a token: its logs alone show it"),
	},
];
