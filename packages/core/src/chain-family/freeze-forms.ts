import type { AssetId } from "../ids.js";

/** How a token's contract lets its issuer stop an account: signatures of Solidity, as the published sources have them. */
export interface FreezeForm {
	/** What says whether an account is frozen. */
	readonly asks: string;
	/** What freezes. */
	readonly freezes: string;
	/** What the contract logs then; its one address is the account. */
	readonly logs: string;
	/** What takes or destroys what a frozen account holds; absent where the contract has none. */
	readonly wipes?: string;
}

/** TetherToken, of 2017: Ethereum and Tron. */
export const TETHER_BLACKLIST: FreezeForm = {
	asks: "isBlackListed(address)",
	freezes: "addBlackList(address)",
	logs: "AddedBlackList(address)",
	wipes: "destroyBlackFunds(address)",
};

/** Tether's later contracts, and those of USDT0 and XAUT. */
export const TETHER_BLOCKLIST: FreezeForm = {
	asks: "isBlocked(address)",
	freezes: "addToBlockedList(address)",
	logs: "BlockPlaced(address)",
	wipes: "destroyBlockedFunds(address)",
};

/** Circle's FiatToken. */
export const CIRCLE_BLACKLIST: FreezeForm = { asks: "isBlacklisted(address)", freezes: "blacklist(address)", logs: "Blacklisted(address)" };

/** PaxosToken. */
export const PAXOS_FREEZE: FreezeForm = {
	asks: "isFrozen(address)",
	freezes: "freeze(address)",
	logs: "FreezeAddress(address)",
	wipes: "wipeFrozenAddress(address)",
};

/** A token that its issuer can stop at any account. */
export interface FreezableToken {
	readonly asset: AssetId;
	readonly symbol: string;
	readonly decimals: number;
	readonly issuer: string;
	readonly form: FreezeForm;
}
