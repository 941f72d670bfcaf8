import type { LogDescription } from "ethers";
import { type DecodedEvent, lower, type Told } from "./decoder.js";

/** Operator, sender, receiver, ids and amounts of ERC-1155. */
const BATCH_ARGUMENTS = 5;

/** Events of mixers, approvals, and tokens that are no money. */
export const TOKEN_EVENTS: readonly DecodedEvent[] = [
	[
		"tornado",
		"event Deposit(bytes32 indexed commitment, uint32 leafIndex, uint256 timestamp)",
		(_, { gasPrice }) => ({ kind: "mixer-deposit", details: { gasPrice } }),
	],
	[
		"tornado",
		"event Withdrawal(address to, bytes32 nullifierHash, address indexed relayer, uint256 fee)",
		({ args: a }, { gasPrice }) => ({
			kind: "mixer-withdrawal",
			account: lower(a["to"]),
			details: { relayer: lower(a["relayer"]), fee: String(a["fee"]), gasPrice },
		}),
	],
	[
		"erc-20",
		"event Approval(address indexed owner, address indexed spender, uint256 value)",
		({ args: a }) => approval(a["owner"], { spender: lower(a["spender"]), amount: String(a["value"]) }),
	],
	[
		"erc-721",
		"event ApprovalForAll(address indexed owner, address indexed operator, bool approved)",
		({ args: a }) => approval(a["owner"], { spender: lower(a["operator"]), amount: a["approved"] ? "all" : "0" }),
	],
	["erc-721", "event Transfer(address indexed from, address indexed to, uint256 indexed tokenId)", nft],
	["erc-1155", "event TransferSingle(address indexed operator, address indexed from, address indexed to, uint256 id, uint256 value)", nft],
	[
		"erc-1155",
		"event TransferBatch(address indexed operator, address indexed from, address indexed to, uint256[] ids, uint256[] values)",
		nft,
	],
	[
		"permit2",
		"event Approval(address indexed owner, address indexed token, address indexed spender, uint160 amount, uint48 expiration)",
		permit2,
	],
	[
		"permit2",
		"event Permit(address indexed owner, address indexed token, address indexed spender, uint160 amount, uint48 expiration, uint48 nonce)",
		permit2,
	],
];

function permit2({ args: a }: LogDescription): Told {
	return approval(a["owner"], { token: lower(a["token"]), spender: lower(a["spender"]), amount: String(a["amount"]) });
}

function approval(owner: unknown, details: Record<string, string>): Told {
	return { kind: "approval", account: lower(owner), details };
}

/** Ids that moved; of ERC-1155 with how many of each, which is not kept. */
function nft({ args: a }: LogDescription): Told | undefined {
	// An array of ids is read whole, or throws. `ids` stands where the event has several.
	const count = a.length === BATCH_ARGUMENTS && Array.isArray(a[3]) ? a[3].length : 1;
	const [from, to] = [lower(a["from"]), lower(a["to"])];
	return count === 0 ? undefined : { kind: "nft-transfer", account: to, details: { from, to, count: String(count) } };
}
