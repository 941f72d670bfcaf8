import { createHash } from "node:crypto";

/** Who moves money: a number of {@link addressOf}; the null address is {@link NOBODY}. */
export type Party = number;
export const NOBODY: Party = -1;
/** Parties with a key; those behind them are contracts, which alone pay by calls. */
export const PEOPLE = 5;
export const PARTIES = 7;
export const ALL_PARTIES: readonly Party[] = Array.from({ length: PARTIES }, (_, n) => n);
/** Height of the head that exports tell. */
export const HEAD = 900;
export const TOKEN_DECIMALS = [6, 0] as const;

/** A call inside a transaction; one that failed, or carries value on paper only, moves nothing. */
export interface Call {
	readonly from: Party;
	readonly to: Party;
	readonly amount: number;
	readonly kind: "call" | "delegatecall";
	readonly failed: boolean;
}

/** A token transfer; `token` is a number of {@link tokenOf}, `log` its place among the logs of the block. */
export interface TokenMove {
	readonly from: Party;
	readonly to: Party;
	readonly token: number;
	readonly amount: number;
	readonly log: number;
}

/** A transaction as it happened; amounts in base units. */
export interface Transaction {
	readonly id: number;
	readonly height: number;
	readonly index: number;
	readonly sender: Party;
	readonly to: Party;
	readonly value: number;
	readonly fee: number;
	readonly failed: boolean;
	readonly calls: readonly Call[];
	readonly tokens: readonly TokenMove[];
}

/** The address of a party; `salt` renames all but the null address. */
export function addressOf(party: Party, salt = ""): string {
	return party === NOBODY ? `0x${"0".repeat(40)}` : named(`party ${party}`, salt, 40);
}

/** The contract of a token. */
export const tokenOf = (token: number, salt = "") => named(`token ${token}`, salt, 40);

/** The hash of a transaction. */
export const hashOf = (id: number, salt = "") => named(`transaction ${id}`, salt, 64);

/** A made-up name. A salt that begins with `=` changes its second half alone, so that the order of names stays. */
function named(what: string, salt: string, digits: number): string {
	const all = digest(`${what} ${salt}`).slice(0, digits);
	return salt.startsWith("=") ? `0x${digest(`${what} `).slice(0, digits / 2)}${all.slice(digits / 2)}` : `0x${all}`;
}

const digest = (text: string) => createHash("sha256").update(text).digest("hex");
