import { groupBy, type TraceEdge, type TraceLeaf, type TraceResult } from "@clew/core";

/** Leaves of one key and asset. `most` adds up each leaf's own maximum over the rules: these cannot all be true at once. */
export interface LeafGroup {
	readonly key: string;
	readonly asset: string;
	leaves: number;
	agreed: bigint;
	most: bigint;
}

/** Sums leaves by a key and asset; groups in the order of first appearance, which is "freeze first". */
export function groupLeaves(leaves: readonly TraceLeaf[], keyOf: (leaf: TraceLeaf) => string): LeafGroup[] {
	const groups = new Map<string, LeafGroup>();
	for (const leaf of leaves) {
		for (const asset of Object.keys(leaf.amounts)) {
			const key = keyOf(leaf);
			const group = groups.get(`${key} ${asset}`) ?? { key, asset, leaves: 0, agreed: 0n, most: 0n };
			group.leaves++;
			group.agreed += BigInt(leaf.agreed);
			group.most += BigInt(leaf.range[1]);
			groups.set(`${key} ${asset}`, group);
		}
	}
	return [...groups.values()];
}

/** What reached labelled services, by entity: whom to write to. The key is hostile text. */
export function groupServices(result: TraceResult): LeafGroup[] {
	const labelled = result.leaves.filter((leaf) => leaf.stop.reason === "service" && leaf.labels.length > 0);
	return groupLeaves(labelled, (leaf) => leaf.labels[0]?.entity ?? "");
}

/** Rows by where they bring money: `account asset`, as {@link pointKey} writes it. A fee brings none. */
export function rowsByPoint(edges: readonly TraceEdge[]): Map<string, TraceEdge[]> {
	return groupBy(
		edges.filter(({ kind }) => kind !== "fee"),
		(edge) => pointKey(edge.to, edge.into?.asset ?? edge.asset),
	);
}

/** An end point and one asset there. */
export function pointKey(account: string, asset: string): string {
	return `${account} ${asset}`;
}
