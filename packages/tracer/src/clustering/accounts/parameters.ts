import { InputError, quote } from "@clew/core";

/** Heuristics that say which accounts of an account chain may have one owner. Each is a lead: no trace and no score rests on it. */
export const ACCOUNT_HEURISTICS = ["funding-siblings", "gas-tank", "consolidation", "deposit-reuse"] as const;
export type AccountHeuristic = (typeof ACCOUNT_HEURISTICS)[number];

/** What decides which accounts are joined; a result names all of it. Amounts in base units, shares in percent. */
export interface AccountClusterParameters {
	/** Seconds within which siblings were funded. */
	readonly siblingSeconds: number;
	/** The largest sum of siblings is at most this much above the smallest. */
	readonly siblingPercent: number;
	/** Who paid, or was paid by, this many accounts is a service by its size. */
	readonly serviceFan: number;
	/** Accounts that one tank gave gas, at least. */
	readonly tankLeast: number;
	/** What is more than this is no gas. */
	readonly gasMost: bigint;
	/** Accounts that one account collected from, at least. */
	readonly consolidationLeast: number;
	/** Of what it paid of coins goes to the collecting account, at least. */
	readonly consolidationPercent: number;
	/** Accounts that paid into one deposit address, at most: more are a shop's customers, or the address is none. */
	readonly depositPayers: number;
}

const DAY = 86_400;

export const DEFAULT_ACCOUNT_CLUSTER_PARAMETERS: AccountClusterParameters = {
	siblingSeconds: DAY,
	siblingPercent: 10,
	serviceFan: 50,
	tankLeast: 2,
	gasMost: 5n * 10n ** 16n,
	consolidationLeast: 3,
	consolidationPercent: 95,
	depositPayers: 10,
};

/** Raised when what a heuristic joins changes. */
export const ACCOUNT_HEURISTIC_VERSION = 1;

/** Where each comes from. */
export const ACCOUNT_HEURISTIC_SOURCES: Readonly<Record<AccountHeuristic, string>> = {
	"funding-siblings": "first funder, field practice; parameters of our own",
	"gas-tank": "gas supplied for the movement of tokens, field practice; parameters of our own",
	consolidation: "sweeping into one account, field practice; parameters of our own",
	"deposit-reuse": "Victor 2020: Address Clustering Heuristics for Ethereum (FC 2020)",
};

/** Those that joined one owner's accounts more often than not in made-up worlds; the others are asked for by name. */
export const DEFAULT_ACCOUNT_HEURISTICS: ReadonlySet<AccountHeuristic> = new Set(["funding-siblings", "gas-tank"]);

/** Parses names joined by commas, or `all`. Throws InputError (USAGE). */
export function parseAccountHeuristics(text: string): ReadonlySet<AccountHeuristic> {
	if (text === "all") return new Set(ACCOUNT_HEURISTICS);
	return new Set(
		text.split(",").map((name) => {
			const found = ACCOUNT_HEURISTICS.find((heuristic) => heuristic === name);
			if (found !== undefined) return found;
			throw new InputError(`${quote(name)} is no heuristic of account chains`, {
				code: "USAGE",
				hint: `There are ${ACCOUNT_HEURISTICS.join(", ")}, or all; joined by commas.`,
			});
		}),
	);
}
