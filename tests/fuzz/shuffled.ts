import { dice } from "../../packages/tracer/src/oracle/account-worlds.test-util.js";

/** A list in another order, by a number; 0 leaves it. */
export function shuffled<T>(list: readonly T[], by: number): T[] {
	if (by === 0) return [...list];
	const d = dice(by);
	return list
		.map((item) => [d(1_000_000), item] as const)
		.sort(([a], [b]) => a - b)
		.map(([, item]) => item);
}
