import {
	type AccountId,
	type AssetId,
	addressOf,
	type Coverage,
	erc20Asset,
	formatPosition,
	nativeAsset,
	nullAccount,
	type Transfer,
	trustedAccountId,
} from "@clew/core";
import { type MemoryLedgerOptions, memoryLedger, TEST_CHAIN, testAccount, testTransfer } from "@clew/core/testing";
import { parseSeed } from "../seeds.js";
import { DEFAULT_STOP_PARAMETERS } from "../stops.js";
import { defaultRequest } from "../trace.js";
import type { OracleQuestion, OracleSeed } from "./account-oracle.test-util.js";
import { labelsByDice } from "./labels.test-util.js";

/** Numbers below n from a seed: the same for everybody. */
export type Dice = (n: number) => number;

/** A generator of Park and Miller. */
export function dice(seed: number): Dice {
	let state = (seed % 2147483646) + 1;
	return (n) => {
		state = (state * 48271) % 2147483647;
		return Math.floor((state / 2147483647) * n);
	};
}

const ETHER = nativeAsset(TEST_CHAIN);
const TOKENS = [erc20Asset(TEST_CHAIN, `0x${"ab".repeat(20)}`), erc20Asset(TEST_CHAIN, `0x${"cd".repeat(20)}`)] as const;
const ACCOUNTS = 7;
/** The account that is a contract which wraps the native coin, and its token. */
const WRAPPER = 6;
const WRAPPED = erc20Asset(TEST_CHAIN, addressOf(testAccount(WRAPPER)));
const ASSETS = [ETHER, ETHER, ETHER, TOKENS[0], TOKENS[0], TOKENS[1], WRAPPED] as const;
/** The account that is, in some worlds, an EntryPoint of account abstraction. */
const GAS = 5;
const ENTRY_POINT = trustedAccountId(TEST_CHAIN, "0x0000000071727de22e5e9d8baf0edac6f37da032");
type Naming = (account: AccountId) => AccountId;
/** Stands for the address that nobody has the key of. */
const NOBODY = -1;

/**
 * A small world with everything in it that changes a number: fees, failed payments, payments to oneself, exchanges, burns, mints,
 * contracts, services, histories that end.
 */
export interface AccountWorld {
	readonly question: Omit<OracleQuestion, "rules">;
	readonly options: MemoryLedgerOptions;
	readonly specs: readonly { readonly spec: string; readonly asset?: AssetId; readonly limit?: bigint; readonly since?: number }[];
	readonly dust: ReadonlyMap<AssetId, bigint>;
}

/** Makes a world of a number. */
export function accountWorld(seed: number): AccountWorld {
	const d = dice(seed * 7919 + 13);
	const hasEntryPoint = seed % 4 === 0;
	const made: Transfer[] = [];
	const blocks = 3 + d(7);
	for (let height = 1; height <= blocks; height++)
		for (let txIndex = 0, n = 1 + d(2); txIndex < n; txIndex++) made.push(...transaction(d, height, txIndex));
	const named = (one: AccountId) => (hasEntryPoint && one === testAccount(GAS) ? ENTRY_POINT : one);
	const transfers = made.map((t) => ({ ...t, from: named(t.from), to: named(t.to) }));
	const account = named(testAccount(d(ACCOUNTS)));
	const { labels, said } = d(3) > 0 ? { labels: [], said: [] } : labelsByDice(d, account, blocks);
	const timeless = new Set<number>(d(3) === 0 ? [1 + d(blocks)] : []);
	const [coverage, fetched] = coverageOf(d, blocks, named);
	const contracts = new Set<AccountId>(d(4) === 0 ? [named(testAccount(d(ACCOUNTS)))] : []);
	const seeds = Array.from({ length: 1 + d(3) }, () => seedOf(d, transfers, blocks, named));
	const dust = new Map<AssetId, bigint>(d(4) === 0 ? [[ASSETS[d(ASSETS.length)] as AssetId, BigInt(2 + d(5))]] : []);
	return {
		question: {
			transfers,
			seeds: seeds.map(({ oracle }) => oracle),
			conversions: d(4) > 0,
			until: d(5) === 0 ? 1 + d(blocks) : 1000,
			dust: new Map([...dust].map(([asset, n]) => [asset as string, Number(n)])),
			serviceTransfers: d(6) === 0 ? 3 + d(8) : 1000,
			burned: new Set([nullAccount(TEST_CHAIN) as string]),
			entryPoint: hasEntryPoint ? ENTRY_POINT : undefined,
			labels: new Map([[account, said]]),
			timeless,
			contracts,
			fetched,
		},
		options: { labels, contracts, coverage, timeless },
		specs: seeds.map(({ spec }) => spec),
		dust,
	};
}

function transaction(d: Dice, height: number, txIndex: number): Transfer[] {
	const sender = d(ACCOUNTS);
	const made: Transfer[] = [];
	let event = 0;
	const move = (from: number, to: number, asset: AssetId, amount: number) => {
		const address = (n: number) => (n === NOBODY ? nullAccount(TEST_CHAIN) : testAccount(n));
		event++;
		const token = from === NOBODY ? "mint" : to === NOBODY ? "burn" : "token";
		const kind = asset === ETHER ? (event === 1 ? "native" : "internal") : token;
		made.push({ ...testTransfer([height, txIndex, event], 0, 0, BigInt(amount), { asset, kind }), from: address(from), to: address(to) });
	};
	const somebody = () => (d(12) === 0 ? NOBODY : d(ACCOUNTS));
	const failed = d(8) === 0;
	if (d(3) > 0 || failed)
		made.push({ ...testTransfer([height, txIndex, 0], sender, 0, BigInt(1 + d(3)), { kind: "fee" }), to: nullAccount(TEST_CHAIN) });
	if (failed) return made;
	const asset = () => ASSETS[d(ASSETS.length)] as AssetId;
	const amount = () => (d(10) === 0 ? 0 : 1 + d(20));
	/** Wraps or unwraps, often what comes in the same transaction, and pays it on; nobody tells how calls stand among events. */
	const wrap = (who: number) => {
		const [other, n] = [d(ACCOUNTS), amount()];
		const [before, after] = [d(3) === 0, d(2) === 0];
		const wraps = d(2) === 0;
		const sides = [
			() => move(wraps ? who : WRAPPER, wraps ? WRAPPER : who, ETHER, n),
			() => move(wraps ? NOBODY : who, wraps ? who : NOBODY, WRAPPED, n),
		];
		if (before) move(other, who, wraps ? ETHER : WRAPPED, n);
		for (const side of d(3) === 0 ? sides.reverse() : sides) {
			side();
			if (after && d(2) === 0) move(who, d(ACCOUNTS), d(2) === 0 ? ETHER : WRAPPED, d(n + 1));
		}
		if (d(4) === 0) move(other, who, wraps ? ETHER : WRAPPED, n);
		if (after) move(who, d(ACCOUNTS), wraps ? WRAPPED : ETHER, n);
		if (d(4) > 0) return;
		// And back, all or a part of it.
		const back = d(3) > 0 ? n : d(n + 1);
		move(wraps ? WRAPPER : who, wraps ? who : WRAPPER, ETHER, back);
		move(wraps ? who : NOBODY, wraps ? NOBODY : who, WRAPPED, back);
		if (d(2) === 0) move(who, d(ACCOUNTS), wraps ? ETHER : WRAPPED, back);
	};
	if (d(3) === 0) {
		// An exchange, often with change, a third party, or proceeds to somebody else.
		const [pays, gets, pool] = [asset(), asset(), d(ACCOUNTS)];
		const [there, back] = [amount(), amount()];
		move(sender, pool, pays, there);
		if (d(3) === 0) move(pool, sender, pays, d(there + 1));
		move(d(3) === 0 ? d(ACCOUNTS) : pool, d(3) === 0 ? d(ACCOUNTS) : sender, gets, back);
	}
	if (d(4) === 0) wrap(d(3) === 0 ? d(ACCOUNTS) : sender);
	for (let n = d(4); n > 0; n--) {
		const from = d(3) === 0 ? somebody() : sender;
		move(from, d(8) === 0 ? from : somebody(), asset(), amount());
	}
	if (made.length === 0) move(somebody(), sender, asset(), amount());
	return made;
}

function coverageOf(d: Dice, blocks: number, named: Naming): [(account: AccountId) => readonly Coverage[], OracleQuestion["fetched"]] {
	const kinds = ["native", "token", "internal"] as const;
	const known = new Map<string, Coverage[]>();
	for (let n = 0; n < ACCOUNTS; n++) {
		const common = { chain: TEST_CHAIN, source: "s", note: "" };
		const whole = { ...common, fromHeight: 0, toHeight: 1000, kinds };
		const shape = d(8);
		const short = { ...common, fromHeight: 0, toHeight: 1 + d(blocks), kinds };
		const end = d(blocks);
		const holed = [short, { ...whole, fromHeight: end + 2, toHeight: d(2) === 0 ? 1000 : end + 2 + d(blocks) }];
		const some = { ...whole, kinds: kinds.filter(() => d(2) === 0) };
		known.set(named(testAccount(n)), shape === 0 ? [] : shape === 1 ? [short] : shape === 2 ? [some] : shape === 3 ? holed : [whole]);
	}
	const of = (account: string) => known.get(account) ?? [];
	return [of, (account, kind, height) => of(account).some((c) => c.fromHeight <= height && height <= c.toHeight && c.kinds.includes(kind))];
}

function seedOf(
	d: Dice,
	transfers: readonly Transfer[],
	blocks: number,
	named: Naming,
): { spec: AccountWorld["specs"][number]; oracle: OracleSeed } {
	const limited = d(3) === 0;
	const asset = d(4) === 0 ? (ASSETS[d(ASSETS.length)] as AssetId) : limited ? ETHER : undefined;
	const limit = limited ? 1 + d(15) : undefined;
	const spec = { ...(asset ? { asset } : {}), ...(limit === undefined ? {} : { limit: BigInt(limit) }) };
	const oracle = { ...(asset ? { asset } : {}), ...(limit === undefined ? {} : { limit }) };
	const some = transfers[d(transfers.length)] as Transfer;
	const kind = d(3);
	if (kind === 0) {
		const [account, since] = [named(testAccount(d(ACCOUNTS))), d(3) === 0 ? d(blocks) : 0];
		const address = account.split(":")[2];
		return { spec: { ...spec, spec: `account:${address}`, since }, oracle: { ...oracle, kind: "account", account, since } };
	}
	if (kind === 1) return { spec: { ...spec, spec: `tx:${some.txHash}` }, oracle: { ...oracle, kind: "tx", txHash: some.txHash } };
	const at = formatPosition(some.position);
	return { spec: { ...spec, spec: `transfer:${at}` }, oracle: { ...oracle, kind: "transfer", at } };
}

/** The world as a source, and the question as a request. Throws InputError where a seed is refused. */
export function askedOfWorld({ question, options, specs, dust }: AccountWorld) {
	const seeds = specs.map(({ spec, asset, limit, since }) =>
		parseSeed(spec, TEST_CHAIN, {
			...(asset ? { asset } : {}),
			...(limit === undefined ? {} : { amount: limit }),
			...(since === undefined ? {} : { since }),
		}),
	);
	const request = {
		...defaultRequest(TEST_CHAIN, seeds),
		dust,
		conversions: question.conversions,
		until: question.until,
		stops: { ...DEFAULT_STOP_PARAMETERS, serviceTransfers: question.serviceTransfers },
	};
	return { source: memoryLedger(question.transfers, options), request };
}
