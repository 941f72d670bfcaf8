import { mulberry32 } from "@clew/core";

/** Picks that many items, the same for the same seed: a larger sample begins with the smaller one. */
export function sample<T>(items: readonly T[], size: number, seed: number): T[] {
	const random = mulberry32(seed);
	const rest = [...items];
	const picked: T[] = [];
	while (rest.length > 0 && picked.length < size) picked.push(...rest.splice(random() % rest.length, 1));
	return picked;
}
