import type { ChainEvent } from "../../event.js";
import { type AccountId, addressOf, type ChainId, chainOf, type Hash, trustedAccountId } from "../../ids.js";
import type { EventReader } from "../../ports/ledger-reader.js";
import type { Position } from "../../position.js";
import { ZERO_ADDRESS } from "./address.js";

/** Whether an authorisation took effect; a block tells that of few, and of the others it is unknown, not "yes". */
export type TookEffect = "yes" | "no" | "unknown";

/**
 * What a key signed of its account (EIP-7702): whose code acts for it from then on, with all that it holds. `to` undefined takes that
 * back. It is a fact about the account's key, brought by whoever sent the transaction; nothing says by itself that the code is a thief's.
 */
export interface Delegation {
	/** Whose key signed. It has one, so it is a person's, and no contract. */
	readonly account: AccountId;
	readonly to: AccountId | undefined;
	/** Signed for every chain (0), or for one. */
	readonly signedFor: ChainId | "every chain";
	/** Of the account, at which alone it takes effect. */
	readonly nonce: bigint;
	readonly effect: TookEffect;
	/** What the effect rests on, in words. */
	readonly why: string;
	readonly chain: ChainId;
	readonly txHash: Hash;
	readonly position: Position;
}

/** Under which key the authorisations of one key are found, on every chain. */
export function delegationKey(account: AccountId): string {
	return `eip7702:${addressOf(account)}`;
}

/** The event that an authorisation is kept as. */
export function delegationEvent({ account, to, signedFor, nonce, effect, why, ...place }: Delegation): ChainEvent {
	return {
		...place,
		kind: "delegation",
		protocol: "eip-7702",
		contract: account,
		account,
		key: delegationKey(account),
		details: { delegate: to === undefined ? ZERO_ADDRESS : addressOf(to), signedFor, nonce: nonce.toString(), effect, why },
	};
}

/** What {@link delegationEvent} wrote; undefined for other events. */
export function delegationOf({ kind, account, details, chain, txHash, position }: ChainEvent): Delegation | undefined {
	if (kind !== "delegation" || account === undefined) return undefined;
	const { delegate = ZERO_ADDRESS, signedFor, nonce = "0", effect, why = "" } = details;
	return {
		account,
		to: delegate === ZERO_ADDRESS ? undefined : trustedAccountId(chain, delegate),
		signedFor: signedFor as Delegation["signedFor"],
		nonce: BigInt(nonce),
		effect: effect === "yes" || effect === "no" ? effect : "unknown",
		why,
		chain,
		txHash,
		position,
	};
}

/** What the key of an account signed that was brought to its chain, as the case has it, in order. */
export async function delegationsOf(source: EventReader, account: AccountId): Promise<readonly Delegation[]> {
	return (await signedBy(source, account)).filter(({ chain }) => chain === chainOf(account));
}

/**
 * What the key signed for every chain and was brought to others of the case, not to the account's own: anybody can bring it there, where it
 * takes effect at the same nonce.
 */
export async function delegationsElsewhere(source: EventReader, account: AccountId): Promise<readonly Delegation[]> {
	const all = await signedBy(source, account);
	const same = (a: Delegation, b: Delegation) => a.nonce === b.nonce && delegateIn(a) === delegateIn(b);
	const own = all.filter(({ chain, signedFor }) => chain === chainOf(account) && signedFor === "every chain");
	return all.filter(
		(one) => one.chain !== chainOf(account) && one.signedFor === "every chain" && !own.some((brought) => same(one, brought)),
	);
}

function delegateIn({ to }: Delegation): string {
	return to === undefined ? ZERO_ADDRESS : addressOf(to);
}

async function signedBy(source: EventReader, account: AccountId): Promise<readonly Delegation[]> {
	return (await source.eventsByKey(delegationKey(account))).flatMap((event) => delegationOf(event) ?? []);
}

/**
 * Which authorisation stands at the end of a list: the last that surely took effect, and behind it those that may have. Those that took
 * none are left out.
 */
export function standingDelegation(all: readonly Delegation[]): {
	readonly settled: Delegation | undefined;
	readonly open: readonly Delegation[];
} {
	const last = all.findLastIndex(({ effect }) => effect === "yes");
	return { settled: all[last], open: all.slice(last + 1).filter(({ effect }) => effect === "unknown") };
}
