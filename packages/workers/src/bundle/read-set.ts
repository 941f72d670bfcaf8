import { type AccountId, type BlockGap, firstUnrooted, type LedgerReader, startOf, type Transfer } from "@clew/core";

/** What a trace read of an account chain: whose ledgers it went through, whose it only counted, and where its seeds stand. */
export interface ReadSet {
	readonly source: LedgerReader;
	/**
	 * Heights at which a copy needs the blocks of nodes, so that the same trace over the copy gives the same result; ascending. Rows that
	 * only files told are none: a copy has them from the files, and a node's block would tell more than the case knew.
	 */
	heights(): Promise<readonly number[]>;
	/** Accounts that the trace asked about. */
	accounts(): ReadonlySet<string>;
}

const PAGE = 1_000;

/** A source that notes what is read of it. For chains of accounts: a Bitcoin trace asks about the whole chain. */
export function recordReads(source: LedgerReader): ReadSet {
	const followed = new Set<AccountId>();
	const counted = new Map<AccountId, number>();
	const heights = new Set<number>();
	let gaps: readonly BlockGap[] = [];
	const recording: LedgerReader = {
		...source,
		balancesBefore(account, before) {
			followed.add(account);
			return source.balancesBefore(account, before);
		},
		ledger(account, from, limit) {
			followed.add(account);
			return source.ledger(account, from, limit);
		},
		ledgerBefore(account, before, limit) {
			followed.add(account);
			return source.ledgerBefore(account, before, limit);
		},
		async transaction(chain, hash) {
			const transfers = await source.transaction(chain, hash);
			addHeights(transfers, heights);
			return transfers;
		},
		async transferAt(chain, position) {
			const transfer = await source.transferAt(chain, position);
			if (transfer !== undefined) addHeights([transfer], heights);
			return transfer;
		},
		async blockGaps(chain) {
			gaps = await source.blockGaps(chain);
			return gaps;
		},
		profile(account, cap) {
			counted.set(account, Math.max(cap, counted.get(account) ?? 0));
			return source.profile(account, cap);
		},
	};
	return {
		source: recording,
		accounts: () => new Set([...followed, ...counted.keys()]),
		async heights() {
			for (const account of followed) await ledgerHeights(source, account, Number.POSITIVE_INFINITY, heights);
			for (const height of firstUnrooted(gaps).values()) heights.add(height);
			for (const { account, unread, fromHeight, toHeight } of gaps)
				if (unread === true && account !== undefined && (followed.has(account) || counted.has(account)))
					for (let height = fromHeight; height <= toHeight; height++) heights.add(height);
			for (const [account, cap] of counted) if (!followed.has(account)) await ledgerHeights(source, account, cap, heights);
			return [...heights].sort((a, b) => a - b);
		},
	};
}

/** Adds the heights of an account's first `most` transfers. */
async function ledgerHeights(source: LedgerReader, account: AccountId, most: number, heights: Set<number>): Promise<void> {
	for (let from = startOf(0), left = most; left > 0; ) {
		const page = await source.ledger(account, from, Math.min(PAGE, left));
		addHeights(page, heights);
		const last = page[page.length - 1];
		if (last === undefined || page.length < Math.min(PAGE, left)) return;
		left -= page.length;
		from = { ...last.position, eventIndex: last.position.eventIndex + 1 };
	}
}

function addHeights(transfers: readonly Transfer[], heights: Set<number>): void {
	for (const { position, provenance } of transfers) if (provenance !== "imported") heights.add(position.height);
}
