import { sha256Hex } from "@clew/core";
import { beforeAll, describe, expect, it } from "vitest";
import { MerkleTree } from "../build/merkle-tree.js";
import { provenBalance } from "./balance.test-util.js";
import { ETHEREUM, type Loose, legacyTx, madeEvm, realEvm } from "./blocks.test-util.js";
import { failuresOf, jsonLine, smallBundle, smallTrace, textIn } from "./bundle.test-util.js";
import { canonical } from "./canonical.js";
import type { BalanceProof, BundleRow, Disclosure, EvmProof, Manifest } from "./formats.js";

let files: ReadonlyMap<string, Uint8Array> = new Map();
beforeAll(async () => {
	files = await smallBundle(await smallTrace());
});
const manifest = () => JSON.parse(textIn(files, "manifest.json")) as Loose<Manifest>;
const sealed = (open: object) => jsonLine({ ...open, seal: sha256Hex(canonical(open)) });

describe("a disclosure", () => {
	const { proof, rows: proven } = realEvm([0, 1, 2, 3]);
	const all = proven.map(({ edge, log }, i): BundleRow => {
		const known = { tier: "proven", why: "", ...(log === undefined ? {} : { log }) };
		return { salt: "5".repeat(64), edge: { ...edge, row: i + 1 }, known };
	});
	const tree = new MerkleTree();
	for (const row of all) tree.add(canonical(row));
	const shown = (): Loose<Disclosure> =>
		structuredClone({
			schema: "clew.disclosure/1",
			rows: [0, 1].map((index) => ({ index, row: all[index] as BundleRow, path: tree.path(index) })),
			proofs: [proof],
		}) as unknown as Loose<Disclosure>;
	const disclosed = (edit: (disclosure: Loose<Disclosure>) => unknown = () => {}) => {
		const disclosure = shown();
		edit(disclosure);
		const { seal: _, ...open } = { ...manifest(), rows: { count: String(all.length), root: tree.root() } };
		return new Map([
			["manifest.json", Buffer.from(sealed(open))],
			["disclosure.json", Buffer.from(jsonLine(disclosure))],
		]);
	};
	const header = { chain: ETHEREUM, height: 18_500_000, hash: proof.hash, by: "I know" };

	it("that is whole leads every row to the header that is trusted", async () => {
		expect(await failuresOf(disclosed())).toEqual([]);
		expect(await failuresOf(disclosed(), { headers: [header] })).toEqual([]);
	});

	it.each<[string, string, (disclosure: Loose<Disclosure>) => unknown]>([
		["rows in another order", "disclosure.json row 2: rows are not in order", ({ rows: shownRows }) => shownRows.reverse()],
		["a row of another number", "disclosure.json row 1: is numbered 1", ({ rows: [one] }) => Object.assign(one ?? {}, { index: 2 })],
		[
			"a row that was changed",
			"disclosure.json row 1: does not lead to the manifest's Merkle root",
			({ rows: [one] }) => Object.assign(one?.row.edge ?? {}, { amount: "1" }),
		],
		["a way that is too long", "disclosure.json row 1: the path is too long", ({ rows: [one] }) => one?.path.push("0".repeat(64))],
		[
			"no proof of a proven row",
			"disclosure.json row 1: claims to be proven, but no proof of block 18500000 holds",
			(disclosure) => (disclosure.proofs = []),
		],
		[
			"a proof that does not hold",
			"disclosure.json proof 1: block hash",
			({ proofs: [one] }) => Object.assign((one ?? {}) as Loose<EvmProof>, { hash: `0x${"1".repeat(64)}` }),
		],
		["nothing", "disclosure.json: $.rows", (disclosure) => (disclosure.rows = [])],
	])("with %s fails", async (_, message, edit) => {
		expect(await failuresOf(disclosed(edit))).toContainEqual(expect.stringContaining(message));
	});

	it("holds nothing else, and what it takes along is what the manifest lists", async () => {
		expect(await failuresOf(disclosed().set("notes.txt", Buffer.from("x")))).toEqual(["notes.txt: does not belong in a disclosure"]);
		expect(await failuresOf(disclosed().set("verify.mjs", Buffer.from("x")))).toEqual([
			"verify.mjs: does not hash to what the manifest says",
		]);
		expect(await failuresOf(disclosed().set("verify.mjs", Buffer.from(files.get("verify.mjs") ?? [])))).toEqual([]);
	});

	it("in which one row leads to a header that is trusted leads all that are proven to one", async () => {
		const legacy = legacyTx("b2".repeat(20));
		const other = madeEvm({ transactions: [legacy.raw] });
		const [{ hash } = { hash: "" }] = other.transactions;
		const fee = { ...(all[0] as BundleRow).edge, row: 1, kind: "fee", position: "5.0.0", txHash: hash, time: "1970-01-01T00:00:16Z" };
		const paid = {
			...fee,
			from: `${ETHEREUM}:0x${legacy.from}`,
			to: `${ETHEREUM}:0x${"0".repeat(40)}`,
			asset: `${ETHEREUM}/slip44:60`,
			amount: "210000",
		};
		const both = [
			{ ...(all[0] as BundleRow), edge: paid },
			{ ...(all[0] as BundleRow), edge: { ...(all[0] as BundleRow).edge, row: 2 } },
		];
		const own = new MerkleTree();
		for (const row of both) own.add(canonical(row));
		const { seal: _, ...open } = { ...manifest(), rows: { count: "2", root: own.root() } };
		const disclosure = { ...shown(), rows: both.map((row, index) => ({ index, row, path: own.path(index) })), proofs: [other, proof] };
		const two = new Map([
			["manifest.json", Buffer.from(sealed(open))],
			["disclosure.json", Buffer.from(jsonLine(disclosure))],
		]);
		expect(await failuresOf(two)).toEqual([]);
		expect(await failuresOf(two, { headers: [header] })).toEqual(["row 1: does not lead to a header that you trust"]);
	});

	it("leads to no header of another hash", async () => {
		const hash = `0x${"1".repeat(64)}`;
		expect(await failuresOf(disclosed(), { headers: [{ ...header, hash }] })).toEqual([
			`block 18500000: has hash ${proof.hash} here, but ${hash} is what I know`,
			`headers: no row leads to a header that you trust (given for ${ETHEREUM})`,
		]);
	});
});

describe("balances alone", () => {
	let proof: BalanceProof;
	beforeAll(async () => {
		proof = await provenBalance("a1".repeat(20));
	});
	const alone = (...proofs: readonly object[]) => new Map([["balances.jsonl", Buffer.from(proofs.map(jsonLine).join(""))]]);
	const header = () => ({ chain: ETHEREUM, height: 5, hash: proof.hash, by: "I know" });

	it("are proven, and lead to the header that is trusted", async () => {
		expect(await failuresOf(alone(proof))).toEqual([]);
		expect(await failuresOf(alone(proof), { headers: [header()] })).toEqual([]);
	});

	it("are refused where there is none, where one is wrong, and where something lies beside them", async () => {
		expect(await failuresOf(alone())).toEqual(["balances.jsonl: holds no balance"]);
		expect(await failuresOf(alone(proof, { ...proof, balance: "1" }))).toEqual([
			expect.stringMatching(/^balances.jsonl line 2: balance: /),
		]);
		expect(await failuresOf(alone(proof).set("notes.txt", Buffer.from("x")))).toEqual([
			"notes.txt: stands in no list of hashes: nothing of it could be checked",
		]);
	});

	it("are refused of a block that the reader knows otherwise, or does not trust", async () => {
		const hash = `0x${"1".repeat(64)}`;
		expect(await failuresOf(alone(proof), { headers: [{ ...header(), hash }] })).toContain(
			`balances.jsonl line 1: block 5 has hash ${proof.hash} here, but ${hash} is what I know`,
		);
		expect(await failuresOf(alone(proof), { headers: [{ ...header(), height: 6 }] })).toContain(
			"balances.jsonl line 1: block 5 is none whose header you trust",
		);
		expect(await failuresOf(alone(proof), { headers: [{ ...header(), chain: "eip155:10" }] })).toEqual([
			"headers: no row leads to a header that you trust (given for eip155:10)",
		]);
	});

	it("carry neither signature nor time stamp", async () => {
		expect(await failuresOf(alone(proof), { keys: ["1".repeat(64)], timeRoots: [new Uint8Array()] })).toEqual([
			"signature: a file of balances carries none, and one was expected",
			"time stamp: a file of balances carries none, and one was expected",
		]);
	});
});
