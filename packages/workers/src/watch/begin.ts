import { type ChainId, type ChainNode, familyOf, type LedgerReader } from "@clew/core";
import type { Watch } from "./model.js";

/**
 * The first height whose movements are what a watch is about: the block after the one that was the newest when it was added, or, where no
 * node was at hand then, the first block that may have come since, by its own time ({@link earliestTime}). Nothing before that raises an
 * alert. Throws what the node throws.
 */
export async function beginOf(store: LedgerReader, node: ChainNode, watch: Watch, head: { height: number; time: number }): Promise<number> {
	if (watch.after !== undefined) return watch.after + 1;
	const timeAt = async (height: number): Promise<number> => {
		if (height === head.height) return head.time;
		return (await store.header(node.chain, height))?.time ?? (await node.block(height)).header.time;
	};
	return firstNotBefore(earliestTime(watch, node.chain), head.height, timeAt, familyOf(node.chain).unorderedTimes);
}

const addedAt = ({ createdAt }: Pick<Watch, "createdAt">): number => Math.floor(Date.parse(createdAt) / 1000);

/** The earliest time (Unix seconds) that a block which came after a watch was added may bear: it is rather told once too often. */
function earliestTime(watch: Pick<Watch, "createdAt">, chain: ChainId): number {
	return addedAt(watch) - familyOf(chain).earlyTimes;
}

/**
 * Why a movement may be of before the watch was added, where that is known by blocks' times alone; undefined where the newest block of then
 * is known, or the block's time (Unix seconds) is later.
 */
export function maybeBefore(watch: Pick<Watch, "createdAt" | "after">, time: number): string | undefined {
	if (watch.after !== undefined || time >= addedAt(watch)) return undefined;
	return "by its block's own time it moved shortly before the watch was added: blocks may bear earlier times than they come";
}

/**
 * The lowest height with a time of at least `time`, `head + 1` when there is none. Steps back from the head twice as far each time, then
 * halves: few blocks are read for a recent time.
 */
export async function firstNotBefore(
	time: number,
	head: number,
	timeAt: (height: number) => Promise<number>,
	unordered: number,
): Promise<number> {
	let [late, step] = [head + 1, 1];
	let early = head;
	while (early >= 0 && (await timeAt(early)) >= time) {
		late = early;
		early -= step;
		step *= 2;
	}
	early = Math.max(early, -1);
	while (late - early > 1) {
		const middle = (early + late) >> 1;
		if ((await timeAt(middle)) >= time) late = middle;
		else early = middle;
	}
	for (let height = late - 1, least = Math.max(0, late - unordered); height >= least; height--)
		if ((await timeAt(height)) >= time) late = height;
	return late;
}
