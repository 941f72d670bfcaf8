import {
	type AccountId,
	addressOf,
	type ChainId,
	chainName,
	chainOf,
	DANGEROUS_CATEGORIES,
	everyChain,
	FAMILIES,
	familyOf,
	type GraphStore,
	isUnknownAccount,
	knownFamily,
	type LabelCategory,
	trustedAccountId,
} from "@clew/core";
import type { Claim } from "@clew/risk";

/**
 * The accounts that the key of an account has on others of these chains: at the same address where one key has one on all of a family, and
 * as another family writes the same key (`0x…` and `T…`). They are other accounts: what is known of one is shown with its chain.
 */
export function elsewhere(account: AccountId, chains: readonly ChainId[]): readonly AccountId[] {
	const own = chainOf(account);
	const others = new Set(chains.filter((chain) => chain !== own));
	return [...others].flatMap((chain) => sameKeyOn(chain, account) ?? []);
}

function sameKeyOn(chain: ChainId, account: AccountId): AccountId | undefined {
	const family = familyOf(chainOf(account));
	const other = knownFamily(chain);
	const address = addressOf(account);
	if (other === family) return family.sharedKeys ? trustedAccountId(chain, address) : undefined;
	// Nobody's key is the same everywhere, and nothing said of one burn address is about another.
	if (isUnknownAccount(account) || family.burns.includes(address)) return undefined;
	const digits = other?.keyDigits === undefined ? undefined : family.keyDigits?.of(address);
	return digits === undefined || other?.keyDigits === undefined ? undefined : trustedAccountId(chain, other.keyDigits.address(digits));
}

/**
 * Ids of chains that lists may name the key of an account under, its own family's first: of each family all, the main one, and the rest.
 */
export function chainsOfKey(account: AccountId): readonly ChainId[] {
	const own = familyOf(chainOf(account));
	const others = own.keyDigits === undefined ? [] : FAMILIES.filter((family) => family !== own && family.keyDigits !== undefined);
	return [own, ...others].flatMap((family) => [everyChain(family), family.main, ...family.chains]);
}

/**
 * Whether what is said of an account on a chain is about its key on another, too: dangers always, and within a family what is said of it on
 * all or on the main one. Who a contract belongs to differs from chain to chain.
 */
export function crosses(on: ChainId, to: ChainId, category: LabelCategory): boolean {
	const family = familyOf(on);
	return (family === familyOf(to) && (on === family.main || on === everyChain(family))) || DANGEROUS_CATEGORIES.has(category);
}

/** What the labels of a case say of an account, and of its key on other chains of the case. */
export async function caseClaims(store: GraphStore, account: AccountId): Promise<readonly Claim[]> {
	const claims: Claim[] = [...(await store.labelsOf(account))];
	for (const other of elsewhere(account, await store.chains()))
		for (const label of await store.labelsOf(other))
			if (crosses(chainOf(other), chainOf(account), label.category)) claims.push({ ...label, on: chainName(chainOf(other)) });
	return claims;
}
