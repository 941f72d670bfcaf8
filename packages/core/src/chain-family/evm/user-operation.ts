import type { ChainEvent } from "../../event.js";
import { type AccountId, trustedAccountId } from "../../ids.js";
import { ZERO_ADDRESS } from "./address.js";
import { entryPointVersion } from "./entry-points.js";

/**
 * What an account did by a UserOperation (ERC-4337): its sender is who acted, whoever brought it in a transaction. Who paid for the gas is
 * a clue and no link: paymasters pay for strangers.
 */
export interface UserOperation {
	readonly sender: AccountId;
	/** Undefined where the sender paid for it by itself. */
	readonly paymaster: AccountId | undefined;
	readonly succeeded: boolean;
	/** What the gas cost, in wei, of the deposit of the paymaster or the sender. */
	readonly gasCost: bigint;
	readonly entryPoint: AccountId;
	/** Of a published EntryPoint; undefined for another contract, whose word alone this is. */
	readonly version: string | undefined;
}

/** Reads an event of an EntryPoint; undefined for other events. */
export function userOperationOf({ chain, kind, account, contract, details }: ChainEvent): UserOperation | undefined {
	if (kind !== "user-operation" || account === undefined) return undefined;
	const { paymaster = ZERO_ADDRESS, success, gasCost = "0" } = details;
	return {
		sender: account,
		paymaster: paymaster === ZERO_ADDRESS ? undefined : trustedAccountId(chain, paymaster),
		succeeded: success === "true",
		gasCost: BigInt(gasCost),
		entryPoint: contract,
		version: entryPointVersion(contract),
	};
}
