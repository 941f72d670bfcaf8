import { describe, expect, it } from "vitest";
import { nullAccount } from "./chain-family/accounts.js";
import { isKeyless, SCRIPT_TYPES, type ScriptType } from "./chain-family/bitcoin/address.js";
import { MAX_MONEY } from "./chain-family/bitcoin/networks.js";
import { outputPages, transactionAt, transactionPages } from "./ports/output-reader.js";
import { TEST_UTXO_CHAIN, testAddress, testTxid, testUtxo } from "./testing/memory-outputs.js";
import {
	checkUtxoRecord,
	feeOf,
	inputValue,
	type OutputFacts,
	type OutputPlace,
	outputKey,
	ownerOf,
	parseOutpoint,
	placeKey,
	placeOf,
	spenderOf,
	tellsVersion,
	type UtxoRecord,
	type UtxoTransaction,
	withPrevious,
} from "./utxo.js";

const facts = (value: bigint, scriptType: ScriptType = "p2wpkh", account = testAddress(1)): OutputFacts => ({ value, account, scriptType });
const txAt = (height: number, txIndex: number) => ({ height, txIndex }) as UtxoTransaction;

describe("places of outputs", () => {
	it("are numbers that sort like them, and can be read back", () => {
		const places = [0, 1, 2].flatMap((height) => [0, 1, 16_383].map((txIndex) => ({ height, txIndex })));
		const keys = places.map(placeKey);
		expect([...keys].sort((a, b) => a - b)).toEqual(keys);
		expect(keys.map(placeOf)).toEqual(places);
		const outputs = [
			{ height: 1, txIndex: 1, index: 0 },
			{ height: 1, txIndex: 1, index: 65_535 },
			{ height: 1, txIndex: 2, index: 0 },
		].map(outputKey);
		expect([...new Set(outputs)].sort((a, b) => a - b)).toEqual(outputs);
	});

	it("are read page by page, each once and none left out, whatever fills the last page", async () => {
		for (const count of [0, 999, 1_000, 1_001, 2_000]) {
			const all: OutputPlace[] = Array.from({ length: count }, (_, index) => ({ height: 1, txIndex: 0, index }));
			const read = async (from: OutputPlace, limit: number) => all.filter((place) => outputKey(place) >= outputKey(from)).slice(0, limit);
			const found: OutputPlace[] = [];
			// A page that is not full is the last: nothing is asked behind it.
			let pages = 0;
			for await (const page of outputPages(read, (place) => place)) {
				found.push(...page);
				pages++;
			}
			expect([found, pages]).toEqual([all, Math.floor(count / 1_000) + 1]);
			const transactions = all.map(({ index }) => txAt(1 + Math.floor(index / 700), index % 700));
			const source = {
				utxoTransactions: async (_: unknown, from: { height: number; txIndex: number }, limit: number) =>
					transactions.filter((tx) => placeKey(tx) >= placeKey(from)).slice(0, limit),
			};
			const told: UtxoTransaction[] = [];
			for await (const page of transactionPages(source, TEST_UTXO_CHAIN, { height: 0, txIndex: 0 })) {
				told.push(...page);
				pages--;
			}
			expect([told, pages]).toEqual([transactions, 0]);
		}
	});

	it("hold the transaction that stands exactly there, and no later one", async () => {
		const source = { utxoTransactions: async () => [txAt(5, 2)] };
		expect(await transactionAt(source, TEST_UTXO_CHAIN, { height: 5, txIndex: 2 })).toEqual(txAt(5, 2));
		expect(await transactionAt(source, TEST_UTXO_CHAIN, { height: 5, txIndex: 1 })).toBeUndefined();
		expect(await transactionAt(source, TEST_UTXO_CHAIN, undefined)).toBeUndefined();
		expect(await transactionAt({ utxoTransactions: async () => [] }, TEST_UTXO_CHAIN, { height: 5, txIndex: 2 })).toBeUndefined();
	});

	it("are named as people write them, up to the most outputs that a transaction has", () => {
		expect(parseOutpoint(`${"A".repeat(64)}:65535`)).toEqual({ txid: "a".repeat(64), vout: 65_535 });
		for (const bad of [
			`${"a".repeat(64)}:65536`,
			`${"a".repeat(63)}:0`,
			`${"a".repeat(64)}`,
			`${"a".repeat(64)}:-1`,
			`x${"a".repeat(64)}:0`,
		])
			expect(() => parseOutpoint(bad), bad).toThrow();
	});
});

describe("whose an output is", () => {
	it("is nobody's where no key guards it, or no account is named", () => {
		expect(SCRIPT_TYPES.filter((type) => isKeyless(type))).toEqual(["op_return", "witness_unknown", "anchor", "keyless"]);
		expect(ownerOf(facts(1n))).toBe(testAddress(1));
		expect(ownerOf(facts(1n, "keyless"))).toBeUndefined();
		expect(ownerOf(facts(1n, "p2wpkh", nullAccount(TEST_UTXO_CHAIN)))).toBeUndefined();
	});

	it("is no spender's who signed nothing, or of whom nothing is told", () => {
		expect(spenderOf({ previous: facts(1n), signed: "all-inputs" })).toBe(testAddress(1));
		expect(spenderOf({ previous: facts(1n) })).toBe(testAddress(1));
		expect(spenderOf({ previous: facts(1n), signed: "nothing" })).toBeUndefined();
		expect(spenderOf({ signed: "all-inputs" })).toBeUndefined();
		expect(spenderOf({ previous: facts(1n, "anchor") })).toBeUndefined();
	});
});

describe("values of a transaction", () => {
	const tx = (coinbase: boolean, inputs: readonly { previous?: OutputFacts }[], values: readonly bigint[]) =>
		({ coinbase, inputs, outputs: values.map((value) => facts(value)) }) as unknown as UtxoTransaction;

	it("leave a fee, unless it is new coins or an input's value is not known", () => {
		expect(feeOf(tx(false, [{ previous: facts(6n) }, { previous: facts(4n) }], [3n, 5n]))).toBe(2n);
		expect(feeOf(tx(false, [{ previous: facts(6n) }, {}], [3n]))).toBeUndefined();
		expect(feeOf(tx(true, [], [3n]))).toBeUndefined();
		expect([inputValue([]), inputValue([{}])]).toEqual([0n, undefined]);
	});

	it("are told by its version or its locktime, either", () => {
		expect([
			tellsVersion({ version: 0, locktime: 0 }),
			tellsVersion({ version: 1, locktime: 0 }),
			tellsVersion({ version: 0, locktime: 1 }),
			tellsVersion({ version: 2, locktime: 9 }),
		]).toEqual([false, true, true, true]);
	});

	it("of spent outputs are added where a source tells them, and nothing else changes", () => {
		const block = {
			header: { height: 1, time: 0 },
			transactions: [
				testUtxo(
					3,
					[1, 1],
					[
						[1, 0],
						[2, 1],
					],
					[[1, 5n]],
				),
			],
		};
		expect(withPrevious(block, new Map())).toBe(block);
		const found = withPrevious(block, new Map([[`${testTxid(2)}:1`, facts(9n)]]));
		expect(found.transactions[0]?.inputs).toEqual([
			block.transactions[0]?.inputs[0],
			{ ...block.transactions[0]?.inputs[1], previous: facts(9n) },
		]);
	});
});

describe("a transaction that consensus refuses is refused, and its lawful neighbour is not", () => {
	const good = testUtxo(
		9,
		[7, 1],
		[
			[1, 0],
			[1, 1],
		],
		[
			[1, 5n],
			[2, 0n],
		],
	);
	const spending = (...values: readonly bigint[]) => ({
		...good,
		inputs: good.inputs.map((input, i) => ({ ...input, previous: facts(values[i] ?? 0n) })),
	});
	const inputs = (count: number) => Array.from({ length: count }, (_, vout) => ({ outpoint: { txid: testTxid(1), vout }, sequence: 0 }));
	const outputs = (...values: readonly bigint[]) => values.map((value) => facts(value));
	const cases: readonly (readonly [what: string, lawful: UtxoRecord, refused: UtxoRecord, words: RegExp])[] = [
		["without outputs", good, { ...good, outputs: [] }, /has no output/],
		["without inputs", { ...good, coinbase: true, inputs: [] }, { ...good, inputs: [] }, /has no input/],
		[
			"of too many inputs",
			{ ...good, inputs: inputs(65_535) },
			{ ...good, inputs: inputs(65_536) },
			/has more than 65535 inputs or outputs/,
		],
		[
			"of too many outputs",
			{ ...good, outputs: outputs(...Array.from({ length: 65_535 }, () => 0n)) },
			{ ...good, outputs: outputs(...Array.from({ length: 65_536 }, () => 0n)) },
			/has more than 65535 inputs or outputs/,
		],
		["at the end of its block", { ...good, txIndex: 16_382 }, { ...good, txIndex: 16_383 }, /stands at or beyond/],
		["too high", { ...good, height: 2 ** 23 - 1 }, { ...good, height: 2 ** 23 }, /is out of range/],
		["below the first block", { ...good, height: 0 }, { ...good, height: -1 }, /is out of range/],
		["between two blocks", { ...good, height: 1 }, { ...good, height: 1.5 }, /is out of range/],
		["that pays less than nothing", { ...good, outputs: outputs(0n) }, { ...good, outputs: outputs(-1n) }, /an output of -1 satoshi/],
		[
			"that pays more than there is",
			{ ...good, outputs: outputs(MAX_MONEY) },
			{ ...good, outputs: outputs(MAX_MONEY + 1n) },
			/an output of/,
		],
		[
			"whose sum is more than there is",
			{ ...good, outputs: outputs(MAX_MONEY - 1n, 1n) },
			{ ...good, outputs: outputs(MAX_MONEY, 1n) },
			/exceed 21 million/,
		],
		["that spends twice", good, { ...good, inputs: [...inputs(1), ...inputs(1)] }, /spends an output twice/],
		["that spends more than there is", spending(MAX_MONEY, 1n), spending(MAX_MONEY + 1n, 1n), /an input of 2100000000000001 satoshi/],
		["that pays more than it spends", spending(3n, 2n), spending(2n, 2n), /its outputs exceed its inputs by 1 satoshi/],
	];
	it.each(cases)("%s", (_, lawful, refused, words) => {
		expect(() => checkUtxoRecord(lawful)).not.toThrow();
		expect(() => checkUtxoRecord(refused)).toThrow(words);
	});

	it("new coins need no inputs that pay for them, and nobody's place in the block is the first one", () => {
		expect(() => checkUtxoRecord({ ...spending(0n, 0n), coinbase: true })).not.toThrow();
		const { txIndex: _, ...unplaced } = good;
		expect(() => checkUtxoRecord(unplaced)).not.toThrow();
	});
});
