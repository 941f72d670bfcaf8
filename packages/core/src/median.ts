/** The middle of some values in ascending order, the upper one of two; undefined of none. */
export function median<T extends number | bigint>(values: readonly T[]): T | undefined {
	const sorted = [...values].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
	return sorted[sorted.length >> 1];
}
