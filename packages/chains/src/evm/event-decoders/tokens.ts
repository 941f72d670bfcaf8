import { FREEZABLE_TOKENS } from "@clew/core";
import { EventFragment, type LogDescription } from "ethers";
import { type DecodedEvent, lower, type Told } from "./decoder.js";

/** Operator, sender, receiver, ids and amounts of ERC-1155. */
const BATCH_ARGUMENTS = 5;

/** Contracts whose issuers can freeze: anybody's contract may log the same. */
const FREEZABLE: ReadonlySet<string> = new Set(FREEZABLE_TOKENS.flatMap(({ asset }) => asset.split("/erc20:")[1] ?? []));
/** What issuers do to an account, by the event that says so. */
const CONTROLS: Readonly<Record<string, string>> = {
	"AddedBlackList(address account)": "blocked",
	"RemovedBlackList(address account)": "unblocked",
	"DestroyedBlackFunds(address account, uint256 amount)": "destroyed",
	"Blacklisted(address indexed account)": "blocked",
	"UnBlacklisted(address indexed account)": "unblocked",
	"BlockPlaced(address indexed account)": "blocked",
	"BlockReleased(address indexed account)": "unblocked",
	"FreezeAddress(address indexed account)": "blocked",
	"UnfreezeAddress(address indexed account)": "unblocked",
	"AddressFrozen(address indexed account)": "blocked",
	"AddressUnfrozen(address indexed account)": "unblocked",
	"FrozenAddressWiped(address indexed account)": "destroyed",
};

/** First topics of what issuers log of an account. */
export function controlTopics(): readonly string[] {
	return Object.keys(CONTROLS).map((signature) => EventFragment.from(`event ${signature}`).topicHash);
}

const CONTROL_EVENTS: readonly DecodedEvent[] = Object.entries(CONTROLS).map(([event, control]) => [
	"issuer",
	`event ${event}`,
	({ args: a }) => ({
		kind: "token-control",
		account: lower(a["account"]),
		details: { control, ...(a.length > 1 ? { amount: String(a[1]) } : {}) },
	}),
	FREEZABLE,
]);

/** Events of mixers, approvals, tokens that are no money, and what issuers of tokens do to accounts. */
export const TOKEN_EVENTS: readonly DecodedEvent[] = [
	...CONTROL_EVENTS,
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
