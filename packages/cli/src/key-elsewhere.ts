import {
	type AccountId,
	addressOf,
	type ChainId,
	chainName,
	chainOf,
	DANGEROUS_CATEGORIES,
	everyChain,
	familyOf,
	type GraphStore,
	type LabelCategory,
	trustedAccountId,
} from "@clew/core";
import type { Claim } from "@clew/risk";

/** The accounts that the key of an account has on others of these chains, where one key has one address on all of a family. */
export function elsewhere(account: AccountId, chains: readonly ChainId[]): readonly AccountId[] {
	const own = chainOf(account);
	const family = familyOf(own);
	if (!family.sharedKeys) return [];
	const others = new Set(chains.filter((chain) => chain !== own && chain.startsWith(`${family.namespace}:`)));
	return [...others].map((chain) => trustedAccountId(chain, addressOf(account)));
}

/**
 * Whether what is said of an account on a chain is about its key on the others, too: what is said of it on all or on the main one, and
 * dangers of any. Who a contract belongs to differs from chain to chain.
 */
export function crosses(on: ChainId, category: LabelCategory): boolean {
	const family = familyOf(on);
	return on === family.main || on === everyChain(family) || DANGEROUS_CATEGORIES.has(category);
}

/** What the labels of a case say of an account, and of its key on other chains of the case. */
export async function caseClaims(store: GraphStore, account: AccountId): Promise<readonly Claim[]> {
	const claims: Claim[] = [...(await store.labelsOf(account))];
	for (const other of elsewhere(account, await store.chains()))
		for (const label of await store.labelsOf(other))
			if (crosses(chainOf(other), label.category)) claims.push({ ...label, on: chainName(chainOf(other)) });
	return claims;
}
