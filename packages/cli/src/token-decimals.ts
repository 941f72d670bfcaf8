import { type AccountId, type FactStore, tokenContract } from "@clew/core";

/** Decimals of the tokens that a case can describe, by contract: some exports do not state them. */
export async function tokenDecimals(store: FactStore): Promise<(contract: AccountId) => number | undefined> {
	const decimals = new Map<AccountId, number>();
	for (const info of await store.assets()) {
		const contract = tokenContract(info.asset);
		if (contract !== undefined) decimals.set(contract, info.decimals);
	}
	return (contract) => decimals.get(contract);
}
