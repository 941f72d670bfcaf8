/** The world with one thing less or simpler, in many ways, the largest steps first. */
export type Smaller<W> = (world: W) => Iterable<W>;

/**
 * Makes a world that fails as small as it gets: takes the first smaller one that still fails, until none does. Every step asks `fails`
 * again, at most `steps` times in all.
 */
export async function shrunk<W>(world: W, smaller: Smaller<W>, fails: (world: W) => Promise<boolean>, steps = 600): Promise<W> {
	let [best, left] = [world, steps];
	for (let again = true; again && left > 0; ) {
		again = false;
		for (const next of smaller(best)) {
			if (left-- <= 0) break;
			if (!(await fails(next))) continue;
			best = next;
			again = true;
			break;
		}
	}
	return best;
}

/** The list without each of its entries in turn, first without each half. */
export function* less<T>(list: readonly T[]): Generator<T[]> {
	const half = Math.floor(list.length / 2);
	if (half > 1) {
		yield list.slice(0, half);
		yield list.slice(half);
	}
	for (let n = list.length - 1; n >= 0; n--) yield [...list.slice(0, n), ...list.slice(n + 1)];
}
