import { nativeAsset } from "../chain-family/accounts.js";
import { ETHEREUM } from "../chain-family/evm/chains.js";
import type { Coverage, Label } from "../claims.js";
import type { ChainEvent } from "../event.js";
import { groupBy } from "../group-by.js";
import { type AccountId, type AssetId, type ChainId, trustedAccountId } from "../ids.js";
import type { BlockGap, DerivedBalance, LedgerReader, Shortfall } from "../ports/ledger-reader.js";
import { after, comparePositions, type Position } from "../position.js";
import { COVERED_KINDS, type Transfer, type TransferKind } from "../transfer.js";

/** The chain of every made-up transfer. */
export const TEST_CHAIN: ChainId = ETHEREUM;
const DEFAULT_PAGE = 500;
const SECONDS_PER_BLOCK = 12;

/** Account number n: the same address everywhere. */
export function testAccount(n: number): AccountId {
	return trustedAccountId(TEST_CHAIN, `0x${(n + 1).toString(16).padStart(40, "0")}`);
}

/** A made-up transfer; `at` is [height, txIndex, eventIndex], missing parts 0. */
export function testTransfer(
	at: readonly number[],
	from: number,
	to: number,
	amount: bigint,
	rest: { kind?: TransferKind; asset?: AssetId } = {},
): Transfer {
	const [height = 0, txIndex = 0, eventIndex = 0] = at;
	return {
		chain: TEST_CHAIN,
		position: { height, txIndex, eventIndex },
		txHash: `0x${height.toString(16).padStart(32, "0")}${txIndex.toString(16).padStart(32, "0")}` as Transfer["txHash"],
		from: testAccount(from),
		to: testAccount(to),
		asset: rest.asset ?? nativeAsset(TEST_CHAIN),
		amount,
		kind: rest.kind ?? "native",
		provenance: "imported",
		source: "test",
	};
}

/** What a memory ledger knows besides transfers. Without `coverage` every account counts as fetched. */
export interface MemoryLedgerOptions {
	readonly labels?: readonly Label[];
	readonly contracts?: ReadonlySet<AccountId>;
	readonly coverage?: (account: AccountId) => readonly Coverage[];
	readonly gaps?: readonly BlockGap[];
	/** When block 0 was made, in seconds; 0 if not said. */
	readonly startsAt?: number;
	/** Heights whose time nobody knows. */
	readonly timeless?: ReadonlySet<number>;
	/** True where the case derived the places of all transfers. */
	readonly derived?: boolean;
	/** In position order. */
	readonly events?: readonly ChainEvent[];
	/** What accounts had at the end of heights, ascending by height. */
	readonly openings?: readonly Opening[];
}

interface Opening {
	readonly account: AccountId;
	readonly asset: AssetId;
	readonly height: number;
	readonly amount: bigint;
}

const EVERYTHING: Coverage = {
	chain: TEST_CHAIN,
	fromHeight: 0,
	toHeight: 2 ** 30 - 1,
	kinds: COVERED_KINDS,
	source: "test",
	note: "",
};

/** A ledger source over an array, in any order: the simplest thing that fulfils the port. */
export function memoryLedger(transfers: readonly Transfer[], options: MemoryLedgerOptions = {}): LedgerReader {
	const sorted = [...transfers].sort((a, b) => comparePositions(a.position, b.position));
	const byAccount = new Map<AccountId, Transfer[]>();
	for (const t of sorted) {
		for (const account of new Set([t.from, t.to])) {
			const own = byAccount.get(account);
			if (own) own.push(t);
			else byAccount.set(account, [t]);
		}
	}
	const byHash = groupBy(sorted, ({ txHash }) => txHash);
	const ledgerOf = (account: AccountId): readonly Transfer[] => byAccount.get(account) ?? [];
	const from = (list: readonly Transfer[], position: Position) => list.slice(firstAtOrAfter(list, position));
	return {
		async ledger(account, position, limit) {
			const list = ledgerOf(account);
			const start = firstAtOrAfter(list, position);
			return list.slice(start, start + limit);
		},
		async scan(_, position, limit) {
			const start = firstAtOrAfter(sorted, position);
			return sorted.slice(start, start + limit);
		},
		async ledgerBefore(account, before, limit) {
			return upTo(ledgerOf(account), before, limit);
		},
		async scanBefore(_, before, limit) {
			return upTo(sorted, before, limit);
		},
		async size() {
			return sorted.length;
		},
		async balancesBefore(account, before) {
			const openings = (options.openings ?? []).filter((one) => one.account === account && one.height < before.height);
			return replay(account, openings, ledgerOf(account), before);
		},
		async transaction(_, hash) {
			return byHash.get(hash) ?? [];
		},
		async derivedEvents(_, hash) {
			return options.derived ? (byHash.get(hash) ?? []).map(({ position }) => position.eventIndex) : [];
		},
		async transferAt(_, position) {
			const found = sorted[firstAtOrAfter(sorted, position)];
			return found !== undefined && comparePositions(found.position, position) === 0 ? found : undefined;
		},
		async profile(account, countCap) {
			return {
				labels: (options.labels ?? []).filter((label) => label.account === account),
				isContract: options.contracts?.has(account) ?? false,
				coverage: options.coverage?.(account) ?? [EVERYTHING],
				transfers: Math.min(countCap, ledgerOf(account).length),
			};
		},
		async events(_, kind, position, limit) {
			const list = options.events ?? [];
			return list.filter((event) => event.kind === kind && comparePositions(event.position, position) >= 0).slice(0, limit);
		},
		async eventsOfTransaction(_, { height, txIndex }) {
			return (options.events ?? []).filter(({ position }) => position.height === height && position.txIndex === txIndex);
		},
		async eventsByKey(key) {
			return (options.events ?? []).filter((event) => event.key === key);
		},
		async blockGaps() {
			return options.gaps ?? [];
		},
		async openingBalance(account, asset, height) {
			return options.openings?.find((one) => one.account === account && one.asset === asset && one.height === height)?.amount;
		},
		async header(_, height) {
			return options.timeless?.has(height) ? undefined : { height, time: (options.startsAt ?? 0) + height * SECONDS_PER_BLOCK };
		},
		async asset(asset) {
			return { asset, decimals: 0, symbol: "unit" };
		},
		async transfersOf(account, query) {
			const limit = query.limit ?? DEFAULT_PAGE;
			const start: Position = query.cursor ?? { height: query.fromHeight ?? 0, txIndex: 0, eventIndex: 0 };
			const page = from(ledgerOf(account), start)
				.filter((t) => query.direction !== "out" || t.from === account)
				.filter((t) => query.direction !== "in" || t.to === account)
				.filter((t) => query.asset === undefined || t.asset === query.asset)
				.filter((t) => query.toHeight === undefined || t.position.height <= query.toHeight)
				.slice(0, limit);
			const last = page[page.length - 1];
			return { transfers: page, next: last === undefined || page.length < limit ? undefined : after(last.position) };
		},
	};
}

function firstAtOrAfter(list: readonly Transfer[], position: Position): number {
	let low = 0;
	let high = list.length;
	while (low < high) {
		const middle = (low + high) >> 1;
		if (comparePositions((list[middle] as Transfer).position, position) < 0) low = middle + 1;
		else high = middle;
	}
	return low;
}

/** The last before a position, newest first. */
function upTo(list: readonly Transfer[], before: Position, limit: number): Transfer[] {
	const end = firstAtOrAfter(list, before);
	return list.slice(Math.max(0, end - limit), end).reverse();
}

function replay(account: AccountId, openings: readonly Opening[], list: readonly Transfer[], before: Position): DerivedBalance[] {
	const balances = new Map<AssetId, { amount: bigint; shortfall: bigint; shortfalls: Shortfall[]; from: number }>();
	for (const { asset, height, amount } of openings) balances.set(asset, { amount, shortfall: 0n, shortfalls: [], from: height });
	for (const t of list) {
		if (comparePositions(t.position, before) >= 0) break;
		if (t.from === t.to) continue;
		const balance = balances.get(t.asset) ?? { amount: 0n, shortfall: 0n, shortfalls: [], from: -1 };
		balances.set(t.asset, balance);
		if (t.position.height <= balance.from) continue;
		if (t.to === account) balance.amount += t.amount;
		else if (t.amount <= balance.amount) balance.amount -= t.amount;
		else {
			balance.shortfall += t.amount - balance.amount;
			balance.shortfalls.push({ at: t.position, amount: t.amount - balance.amount });
			balance.amount = 0n;
		}
	}
	return [...balances].map(([asset, { amount, shortfall, shortfalls }]) => ({ asset, amount, shortfall, shortfalls }));
}
