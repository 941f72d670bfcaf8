import type { AccountProfile, AssetId, Coverage, CoveredKind } from "@clew/core";
import { assetKind } from "./stops.js";

/** Heights, both inclusive. */
export interface Run {
	readonly from: number;
	readonly to: number;
}

/** The unbroken runs of heights at which a kind of movement was fetched, ascending. */
export function readRuns(coverage: readonly Coverage[], kind: CoveredKind): Run[] {
	const ranges = coverage.filter(({ kinds }) => kinds.includes(kind)).sort((a, b) => a.fromHeight - b.fromHeight);
	const runs: { from: number; to: number }[] = [];
	for (const { fromHeight, toHeight } of ranges) {
		const last = runs.at(-1);
		if (last !== undefined && fromHeight <= last.to + 1) last.to = Math.max(last.to, toHeight);
		else runs.push({ from: fromHeight, to: toHeight });
	}
	return runs;
}

/** The run that a height is in. */
export function runAt(runs: readonly Run[], height: number): Run | undefined {
	return runs.find(({ from, to }) => from <= height && height <= to);
}

/** Heights at or above `from`, between others that were fetched, at which nobody fetched a kind of movement. Ascending. */
export function holesIn(runs: readonly Run[], from: number): Run[] {
	const holes = runs.slice(1).map((run, i) => ({ from: Math.max(from, (runs[i]?.to ?? 0) + 1), to: run.from - 1 }));
	return holes.filter((hole) => hole.from <= hole.to);
}

/**
 * Up to which height all that an account paid of an asset was read without a break, from a height on: its own transfers of that kind and, of a contract, what its
 * code paid. An account with a key pays by transactions alone.
 */
export function outflowsReadTo({ coverage, isContract }: AccountProfile, asset: AssetId, from: number): number {
	const kinds: readonly CoveredKind[] = isContract ? [assetKind(asset), "internal"] : [assetKind(asset)];
	return Math.min(...kinds.map((kind) => runAt(readRuns(coverage, kind), from)?.to ?? from));
}
