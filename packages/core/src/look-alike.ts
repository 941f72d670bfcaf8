/** How many leading and trailing characters two addresses share; what all addresses begin with (`0x`, `bc1`) is left out. */
export function sharedEnds(a: string, b: string): { readonly start: number; readonly end: number } {
	const [x, y] = [a.replace(PREFIX, ""), b.replace(PREFIX, "")];
	let [start, end] = [0, 0];
	while (start < x.length && x[start] === y[start]) start++;
	while (end < x.length && end < y.length && x[x.length - 1 - end] === y[y.length - 1 - end]) end++;
	return { start, end };
}

const PREFIX = /^(0x|bc1[qp]|tb1[qp]|bcrt1[qp])/;

/** True when two different addresses share at least `each` characters at both ends and `together` at the two: one could be taken for the other. */
export function sharesEnds(a: string, b: string, each: number, together: number): boolean {
	const { start, end } = sharedEnds(a, b);
	return a !== b && start >= each && end >= each && start + end >= together;
}
