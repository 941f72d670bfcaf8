import type { Fail } from "../failure.js";

/** What a block pays by itself is named by the block, or by nothing. */
const OF_BLOCK: ReadonlySet<string> = new Set(["reward", "withdrawal", "genesis", "fork"]);

interface Moved {
	readonly position: string;
	readonly txHash: string;
	readonly kind: string;
}

/** A transaction stands in one block: one hash at two is one movement told twice. */
export function checkOneBlock(movements: readonly Moved[], where: (i: number) => string, fail: Fail): void {
	const heights = new Map<string, string>();
	for (const [i, { position, txHash, kind }] of movements.entries()) {
		if (OF_BLOCK.has(kind)) continue;
		const height = position.slice(0, position.indexOf("."));
		const known = heights.get(txHash) ?? height;
		heights.set(txHash, known);
		if (known !== height) fail(where(i), `is of transaction ${txHash} in block ${height}, which stands in block ${known}`);
	}
}
