import {
	type AccountId,
	type ChainId,
	chainOf,
	displayAddress,
	FIRST_OUTPUT,
	familyOf,
	type GraphStore,
	InputError,
	ledgerOf,
} from "@clew/core";

/** What brings data of a chain into a case. */
function howToFetch(chain: ChainId): string {
	const { imports, hash } = familyOf(chain).words;
	return `Fetch it: clew import ${imports}, clew ingest --rpc URL, or clew follow ${hash} --rpc URL.`;
}

/** What was looked for and is not in the case. It may be on the chain: nothing found in nothing fetched is an error, never an empty answer. */
export function notInCase(what: string, chain: ChainId): InputError {
	return new InputError(`${what} is not in the case`, { hint: howToFetch(chain) });
}

/** Throws InputError when the case holds nothing of its chain. */
export async function mustHoldData(store: GraphStore): Promise<void> {
	const { chain } = store.info;
	const held = ledgerOf(chain) === "outputs" ? (await store.counts()).outputs : await store.size(chain);
	if (held === 0 && (await store.coverage(chain)).length === 0)
		throw new InputError(`the case holds nothing of ${chain}`, { hint: howToFetch(chain) });
}

/** Throws InputError when the case knows nothing of an account: neither a movement, nor that its history was fetched and is empty. */
export async function mustKnow(store: GraphStore, account: AccountId): Promise<void> {
	const { transfers, coverage, labels } = await store.profile(account, 1);
	if (transfers > 0 || coverage.length > 0 || labels.length > 0) return;
	const chain = chainOf(account);
	// An address may be known only by what it spent, where what paid it is not in the case.
	if (ledgerOf(chain) === "outputs" && (await store.foreignSpendsOf(account, FIRST_OUTPUT, 1)).length > 0) return;
	throw notInCase(displayAddress(account), chain);
}
