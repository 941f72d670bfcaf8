import { canonicalJson } from "@clew/core";
import { memoryLedger, TEST_CHAIN, testAccount, testTransfer } from "@clew/core/testing";
import { beforeAll, describe, expect, it } from "vitest";
import { buildResult, defaultRequest, ledgerLines, parseSeed, runTrace } from "../../../../tracer/src/index.js";
import type { Trace } from "../bundle/formats.js";
import { AccountBooks } from "./account-books.js";
import { replayAccounts } from "./accounts.js";
import { checkRules } from "./check-rules.js";
import { checkLedgerForms } from "./ledger-forms.js";
import { type LedgerAccount, type LedgerStop, type Ledgers, type LedgerTransaction, type LedgerTransfer, parseLedgers } from "./ledgers.js";
import { type OutputQuestion, replayOutputs } from "./outputs.js";
import type { SeedSpec } from "./replayed.js";
import { seedsOf } from "./seeds.js";

type Leaf = Trace["leaves"][number];
type Arrivals = NonNullable<Leaf["arrivals"]>;

const changed = (leaf: Leaf, change: Partial<Arrivals>) => ({ ...leaf, arrivals: { ...(leaf.arrivals as Arrivals), ...change } });
const NONE: Ledgers = { accounts: [], transfers: [], stops: [], transactions: [], blocks: [] };
const seed = (kind: SeedSpec["kind"], subject: string): SeedSpec => ({ kind, subject, since: 0, marks: new Map() });

describe("ledgers", () => {
	let [trace, lines] = [{} as Trace, [] as readonly string[]];
	beforeAll(async () => {
		const source = memoryLedger([testTransfer([1, 0, 1], 0, 1, 10n), testTransfer([2, 0, 1], 1, 2, 6n), testTransfer([3, 0, 1], 1, 3, 4n)]);
		const run = await runTrace(defaultRequest(TEST_CHAIN, [parseSeed(`account:${testAccount(1)}`, TEST_CHAIN)]), { source });
		trace = JSON.parse(canonicalJson(await buildResult(run, source, { id: "c", title: "t", cutoff: 3, sources: [] }))) as Trace;
		lines = ((await ledgerLines(run, source)) ?? []).map(canonicalJson);
	});
	const differences = (told: readonly string[]) => {
		const found: string[] = [];
		const checked = checkRules(told, trace, (where, what) => found.push(`${where}: ${what}`));
		return { found, checked };
	};

	it("from which every rule gives the trace are what it says", () => {
		expect(differences(lines)).toMatchObject({ found: [], checked: { movements: 3 } });
	});

	it("that give another trace are refused, with the first differences and how many more there are", () => {
		const { found, checked } = differences([]);
		expect(checked).toBeUndefined();
		expect(found).toHaveLength(6);
		expect(found[5]).toMatch(/^ledgers.jsonl: \d+ more differences$/);
		const less = differences(lines.map((line) => line.replace('"amount":"6"', '"amount":"5"')));
		expect(less.found.length).toBeGreaterThan(0);
		expect(less.checked).toBeUndefined();
	});

	it("name accounts, assets and transactions as their chain does, and hold no more of its coin than there is", () => {
		const [hash, account] = [trace.edges[0]?.txHash ?? "", testAccount(1)];
		const coin = `${TEST_CHAIN}/slip44:60`;
		const told = (from: string, to: string) => differences(lines.map((line) => line.replaceAll(from, to))).found.join("\n");
		expect(told(hash, hash.slice(2))).toContain(`is of transaction "${hash.slice(2)}", which is no hash as ${TEST_CHAIN} writes it`);
		expect(told(account, account.toUpperCase())).toContain(`"${account.toUpperCase()}" is no account of ${TEST_CHAIN}`);
		const own = { account: testAccount(1), since: "0.0", opening: { [coin]: "9".repeat(40), nothing: "1" } };
		const tx = { place: "1.0", txid: hash.slice(2), coinbase: false, inputs: [], outputs: [] };
		const forms: string[] = [];
		const ledgers = { ...NONE, accounts: [own], transactions: [tx, { ...tx, place: "2.0" }] };
		checkLedgerForms(TEST_CHAIN, ledgers, (what) => forms.push(what));
		expect(forms).toEqual([
			`the transaction at 2.0: transaction ${tx.txid} stands at 2.0, and at 1.0 before`,
			`"${tx.txid}" is no transaction as ${TEST_CHAIN} writes it`,
			`"${tx.txid}" is no transaction as ${TEST_CHAIN} writes it`,
			`"nothing" is no asset of ${TEST_CHAIN}`,
			`${"9".repeat(40)} of the coin of ${TEST_CHAIN} is more than there is`,
		]);
	});

	it("give when and by how many movements money came to each end point", () => {
		const [end] = trace.leaves;
		for (const change of [{ count: 2 }, { first: "1.0.1" }, { last: "3.0.1" }]) {
			const other = { ...trace, leaves: trace.leaves.map((leaf) => (leaf === end ? changed(leaf, change) : leaf)) };
			const found: string[] = [];
			checkRules(lines, other, (where, what) => found.push(`${where}: ${what}`));
			expect(found).toEqual([expect.stringMatching(/^ledgers.jsonl: end point \S+ \S+ unspent: the rules give 1 arrivals from /)]);
		}
		// Where missing money leaves it open how far money reached, no fewer than the rules give.
		const gap = { kind: "missing-inflow", account: testAccount(9), asset: "x", amount: "1", text: "" };
		const judged = (change: Partial<Arrivals>) => {
			const found: string[] = [];
			const leaves = trace.leaves.map((leaf) => (leaf === end ? changed(leaf, change) : leaf));
			const other = { ...trace, leaves, coverage: { ...trace.coverage, gaps: [gap] } } as unknown as Trace;
			return { checked: checkRules(lines, other, (_where, what) => found.push(what)), found };
		};
		expect(judged({ count: 2 }).checked?.not).toContain("numbers of arrivals");
		expect(judged({ count: 0 }).found).toEqual([expect.stringContaining("the trace says 0 arrivals")]);
	});

	it("call nothing unspent where it was not followed on: what is there in the end is what they show", () => {
		const stop = (reason: string) =>
			JSON.stringify({ stop: { account: testAccount(1), asset: "x", position: "1.0.1", reason, what: "arrival" } });
		expect(parseLedgers([stop("service")]).stops).toHaveLength(1);
		for (const reason of ["unspent", "time-window", "whatever"])
			expect(() => parseLedgers([stop(reason)])).toThrow(/line 1: \$.stop.reason: /);
	});

	it("stand in order, each line once, and of a known form", () => {
		expect(parseLedgers(lines).transfers).toHaveLength(3);
		const transfers = lines.filter((line) => line.startsWith('{"transfer"'));
		expect(() => parseLedgers([...transfers].reverse())).toThrow("line 2: 2.0.1 does not stand behind the one before");
		expect(() => parseLedgers([...transfers, transfers[2] ?? ""])).toThrow("line 4: 3.0.1 does not stand behind the one before");
		for (const odd of ["{}", '{"guess":{}}', '{"block":{},"stop":{}}', "[]"])
			expect(() => parseLedgers([odd])).toThrow("line 1: $: no line of ledgers");
	});
});

describe("a replay over accounts", () => {
	const ledger = (account: string): LedgerAccount => ({ account, since: "1.0", opening: {} });
	const pays = (position: string, from: string, to: string): LedgerTransfer => ({
		...{ position, from, to, txHash: `tx${position}` },
		...{ asset: "x", amount: "10", kind: "native" },
	});
	const transfers = [pays("1.0.1", "payer", "thief"), pays("2.0.1", "thief", "friend")];
	const play = (one: SeedSpec, accounts: readonly string[], stops: LedgerStop[] = []) =>
		replayAccounts(["fifo"], [one], { ...NONE, accounts: accounts.map(ledger), transfers, stops }, false);

	it("follows money into ledgers that are there, or to where it was not followed on", () => {
		expect([...play(seed("account", "thief"), ["thief", "friend"]).held.keys()]).toEqual(["friend x"]);
		const stop = { what: "arrival", position: "2.0.1", account: "friend", asset: "x", reason: "service" } as const;
		expect([...play(seed("account", "thief"), ["thief"], [stop]).stopped.keys()]).toEqual(["friend x service"]);
		expect([...play(seed("tx", "tx2.0.1"), ["friend"]).held.keys()]).toEqual(["friend x"]);
	});

	it("gives what somebody takes in whose ledger is not kept where that is his exchange, and nowhere else", () => {
		const given = { what: "given", position: "2.0.1", account: "thief", asset: "x", reason: "swap" } as const;
		const back = { ...pays("2.0.2", "friend", "thief"), txHash: "tx2.0.1", asset: "y" };
		// Who gives two things for one makes no exchange himself.
		const also = { ...pays("2.0.3", "thief", "other"), txHash: "tx2.0.1", asset: "z" };
		const after = (more: LedgerTransfer[], exchanges = true) =>
			replayAccounts(
				["fifo"],
				[seed("account", "thief")],
				{ ...NONE, accounts: [ledger("thief")], transfers: [...transfers, ...more], stops: [given] },
				exchanges,
			);
		expect([...after([back, also]).stopped.keys()]).toEqual(["thief x swap"]);
		const none = "2.0.1: is given in an exchange, and friend makes none with it";
		expect(() => after([also])).toThrow(none);
		expect(() => after([back, also], false)).toThrow(none);
	});

	it("refuses money that reaches an account without a ledger, marked or paid, and an account with two", () => {
		expect(() => play(seed("account", "thief"), ["thief"])).toThrow("2.0.1: tainted money reaches friend, which has no ledger");
		expect(() => play(seed("tx", "tx2.0.1"), [])).toThrow("a seed marks money of friend, which has no ledger");
		expect(() => new AccountBooks(["fifo"], [], { ...NONE, accounts: [ledger("thief"), ledger("thief")] })).toThrow(
			"thief has two ledgers",
		);
	});
});

describe("a replay over outputs", () => {
	const tx = (place: string, txid: string, inputs: LedgerTransaction["inputs"], ...values: string[]): LedgerTransaction => ({
		...{ place, txid, inputs, coinbase: txid === "coinbase" },
		outputs: values.map((value) => ({ account: "a", value })),
	});
	const question: OutputQuestion = {
		...{ rules: ["fifo"], seeds: [seed("tx", "made")], fee: "coinbase", coin: "c" },
		...{ ends: new Set<string>(), collected: new Set(["2.1.2"]) },
	};
	const made = tx("1.1", "made", [], "10");
	const spent = { outpoint: "made:0", value: "10", account: "b" };
	const play = (transactions: LedgerTransaction[], subsidy = "50") =>
		replayOutputs(question, { ...NONE, transactions, blocks: [{ height: "2", subsidy, fees: [{ txIndex: 1, fee: "2" }] }] });

	it("carries money through transactions, and fees into the coinbase of their block", () => {
		const found = play([made, tx("2.0", "coinbase", [], "52"), tx("2.1", "paid", [spent], "8")]);
		expect([...found.rows.keys()].sort()).toEqual(["1.1.0", "2.0.0", "2.1.0", "2.1.1", "2.1.2"]);
	});

	it("refuses transactions that pay more than they spend, coinbases that claim too much, and inputs of no value", () => {
		expect(() => play([made, tx("2.1", "paid", [spent], "11")])).toThrow("transaction paid pays more than it spends");
		expect(() => play([made, tx("2.1", "paid", [spent, { outpoint: "else:0" }], "8")])).toThrow(
			"the value of its input else:0 is not told",
		);
		expect(() => play([made, tx("2.0", "coinbase", [], "53"), tx("2.1", "paid", [spent], "8")])).toThrow(
			"the coinbase of block 2 claims more than its subsidy and fees",
		);
	});
});

it("a seed is one of the kinds that there are", () => {
	const of = (spec: string) => seedsOf({ chain: TEST_CHAIN, seeds: [{ spec, rows: [] }], parameters: {} } as unknown as Trace, ["fifo"]);
	expect(of(`account:${testAccount(1)}`)).toMatchObject([{ kind: "account", subject: testAccount(1) }]);
	expect(of(`transfer:0x${"A".repeat(64)}:3`)).toMatchObject([{ kind: "transfer", subject: `0x${"a".repeat(64)}`, event: 3 }]);
	expect(() => of("guess:1")).toThrow('"guess:1" is no seed');
	expect(() => of("nothing")).toThrow('"nothing" is no seed');
});
