import type { ChainEvent } from "../../event.js";
import { eventsOfKind } from "../../event-scan.js";
import { type AccountId, addressOf, type ChainId, chainOf, type Hash, trustedAccountId } from "../../ids.js";
import type { EventReader } from "../../ports/ledger-reader.js";
import type { Position } from "../../position.js";

/** A permission of an account: keys, each with a weight, that together must reach a threshold. */
export interface Permission {
	readonly threshold: bigint;
	readonly keys: readonly { readonly account: AccountId; readonly weight: bigint }[];
}

/**
 * Who may sign for an account from then on (AccountPermissionUpdate of Tron): for everything as its owner, and for what each active
 * permission is for. It is how a thief takes an account with all that it holds, and also how a firm shares one.
 */
export interface PermissionChange {
	readonly account: AccountId;
	/** Undefined where it was not told. */
	readonly owner: Permission | undefined;
	readonly active: readonly Permission[];
	readonly chain: ChainId;
	readonly txHash: Hash;
	readonly position: Position;
}

const PERMISSION = /^([0-9]{1,19}) of ((?:T[1-9A-HJ-NP-Za-km-z]{33}\*[0-9]{1,19} ?)*)$/;

/** What a decoder wrote of a change; undefined for other events. */
export function permissionChangeOf({ kind, account, details, chain, txHash, position }: ChainEvent): PermissionChange | undefined {
	if (kind !== "permission-change" || account === undefined) return undefined;
	const read = (text: string): Permission | undefined => {
		const [, threshold, keys = ""] = PERMISSION.exec(text) ?? [];
		if (threshold === undefined) return undefined;
		const named = keys.split(" ").filter((key) => key !== "");
		return {
			threshold: BigInt(threshold),
			keys: named.map((key) => {
				const [address = "", weight = "0"] = key.split("*");
				return { account: trustedAccountId(chain, address), weight: BigInt(weight) };
			}),
		};
	};
	const { owner = "", active = "" } = details;
	return { account, owner: read(owner), active: active.split("; ").flatMap((one) => read(one) ?? []), chain, txHash, position };
}

/** The changes of an account's permissions that blocks of the case tell, in order. Exports of rows tell none. Reads all such events. */
export async function permissionChangesOf(source: EventReader, account: AccountId): Promise<readonly PermissionChange[]> {
	const found: PermissionChange[] = [];
	for await (const event of eventsOfKind(source, chainOf(account), "permission-change"))
		if (event.account === account) found.push(...[permissionChangeOf(event) ?? []].flat());
	return found;
}

/** True where the account's own key, alone, may still do everything; undefined where who owns it was not told. */
export function ownKeyRules({ account, owner }: PermissionChange): boolean | undefined {
	return owner === undefined ? undefined : owner.keys.some((key) => key.account === account && key.weight >= owner.threshold);
}

/** Who may sign, in words, without when; what its own key may comes first. */
export function signersInWords(change: PermissionChange): string {
	const words = ({ threshold, keys }: Permission) =>
		`${keys.map(({ account, weight }) => `${addressOf(account)} (weight ${weight})`).join(", ")}, ${threshold} needed`;
	const owner = change.owner === undefined ? "as owner nobody knows who" : `as owner ${words(change.owner)}`;
	const rules = ownKeyRules(change);
	const own = rules === undefined ? [] : [`its own key ${rules ? "may" : "may not"} do everything alone`];
	return [...own, owner, ...change.active.map((one) => `as active ${words(one)}`)].join("; ");
}
