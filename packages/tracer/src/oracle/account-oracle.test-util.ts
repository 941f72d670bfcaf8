import type { Rule, Transfer } from "@clew/core";
import { type OracleLabel, stoppedBy } from "./labels.test-util.js";
import { cleanPart, exchanged, inAll, markArriving, ofOrigin, type Part, type Purse, purse } from "./units.test-util.js";

/** A seed as a user names it; `limit` counts units of `asset`. */
export type OracleSeed = { readonly asset?: string; readonly limit?: number } & (
	| { readonly kind: "account"; readonly account: string; readonly since: number }
	| { readonly kind: "tx"; readonly txHash: string }
	| { readonly kind: "transfer"; readonly at: string }
);

/** A world and a question, as the oracle takes them. */
export interface OracleQuestion {
	readonly transfers: readonly Transfer[];
	readonly rules: readonly Rule[];
	readonly seeds: readonly OracleSeed[];
	readonly conversions: boolean;
	readonly until: number;
	/** Smallest arrival that is followed, by asset. */
	readonly dust: ReadonlyMap<string, number>;
	readonly serviceTransfers: number;
	readonly burned: ReadonlySet<string>;
	/** An EntryPoint of account abstraction. */
	readonly entryPoint: string | undefined;
	/** What labels say of an account, strongest first. */
	readonly labels: ReadonlyMap<string, readonly OracleLabel[]>;
	/** Heights whose time nobody knows. */
	readonly timeless: ReadonlySet<number>;
	readonly contracts: ReadonlySet<string>;
	/** Whether kinds of an account's history were fetched at a height. */
	readonly fetched: (account: string, kind: "native" | "token" | "internal", height: number) => boolean;
}

/** Amounts by rule and origin. */
export type Amounts = readonly (readonly number[])[];

/** What a trace must say; keys are made of account, asset and reason, or of a position. */
export interface OracleAnswer {
	readonly leaves: ReadonlyMap<string, { readonly amounts: Amounts; readonly arrivals: string }>;
	readonly edges: ReadonlyMap<string, Amounts>;
	readonly marks: ReadonlyMap<string, readonly number[]>;
	readonly sums: ReadonlyMap<string, Amounts>;
}

const at = (t: Transfer) => `${t.position.height}.${t.position.txIndex}.${t.position.eventIndex}`;
const kindOf = (asset: string) => (asset.includes("slip44") ? "native" : "token");
const kindsThatTell = (asset: string) => (kindOf(asset) === "native" ? (["native", "internal"] as const) : (["token"] as const));

interface Exchange {
	readonly pays: string;
	readonly paid: number;
	readonly gets: string;
	readonly got: number;
	readonly legs: readonly Transfer[];
	/** Nobody told that it had what it wrapped before it wrapped it. */
	readonly unordered?: boolean;
	done: boolean;
	/** What of the proceeds no seed marked yet, and whose the rest is. */
	proceeds: Part[];
}

/** Native coin that an account pays a token's contract, beside as many tokens minted to it; or tokens burned, and native coin paid back. */
function wrapped(
	tx: readonly Transfer[],
	entryPoint: string | undefined,
): { readonly account: string; readonly both: readonly Transfer[] }[] {
	const pairs: { account: string; both: Transfer[] }[] = [];
	const isFree = (t: Transfer) => !pairs.some(({ both }) => both.includes(t));
	for (const token of tx) {
		const [chain = "", address] = token.asset.split("/erc20:");
		const contract = `${chain}:${address}`;
		const [account, from, to] =
			token.kind === "mint" ? [token.to, token.to, contract] : token.kind === "burn" ? [token.from, contract, token.from] : [];
		const native = tx.find(
			(t) =>
				t.amount > 0n &&
				(t.kind === "native" || t.kind === "internal") &&
				t.from === from &&
				t.to === to &&
				from !== to &&
				t.from !== entryPoint &&
				t.to !== entryPoint &&
				t.amount === token.amount &&
				isFree(t),
		);
		if (account !== undefined && native !== undefined) pairs.push({ account, both: [native, token] });
	}
	return pairs;
}

/**
 * The tracing rules for accounts in the most literal way, written from docs/tracing-rules.md: every account keeps every unit that it ever
 * had, in the order of age, from the first transfer on. It shares no code with the engine, reads the whole world, and is slow.
 */
export function askAccounts(question: OracleQuestion): OracleAnswer {
	const { rules, seeds } = question;
	const transfers = [...question.transfers]
		.filter((t) => t.amount > 0n && t.position.height <= question.until)
		.sort(
			(a, b) =>
				a.position.height - b.position.height || a.position.txIndex - b.position.txIndex || a.position.eventIndex - b.position.eventIndex,
		);
	const purses = new Map<string, Purse[]>();
	const came = new Map<string, string[]>();
	const leaves = new Map<string, { amounts: number[][]; came: string[] }>();
	const edges = new Map<string, number[][]>();
	const marks = new Map<string, number[]>();
	const sums = new Map<string, number[][]>();
	/** When taint came into a ledger that had none, and ledgers that paid after heights at which nobody read what they paid. */
	const tainted = new Map<string, number>();
	const paidUnread = new Set<string>();
	const limits = seeds.map((seed) => rules.map(() => seed.limit ?? Number.POSITIVE_INFINITY));
	const zeros = () => rules.map(() => seeds.map(() => 0));
	const own = (account: string, asset: string): Purse[] => {
		const key = `${account} ${asset}`;
		const found = purses.get(key) ?? rules.map(purse);
		purses.set(key, found);
		return found;
	};
	const amountsOf = (parts: readonly Part[]) => rules.map((rule, r) => seeds.map((_, o) => ofOrigin(rule, parts[r] as Part, o)));
	const isTainted = (parts: readonly Part[]) =>
		amountsOf(parts)
			.flat()
			.some((n) => n > 0);
	const addTo = (map: Map<string, number[][]>, key: string, amounts: Amounts) =>
		map.set(
			key,
			(map.get(key) ?? zeros()).map((row, r) => row.map((n, o) => n + (amounts[r]?.[o] ?? 0))),
		);
	const book = (what: string, asset: string, parts: readonly Part[]) => addTo(sums, `${asset} ${what}`, amountsOf(parts));
	const leave = (account: string, asset: string, reason: string, amounts: Amounts, positions: readonly string[], what: string) => {
		if (amounts.flat().every((n) => n === 0)) return;
		const key = `${account} ${asset} ${reason}`;
		const leaf = leaves.get(key) ?? { amounts: zeros(), came: [] };
		leaves.set(key, {
			amounts: leaf.amounts.map((row, r) => row.map((n, o) => n + (amounts[r]?.[o] ?? 0))),
			came: [...leaf.came, ...positions],
		});
		addTo(sums, `${asset} ${what}`, amounts);
	};
	const takeOf = (account: string, asset: string, amount: number, height: number): Part[] => {
		const key = `${account} ${asset}`;
		const since = tainted.get(key) ?? height;
		for (let h = since; h <= height && tainted.has(key); h++) if (!paysSeen(account, asset, h)) paidUnread.add(key);
		const parts = own(account, asset).map((p) => p.take(amount));
		if (own(account, asset)[0]?.count() === 0) tainted.delete(key);
		return parts;
	};
	/** What an account pays at a height was read: transactions, and what a contract's code pays. */
	const paysSeen = (account: string, asset: string, height: number) =>
		question.fetched(account, kindOf(asset), height) && (!question.contracts.has(account) || question.fetched(account, "internal", height));
	/** The case holds what an account pays of an asset from a height on, and it is no contract, which pays what is not its own. */
	const paysFrom = (account: string, asset: string, height: number) =>
		!question.contracts.has(account) &&
		transfers.some((t) => t.from === account && t.asset === asset && t.position.height >= height && (t.kind === "fee" || t.to !== account));
	const cameTo = (account: string, asset: string, position: string) => {
		const key = `${account} ${asset}`;
		came.set(key, [...(came.get(key) ?? []), position]);
		if (!tainted.has(key)) tainted.set(key, Number(position.split(".")[0]));
	};
	const noteMark = (t: Transfer, origin: number, amounts: readonly number[]) => {
		if (amounts.every((n) => n === 0)) return;
		const key = `${origin} ${at(t)}`;
		marks.set(
			key,
			amounts.map((n, r) => n + (marks.get(key)?.[r] ?? 0)),
		);
		for (const [r, n] of amounts.entries()) (limits[origin] as number[])[r] = (limits[origin]?.[r] ?? 0) - n;
		addTo(
			sums,
			`${t.asset} seeded`,
			rules.map((_, r) => seeds.map((__, o) => (o === origin ? (amounts[r] ?? 0) : 0))),
		);
	};

	/** In order: whose it is, how little it is, what was fetched. */
	function stopAt(account: string, asset: string, height: number, parts: readonly Part[]): string | undefined {
		if (question.burned.has(account)) return "burned";
		if (account === question.entryPoint) return "entry-point";
		const label = stoppedBy(question.labels.get(account) ?? [], height, !question.timeless.has(height));
		if (label !== undefined) return label;
		const dealings = question.transfers.filter((t) => t.from === account || t.to === account).length;
		if (dealings >= question.serviceTransfers) return "service";
		if (rules.every((rule, r) => inAll(rule, parts[r] as Part) < (question.dust.get(asset) ?? 0))) return "dust";
		if (!question.fetched(account, kindOf(asset), height) && !paysFrom(account, asset, height)) return "unfetched";
		if (!question.fetched(account, kindOf(asset), height)) return undefined;
		if (question.contracts.has(account) && !question.fetched(account, "internal", height)) return "contract-unknown";
		return undefined;
	}

	/**
	 * An account that has less of one asset and more of one other because of the transaction, fees aside; else what it wrapped or
	 * unwrapped.
	 */
	function exchangeOf(account: string, tx: readonly Transfer[]): Exchange | undefined {
		const isGas = (t: Transfer) => t.from === question.entryPoint || t.to === question.entryPoint;
		const own = tx.filter(
			(t) => t.kind !== "fee" && t.from !== t.to && t.amount > 0n && !isGas(t) && (t.from === account || t.to === account),
		);
		const whole = netOf(account, own);
		if (whole !== undefined) return { ...whole, legs: own.filter(({ asset }) => asset === whole.pays || asset === whole.gets) };
		const legs = own.filter((t) => wrapped(tx, question.entryPoint).some((pair) => pair.account === account && pair.both.includes(t)));
		const sides = netOf(account, legs);
		if (sides === undefined) {
			// Wrapped and unwrapped again: nothing comes, and nothing goes, but where the same asset moves between its legs.
			const [pays, gets, third] = new Set(legs.map(({ asset }) => asset as string));
			if (pays === undefined || gets === undefined || third !== undefined) return undefined;
			const between = (asset: string) => {
				const all = own.filter((t) => t.asset === asset);
				const mine = legs.filter((t) => t.asset === asset).map((t) => all.indexOf(t));
				return Math.max(...mine) - Math.min(...mine) + 1 > mine.length;
			};
			const unordered = between(pays) || between(gets);
			return { pays, paid: 0, gets, got: 0, done: false, proceeds: rules.map(() => cleanPart(0)), legs, unordered };
		}
		const others = own.slice(own.indexOf(legs[0] as Transfer)).filter((t) => !legs.includes(t));
		const lastGot = legs.findLast((t) => t.asset === sides.gets) as Transfer;
		const paidLate = others.some((t) => t.to === account && t.asset === sides.pays);
		const paidOnEarly = own.slice(0, own.indexOf(lastGot)).some((t) => others.includes(t) && t.from === account && t.asset === sides.gets);
		return { ...sides, legs, unordered: paidLate || paidOnEarly };
	}

	function netOf(account: string, tx: readonly Transfer[]): Omit<Exchange, "legs"> | undefined {
		const net = new Map<string, number>();
		for (const t of tx) {
			if (t.kind === "fee" || t.from === t.to) continue;
			if (t.to === account) net.set(t.asset, (net.get(t.asset) ?? 0) + Number(t.amount));
			if (t.from === account) net.set(t.asset, (net.get(t.asset) ?? 0) - Number(t.amount));
		}
		const [less, more] = [[...net].filter(([, n]) => n < 0), [...net].filter(([, n]) => n > 0)];
		const [[pays, minus] = ["", 0], [gets, plus] = ["", 0]] = [less[0], more[0]];
		if (less.length !== 1 || more.length !== 1) return undefined;
		return { pays, paid: -minus, gets, got: plus, done: false, proceeds: [] };
	}

	function playTransaction(tx: readonly Transfer[]): void {
		const hash = tx[0]?.txHash;
		const exchanges = new Map<string, Exchange>();
		if (question.conversions)
			for (const account of new Set(tx.flatMap((t) => [t.from, t.to]))) {
				const exchange = exchangeOf(account, tx);
				if (exchange !== undefined) exchanges.set(account, exchange);
			}
		const legOf = (account: string, t: Transfer) => {
			const exchange = exchanges.get(account);
			return exchange !== undefined && exchange.unordered !== true && exchange.legs.includes(t) ? exchange : undefined;
		};
		/** What seeds of the transaction must know when it is over: how tainted it was before, and what stopped in it. */
		const before = new Map([...purses].map(([key, list]) => [key, amountsOf(list.map((p) => p.held()))] as const));
		const anyBefore = new Map([...purses].map(([key, list]) => [key, list.map((p, r) => inAll(rules[r] as Rule, p.held()))] as const));
		const rows = new Map<string, Part[]>();
		const stopped = new Map<string, { reason: string; parts: Part[]; position: string }[]>();
		const stop = (account: string, asset: string, reason: string, parts: readonly Part[], position: string) => {
			leave(account, asset, reason, amountsOf(parts), [position], "stopped");
			stopped.set(`${account} ${asset}`, [...(stopped.get(`${account} ${asset}`) ?? []), { reason, parts: [...parts], position }]);
		};
		const put = (account: string, asset: string, parts: readonly Part[], position: string) => {
			for (const [r, p] of own(account, asset).entries()) p.put(parts[r] as Part);
			if (isTainted(parts)) cameTo(account, asset, position);
		};
		const carryOut = (account: string, exchange: Exchange, t: Transfer) => {
			if (exchange.done) return;
			const nothing = exchange.paid === 0;
			const opens = exchange.legs.find(({ asset }) => asset === t.asset) === t;
			if (nothing && !opens) return;
			exchange.done = !nothing;
			// Legs are paid one by one: what is missing on the way is unknown clean money.
			for (const asset of nothing ? [t.asset] : [exchange.pays, exchange.gets]) {
				let left = own(account, asset)[0]?.count() ?? 0;
				for (const leg of exchange.legs.filter((x) => x.asset === asset)) {
					if (leg.to === account) left += Number(leg.amount);
					if (leg.from !== account) continue;
					const missing = Math.max(0, Number(leg.amount) - left);
					for (const p of own(account, asset)) p.put(cleanPart(missing));
					left += missing - Number(leg.amount);
				}
			}
			if (nothing) return;
			const paid = takeOf(account, exchange.pays, exchange.paid, t.position.height);
			const into = paid.map((part, r) => exchanged(rules[r] as Rule, part, exchange.paid, exchange.got));
			exchange.proceeds = into;
			if (isTainted(paid)) {
				addTo(edges, `${at(t)} ${account} pays`, amountsOf(paid));
				addTo(edges, `${at(t)} ${account} gets`, amountsOf(into));
				book("convertedOut", exchange.pays, paid);
				book("convertedIn", exchange.gets, into);
			}
			const reason = isTainted(into) ? stopAt(account, exchange.gets, t.position.height, into) : undefined;
			if (reason !== undefined) stop(account, exchange.gets, reason, into, at(t));
			put(account, exchange.gets, reason === undefined ? into : into.map(() => cleanPart(exchange.got)), at(t));
		};

		for (const t of tx) {
			const amount = Number(t.amount);
			if (t.kind === "fee") {
				const parts = takeOf(t.from, t.asset, amount, t.position.height);
				if (isTainted(parts)) {
					addTo(edges, at(t), amountsOf(parts));
					book("fees", t.asset, parts);
				}
				continue;
			}
			if (t.from === t.to) continue;
			const [pays, gets] = [legOf(t.from, t), legOf(t.to, t)];
			if (pays !== undefined) carryOut(t.from, pays, t);
			const taken = pays === undefined ? takeOf(t.from, t.asset, amount, t.position.height) : rules.map(() => cleanPart(amount));
			const wraps = exchanges.get(t.from);
			const given = wraps?.unordered === true && (wraps.pays === t.asset || wraps.paid === 0) && wraps.legs.includes(t) && isTainted(taken);
			if (given) leave(t.from, t.asset, "swap", amountsOf(taken), [at(t)], "stopped");
			const carried = given ? rules.map(() => cleanPart(amount)) : taken;
			const naming = seeds.map((seed, o) => [seed, o] as const).filter(([s]) => s.asset === undefined || s.asset === t.asset);
			const seeding = [
				...naming.filter(([s]) => s.kind === "transfer" && s.at === at(t)),
				...naming.filter(([s]) => s.kind === "account" && s.account === t.to && s.since <= t.position.height),
			].map(([, o]) => o);
			const markAll = (parts: readonly Part[]) => {
				const found: { origin: number; amounts: number[] }[] = [];
				let now = [...parts];
				for (const origin of seeding) {
					const results = now.map((part, r) => {
						const rule = rules[r] as Rule;
						const others = rule === "libr" || rule === "poison" ? 0 : found.reduce((sum, mark) => sum + (mark.amounts[r] ?? 0), 0);
						return markArriving(rule, part, origin, Math.min(amount - others, limits[origin]?.[r] ?? 0));
					});
					now = results.map(({ part }) => part);
					found.push({ origin, amounts: results.map(({ marked }) => marked) });
				}
				return { now, found };
			};
			if (gets !== undefined) carryOut(t.to, gets, t);
			// What was paid for with tainted money is that money.
			const paidFor = gets !== undefined && isTainted(gets.proceeds);
			const arriving = markAll(carried);
			const reason = isTainted(arriving.now) && !paidFor ? stopAt(t.to, t.asset, t.position.height, arriving.now) : undefined;
			if (reason === undefined && gets !== undefined) {
				// Its own exchange: what the other side gave ends there, and seeds mark what of the proceeds is clean.
				if (isTainted(carried)) leave(t.from, t.asset, "swap", amountsOf(carried), [at(t)], "stopped");
				if (t.asset !== gets.gets) continue;
				const { now, found } = markAll(gets.proceeds);
				gets.proceeds = now;
				for (const { origin, amounts } of found) noteMark(t, origin, amounts);
				const marked = rules.map((rule, r) => {
					const each = found.map(({ origin, amounts }) => [origin, amounts[r] ?? 0] as const).filter(([, n]) => n > 0);
					const units = each.flatMap(([origin, n]) => new Array<number>(n).fill(origin));
					if (rule === "libr" || rule === "poison") return { units: cleanPart(amount).units, claims: new Map(each) };
					return { units: [...units, ...cleanPart(amount - units.length).units], claims: new Map() };
				});
				if (!isTainted(marked)) continue;
				rows.set(at(t), marked);
				const ended = paidFor ? stopAt(t.to, t.asset, t.position.height, marked) : undefined;
				if (ended !== undefined) {
					stop(t.to, t.asset, ended, marked, at(t));
					continue;
				}
				for (const { origin, amounts } of found) for (const [r, p] of own(t.to, t.asset).entries()) p.mark(amounts[r] ?? 0, origin);
				cameTo(t.to, t.asset, at(t));
				continue;
			}
			for (const { origin, amounts } of arriving.found) noteMark(t, origin, amounts);
			if (isTainted(arriving.now)) rows.set(at(t), arriving.now);
			if (reason !== undefined) stop(t.to, t.asset, reason, arriving.now, at(t));
			if (gets === undefined) put(t.to, t.asset, reason === undefined ? arriving.now : carried.map(() => cleanPart(amount)), at(t));
		}

		for (const [origin, seed] of seeds.entries()) if (seed.kind === "tx" && seed.txHash === hash) markWhenOver(origin, seed);
		for (const [position, parts] of rows) addTo(edges, position, amountsOf(parts));

		function markWhenOver(origin: number, seed: OracleSeed): void {
			const wanted = new Map<Transfer, number[]>();
			// What an EntryPoint is paid counts as a fee does, and what it pays is nobody's gain.
			const isGas = (t: Transfer) => t.from === question.entryPoint || t.to === question.entryPoint;
			const isReceipt = (t: Transfer) => t.kind !== "fee" && t.from !== t.to && !isGas(t);
			// A contract has no surplus of the coin that it wraps, nor anybody of the tokens that it burns as it unwraps.
			const wraps = wrapped(tx, question.entryPoint).flatMap(({ account, both }) => both.filter(({ from }) => from === account));
			const isWrapping = (key: string) => wraps.some((t) => `${t.to} ${t.asset}` === key);
			const accounts = new Set(tx.filter(isReceipt).map((t) => `${t.to} ${t.asset}`));
			const net = (key: string) =>
				tx
					.filter((t) => t.kind === "fee" || t.from !== t.to)
					.reduce(
						(sum, t) =>
							sum +
							(isReceipt(t) && `${t.to} ${t.asset}` === key ? Number(t.amount) : 0) -
							(`${t.from} ${t.asset}` === key ? Number(t.amount) : 0),
						0,
					);
			const receipts = (key: string) => tx.filter((t) => isReceipt(t) && `${t.to} ${t.asset}` === key);
			const chosen = [...accounts].filter(
				(key) => net(key) > 0 && !isWrapping(key) && (seed.asset === undefined || key.endsWith(` ${seed.asset}`)),
			);
			for (const key of chosen) {
				const left = rules.map((rule, r) => {
					const taint = (parts: readonly Part[] | undefined) => {
						const part = parts?.[r] ?? cleanPart(0);
						return rule === "libr" || rule === "poison" ? ofOrigin(rule, part, origin) : inAll(rule, part);
					};
					const now = taint(purses.get(key)?.map((p) => p.held()));
					const then = rule === "libr" || rule === "poison" ? (before.get(key)?.[r]?.[origin] ?? 0) : (anyBefore.get(key)?.[r] ?? 0);
					const ended = (stopped.get(key) ?? []).reduce((sum, { parts }) => sum + taint(parts), 0);
					if (rule === "poison") return now > 0 || ended > 0 ? 0 : net(key);
					return Math.max(0, Math.min(net(key), net(key) - (now - then) - ended));
				});
				for (const t of receipts(key).reverse()) {
					const parts = rows.get(at(t)) ?? rules.map(() => cleanPart(Number(t.amount)));
					wanted.set(
						t,
						parts.map((part, r) => markArriving(rules[r] as Rule, part, origin, left[r] ?? 0).marked),
					);
					for (const [r, n] of (wanted.get(t) ?? []).entries()) left[r] = (left[r] ?? 0) - n;
				}
			}
			for (const t of tx) {
				const amounts = wanted.get(t)?.map((n, r) => Math.min(n, limits[origin]?.[r] ?? 0));
				if (amounts === undefined) continue;
				wanted.set(t, amounts);
				noteMark(t, origin, amounts);
			}
			for (const key of chosen) {
				const marked = receipts(key).filter((t) => wanted.get(t)?.some((n) => n > 0));
				const total = rules.map((_, r) => marked.reduce((sum, t) => sum + (wanted.get(t)?.[r] ?? 0), 0));
				const [first] = marked;
				if (first === undefined) continue;
				const onlyOrigin = (n: number, r: number): Part =>
					rules[r] === "libr" || rules[r] === "poison"
						? { units: [], claims: new Map(n > 0 ? [[origin, n]] : []) }
						: { units: new Array<number>(n).fill(origin), claims: new Map() };
				const reason = stopAt(first.to, first.asset, first.position.height, total.map(onlyOrigin));
				for (const t of marked) {
					const amounts = wanted.get(t) ?? [];
					const parts = rows.get(at(t)) ?? rules.map(() => cleanPart(Number(t.amount)));
					rows.set(
						at(t),
						parts.map((part, r) => markArriving(rules[r] as Rule, part, origin, amounts[r] ?? 0).part),
					);
					if (reason === undefined) {
						cameTo(t.to, t.asset, at(t));
						continue;
					}
					leave(t.to, t.asset, reason, amountsOf(amounts.map(onlyOrigin)), [at(t)], "stopped");
					stopped.set(key, [...(stopped.get(key) ?? []), { reason, parts: amounts.map(onlyOrigin), position: at(t) }]);
				}
				if (reason === undefined) for (const [r, p] of own(first.to, first.asset).entries()) p.mark(total[r] ?? 0, origin);
			}
		}
	}

	/**
	 * All that could have moved what came was read, from when the first of it came to when the last did, and then on to where the data ends
	 * for good.
	 */
	function isRead(account: string, asset: string, positions: readonly string[]): boolean {
		const came = positions.map((position) => Number(position.split(".")[0]));
		const moves = transfers.filter(
			(t) => t.asset === asset && (t.kind === "fee" ? t.from === account : t.from !== t.to && [t.from, t.to].includes(account as never)),
		);
		const heights = [...came, ...moves.map((t) => t.position.height).filter((height) => height >= Math.min(...came))];
		return kindsThatTell(asset).every((kind) => {
			let ended = false;
			for (let height = Math.min(...heights); height <= question.until; height++) {
				const read = question.fetched(account, kind, height);
				if ((!read && height <= Math.max(...heights)) || (read && ended)) return false;
				ended ||= !read;
			}
			return true;
		});
	}

	for (let i = 0; i < transfers.length; ) {
		const first = transfers[i] as Transfer;
		const tx = transfers.filter((t) => t.position.height === first.position.height && t.position.txIndex === first.position.txIndex);
		playTransaction(tx);
		i += tx.length;
	}
	for (const [key, list] of purses) {
		const [account = "", asset = ""] = key.split(" ");
		const later = question.transfers.some((t) => t.position.height > question.until && (t.from === account || t.to === account));
		const known = !paidUnread.has(key) && isRead(account, asset, came.get(key) ?? []);
		const toTheEnd = kindsThatTell(asset).every((kind) => question.fetched(account, kind, question.until));
		const reason = !known ? "unfetched" : later && toTheEnd ? "time-window" : "unspent";
		leave(account, asset, reason, amountsOf(list.map((p) => p.held())), came.get(key) ?? [], reason === "unfetched" ? "stopped" : "held");
	}
	return {
		leaves: new Map([...leaves].map(([key, leaf]) => [key, { amounts: leaf.amounts, arrivals: span(leaf.came) }])),
		edges,
		marks,
		sums,
	};
}

/** First, last and number of positions: a movement that brings several seeds' money is one. */
function span(list: readonly string[]): string {
	const positions = [...new Set(list)];
	const numbers = (p: string) => p.split(".").map(Number);
	const sorted = [...positions].sort((a, b) => {
		const [x, y] = [numbers(a), numbers(b)];
		return (x[0] ?? 0) - (y[0] ?? 0) || (x[1] ?? 0) - (y[1] ?? 0) || (x[2] ?? 0) - (y[2] ?? 0);
	});
	return `${sorted[0]} to ${sorted[sorted.length - 1]}, ${positions.length}`;
}
