import { changesHands, type Move } from "./account-books.js";

/** An account that in one transaction pays one asset net and gets one other, or that wraps or unwraps the native coin. */
export interface Exchanged {
	readonly pays: string;
	readonly paid: bigint;
	readonly gets: string;
	readonly got: bigint;
	/** Its movements, in order. */
	readonly legs: ReadonlySet<Move>;
	/** It is paid what it wraps after it does, or pays on what it has not got yet: what it gave ends with it. */
	readonly unordered: boolean;
	/** Where nothing comes and nothing goes: the first leg of each asset. */
	readonly opens?: ReadonlySet<Move>;
}

/** The exchange that an account makes with the movements of one transaction; undefined where it makes none. */
export function exchangeOf(account: string, moves: readonly Move[]): Exchanged | undefined {
	const own = moves.filter((t) => changesHands(t) && (t.from === account || t.to === account));
	const net = netOf(account, own);
	if (net !== undefined) {
		const legs = new Set(own.filter(({ asset }) => asset === net.pays || asset === net.gets));
		return { ...net, legs, unordered: false };
	}
	const wrapped = new Set(wrappingsOf(own).flatMap((pair) => (pair.account === account ? [pair.coin, pair.token] : [])));
	const legs = new Set(own.filter((t) => wrapped.has(t)));
	const sides = netOf(account, [...legs]);
	if (sides === undefined) {
		// Wrapped and unwrapped again: nothing comes, and nothing goes.
		const [pays, gets, third] = new Set([...legs].map(({ asset }) => asset));
		if (pays === undefined || gets === undefined || third !== undefined) return undefined;
		const opens = new Set<Move>();
		for (const asset of [pays, gets]) {
			const all = own.filter((t) => t.asset === asset);
			const mine = all.flatMap((t, i) => (legs.has(t) ? [i] : []));
			// Something else moves it between.
			if ((mine.at(-1) as number) - (mine[0] as number) >= mine.length) return { pays, paid: 0n, gets, got: 0n, legs, unordered: true };
			opens.add(all[mine[0] as number] as Move);
		}
		return { pays, paid: 0n, gets, got: 0n, legs, unordered: false, opens };
	}
	let [begun, unordered, open] = [false, false, [...legs].filter(({ asset }) => asset === sides.gets).length];
	for (const t of own) {
		if (legs.has(t)) {
			begun = true;
			if (t.asset === sides.gets) open--;
		} else if (begun)
			unordered ||= (t.to === account && t.asset === sides.pays) || (t.from === account && t.asset === sides.gets && open > 0);
	}
	return { ...sides, legs, unordered };
}

/** Less of one asset and more of one other; undefined unless it is one each. */
function netOf(account: string, moves: readonly Move[]): Omit<Exchanged, "legs" | "unordered" | "opens"> | undefined {
	const net = new Map<string, bigint>();
	for (const t of moves) net.set(t.asset, (net.get(t.asset) ?? 0n) + (t.to === account ? t.amount : -t.amount));
	const [less, more] = [[...net].filter(([, n]) => n < 0n), [...net].filter(([, n]) => n > 0n)];
	const [[pays, minus] = ["", 0n], [gets, plus] = ["", 0n]] = [less[0], more[0]];
	return less.length === 1 && more.length === 1 ? { pays, paid: -minus, gets, got: plus } : undefined;
}

/** Movements whose receiver keeps nothing: native coin that a contract wraps, and tokens that it burns as it unwraps. */
export function wrappedAway(moves: readonly Move[]): readonly Move[] {
	return wrappingsOf(moves).flatMap(({ account, coin, token }) => [coin, token].filter(({ from }) => from === account));
}

/** Native coin between an account and a token's contract, and as many units minted to it or burned of it; each movement is of one pair. */
function wrappingsOf(moves: readonly Move[]): { readonly account: string; readonly coin: Move; readonly token: Move }[] {
	const coins = new Map<string, Move[]>();
	for (const t of moves) {
		if (!t.asset.includes("/slip44:") || !changesHands(t)) continue;
		const key = `${t.from} ${t.to} ${t.amount}`;
		const same = coins.get(key);
		if (same === undefined) coins.set(key, [t]);
		else same.push(t);
	}
	return moves.flatMap((token) => {
		if ((token.kind !== "mint" && token.kind !== "burn") || token.amount === 0n) return [];
		const contract = token.asset.replace(/\/[a-z0-9]+:/, ":");
		const [account, from, to] = token.kind === "mint" ? [token.to, token.to, contract] : [token.from, contract, token.from];
		const coin = coins.get(`${from} ${to} ${token.amount}`)?.shift();
		return coin === undefined ? [] : [{ account, coin, token }];
	});
}
