import { type ChainNode, familyOf, type LedgerReader } from "@clew/core";
import type { Watch } from "./model.js";

/**
 * The first height whose movements are what a watch is about: the block after the one that was the newest when it was added, or, where no
 * node was at hand then, the first block that is not older than it. Nothing before that raises an alert. Throws what the node throws.
 */
export async function beginOf(store: LedgerReader, node: ChainNode, watch: Watch, head: { height: number; time: number }): Promise<number> {
	if (watch.after !== undefined) return watch.after + 1;
	const added = Math.floor(Date.parse(watch.createdAt) / 1000);
	const timeAt = async (height: number): Promise<number> => {
		if (height === head.height) return head.time;
		return (await store.header(node.chain, height))?.time ?? (await node.block(height)).header.time;
	};
	return firstNotBefore(added, head.height, timeAt, familyOf(node.chain).unorderedTimes);
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
