import {
	type AccountId,
	addressOf,
	chainName,
	chainOf,
	type Detection,
	entryPointVersion,
	KNOWN_BRIDGES,
	sharedEnds,
	sharesEnds,
} from "@clew/core";
import { sweptReason } from "./delegation-reasons.js";
import { type Reason, reason } from "./reason.js";

/** A published contract of a bridge or of account abstraction, which a trace knows without a label. */
export function publishedReasons(account: AccountId): Reason[] {
	const bridge = KNOWN_BRIDGES.get(account);
	const version = entryPointVersion(account);
	if (version !== undefined)
		return [reason("service", "attribution", { who: `published EntryPoint ${version} of account abstraction` }, ["ERC-4337"])];
	return bridge === undefined ? [] : [reason("service", "attribution", { who: `published contract of ${bridge}` }, [bridge])];
}

/** An account that is the contract of a token of this symbol; a contract that wraps a coin gives tokens for that. */
export function tokenReasons(symbol: string, wraps: boolean): Reason[] {
	return [reason("token-contract", "attribution", { token: symbol || "without a symbol", what: wraps ? "tokens" : "coins and tokens" })];
}

/** An account of so many transfers that a trace ends there. */
export function transfersReasons(least: number): Reason[] {
	return [reason("service", "structural", { who: `by how it behaves: at least ${least} transfers in the case` })];
}

/**
 * What heuristics saw; a service with a structural claim of at least this score, at which a trace ends, and else perhaps. `delegates`:
 * contracts that act for the account, or may, and whether that is known.
 */
export function detectionReasons(
	detections: readonly Detection[],
	least: number,
	delegates: ReadonlyMap<AccountId, boolean> = new Map(),
): Reason[] {
	const found: Reason[] = [];
	const add = (kind: Detection["kind"], code: Reason["code"]) => {
		const [one] = detections.filter((detection) => detection.kind === kind);
		if (one === undefined) return;
		const facts = {
			who: `by how it behaves${one.counterpart === undefined ? "" : `, of ${addressOf(one.counterpart)}`} (${one.kind}, score ${one.score})`,
			why: one.reasons.join("; "),
			other: one.counterpart === undefined ? "" : addressOf(one.counterpart),
			score: String(one.score),
		};
		const weak = one.tier === "lead" || one.score < least;
		found.push(reason(code === "service" && weak ? "maybe-service" : code, one.tier, facts, one.evidence));
	};
	add("address-poisoning", "detected-poisoning");
	add("drainer", "detected-drainer");
	add("sweeper", "detected-sweeper");
	const swept = detections.find(({ kind }) => kind === "delegated-to-sweeper");
	if (swept !== undefined) {
		const { tier, evidence, counterpart } = swept;
		const acts = counterpart !== undefined && delegates.get(counterpart) === true;
		found.push(sweptReason(swept, counterpart, tier === "structural" || evidence.length > 0 ? "seen" : acts ? "acts" : "unknown"));
	}
	add("mixer-pool", "mixer");
	add("mixer-link", "mixer-link");
	add("deposit-address", "service");
	add("custodial-service", "service");
	add("hot-wallet", "service");
	add("cold-wallet", "service");
	add("bridge", "service");
	add("dex-pool", "service");
	return found;
}

/** Characters that a look-alike shares: as in address-poisoning, version 2, for transfers that are odd. */
const LOOK_ALIKE = { each: 2, together: 5, oneEnd: 7 };

/** Whether the address could be taken for one that `own` has dealt with; or is one of those. */
export function lookAlikeReasons(account: AccountId, dealtWith: Iterable<AccountId>): Reason[] {
	const address = addressOf(account);
	let best: { readonly one: AccountId; readonly other: string; readonly start: number; readonly end: number } | undefined;
	for (const one of dealtWith) {
		const other = addressOf(one);
		if (other === address) return [reason("paid-before", "structural", {}, [])];
		if (!sharesEnds(address, other, LOOK_ALIKE)) continue;
		const { start, end } = sharedEnds(address, other);
		if (best === undefined || start + end > best.start + best.end) best = { one, other, start, end };
	}
	if (best === undefined) return [];
	const { one, other, start, end } = best;
	const on = chainOf(one) === chainOf(account) ? "" : ` on ${chainName(chainOf(one))}`;
	return [reason("look-alike", "structural", { other: `${other}${on}`, start: String(start), end: String(end) }, [other])];
}

/** What a node says of an account right now. */
export interface OnlineFacts {
	/** Transactions sent. */
	readonly nonce: bigint;
	/** In wei. */
	readonly balance: bigint;
	readonly isContract: boolean;
	/** The contract that its key lets act for it (EIP-7702), and the hash of its code; without where there is none to act. */
	readonly delegate: { readonly address: string; readonly codeHash: string | undefined } | undefined;
	/** Blocks in which the payer approved the account as a spender. */
	readonly approvals: readonly string[];
	/** Name of the node, without secrets. */
	readonly node: string;
}

/** One for a contract that has created nothing yet (EIP-161). */
const FIRST_NONCE = 1n;

/** What a node's facts say: nobody used it yet, or you let it spend your tokens. */
export function onlineReasons({ nonce, balance, isContract, delegate, approvals, node }: OnlineFacts): Reason[] {
	const found: Reason[] = [];
	if (delegate !== undefined) {
		const code = delegate.codeHash === undefined ? "which has no code now" : `code hash ${delegate.codeHash}`;
		found.push(reason("delegated", "structural", { delegate: delegate.address, how: `says ${node}; ${code}` }, [node]));
	}
	if (!isContract && nonce === 0n && balance === 0n) found.push(reason("never-used", "structural", { node }, [node]));
	if (isContract && nonce <= FIRST_NONCE && balance === 0n) found.push(reason("new-contract", "structural", { node }, [node]));
	if (approvals.length > 0)
		found.push(
			reason(isContract ? "approved-by-you" : "approved-person", "structural", { node, count: String(approvals.length) }, approvals),
		);
	return found;
}
