import { isHash } from "../chain-family/registry.js";
import { quoted } from "../encoding/quoted.js";
import { Refusal } from "../failure.js";
import type { TrustedHeader } from "../proofs/proofs.js";
import { heightOf } from "../trace/positions.js";
import type { BundleRow } from "./formats.js";

/**
 * Looks at the hash that a row names of its block: in the form of the chain, the same for every row of a height, that of a proof or an
 * answer of nodes where there is one, and that of a header which the reader trusts. Throws Error for a row that contradicts one of them.
 * Of a block without either, it is its maker's word.
 */
export function blockHashes(
	blocks: Iterable<{ readonly height: number; readonly hash: string }>,
	chain: string,
	trusted: readonly TrustedHeader[],
): (row: BundleRow) => void {
	const named = new Map<number, string>();
	const heights = new Map<string, number>();
	for (const { height, hash } of blocks) named.set(height, hash);
	return ({ edge, known: { block } }) => {
		if (block === undefined) return;
		if (!isHash(block, chain)) throw new Refusal(`names ${quoted(block)} as its block, which is no hash as ${chain} writes it`);
		const height = heightOf(edge.position);
		const header = trusted.find((one) => one.chain === chain && one.height === height);
		if (header !== undefined && header.hash !== block)
			throw new Refusal(`names ${block} as its block ${height}, but ${header.hash} is what ${header.by}`);
		const other = named.get(height) ?? block;
		if (other !== block) throw new Refusal(`names ${block} as its block ${height}, which is ${other}`);
		if ((heights.get(block) ?? height) !== height)
			throw new Refusal(`names ${block} as its block ${height} and as block ${heights.get(block)}`);
		named.set(height, block);
		heights.set(block, height);
	};
}
