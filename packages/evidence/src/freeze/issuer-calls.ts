import { type AccountId, type AssetId, displayAddress, freezeCall } from "@clew/core";
import type { FreezeRequest } from "./requests.js";

/** Whether an issuer's contract says of an account that it is frozen, at a height; `frozen` is undefined where it gives no answer. */
export interface FrozenNow {
	readonly account: string;
	readonly asset: string;
	readonly frozen: boolean | undefined;
	readonly height: number;
}

/** The call of a token's contract that would freeze what an address holds, and whether it is frozen already. */
export interface IssuerCall {
	readonly account: string;
	readonly asset: string;
	readonly contract: string;
	/** Signature in Solidity. */
	readonly freezes: string;
	readonly data: string;
	/** One node's word, at `height`, where one was asked. */
	readonly frozen: "yes" | "no" | "no answer" | "not asked";
	readonly height?: string;
}

/** The calls that an issuer can make for the end points of a request; of tokens that no table holds, and of custodians, there are none. */
export function issuerCalls({ kind, points }: FreezeRequest, now: readonly FrozenNow[] = []): IssuerCall[] {
	if (kind !== "issuer") return [];
	return points.flatMap(({ leaf: { account }, asset }): IssuerCall[] => {
		const call = freezeCall(account as AccountId, asset as AssetId);
		if (call === undefined) return [];
		const told = now.find((one) => one.account === account && one.asset === asset);
		const { freezes, data } = call;
		const frozen = told === undefined ? "not asked" : told.frozen === undefined ? "no answer" : told.frozen ? "yes" : "no";
		const at = told === undefined ? {} : { height: told.height.toString() };
		return [{ account, asset, contract: displayAddress(call.contract), freezes, data, frozen, ...at }];
	});
}
