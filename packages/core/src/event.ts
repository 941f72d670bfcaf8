import type { AccountId, ChainId, Hash } from "./ids.js";
import type { Position } from "./position.js";

/** What a contract's event can tell beyond the transfers of its transaction. */
export const EVENT_KINDS = [
	"bridge-out",
	"bridge-in",
	"swap",
	"mixer-deposit",
	"mixer-withdrawal",
	"approval",
	"nft-transfer",
	"permission-change",
	"token-control",
	"delegation",
	"user-operation",
	"account-deployed",
	"gas-deposit",
	"gas-withdrawal",
] as const;
export type EventKind = (typeof EVENT_KINDS)[number];

/**
 * An event of a known protocol, decoded. It is the word of the contract that logged it, and anybody can deploy a contract that logs the
 * same: who reads it asks whether the contract is the protocol's, or whether transfers of the transaction say the same.
 */
export interface ChainEvent {
	readonly chain: ChainId;
	/** The place of the log, in the band of token logs; of what no log tells, a place before those, at which no other event stands. */
	readonly position: Position;
	readonly txHash: Hash;
	readonly kind: EventKind;
	/** Lower case, such as `across` or `uniswap-v2`. */
	readonly protocol: string;
	/** Who logged it; of what no log tells, whose account it is about. */
	readonly contract: AccountId;
	/**
	 * Whom it names: the receiver of a bridge's, a swap's or a mixer's money, the owner who approves, who received NFTs, whose keys changed,
	 * whom an issuer blocked, whose key let a contract act for it, who acted by a UserOperation
	 * or owns a deposit for gas.
	 */
	readonly account?: AccountId;
	/** The same on both sides of one crossing of a bridge, or for all that one key authorised, and on no other. */
	readonly key?: string;
	/** The rest by name: amounts in base units, addresses in lower case, chains as CAIP-2. Text that the chain carries is hostile. */
	readonly details: Readonly<Record<string, string>>;
}
