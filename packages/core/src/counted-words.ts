/** A number with its noun, which is given in the singular and has a plural in s: `1 row`, `2 rows`. */
export function countOf(n: number, noun: string): string {
	return `${n} ${noun}${n === 1 ? "" : "s"}`;
}
