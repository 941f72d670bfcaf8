/** Heights, both inclusive. */
export interface Run {
	readonly from: number;
	readonly to: number;
}

/** Runs that overlap or touch as one: unbroken ones, in order and apart. O(n log n). */
export function joinRuns(runs: readonly Run[]): Run[] {
	const joined: { from: number; to: number }[] = [];
	for (const { from, to } of [...runs].sort((a, b) => a.from - b.from)) {
		const last = joined.at(-1);
		if (last !== undefined && from <= last.to + 1) last.to = Math.max(last.to, to);
		else joined.push({ from, to });
	}
	return joined;
}

/** The place of the first of ascending heights that is not below one. O(log n). */
export function firstFrom(heights: readonly number[], height: number): number {
	let [low, high] = [0, heights.length];
	while (low < high) {
		const middle = (low + high) >> 1;
		if ((heights[middle] as number) < height) low = middle + 1;
		else high = middle;
	}
	return low;
}

/** What is left of a range of heights, both inclusive, without spans of them, in whatever order these are; in order. O(n log n). */
export function cut<T extends { readonly fromHeight: number; readonly toHeight: number }>(
	range: T,
	spans: readonly (readonly [from: number, to: number])[],
): T[] {
	const left: T[] = [];
	let { fromHeight } = range;
	for (const [from, to] of [...spans].sort(([a], [b]) => a - b)) {
		if (fromHeight > range.toHeight) return left;
		if (from > fromHeight) left.push({ ...range, fromHeight, toHeight: Math.min(range.toHeight, from - 1) });
		fromHeight = Math.max(fromHeight, to + 1);
	}
	return fromHeight > range.toHeight ? left : [...left, { ...range, fromHeight }];
}
