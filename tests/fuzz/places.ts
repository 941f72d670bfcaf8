const NULL_ADDRESS = "0".repeat(40);

/** A movement as far as its place needs. */
export interface Movement {
	readonly from: string;
	readonly to: string;
	readonly asset: string;
	readonly amount: number;
	/** Where files say that a call stands, by ethereum-etl and by an explorer; several ones where they do not agree. */
	readonly paths?: { readonly etl: readonly number[]; readonly explorer: readonly number[] };
}

const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
/** Whether `one` brings its receiver what `other` pays: not itself again, nor the null address, which makes and destroys. */
const feeds = (one: Movement, other: Movement) =>
	one.from !== one.to && !one.to.endsWith(NULL_ADDRESS) && one.to === other.from && one.asset === other.asset;

/**
 * Movements of a transaction of which nobody told the places, by docs/imports.md: calls in the order that the source tells which tells most
 * of it; each after those that bring its sender the same asset; ties, and cycles, by sender, receiver, asset and amount.
 */
export function inCausalOrder<T extends Movement>(movements: readonly T[]): T[] {
	const left = [...movements].sort(
		(a, b) => compare(a.from, b.from) || compare(a.to, b.to) || compare(a.asset, b.asset) || a.amount - b.amount,
	);
	const told = toldCalls(left);
	const isTurn = (one: T) => left.every((other) => (told.get(other) ?? Infinity) >= (told.get(one) ?? -Infinity));
	return drawn(left, feeds, told, isTurn);
}

/** The order of calls by the way that tells of most. */
function toldCalls<T extends Movement>(movements: readonly T[]): ReadonlyMap<T, number> {
	const [etl, explorer] = (["etl", "explorer"] as const).map(
		(way) => new Map(movements.flatMap((one) => (one.paths?.[way].length === 1 ? [[one, one.paths[way][0] as number] as const] : []))),
	) as [Map<T, number>, Map<T, number>];
	return etl.size >= explorer.size ? etl : explorer;
}

/**
 * Which of the movements of a band stand in an order that nobody tells, by docs/tracing-rules.md: those without an index of an account that
 * pays of an asset and moves it again, unless the calls' own order is told. Nobody counts as no account, and to pay oneself as no movement.
 */
export function inUntoldOrder<T extends Movement>(band: readonly T[], isIndexed: (one: T) => boolean): ReadonlySet<T> {
	const told = toldCalls(band.filter((one) => !isIndexed(one)));
	const found = new Set<T>();
	for (const paid of band) {
		const own = band.filter(({ from, to, asset }) => from !== to && asset === paid.asset && (from === paid.from || to === paid.from));
		if (paid.from === paid.to || paid.from.endsWith(NULL_ADDRESS) || own.length < 2) continue;
		if (own.every(isIndexed) || own.every((one) => told.has(one))) continue;
		for (const one of own) if (!isIndexed(one)) found.add(one);
	}
	return found;
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
	const cause = (a: Untold, b: Untold) => a.movements.some((one) => b.movements.some((other) => feeds(one, other)));
	const told = new Map(left.flatMap((one) => (one.log === undefined ? [] : [[one, one.log] as const])));
	return drawn(left, cause, told, isTurn).map(({ hash }) => hash);
}

/**
 * Draws one after the other from a list, which is left empty: the first whose turn it is and that waits for no other; where all wait, the
 * first of a cycle that nothing outside of it keeps waiting.
 */
function drawn<T>(left: T[], cause: (one: T, other: T) => boolean, told: ReadonlyMap<T, number>, isTurn: (one: T) => boolean): T[] {
	const done: T[] = [];
	const all = [...left];
	const chain = all.filter((one) => told.has(one)).sort((a, b) => (told.get(a) as number) - (told.get(b) as number));
	const isBefore = (a: T, b: T) => a !== b && (cause(a, b) || (chain.includes(a) && chain.indexOf(a) + 1 === chain.indexOf(b)));
	const reached = new Map(all.map((one) => [one, new Set(all.filter((other) => isBefore(one, other)))]));
	for (const [between, behind] of reached) for (const own of reached.values()) if (own.has(between)) for (const one of behind) own.add(one);
	const reaches = (a: T, b: T) => reached.get(a)?.has(b) === true;
	const isFree = (one: T) => isTurn(one) && left.every((other) => other === one || !cause(other, one));
	const begins = (one: T) => isTurn(one) && left.every((other) => other === one || !reaches(other, one) || reaches(one, other));
	while (left.length > 0) {
		const next = left.find(isFree) ?? left.find(begins);
		if (next === undefined) throw new Error("nothing may go first");
		left.splice(left.indexOf(next), 1);
		done.push(next);
	}
	return done;
}
