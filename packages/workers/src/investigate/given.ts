import {
	type AccountId,
	type AssetId,
	type Hash,
	type LedgerReader,
	ledgerOf,
	parseChainId,
	parsePosition,
	type TraceLeaf,
	type TraceResult,
	type Transfer,
} from "@clew/core";

/** What somebody got in an exchange that he did not pay, in base units. */
export interface Got {
	readonly account: AccountId;
	readonly asset: AssetId;
	readonly amount: bigint;
}

/** To whom money was given that others' exchange took in, and who else got something of another asset there: it may be what it bought. */
export interface Given {
	readonly paidTo: AccountId;
	readonly txHash: Hash;
	readonly got: readonly Got[];
}

/** An end point by its account, asset and arrivals. */
export const pointOf = ({ account, arrivals }: Pick<TraceLeaf, "account" | "arrivals">, asset: string) =>
	`${account} ${asset} ${arrivals.first} ${arrivals.last}`;

/**
 * Of end points whose own account gave the money in an exchange, by {@link pointOf}: the last such transaction. Read from the case alone.
 */
export async function givenIn(
	store: Pick<LedgerReader, "transferAt" | "transaction">,
	{ chain: id, leaves }: Pick<TraceResult, "chain" | "leaves">,
): Promise<ReadonlyMap<string, Given>> {
	const found = new Map<string, Given>();
	const chain = parseChainId(id);
	if (ledgerOf(chain) !== "accounts") return found;
	for (const leaf of leaves) {
		if (leaf.stop.reason !== "swap") continue;
		const paid = await store.transferAt(chain, parsePosition(leaf.arrivals.last));
		if (paid === undefined || paid.from !== leaf.account || paid.to === paid.from || leaf.amounts[paid.asset] === undefined) continue;
		const got = gotBesides(paid, await store.transaction(chain, paid.txHash));
		found.set(pointOf(leaf, paid.asset), { paidTo: paid.to, txHash: paid.txHash, got });
	}
	return found;
}

/** What accounts other than the two got net of other assets, the fee aside; in the order in which they first moved. */
function gotBesides({ from, to, asset }: Transfer, transfers: readonly Transfer[]): Got[] {
	const net = new Map<string, Got>();
	const add = (account: AccountId, of: AssetId, amount: bigint) => {
		const key = `${account} ${of}`;
		net.set(key, { account, asset: of, amount: (net.get(key)?.amount ?? 0n) + amount });
	};
	for (const t of transfers) {
		if (t.kind === "fee" || t.asset === asset) continue;
		add(t.from, t.asset, -t.amount);
		add(t.to, t.asset, t.amount);
	}
	return [...net.values()].filter(({ account, amount }) => amount > 0n && account !== from && account !== to);
}
