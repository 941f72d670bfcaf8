import { type AccountId, addressOf, type ChainEvent, EVENT_BAND, type Hash } from "@clew/core";
import type { Addresses } from "./accounts.js";
import type { TronTransaction } from "./block.js";
import type { TronLog } from "./info.js";
import { DESTROYED, movesIds, wordsOf } from "./logs.js";
import { Message } from "./wire.js";

/** keccak256 of the events by which issuers of tokens stop accounts, and what they say (Tether's contract). */
const CONTROLS: Readonly<Record<string, string>> = {
	"42e160154868087d6bfdc0ca23d96a1c1cfa32f1b72ba9ba27b69b98a0d819dc": "blocked",
	d7e9ec6e6ecd65492dce6bf513cd6867560d49544421d0783ddf06e76c24470c: "unblocked",
	[DESTROYED]: "destroyed",
};
/** keccak256("Approval(address,address,uint256)"). */
const APPROVAL = "8c5be1e5ebec7d5bd14f71427d1e84f3dd0314c0f7b2291e5b200ac8c7c3b925";

/** Where a transaction stands. */
export interface Place {
	readonly height: number;
	readonly txIndex: number;
	readonly txHash: Hash;
}

/** Events in the logs of a transaction: approvals, NFTs that moved, and what issuers of tokens did to an account. */
export function eventsOf(logs: readonly TronLog[], { height, txIndex, txHash }: Place, addresses: Addresses): ChainEvent[] {
	return logs.flatMap((log, i): ChainEvent[] => {
		const told = toldBy(log, addresses);
		if (told === undefined) return [];
		const position = { height, txIndex, eventIndex: EVENT_BAND.log + i };
		return [{ chain: addresses.chain, position, txHash, contract: addresses.account(log.address, "the address of a log"), ...told }];
	});
}

function toldBy(log: TronLog, addresses: Addresses): Pick<ChainEvent, "kind" | "protocol" | "account" | "details"> | undefined {
	const [topic = ""] = log.topics;
	const words = wordsOf(log);
	if (words === undefined) return undefined;
	const [first, second] = words.map((word) => addresses.ofWord(word));
	if (movesIds(log)) {
		// TRC-1155 names who acts first.
		const [from, to] = log.topics.length > 3 && words.length > 3 ? [second, addresses.ofWord(words[2] as string)] : [first, second];
		if (from === undefined || to === undefined) return undefined;
		return { kind: "nft-transfer", protocol: "trc-721", account: to, details: { from: addressOf(from), to: addressOf(to), count: "1" } };
	}
	if (topic === APPROVAL && log.topics.length === 3 && words.length === 3 && first !== undefined && second !== undefined)
		return approval(first, second, words[2] as string);
	const control = CONTROLS[topic];
	if (control === undefined || first === undefined || words.length > 2) return undefined;
	const amount = words[1] === undefined ? {} : { amount: BigInt(`0x${words[1]}`).toString() };
	return { kind: "token-control", protocol: "tether", account: first, details: { control, ...amount } };
}

function approval(owner: AccountId, spender: AccountId, amount: string): Pick<ChainEvent, "kind" | "protocol" | "account" | "details"> {
	const details = { spender: addressOf(spender), amount: BigInt(`0x${amount}`).toString() };
	return { kind: "approval", protocol: "trc-20", account: owner, details };
}

const UPDATE = { owner: 2, witness: 3, actives: 4 } as const;
const PERMISSION = { threshold: 4, keys: 7, key: 1, weight: 2 } as const;

/** What an account that changes who may sign for it says: keys with their weights, and the weight that is needed. A thief takes one so. */
export function permissionEvent(tx: TronTransaction, owner: AccountId, place: Place, addresses: Addresses): ChainEvent {
	const update = new Message(tx.contracts[0]?.parameter ?? Buffer.alloc(0), "a change of permissions");
	const words = (bytes: Buffer): string => {
		const permission = new Message(bytes, "a permission");
		const keys = permission.all(PERMISSION.keys).map((one) => {
			const key = new Message(one, "a key of a permission");
			return `${addressOf(addresses.account(key.bytes(PERMISSION.key), "a key of a permission"))}*${key.amount(PERMISSION.weight)}`;
		});
		return `${permission.amount(PERMISSION.threshold)} of ${keys.join(" ")}`;
	};
	const owns = update.bytes(UPDATE.owner);
	return {
		chain: addresses.chain,
		position: { height: place.height, txIndex: place.txIndex, eventIndex: EVENT_BAND.log },
		txHash: place.txHash,
		kind: "permission-change",
		protocol: "tron",
		contract: owner,
		account: owner,
		details: { ...(owns === undefined ? {} : { owner: words(owns) }), active: update.all(UPDATE.actives).map(words).join("; ") },
	};
}
