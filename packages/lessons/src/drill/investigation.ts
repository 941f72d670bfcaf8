/** What an investigator in training found: how much of the stolen money lies at an account, in base units. */
export interface Finding {
	readonly account: string;
	readonly amount: bigint;
}

/** How findings stand to the truth of a made-up theft; amounts in base units. */
export interface Marked {
	readonly stolen: bigint;
	/** What was put where it is. */
	readonly right: bigint;
	/** What was put where none of it is, or more than is there. */
	readonly wrong: bigint;
	/** Where the money is, and how much of that was found, the most first. */
	readonly ends: readonly { readonly account: string; readonly there: bigint; readonly found: bigint }[];
	/** Accounts that were named and hold none of it: at a real desk each would be an innocent person. */
	readonly accused: readonly string[];
}

/** Marks findings against where the money is by the thief's own books. */
export function markFindings(ends: Readonly<Record<string, string>>, findings: readonly Finding[]): Marked {
	const found = new Map<string, bigint>();
	for (const { account, amount } of findings) found.set(account, (found.get(account) ?? 0n) + amount);
	const placed = Object.entries(ends).map(([account, there]) => ({ account, there: BigInt(there), found: found.get(account) ?? 0n }));
	const least = (a: bigint, b: bigint) => (a < b ? a : b);
	const sum = (amounts: Iterable<bigint>) => [...amounts].reduce((a, b) => a + b, 0n);
	const right = sum(placed.map((end) => least(end.there, end.found)));
	return {
		stolen: sum(placed.map(({ there }) => there)),
		right,
		wrong: sum(found.values()) - right,
		ends: placed.sort((a, b) => (a.there === b.there ? (a.account < b.account ? -1 : 1) : a.there > b.there ? -1 : 1)),
		accused: [...found.keys()].filter((account) => ends[account] === undefined).sort(),
	};
}
