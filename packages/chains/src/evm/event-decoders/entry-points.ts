import { ENTRY_POINTS } from "@clew/core";
import { type DecodedEvent, lower } from "./decoder.js";

/** Events of EntryPoints (ERC-4337), the same in all versions; what others log alike is read of published ones alone. */
export const ENTRY_POINT_EVENTS: readonly DecodedEvent[] = [
	[
		"erc-4337",
		"event UserOperationEvent(bytes32 indexed userOpHash, address indexed sender, address indexed paymaster, uint256 nonce, bool success, uint256 actualGasCost, uint256 actualGasUsed)",
		({ args: a }) => ({
			kind: "user-operation",
			account: lower(a["sender"]),
			details: {
				hash: lower(a["userOpHash"]),
				paymaster: lower(a["paymaster"]),
				nonce: String(a["nonce"]),
				success: String(a["success"]),
				gasCost: String(a["actualGasCost"]),
			},
		}),
	],
	[
		"erc-4337",
		"event AccountDeployed(bytes32 indexed userOpHash, address indexed sender, address factory, address paymaster)",
		({ args: a }) => ({
			kind: "account-deployed",
			account: lower(a["sender"]),
			details: { hash: lower(a["userOpHash"]), factory: lower(a["factory"]), paymaster: lower(a["paymaster"]) },
		}),
	],
	[
		"erc-4337",
		"event Deposited(address indexed account, uint256 totalDeposit)",
		({ args: a }) => ({ kind: "gas-deposit", account: lower(a["account"]), details: { total: String(a["totalDeposit"]) } }),
		ENTRY_POINTS,
	],
	[
		"erc-4337",
		"event Withdrawn(address indexed account, address withdrawAddress, uint256 amount)",
		({ args: a }) => ({
			kind: "gas-withdrawal",
			account: lower(a["account"]),
			details: { to: lower(a["withdrawAddress"]), amount: String(a["amount"]) },
		}),
		ENTRY_POINTS,
	],
];
