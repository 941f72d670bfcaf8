import { describe, expect, it } from "vitest";
import { BITCOIN } from "../blocks.test-util.js";
import { checkMovements, checkTime, type Movement } from "./movements.js";

const ETHEREUM = "eip155:1";
const DEV = "eip155:31337";
const ETHER = `${ETHEREUM}/slip44:60`;
const TOKEN = `${ETHEREUM}/erc20:0x${"c".repeat(40)}`;
const account = (n: number, chain = ETHEREUM) => `${chain}:0x${String(n).padStart(40, "0")}`;
const hash = (digit: string) => `0x${digit.repeat(64)}`;
const NOW = Date.parse("2026-01-01T00:00:00Z");

const NATIVE: Movement = {
	...{ position: "5.0.1", txHash: hash("a"), kind: "native" },
	...{ from: account(1), to: account(2), asset: ETHER, amount: "6" },
};
const SPENT = "d".repeat(64);
const TXID = "e".repeat(64);
const NODE = `${BITCOIN}:tx-${TXID}`;
const ADDRESS = `${BITCOIN}:1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa`;
const SATOSHI: Movement = {
	...{ position: "5.1.0", txHash: TXID, kind: "spend", from: ADDRESS, to: NODE },
	...{ asset: `${BITCOIN}/slip44:0`, amount: "6", outpoint: `${SPENT}:0` },
};

function found(chain: string, ...movements: Movement[]): string[] {
	const failures: string[] = [];
	checkMovements(
		chain,
		movements,
		(i) => `${i}`,
		(where, what) => failures.push(`${where}: ${what}`),
	);
	return failures;
}
const ether = (change: Partial<Movement>) => found(ETHEREUM, { ...NATIVE, ...change });
const bitcoin = (change: Partial<Movement>) => found(BITCOIN, { ...SATOSHI, ...change });

describe("a movement by itself", () => {
	it("that can have been is not complained of", () => {
		for (const change of [
			{},
			{ amount: `1${"0".repeat(27)}` },
			{ amount: "9".repeat(30), asset: TOKEN, kind: "token" },
			{ to: `${ETHEREUM}:unknown`, kind: "internal" },
			{ kind: "conversion", to: account(1), into: { asset: TOKEN, amount: "9" } },
		])
			expect([change, ether(change)]).toEqual([change, []]);
		const later = { asset: `${DEV}/slip44:60`, amount: "9".repeat(40) };
		expect(found(DEV, { ...NATIVE, ...later, from: account(1, DEV), to: account(2, DEV) })).toEqual([]);
		expect(found("toy:a", { ...NATIVE, from: "toy:a:x", to: "toy:a:y", asset: "toy:a/coin", kind: "burn" })).toEqual([]);
		expect(bitcoin({})).toEqual([]);
	});

	it.each<[string, string, Partial<Movement>]>([
		["a hash without its 0x", `is of transaction "${"a".repeat(64)}", which is no hash as eip155:1 writes it`, { txHash: "a".repeat(64) }],
		["a hash in capitals", "which is no hash as eip155:1 writes it", { txHash: hash("A") }],
		["an account in capitals", "which is no account of eip155:1", { to: `${ETHEREUM}:0x${"A".repeat(40)}` }],
		["an account of another chain", 'names "eip155:10:0x', { from: account(1, "eip155:10") }],
		["another chain's money", 'moves "eip155:10/slip44:60", which is no asset of eip155:1', { asset: "eip155:10/slip44:60" }],
		["an exchange into words", 'moves "100 BTC", which is no asset of eip155:1', { into: { asset: "100 BTC", amount: "1" } }],
		["an exchange into itself", `pays and gets ${ETHER}, which is no exchange`, { into: { asset: ETHER, amount: "1" } }],
		["more than there is", `of ${ETHER}, more than there is`, { amount: "9".repeat(30) }],
		["more than there is got", `of ${ETHER}, more than there is`, { asset: TOKEN, into: { asset: ETHER, amount: "9".repeat(30) } }],
		["an output", "names an output, which eip155:1 has none of", { outpoint: `${SPENT}:0` }],
	])("with %s is refused", (_, message, change) => {
		expect(ether(change)).toEqual([expect.stringContaining(message)]);
	});

	it("of Bitcoin has hashes without 0x, no exchange, and no more than 21,000,000 BTC", () => {
		const other = { txHash: `0x${TXID}`, to: `${BITCOIN}:tx-0x${TXID}` };
		expect(bitcoin(other)).toContainEqual(expect.stringContaining("which is no hash as"));
		expect(bitcoin(other)).toContainEqual(expect.stringContaining("which is no account of"));
		expect(bitcoin({ into: { asset: ETHER, amount: "1" } })).toContain(`0: is an exchange, which ${BITCOIN} has none of`);
		expect(bitcoin({ amount: "2100000000000001" })).toEqual([expect.stringContaining("more than there is")]);
	});
});

describe("a time", () => {
	it("is not before its chain, nor to come, with a day to spare, where somebody is asked to act on it", () => {
		const wrong = (time: string) => {
			const found: string[] = [];
			checkTime(time, ETHEREUM, (what) => found.push(what), NOW);
			return found.join();
		};
		for (const time of ["", "2015-07-30T15:26:13Z", new Date(NOW).toISOString()]) expect(wrong(time)).toBe("");
		expect(wrong("2009-01-01T00:00:00Z")).toContain("is of 2009-01-01T00:00:00Z, and eip155:1 began at 2015");
		expect(wrong("2999-01-01T00:00:00Z")).toContain("a time that is not yet");
		// When a development chain began is as little known as what it holds.
		const dev: string[] = [];
		checkTime("2999-01-01T00:00:00Z", DEV, (what) => dev.push(what), NOW);
		expect(dev).toEqual([]);
	});
});

describe("a kind of a movement", () => {
	const none = account(0);
	const block = { position: "5.16383.2", from: none };
	it.each<[string, Partial<Movement>]>([
		["token", { asset: TOKEN }],
		["internal", {}],
		["fee", { to: none }],
		["mint", { asset: TOKEN, from: none }],
		["mint", { asset: TOKEN, from: none, to: none }],
		["burn", { asset: TOKEN, to: none }],
		["reward", block],
		["withdrawal", block],
		["genesis", { ...block, position: "0.16383.0" }],
		["fork", { ...block, from: account(1) }],
	])("%s has its assets and parties", (kind, change) => {
		expect(ether({ ...change, kind })).toEqual([]);
	});

	it("withdrawal is a transaction on the simulated chain alone", () => {
		const chain = "eip155:424242";
		const withdrawn = { ...NATIVE, kind: "withdrawal", asset: `${chain}/slip44:60`, from: account(0, chain), to: account(1, chain) };
		expect(found(chain, withdrawn)).toEqual([]);
		expect(found(chain, { ...withdrawn, kind: "fork" })).toEqual([expect.stringContaining("in a transaction")]);
	});

	it("mint of the coin itself is there on rollups alone", () => {
		const minted = (chain: string) =>
			found(chain, { ...NATIVE, kind: "mint", asset: `${chain}/slip44:60`, from: account(0, chain), to: account(1, chain) });
		expect(minted("eip155:10")).toEqual([]);
		expect(minted(ETHEREUM)).toEqual([`0: is called mint, and moves ${ETHER}, which deposits into rollups alone mint`]);
	});

	it.each<[string, string, Partial<Movement>]>([
		...["native", "internal", "fee", "reward", "withdrawal", "genesis", "fork"].map((kind): [string, string, object] => [
			kind,
			`moves ${TOKEN}, which is not the chain's coin`,
			{ asset: TOKEN },
		]),
		...["token", "burn"].map((kind): [string, string, object] => [kind, `moves ${ETHER}, which is no token`, {}]),
		["token", "whose tokens are minted and burned", { asset: TOKEN, to: none }],
		["token", "whose tokens are minted and burned", { asset: TOKEN, from: none }],
		["burn", `goes to ${account(2)}, and not to ${none}`, { asset: TOKEN }],
		["fee", `goes to ${account(2)}, and not to ${none}`, {}],
		["mint", `comes from ${account(1)}, and not from ${none}`, { asset: TOKEN }],
		...["reward", "withdrawal", "genesis"].map((kind): [string, string, object] => [kind, `comes from ${account(1)}`, {}]),
		["genesis", "stands in block 5, and not in block 0", block],
		["fork", "stands at 5.0.1, in a transaction", {}],
		["withdrawal", "stands at 5.0.1, in a transaction", { from: none }],
		["native", "stands at 5.16383.1, in no transaction", { position: "5.16383.1" }],
		...["spend", "output", "collected-fee"].map((kind): [string, string, object] => [kind, "eip155:1 has no such movement", {}]),
	])("%s is refused where it %s", (kind, message, change) => {
		expect(ether({ ...change, kind })).toEqual([expect.stringContaining(`0: is called ${kind}, and `)]);
		expect(ether({ ...change, kind })).toEqual([expect.stringContaining(message)]);
	});

	const output = { kind: "output", from: NODE, to: ADDRESS, outpoint: `${TXID}:1` };
	const { outpoint: _, ...bare } = { ...SATOSHI, from: NODE };
	const fee: Movement = { ...bare, kind: "fee", to: `${BITCOIN}:null` };
	const collected: Movement = { ...bare, kind: "collected-fee", to: `${BITCOIN}:tx-${SPENT}` };
	it("of Bitcoin stands between an address and its transaction", () => {
		expect(bitcoin(output)).toEqual([]);
		expect(found(BITCOIN, fee)).toEqual([]);
		expect(found(BITCOIN, collected)).toEqual([]);
		for (const [message, wrong] of [
			[`${BITCOIN} has no such movement`, { kind: "native" }],
			[`goes to ${ADDRESS}, and not to its transaction`, { to: ADDRESS }],
			["spends no output of another transaction", { outpoint: `${TXID}:0` }],
			["spends no output of another transaction", { outpoint: undefined }],
			["is no output of its transaction", { ...output, outpoint: `${SPENT}:1` }],
			[`comes from ${ADDRESS}, and not from its transaction`, { ...output, from: ADDRESS }],
			["names an output, and is none", { ...fee, outpoint: `${TXID}:1` }],
			[`goes to ${ADDRESS}, and not to ${BITCOIN}:null`, { ...fee, outpoint: undefined, to: ADDRESS }],
			["which is no other transaction", { ...collected, outpoint: undefined, to: NODE }],
		] as const)
			expect([message, bitcoin(wrong)]).toEqual([message, [expect.stringContaining(message)]]);
	});
});

describe("movements together", () => {
	const at = (position: string, txHash: string): Movement => ({ ...NATIVE, position, txHash });
	it("stand where their transactions do", () => {
		expect(found(ETHEREUM, at("1.0.1", hash("a")), at("1.0.2", hash("a")), at("2.0.1", hash("b")))).toEqual([]);
		expect(found(ETHEREUM, at("1.0.1", hash("a")), at("2.0.1", hash("a")))).toEqual([
			`1: transaction ${hash("a")} stands at 2.0, and at 1.0 before`,
		]);
		expect(found(ETHEREUM, at("1.0.1", hash("a")), at("1.1.1", hash("a")))).toHaveLength(1);
		expect(found(ETHEREUM, at("1.0.1", hash("a")), at("1.0.2", hash("b")))).toEqual([
			`1: transaction ${hash("b")} stands at 1.0, where transaction ${hash("a")} stands`,
		]);
	});

	it("may be of one of the two coinbases of Bitcoin that were made twice", () => {
		const txid = "e3bf3d07d4b0375638d5f1db5255fe07ba2c4cb067cd81b84ee974b6585fb468";
		const made = { ...SATOSHI, kind: "output", txHash: txid, outpoint: `${txid}:0`, from: `${BITCOIN}:tx-${txid}`, to: ADDRESS };
		expect(found(BITCOIN, { ...made, position: "91722.0.1" }, { ...made, position: "91880.0.1" })).toEqual([]);
	});

	it("of a chain that nobody knows are written alike", () => {
		const toy = { from: "toy:a:x", to: "toy:a:y", asset: "toy:a/coin" };
		const one = { ...NATIVE, ...toy };
		expect(found("toy:a", one, { ...one, position: "6.0.1", txHash: "a".repeat(64) })).toEqual([
			`1: is of transaction ${"a".repeat(64)}, which is not written as the others are`,
		]);
	});
});
