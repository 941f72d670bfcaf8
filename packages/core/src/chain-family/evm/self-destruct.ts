import { type AccountId, type ChainId, unknownAccount } from "../../ids.js";
import { nullAccount } from "../accounts.js";

/** Where in a chain something happened; `time` in Unix seconds, absent where no source tells. */
export interface ChainPlace {
	readonly height: number;
	readonly time?: number;
}

/**
 * From when on `SELFDESTRUCT` leaves a contract and its coins in place (EIP-6780, the Cancun upgrade), by height or by Unix seconds, as
 * each chain's published configuration says. A chain that is not here may have the rule or not.
 */
const KEEPS_SINCE: Readonly<Record<string, { readonly height: number } | { readonly time: number }>> = {
	"eip155:1": { height: 19_426_587 },
	"eip155:10": { time: 1_710_374_401 },
	"eip155:56": { time: 1_718_863_500 },
	"eip155:100": { time: 1_710_181_820 },
	"eip155:137": { height: 54_876_000 },
	"eip155:8453": { time: 1_710_374_401 },
	"eip155:42161": { time: 1_710_424_089 },
	"eip155:84532": { time: 1_708_534_800 },
	"eip155:11155111": { time: 1_706_655_072 },
	"eip155:11155420": { time: 1_708_534_800 },
};

/** Before 2024 no public chain had the rule: the first, a test network, took it in January of that year. */
const NOWHERE_BEFORE = 1_704_067_200;

/**
 * Who has the coins of a contract that destroyed itself in its own favour, or that it was paid in the same transaction afterwards: nobody
 * (the zero address) under the old rule and for one that was created in the same transaction, itself under the new one; the unknown
 * account where the rule, the time or (`created` undefined) the creation is not known.
 */
export function heirOfItself(contract: AccountId, chain: ChainId, place: ChainPlace, created: boolean | undefined): AccountId {
	if (created) return nullAccount(chain);
	const keeps = keepsCoins(chain, place);
	if (keeps === false) return nullAccount(chain);
	return keeps && created === false ? contract : unknownAccount(chain);
}

function keepsCoins(chain: ChainId, { height, time }: ChainPlace): boolean | undefined {
	const since = KEEPS_SINCE[chain];
	if (since !== undefined && "height" in since) return height >= since.height;
	if (time === undefined) return undefined;
	if (time < NOWHERE_BEFORE) return false;
	return since === undefined ? undefined : time >= since.time;
}
