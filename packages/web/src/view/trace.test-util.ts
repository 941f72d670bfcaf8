import { accountId, type ChainId, DEFAULT_CHAIN, nativeAsset, RULES, type TraceEdge, type TraceLeaf, type TraceResult } from "@clew/core";

export const CHAIN: ChainId = DEFAULT_CHAIN;
export const COIN = nativeAsset(CHAIN);
const UNIT = 10n ** 18n;

/** The account of a number. */
export const account = (n: number): string => accountId(CHAIN, `0x${n.toString(16).padStart(40, "0")}`);
const each = (amount: bigint) => Object.fromEntries(RULES.map((rule) => [rule, `${amount}`]));

/** A row: `from` pays `to` at a block, so many coins, all of them traced unless it is said otherwise. */
export function row(n: number, from: number, to: number, coins: number, more: Partial<TraceEdge> = {}): TraceEdge {
	const amount = BigInt(coins) * UNIT;
	return {
		row: n,
		position: `${n}.0.1`,
		time: new Date(n * 12_000).toISOString().replace(".000Z", "Z"),
		txHash: `0x${n.toString(16).padStart(64, "0")}`,
		from: account(from),
		to: account(to),
		asset: COIN,
		amount: `${amount}`,
		kind: "native",
		tainted: each(amount),
		provenance: "node",
		source: "a node",
		tier: "structural",
		...more,
	};
}

/** An end point that holds so many coins. */
export function leaf(n: number, coins: number, reason: TraceLeaf["stop"]["reason"], entity?: string): TraceLeaf {
	const amount = `${BigInt(coins) * UNIT}`;
	const label = {
		entity: entity ?? "",
		name: `${entity} deposit`,
		category: "exchange",
		source: "a list",
		retrievedAt: "2026-01-01",
		confidence: 90,
		tier: "attribution" as const,
	};
	return {
		account: account(n),
		labels: entity === undefined ? [] : [label],
		stop: { reason, detail: `ends by ${reason}` },
		amounts: { [COIN]: each(BigInt(amount)) },
		agreed: amount,
		range: [amount, amount],
		arrivals: { first: "1.0.1", last: "1.0.1", count: 1 },
	};
}

/** A trace from account 1, made of rows and end points. */
export function trace(edges: readonly TraceEdge[], leaves: readonly TraceLeaf[], more: Partial<TraceResult> = {}): TraceResult {
	return {
		schema: "clew.trace/1",
		id: "0123456789abcdef",
		chain: CHAIN,
		case: { id: "c", title: "a theft" },
		seeds: [
			{
				spec: `account:${account(1)}`,
				origin: 0,
				seeded: { [COIN]: each(UNIT) },
				rows: [{ position: "1.0.1", txHash: "0x1", account: account(1), asset: COIN, amount: `${UNIT}`, seeded: each(UNIT) }],
			},
		],
		rules: [...RULES],
		conventions: {},
		parameters: { minLabelConfidence: "20" },
		assets: { [COIN]: { symbol: "ETH", decimals: 18 } },
		edges: [...edges],
		leaves: [...leaves],
		coverage: { cutoff: "100000", sources: [], gaps: [] },
		conservation: {},
		...more,
	};
}
