import { groupBy, maxAmount, NODE_GAPS, type TraceLeaf, type TraceResult } from "@clew/core";
import { COMPARED_LATE } from "../follow/follow.js";

/** What a node said at its head of an end point; `not asked` also where it could not tell. */
export type AtHead = "as traced" | "differs" | "not asked";

/** What the node's comparison says of end points. */
export interface ToldByNode {
	/** True where the books of an end point hold more than the node says is there at its newest block. */
	readonly hasLeft: (leaf: TraceLeaf, asset: string) => boolean;
	/**
	 * Set where the node says that less is there than came or than the books hold, in base units: `there` is what it says, `gone` how much
	 * less than the books that is; undefined where nobody read on, so that there are no books.
	 */
	readonly lower: (leaf: TraceLeaf, asset: string) => { readonly there: bigint; readonly gone: bigint | undefined } | undefined;
	readonly atHead: (leaf: TraceLeaf, asset: string) => AtHead;
}

/**
 * Reads it from the gaps of a compared trace; `asked` is false where no node was asked to the end. End points beyond those that it was
 * asked about are told by one gap without an account.
 */
export function toldByNode({ coverage, leaves }: TraceResult, asked: boolean): ToldByNode {
	const gapsOf = groupBy(
		coverage.gaps.filter(({ kind }) => NODE_GAPS.has(kind)),
		({ account }) => account,
	);
	const isCut = gapsOf.get(undefined)?.some(({ kind }) => kind === "not-compared") ?? false;
	const beyond = new Set(isCut ? leaves.slice(COMPARED_LATE) : []);
	const lower: ToldByNode["lower"] = ({ account, stop: { reason } }, asset) => {
		for (const { kind, asset: of, balance = "0", amount = "0" } of gapsOf.get(account) ?? []) {
			const gone = BigInt(amount) - BigInt(balance);
			if (kind === "balance-differs" && of === asset && gone > 0n)
				return { there: maxAmount(BigInt(balance), 0n), gone: reason === "unspent" || reason === "time-window" ? gone : undefined };
		}
		return undefined;
	};
	return {
		lower,
		hasLeft: (leaf, asset) => leaf.stop.reason === "unspent" && lower(leaf, asset) !== undefined,
		atHead(leaf, asset) {
			if (!asked) return "not asked";
			const own = gapsOf.get(leaf.account) ?? [];
			if (own.some(({ kind, asset: of }) => kind !== "not-compared" && (of === undefined || of === asset))) return "differs";
			return own.length > 0 || beyond.has(leaf) ? "not asked" : "as traced";
		},
	};
}
