import { evmChain } from "./chain-family/evm/chains.js";
import { KNOWN_TOKENS } from "./chain-family/known-tokens.js";
import { type AssetId, type ChainId, isNative } from "./ids.js";
import type { TraceResult } from "./trace-schema.js";

/**
 * Assets of a result that count as money; the others are shown apart, in one line, and stay in the data. Anybody can send a worthless
 * token to any account, so that a token which merely arrived says nothing. What counts needs no price:
 *
 * - the chain's own coin, its published wrapped form, and tokens whose contract is known (`chain-family/evm/known-tokens.ts`);
 * - what the person named: every asset that a seed `tx:`, `transfer:` or `outpoint:` marks, and the one that `--asset` names;
 * - what came out of an exchange, a bridge or a pool for something that counts.
 */
export function countedAssets(result: TraceResult): ReadonlySet<string> {
	const counted = new Set<string>();
	for (const { spec, seeded, rows } of result.seeds) {
		const named = !spec.startsWith("account:");
		for (const asset of Object.keys(seeded)) if (named) counted.add(asset);
		for (const { asset, passage } of rows) if (passage !== undefined) counted.add(asset);
	}
	const chosen = result.parameters["seedAsset"];
	if (chosen !== undefined && chosen !== "any") counted.add(chosen);
	const wrapped = evmChain(result.chain as ChainId)?.wrapped;
	if (wrapped !== undefined) counted.add(`${result.chain}/erc20:${wrapped}`);
	for (const asset of assetsOf(result)) if (isNative(asset as AssetId) || KNOWN_TOKENS.has(asset)) counted.add(asset);
	// What was got for money may be given for something else: until nothing is added.
	for (let size = -1; size !== counted.size; ) {
		size = counted.size;
		for (const { asset, into } of result.edges) if (into !== undefined && counted.has(asset)) counted.add(into.asset);
		for (const { tier, paid, got } of result.passages ?? [])
			if (tier === "structural" && got !== undefined && counted.has(paid.asset)) counted.add(got.asset);
	}
	return counted;
}

/** A result with what counts as money only, and how much was left out. Never for what is kept or proven: only for what people are shown. */
export interface Counted {
	readonly counted: TraceResult;
	/** One line about what is not counted; undefined when everything is. */
	readonly others: string | undefined;
}

/** Leaves out tokens that nobody named as money from what a person is shown first; rows and end points keep their numbers. */
export function countedOf(result: TraceResult): Counted {
	const assets = countedAssets(result);
	const isCounted = (asset: string) => assets.has(asset);
	const amounts = <T>(byAsset: Readonly<Record<string, T>>) =>
		Object.fromEntries(Object.entries(byAsset).filter(([asset]) => isCounted(asset)));
	const leaves = result.leaves.filter((leaf) => Object.keys(leaf.amounts).some(isCounted));
	const left = new Set([...assetsOf(result)].filter((asset) => !isCounted(asset)));
	if (left.size === 0) return { counted: result, others: undefined };
	const counted: TraceResult = {
		...result,
		seeds: result.seeds.map((seed) => ({ ...seed, seeded: amounts(seed.seeded), rows: seed.rows.filter(({ asset }) => isCounted(asset)) })),
		edges: result.edges.filter(({ asset, into }) => isCounted(asset) || (into !== undefined && isCounted(into.asset))),
		leaves,
	};
	const points = result.leaves.length - leaves.length;
	const others = `other tokens, not counted: ${left.size} ${left.size === 1 ? "contract" : "contracts"} at ${points} end ${points === 1 ? "point" : "points"}, in ${result.edges.length - counted.edges.length} rows`;
	return { counted, others };
}

/** Why some tokens are not counted, and what to do about it. */
export const NOT_COUNTED_WHY =
	"nobody chose them and their contracts are not known, so that they may be worthless; a seed of the very transaction, or --asset, counts one; trace.json and --json hold all";

function assetsOf({ seeds, edges, leaves }: TraceResult): ReadonlySet<string> {
	const assets = new Set(seeds.flatMap(({ seeded }) => Object.keys(seeded)));
	for (const { asset, into } of edges) {
		assets.add(asset);
		if (into !== undefined) assets.add(into.asset);
	}
	for (const { amounts } of leaves) for (const asset of Object.keys(amounts)) assets.add(asset);
	return assets;
}
