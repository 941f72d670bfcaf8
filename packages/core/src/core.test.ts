import { fc, test } from "@fast-check/vitest";
import { describe, expect, it } from "vitest";
import { formatAmount, parseBaseUnits, parseDecimal } from "./amount.js";
import { callPath } from "./call-path.js";
import { canonicalJson } from "./canonical.js";
import {
	accountId,
	displayAddress,
	nativeAsset,
	nullAccount,
	parseAccount,
	parseAccountOn,
	parseAsset,
	parseAssetOn,
} from "./chain-family/accounts.js";
import { parseChainId } from "./chain-family/registry.js";
import { nextCustodyEntry } from "./custody.js";
import { ClewError } from "./errors.js";
import { csvLine, defang, escapeHtml, quote } from "./hostile-text.js";
import { erc20Asset, isUnknownAccount, unknownAccount, unnamedBlock } from "./ids.js";
import { median, normalizeAddress } from "./index.js";
import { mergeTransactions, type SourcedTransaction, type SourcedTransfer } from "./merge.js";
import { placeBlock } from "./placing.js";
import { after, BLOCK_TX_INDEX, comparePositions, formatPosition, type Position, parsePosition } from "./position.js";
import { testAccount } from "./testing/memory-ledger.js";
import { gapsOfTransaction } from "./transaction-gaps.js";
import type { TransferRecord } from "./transfer.js";

const CHAIN = parseChainId("eip155:1");
const hostile = fc.string({ unit: "binary" });

describe("ids", () => {
	it("checks EIP-55 checksums (the vectors of the EIP) and shows them", () => {
		for (const address of [
			"0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed",
			"0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359",
			"0xdbF03B407c01E7cD3CBea99509d93f8DDDC8C6FB",
			"0xD1220A0cf47c7B9Be7A2E6BA89F429762e7b9aDb",
		]) {
			expect(displayAddress(accountId(CHAIN, address))).toBe(address);
			expect(() => normalizeAddress(address.replace("a", "A").replace("D", "d"))).toThrow(ClewError);
			expect(normalizeAddress(address.toLowerCase())).toBe(address.toLowerCase());
		}
	});
	it("parses accounts and assets as people write them, and refuses the rest", () => {
		const a = `0x${"a".repeat(40)}`;
		expect(parseAccount(a, CHAIN)).toBe(`eip155:1:${a}`);
		expect(parseAccount(`eip155:10:${a}`, CHAIN)).toBe(`eip155:10:${a}`);
		expect([parseAsset("native", CHAIN), parseAsset(a, CHAIN), parseAsset(`eip155:10/erc20:${a}`, CHAIN)]).toEqual([
			nativeAsset(CHAIN),
			`eip155:1/erc20:${a}`,
			`eip155:10/erc20:${a}`,
		]);
		for (const bad of ["", "x", "0x12", `${a}0`, "eip155:1", `EIP:1:${a}`]) {
			expect(() => parseAccount(bad, CHAIN)).toThrow(ClewError);
			expect(() => parseAsset(bad, CHAIN)).toThrow(ClewError);
		}
	});
	it("refuses what is of another chain where only one is meant, and coins that no chain has", () => {
		const a = `0x${"a".repeat(40)}`;
		expect([parseAccountOn(CHAIN, a), parseAccountOn(CHAIN, `eip155:1:${a}`)]).toEqual([`eip155:1:${a}`, `eip155:1:${a}`]);
		expect([parseAssetOn(CHAIN, a), parseAssetOn(CHAIN, "eip155:1/slip44:60")]).toEqual([`eip155:1/erc20:${a}`, nativeAsset(CHAIN)]);
		expect(() => parseAccountOn(CHAIN, `eip155:10:${a}`)).toThrow("is on another chain than eip155:1");
		for (const other of [`eip155:10/erc20:${a}`, "eip155:10/slip44:60"])
			expect(() => parseAssetOn(CHAIN, other)).toThrow("is on another chain than eip155:1");
		expect(() => parseAsset("eip155:1/slip44:999", CHAIN)).toThrow("is not an asset");
	});
	test.prop([hostile])("never accepts junk, and quotes it harmlessly", (text) => {
		fc.pre(!/^0x[0-9a-fA-F]{40}$/.test(text));
		expect(() => parseAccount(text, CHAIN)).toThrow(ClewError);
		expect(quote(text)).toMatch(/^[\x20-\x7e]*$/);
	});
});

describe("amounts", () => {
	test.prop([fc.bigInt({ min: 0n, max: (1n << 256n) - 1n }), fc.integer({ min: 0, max: 77 })])(
		"survive the way to text and back",
		(amount, decimals) => {
			expect(parseDecimal(formatAmount(amount, decimals), decimals)).toBe(amount);
			expect(parseBaseUnits(amount.toString())).toBe(amount);
		},
	);
	it("are refused when negative, fractional, rounded, padded or too large", () => {
		for (const bad of ["-1", "1.5", "1e18", "01", "", " 1", "0x1", "1_000", (1n << 256n).toString()])
			expect(() => parseBaseUnits(bad)).toThrow(ClewError);
		for (const bad of ["1.0000001", "-1", ".5", "1.", "1,5", "NaN"]) expect(() => parseDecimal(bad, 6)).toThrow(ClewError);
		expect(parseDecimal("1.50", 6)).toBe(1_500_000n);
		expect(() => parseDecimal("1.123", 2)).toThrow(ClewError);
		expect([parseDecimal("1.12", 2), parseDecimal("7", 0), parseDecimal("0.07", 2)]).toEqual([112n, 7n, 7n]);
		const most = (1n << 256n) - 1n;
		expect([parseBaseUnits(most.toString()), parseDecimal(most.toString(), 0)]).toEqual([most, most]);
		expect(() => parseDecimal((most + 1n).toString(), 0)).toThrow(ClewError);
	});
	it("are written without a sign for nothing, and with one below it", () => {
		expect([formatAmount(0n, 2), formatAmount(-5n, 2), formatAmount(-1n, 0), formatAmount(1n, 0)]).toEqual(["0", "-0.05", "-1", "1"]);
	});
});

const position: fc.Arbitrary<Position> = fc.record({
	height: fc.integer({ min: 0, max: 2 ** 30 - 1 }),
	txIndex: fc.integer({ min: 0, max: 2 ** 14 - 1 }),
	eventIndex: fc.integer({ min: 0, max: 2 ** 16 - 2 }),
});

describe("positions", () => {
	test.prop([position, position, position])("are one total order, and survive the way to text", (a, b, c) => {
		expect(parsePosition(formatPosition(a))).toEqual(a);
		expect(Math.sign(comparePositions(a, b))).toBe(-Math.sign(comparePositions(b, a)) + 0);
		if (comparePositions(a, b) <= 0 && comparePositions(b, c) <= 0) expect(comparePositions(a, c)).toBeLessThanOrEqual(0);
		expect(comparePositions(a, after(a))).toBeLessThan(0);
	});
	it("outside their ranges are refused", () => {
		for (const edge of ["1073741823.0.0", "1.16383.0", "1.1.65535"]) expect(formatPosition(parsePosition(edge))).toBe(edge);
		for (const bad of ["1.2", "1.2.3.4", "-1.0.0", "1073741824.0.0", "1.16384.0", "1.1.65536", "a.b.c"])
			expect(() => parsePosition(bad)).toThrow(ClewError);
	});
});

describe("hostile text", () => {
	test.prop([hostile])("is harmless on a terminal, in HTML and in a spreadsheet", (text) => {
		// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what must not appear.
		expect(defang(text)).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]/);
		expect(defang(text).length).toBeLessThanOrEqual(120);
		expect(escapeHtml(text)).not.toMatch(/[<>"'`]/);
		expect(csvLine([text])).not.toMatch(/^"?[=+\-@]/);
	});
	it("of any length takes no longer than what is shown of it", () => {
		const long = "A".repeat(4_000_000);
		expect(defang(long)).toHaveLength(120);
		expect(defang(`${long}://evil.example`)).not.toContain("://");
		expect(defang(`${"a".repeat(60)}://evil.example`)).toContain("[:]//");
	});
	it("is a cell that no spreadsheet runs and every one reads, plain where it need not be", () => {
		expect(["=1+1", "+1", "-1", "@x", "\tx"].map((text) => csvLine([text]))).toEqual(
			["'=1+1", "'+1", "'-1", "'@x", "'\tx"].map((text) => `${text}\r\n`),
		);
		expect(csvLine(["a", 'b"c', "d,e", "f\ng", "1=1", ""])).toBe('a,"b""c","d,e","f\ng",1=1,\r\n');
	});
	it("is cut where it is longer than what is shown", () => {
		expect([defang("a".repeat(120)), defang("a".repeat(121))]).toEqual(["a".repeat(120), `${"a".repeat(119)}…`]);
		expect([quote("a".repeat(80)), quote("a".repeat(81))]).toEqual([`"${"a".repeat(80)}"`, `"${"a".repeat(77)}..."`]);
	});
	it("shows links dead", () => {
		expect(defang("claim at https://evil.example or www.evil.example")).toBe("claim at https[:]//evil.example or www[.]evil.example");
	});
});

/** How transactions 0 to 3 end: nobody knows of the first; the last are movements of the block itself. */
const STATUS = [{ statusMissing: true }, { status: "succeeded" }, { status: "failed" }, {}] as const;

/** The value of each transaction itself: calls of the generator may be the same movement. */
const ownValue = { kind: "native", from: testAccount(0), to: testAccount(1), asset: nativeAsset(CHAIN), amount: 1n } as const;

/**
 * What one source tells: its transfers all carry its name; a known event index is a function of the transfer, as on a chain; the receiver
 * may be missing.
 */
const facts = (source: string): fc.Arbitrary<SourcedTransaction[]> =>
	fc
		.uniqueArray(
			fc.record({
				n: fc.integer({ min: 0, max: 3 }),
				scheme: fc.constantFrom("trace" as const, "blockscout" as const, "explorer" as const),
				indexed: fc.boolean(),
				tells: fc.boolean(),
				value: fc.boolean(),
				transfers: fc.array(
					fc.record({
						kind: fc.constantFrom("token" as const, "internal" as const),
						from: fc.integer({ min: 0, max: 2 }),
						to: fc.integer({ min: 0, max: 2 }),
						amount: fc.integer({ min: 0, max: 1 }),
						known: fc.boolean(),
						named: fc.boolean(),
						step: fc.option(fc.integer({ min: 0, max: 2 })),
					}),
					{ maxLength: 5 },
				),
			}),
			{ selector: (t) => t.n, maxLength: 3 },
		)
		.map((list) =>
			list.map(({ n, scheme, indexed, tells, value, transfers }) => {
				const seen = new Set<number>();
				const paths = new Set<string>();
				const records: SourcedTransfer[] = [];
				for (const t of transfers) {
					const place = (t.kind === "token" ? 16384 : 2) + t.amount * 9 + t.from * 3 + t.to;
					if (t.known && seen.has(place)) continue;
					if (t.known) seen.add(place);
					const record = {
						kind: t.kind,
						from: testAccount(t.from),
						to: t.named || t.known ? testAccount(t.to) : unknownAccount(CHAIN),
						asset: nativeAsset(CHAIN),
						amount: BigInt(t.amount),
					};
					const isOwnCall = t.from === 0 && t.to === 1 && t.amount === 1;
					const path =
						t.kind === "internal" && t.named && !t.known && t.step !== null && !isOwnCall
							? callPath(scheme, `${place}_${t.step}`)
							: undefined;
					if (path !== undefined && paths.has(path)) continue;
					if (path !== undefined) paths.add(path);
					const told = { ...(t.known ? { eventIndex: place } : {}), ...(path === undefined ? {} : { callPath: path }) };
					records.push({ ...record, provenance: "imported", source, ...told });
				}
				if (value && n < 3) records.push({ ...ownValue, provenance: "imported", source });
				return {
					hash: n === 3 ? unnamedBlock(7) : (`0x${String(n).padStart(64, "0")}` as SourcedTransaction["hash"]),
					height: 7,
					...(n === 3 ? { txIndex: BLOCK_TX_INDEX } : indexed ? { txIndex: n } : {}),
					...(tells ? STATUS[n] : {}),
					transfers: records,
				};
			}),
		);
/** Of equal transfers to an unknown receiver it is not kept which source told of which. */
const anonymous = (t: SourcedTransfer) => (isUnknownAccount(t.to) ? { ...t, source: "" } : t);
const placed = (transactions: readonly SourcedTransaction[]) =>
	placeBlock(transactions)
		.map((tx) => ({ ...tx, transfers: tx.transfers.map((t) => ({ ...t, transfer: anonymous(t.transfer) })) }))
		.sort((a, b) => a.txIndex - b.txIndex);

describe("what several sources tell of a block", () => {
	test.prop([facts("a"), facts("b"), facts("c")], { numRuns: 2000 })(
		"merges the same in any order and grouping, and merging again changes nothing",
		(a, b, c) => {
			const left = mergeTransactions(mergeTransactions(a, b), c);
			expect(placed(mergeTransactions(c, mergeTransactions(b, a)))).toEqual(placed(left));
			expect(placed(mergeTransactions(mergeTransactions(b, c), a))).toEqual(placed(left));
			expect(placed(mergeTransactions(left, b))).toEqual(placed(left));
			expect(left.map(gapsOfTransaction)).toEqual(mergeTransactions(left, a).map(gapsOfTransaction));
			for (const tx of left) if (tx.status === "failed") expect(tx.transfers).toEqual([]);
		},
	);
	it("counts a transaction's own call once, whichever list tells of it and in any order; other calls stay", () => {
		const tx = (
			source: string,
			kind: "native" | "internal",
			to: SourcedTransfer["to"],
			amount = 1n,
			place?: number,
		): SourcedTransaction => ({
			hash: `0x${"1".repeat(64)}` as SourcedTransaction["hash"],
			height: 7,
			transfers: [
				{
					...ownValue,
					kind,
					to,
					amount,
					provenance: "imported",
					source,
					...(place === undefined ? {} : { eventIndex: place }),
				},
			],
		});
		const [receiver, unknown] = [testAccount(1), unknownAccount(CHAIN)];
		const both = (a: SourcedTransaction, b: SourcedTransaction) => {
			const told = (list: readonly SourcedTransaction[]) =>
				list.flatMap(({ transfers }) => transfers.map((t) => `${t.kind} ${t.to === receiver ? "receiver" : "other"}`));
			const found = told(mergeTransactions([a], [b])).sort();
			expect(told(mergeTransactions([b], [a])).sort()).toEqual(found);
			return found;
		};
		expect(both(tx("a", "native", receiver), tx("b", "internal", receiver))).toEqual(["native receiver"]);
		expect(both(tx("a", "native", receiver), tx("b", "internal", unknown))).toEqual(["native receiver"]);
		expect(both(tx("a", "native", unknown), tx("b", "internal", receiver))).toEqual(["native receiver"]);
		expect(both(tx("a", "native", receiver), tx("b", "internal", testAccount(2)))).toEqual(["internal other", "native receiver"]);
		expect(both(tx("a", "native", receiver), tx("b", "internal", receiver, 2n))).toEqual(["internal receiver", "native receiver"]);
		expect(both(tx("a", "native", receiver), tx("b", "internal", receiver, 1n, 5))).toEqual(["internal receiver", "native receiver"]);
	});
	describe("calls without an index", () => {
		const [x, q, v] = [testAccount(1), testAccount(2), testAccount(0)];
		const call = (from: SourcedTransfer["from"], to: SourcedTransfer["to"], path?: string, amount = 1n): TransferRecord => ({
			kind: "internal",
			from,
			to,
			asset: nativeAsset(CHAIN),
			amount,
			...(path === undefined ? {} : { callPath: path }),
		});
		const order = (...transfers: TransferRecord[]) => {
			const places = (list: TransferRecord[]) =>
				placeBlock([{ hash: unnamedBlock(1), height: 1, transfers: list }])[0]?.transfers.map(
					({ transfer: t }) => `${[x, q, v].indexOf(t.from)}${[x, q, v].indexOf(t.to)}`,
				);
			expect(places([...transfers].reverse())).toEqual(places(transfers));
			return places(transfers)?.join(" ");
		};
		it("that wait for a cycle do not begin it", () => {
			expect(order(call(x, q), call(q, x), call(x, v))).toMatch(/02$/);
			expect(order(call(x, v), call(v, x), call(v, q), call(q, testAccount(3)))).toMatch(/21 1-1$/);
		});
		it("stand as ethereum-etl, Blockscout or an explorer says, an outer one first, and steps are numbers", () => {
			for (const scheme of ["trace", "blockscout", "explorer"])
				expect(order(call(x, v, `${scheme}:2`), call(x, q, `${scheme}:9`), call(q, x, `${scheme}:10`))).toBe("02 01 10");
			expect(order(call(x, v, "trace:0_2"), call(x, q, "trace:0"), call(q, x, "trace:0_10"))).toBe("01 02 10");
			expect(order(call(x, v, "trace:1 explorer:0"), call(x, q, "trace:0 explorer:1"))).toBe("01 02");
			expect(order(call(x, v, "trace:0"), call(x, q, "explorer:1"), call(q, x, "explorer:0"))).toBe("10 02 01");
		});
		it("that ethereum-etl names are counted each, also where files tell of one of them alone", () => {
			const one = (path: string, source: string): SourcedTransaction => ({
				hash: `0x${"1".repeat(64)}` as SourcedTransaction["hash"],
				height: 7,
				transfers: [{ ...call(x, v, path), provenance: "imported", source }],
			});
			const paths = (list: readonly SourcedTransaction[]) => list[0]?.transfers.map((t) => `${t.callPath} ${t.source}`);
			const [a, b] = [one("trace:5", "a"), one("trace:0", "b")];
			expect(paths(mergeTransactions([a], [b]))).toEqual(["trace:0 b", "trace:5 a"]);
			expect(paths(mergeTransactions(mergeTransactions([b], [a]), [a]))).toEqual(["trace:0 b", "trace:5 a"]);
			expect(paths(mergeTransactions([a], [one("explorer:0_5", "c")]))).toEqual(["trace:5 explorer:0_5 a"]);
		});
	});
	it("lets money arrive before it leaves through mint and burn, whose account is in no cycle; ties are by number", () => {
		const none = nullAccount(CHAIN);
		const token = erc20Asset(CHAIN, `0x${"ab".repeat(20)}`);
		const move = (kind: "mint" | "token" | "burn", from: SourcedTransfer["from"], to: SourcedTransfer["to"], amount: bigint) => ({
			kind,
			from,
			to,
			asset: token,
			amount,
		});
		const [a, b] = [testAccount(5), testAccount(4)];
		const order = (...transfers: ReturnType<typeof move>[]) =>
			placeBlock([{ hash: unnamedBlock(1), height: 1, transfers }])[0]?.transfers.map(({ transfer: t }) => `${t.kind} ${t.amount}`);
		expect(order(move("burn", b, none, 9n), move("token", a, b, 9n), move("mint", none, a, 9n))).toEqual(["mint 9", "token 9", "burn 9"]);
		expect(order(move("token", a, b, 10n), move("token", a, b, 9n), move("token", a, b, 100n))).toEqual([
			"token 9",
			"token 10",
			"token 100",
		]);
	});
	test.prop([facts("a")])("every transfer has a place of its own", (a) => {
		for (const tx of placeBlock(a)) expect(new Set(tx.transfers.map((t) => t.eventIndex)).size).toBe(tx.transfers.length);
	});
});

describe("canonical JSON and custody", () => {
	it("follows RFC 8785, and refuses what JSON cannot hold", () => {
		expect(canonicalJson({ b: 1, a: ["é", "\u2028", "\u0007"] })).toBe('{"a":["é","\u2028","\\u0007"],"b":1}');
		expect(() => canonicalJson({ a: 1n })).toThrow();
	});
	it("chains each entry to the one before", () => {
		const first = nextCustodyEntry(undefined, "2026-01-01T00:00:00Z", "a", "b");
		expect(first).toMatchObject({ sequence: 1, previous: "0".repeat(64), hash: expect.stringMatching(/^[0-9a-f]{64}$/) });
		expect(nextCustodyEntry(first, "2026-01-01T00:00:00Z", "a", "b").hash).not.toBe(first.hash);
	});
});

test.prop([fc.array(fc.integer(), { minLength: 1 })])("the median has no more than half of the numbers on either side", (values) => {
	const middle = median(values) ?? Number.NaN;
	expect(values.filter((value) => value < middle).length * 2).toBeLessThanOrEqual(values.length);
	expect(values.filter((value) => value > middle).length * 2).toBeLessThanOrEqual(values.length);
});
