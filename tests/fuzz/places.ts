const NULL_ADDRESS = "0".repeat(40);

/** A movement as far as its place needs. */
export interface Movement {
	readonly from: string;
	readonly to: string;
	readonly asset: string;
	readonly amount: number;
}

const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
/** Whether `one` brings its receiver what `other` pays: not itself again, nor the null address, which makes and destroys. */
const feeds = (one: Movement, other: Movement) =>
	one.from !== one.to && !one.to.endsWith(NULL_ADDRESS) && one.to === other.from && one.asset === other.asset;

/**
 * Movements of a transaction of which nobody told the places, by docs/imports.md: each after those that bring its sender the same asset;
 * ties, and cycles, by sender, receiver, asset and amount.
 */
export function inCausalOrder<T extends Movement>(movements: readonly T[]): T[] {
	const left = [...movements].sort(
		(a, b) => compare(a.from, b.from) || compare(a.to, b.to) || compare(a.asset, b.asset) || a.amount - b.amount,
	);
	return drawn(left, (one) => left.every((other) => other === one || !feeds(other, one)));
}

/** A transaction of which nobody told the index. */
export interface Untold {
	readonly hash: string;
	readonly movements: readonly Movement[];
	/** The first of its logs whose place was told. */
	readonly log?: number;
}

/**
 * Their hashes in order, by docs/imports.md: in the order of their logs where these were told, else so that money arrives before it leaves,
 * ties and cycles by hash.
 */
export function orderOfUntold(transactions: readonly Untold[]): string[] {
	const left = [...transactions].sort((a, b) => compare(a.hash, b.hash));
	const isTurn = (one: Untold) => left.every(({ log }) => log === undefined || one.log === undefined || log >= one.log);
	const waits = (one: Untold) => left.some((other) => other !== one && other.movements.some((a) => one.movements.some((b) => feeds(a, b))));
	return drawn(left, (one) => isTurn(one) && !waits(one), isTurn).map(({ hash }) => hash);
}

/** Draws one after the other from a list, which is left empty: the first that is free, and where none is, the first that `may` go. */
function drawn<T>(left: T[], isFree: (one: T) => boolean, may: (one: T) => boolean = () => true): T[] {
	const done: T[] = [];
	while (left.length > 0) {
		const next = left.find(isFree) ?? left.find(may);
		if (next === undefined) throw new Error("nothing may go first");
		left.splice(left.indexOf(next), 1);
		done.push(next);
	}
	return done;
}
