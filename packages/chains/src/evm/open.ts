import type { AccountId, BlockEvidence, ChainId, ChainSource, DecodedBlock, Hash, PriceFeed } from "@clew/core";
import type { AccountFacts } from "./account-facts.js";
import type { ResolvedName } from "./ens.js";
import type { AnswerPlaces, AnswerRequest, ProvenAnswers } from "./price-feeds.js";
import type { RpcOptions } from "./rpc-client.js";

/**
 * An EVM chain through one node: its chain id is checked, what it can do is found by asking, and every block is
 * recomputed before it counts. Loads the RPC library only when called, since most commands never speak to a node.
 * Throws NodeError.
 */
export async function openEvmSource(url: string, chain: ChainId, options: RpcOptions = {}): Promise<ChainSource> {
	const { connectEvmSource } = await import("./source.js");
	return connectEvmSource(url, chain, options);
}

/** What a node says of an account right now; see `readAccountFacts`. Throws NodeError. */
export async function accountFacts(
	url: string,
	account: AccountId,
	owner: AccountId | undefined,
	options: RpcOptions = {},
): Promise<AccountFacts> {
	const { readAccountFacts } = await import("./account-facts.js");
	return readAccountFacts(url, account, owner, options);
}

/** What an ENS name stands for right now; see `readEnsName`. Throws InputError and NodeError. */
export async function resolveEnsName(url: string, name: string, options: RpcOptions = {}): Promise<ResolvedName> {
	const { readEnsName } = await import("./ens.js");
	return readEnsName(url, name, options);
}

/** Where feeds answered last before some heights; see `findAnswers`. Throws NodeError. */
export async function answerPlaces(url: string, chain: ChainId, request: AnswerRequest, options: RpcOptions = {}): Promise<AnswerPlaces> {
	const { findAnswers } = await import("./price-feeds.js");
	return findAnswers(url, chain, request, options);
}

/** What feeds answered, as a block proves it; see `readProvenAnswers`. */
export async function provenAnswers(evidence: BlockEvidence<DecodedBlock>, feeds: readonly PriceFeed[]): Promise<ProvenAnswers> {
	const { readProvenAnswers } = await import("./price-feeds.js");
	return readProvenAnswers(evidence, feeds);
}

/** Where issuers of tokens acted on accounts; see `findIssuerActs`. Throws NodeError. */
export async function issuerActs(
	url: string,
	chain: ChainId,
	range: readonly [number, number],
	options: RpcOptions = {},
): Promise<ReadonlyMap<number, ReadonlySet<Hash>>> {
	const { findIssuerActs } = await import("./issuer-acts.js");
	return findIssuerActs(url, chain, range, options);
}
