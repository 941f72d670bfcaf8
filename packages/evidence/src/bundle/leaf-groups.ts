import {
	CUSTODIAL_CATEGORIES,
	contradicting,
	firstStanding,
	groupBy,
	leafStandings,
	mayName,
	type Naming,
	namesInWords,
	namingOf,
	rangeOfLeaves,
	type TraceEdge,
	type TraceLeaf,
	type TraceResult,
} from "@clew/core";

/**
 * Leaves of one key and asset, and what every conserving rule agrees on and any says at most of all of them together. What missing money
 * leaves open is added up leaf by leaf: all of that cannot be true at once.
 */
export interface LeafGroup {
	readonly key: string;
	readonly asset: string;
	readonly leaves: number;
	readonly agreed: bigint;
	readonly most: bigint;
}

/**
 * Sums leaves by a key, in any letters, and asset, as requests are made; groups in the order of first appearance, which is "freeze first".
 */
export function groupLeaves(leaves: readonly TraceLeaf[], keyOf: (leaf: TraceLeaf) => string): LeafGroup[] {
	const groups = new Map<string, { key: string; asset: string; own: TraceLeaf[] }>();
	for (const leaf of leaves) {
		for (const asset of Object.keys(leaf.amounts)) {
			const key = keyOf(leaf);
			const one = `${key.toLowerCase()} ${asset}`;
			const known = groups.get(one);
			if (known === undefined) groups.set(one, { key, asset, own: [leaf] });
			else known.own.push(leaf);
		}
	}
	return [...groups.values()].map(({ key, asset, own }) => {
		const { least: agreed, most } = rangeOfLeaves(own, asset) ?? { least: 0n, most: 0n };
		return { key, asset, leaves: own.length, agreed, most };
	});
}

/** What reached labelled services, by whose these are, or by whose of several where lists disagree. The key is hostile text. */
export function groupServices(result: TraceResult): LeafGroup[] {
	const custodianOf = custodians(result);
	const named = new Map(
		result.leaves.flatMap((leaf) => {
			const custodian = custodianOf(leaf);
			return custodian?.named ? [[leaf, namesInWords(custodian.label, custodian.against)] as const] : [];
		}),
	);
	return groupLeaves([...named.keys()], (leaf) => named.get(leaf) ?? "");
}

/** The label of a custodian at an end point, and how it stood when the money came; only one that is `named` says who received it. */
export interface Custodian extends Naming<TraceLeaf["labels"][number]> {
	readonly named: boolean;
}

/**
 * Finds the custodian of an end point as the trace chose it: of labels of enough confidence one that held, else one that is listed since
 * later. Else one that had ended, at any end point, which names nobody.
 */
export function custodians(result: TraceResult): (leaf: TraceLeaf) => Custodian | undefined {
	const standingOf = leafStandings(result);
	const least = Number(result.parameters["minLabelConfidence"] ?? 0);
	return (leaf) => {
		const labels = leaf.labels.filter(
			({ category, confidence }) => (CUSTODIAL_CATEGORIES as ReadonlySet<string>).has(category) && confidence >= least,
		);
		const found = leaf.stop.reason === "service" ? firstStanding(labels, (label) => standingOf(leaf, label)) : undefined;
		if (found !== undefined) {
			// Who is no custodian, or called so by a guess, may still be whose it is.
			const others = leaf.labels.filter((label) => standingOf(leaf, label) !== "ended");
			return { ...found, against: contradicting([found.label], others), named: mayName(found.label, found.standing) };
		}
		const label = labels.find((one) => standingOf(leaf, one) === "ended");
		return label && { label, standing: "ended", against: [], named: false };
	};
}

/**
 * By which label an end point is called, and what contradicts it: that of the custodian at which the trace ended, whom requests ask; else
 * the strongest that held, or is listed since later.
 */
export function leafNamings(result: TraceResult): (leaf: TraceLeaf) => Naming<TraceLeaf["labels"][number]> | undefined {
	const [custodianOf, standingOf] = [custodians(result), leafStandings(result)];
	return (leaf) => {
		const custodian = custodianOf(leaf);
		return custodian === undefined || custodian.standing === "ended"
			? namingOf(leaf.labels, (label) => standingOf(leaf, label))
			: custodian;
	};
}

/**
 * Rows by where they bring money: `account asset`, as {@link pointKey} writes it. A fee brings none. Of a trace backward by the source that
 * they bring money from.
 */
export function rowsByPoint(edges: readonly TraceEdge[], backward = false): Map<string, TraceEdge[]> {
	return groupBy(
		edges.filter(({ kind }) => kind !== "fee"),
		(edge) => (backward ? pointKey(edge.from, edge.asset) : pointKey(edge.to, edge.into?.asset ?? edge.asset)),
	);
}

/** An end point and one asset there. */
export function pointKey(account: string, asset: string): string {
	return `${account} ${asset}`;
}
