/** How many leading and trailing characters two addresses share; what all addresses begin with (`0x`, `bc1`) is left out. */
export function sharedEnds(a: string, b: string): { readonly start: number; readonly end: number } {
	const [x, y] = [a.replace(PREFIX, ""), b.replace(PREFIX, "")];
	let [start, end] = [0, 0];
	while (start < x.length && x[start] === y[start]) start++;
	while (end < x.length && end < y.length && x[x.length - 1 - end] === y[y.length - 1 - end]) end++;
	return { start, end };
}

/** What all addresses of a kind begin with: nobody compares it. Base58 ones have a version's character. */
const PREFIX = /^(0x|bc1[qp]|tb1[qp]|bcrt1[qp]|[13mn2](?=[1-9A-HJ-NP-Za-km-z]{24,}$))/;

/** How many characters two addresses share before one could be taken for the other. */
export interface LookAlike {
	/** At each end, where they share both. */
	readonly each: number;
	/** At both ends together. */
	readonly together: number;
	/**
	 * At one end alone, whatever the other is: who compares only one end is misled by that. A run of one character counts once: addresses with
	 * many zeros are made to be cheap.
	 */
	readonly oneEnd: number;
}

/** True when two different addresses share that many characters at both ends, or at one: one could be taken for the other. */
export function sharesEnds(a: string, b: string, { each, together, oneEnd }: LookAlike): boolean {
	const { start, end } = sharedEnds(a, b);
	if (a === b) return false;
	if (start >= each && end >= each && start + end >= together) return true;
	const digits = a.replace(PREFIX, "");
	const telling = (shared: string) => shared.length - Math.max(0, (/^(.)\1*/.exec(shared)?.[0].length ?? 0) - 1);
	const fromEnd = [...digits].reverse().join("");
	return telling(digits.slice(0, start)) >= oneEnd || telling(fromEnd.slice(0, end)) >= oneEnd;
}
