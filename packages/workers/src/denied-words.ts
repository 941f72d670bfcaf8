import {
	allDenials,
	byTransaction,
	type Denial,
	type DeniedWord,
	deniedWords,
	type FactStore,
	type FileDenials,
	type GraphStore,
	groupBy,
	transactionsStand,
} from "@clew/core";

/** What files told of transactions and whole blocks of a node do not bear out. */
export interface DeniedWords {
	/** Transactions that stand otherwise in the blocks. */
	readonly transactions: number;
	/** The lowest of them. */
	readonly first: { readonly height: number; readonly hash: string; readonly what: readonly DeniedWord[] };
	/** Names of the files, sorted. */
	readonly files: readonly string[];
}

/** The denials of one run together; undefined where there are none. */
export async function deniedInWords(store: FactStore, denials: readonly Denial[]): Promise<DeniedWords | undefined> {
	const all = byTransaction(denials);
	const [first] = all;
	if (first === undefined) return undefined;
	const tellers = new Set(denials.map(({ source }) => source));
	const files = (await store.sources()).filter(({ id }) => tellers.has(id)).map(({ name }) => name);
	return { transactions: all.length, first, files: [...new Set(files)].sort() };
}

/** {@link DeniedWords} in one line. */
export function deniedLine({ transactions, first, files }: DeniedWords): string {
	const from = files.length === 0 ? "files" : files.join(", ");
	return `${transactionsStand(transactions)} otherwise in these blocks than ${from} said, and what the files said there was taken out: first ${first.hash} of block ${first.height} (${deniedWords(first.what)})`;
}

/** Notes that transactions whose nonces files told are not in their blocks: those nonces tell nothing of missing ones. */
export async function withdrawNonces(store: FactStore, denials: readonly Denial[]): Promise<void> {
	for (const [account, own] of groupBy(denials, ({ payer }) => payer))
		if (account !== undefined && (await store.historyCheck(account)) !== undefined)
			await store.putHistoryChecks([{ account, runs: [], withdrawn: own.map(({ height }) => height) }]);
}

/** What was denied since {@link allDenials} gave `before`, by whichever process; undefined where nothing was. */
export async function deniedSince(store: GraphStore, before: ReadonlyMap<string, FileDenials>): Promise<DeniedWords | undefined> {
	const fresh: Denial[] = [];
	for (const [source, { denied }] of await allDenials(store)) {
		const known = new Set(before.get(source)?.denied.map(({ height, hash }) => `${height} ${hash}`));
		for (const { what, ...place } of denied)
			if (!known.has(`${place.height} ${place.hash}`)) fresh.push(...what.map((word) => ({ ...place, what: word, source })));
	}
	return deniedInWords(store, fresh);
}
