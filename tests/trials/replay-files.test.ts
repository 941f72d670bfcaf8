import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { mustClew, scratch } from "../clew.js";
import { mined } from "../fuzz/outputs/chain.js";
import { fileWriter } from "../fuzz/outputs/files.js";
import type { FilePlan } from "../fuzz/outputs/world.js";
import { apiRow, csv, type Desk, hash, siteRow } from "./reading.js";

const folder = scratch();
const at = (...names: string[]) => join(folder, ...names);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const [PAYER, THIEF, SHOP] = ["a", "b", "d"].map((digit) => `0x${digit.repeat(40)}`) as [string, string, string];
const answer = (result: readonly unknown[]) => JSON.stringify({ status: "1", message: "OK", result });
const pays = (n: number, from: string, to: string, value: string) => apiRow(n, { from, to, value, gasPrice: "0", confirmations: "9" });
const theft = pays(10, PAYER, THIEF, "100");
const onward = pays(12, THIEF, SHOP, "60");

/** Imports files one by one, in this order, and gives what a replay of the bundle says. */
function replayed(
	name: string,
	files: Readonly<Record<string, string>>,
	labels: string,
	...options: string[]
): { said: string; place: string } {
	const place = at(name, "case.clew");
	mkdirSync(at(name, "in"), { recursive: true });
	mustClew("case", "new", place, "--title", "A theft", "--chain", "eip155:1");
	for (const [file, text] of Object.entries(files)) {
		mkdirSync(dirname(at(name, "in", file)), { recursive: true });
		writeFileSync(at(name, "in", file), text);
		mustClew("import", "etherscan", at(name, "in", file), "--case", place);
	}
	if (labels !== "") {
		writeFileSync(at(name, "in", "labels.csv"), labels);
		mustClew("label", "import", at(name, "in", "labels.csv"), "--source", "desk", "--confidence", "90", "--case", place);
	}
	mustClew("trace", "--case", place, "--seed", `tx:${hash(10)}`);
	mustClew("export", "--case", place, "--trace", "last", "--inputs", at(name, "in"), "--out", at(name, "bundle"), ...options);
	return { said: mustClew("verify", at(name, "bundle"), "--replay"), place: at(name, "bundle") };
}

/** A coinbase pays 1000, of which the next block pays 600 to an exchange. */
const STOLEN: Parameters<typeof mined>[0] = [
	{ id: 1, height: 1, index: 0, inputs: [], outputs: [{ party: 0, value: 1000 }] },
	{ id: 2, height: 2, index: 0, inputs: [], outputs: [{ party: 5, value: 1000 }] },
	{
		id: 3,
		height: 2,
		index: 1,
		inputs: [{ id: 1, vout: 0 }],
		outputs: [
			{ party: 1, value: 600 },
			{ party: 2, value: 400 },
		],
	},
];
const FAMILY = { blocks: "blocks", node: "blocks", esplora: "esplora", dumps: "csv" } as const;

/** A Bitcoin case of files in these forms, in this order, and what a replay of its bundle says. */
function replayedChain(name: string, plans: readonly Pick<FilePlan, "form" | "transactions" | "heights">[]): string {
	const chain = mined(STOLEN, "");
	const place = at(name, "case.clew");
	mkdirSync(at(name, "in"), { recursive: true });
	mustClew("case", "new", place, "--title", "A theft", "--chain", "bitcoin-regtest");
	for (const [i, plan] of plans.entries()) {
		const made: string[] = [];
		const file = (own: string, content: string | Uint8Array) => {
			writeFileSync(at(name, "in", own), content);
			made.push(at(name, "in", own));
			return at(name, "in", own);
		};
		fileWriter({ file } as Desk, chain)({ tabs: false, shuffle: 0, ...plan }, i);
		mustClew("import", FAMILY[plan.form], ...made, "--case", place);
	}
	writeFileSync(at(name, "in", "labels.csv"), `address,entity,category\n${chain.accountOf(1).split(":")[2]},Kraken,exchange\n`);
	mustClew("label", "import", at(name, "in", "labels.csv"), "--source", "desk", "--confidence", "90", "--case", place);
	mustClew("trace", "--case", place, "--seed", `tx:${chain.txidOf(3)}`);
	mustClew("export", "--case", place, "--trace", "last", "--inputs", at(name, "in"), "--out", at(name, "bundle"));
	return mustClew("verify", at(name, "bundle"), "--replay");
}

const SAME = /give the same trace, to the byte/;

it("files that are equal are replayed as those of the accounts and lists that their names tell, whichever came first", {
	timeout: 600_000,
}, () => {
	const nothing = ["txlistinternal", "tokentx"].flatMap((action) =>
		[THIEF, SHOP].map((account) => [`${action}-${account}.json`, answer([])] as const),
	);
	const lists = [
		[`txlist-${THIEF}.json`, answer([theft, onward])],
		[`txlist-${SHOP}.json`, answer([onward])],
	] as const;
	expect(replayed("equal", Object.fromEntries([...lists, ...nothing]), "").said).toMatch(SAME);
	expect(replayed("turned", Object.fromEntries([...nothing.toReversed(), ...lists]), "").said).toMatch(SAME);
	const inFolders = Object.fromEntries([...lists, ...nothing].map(([file, text]) => [file.replace("-", "/"), text]));
	expect(replayed("folders", inFolders, "").said).toMatch(SAME);
});

it("exports of one account that show each other to lack something are replayed in any order", { timeout: 600_000 }, () => {
	const site = siteRow(12, { From: THIEF, To: SHOP });
	const files = {
		[`txlist-${THIEF}.json`]: answer([theft, onward, pays(11, PAYER, THIEF, "7")]),
		[`export-${THIEF}.csv`]: csv([
			siteRow(10, { From: PAYER, To: THIEF, "Value_IN(ETH)": "0.0000000000000001", "Value_OUT(ETH)": "0", "TxnFee(ETH)": "0" }),
			{ ...site, "Value_IN(ETH)": "0", "Value_OUT(ETH)": "0.00000000000000006", "TxnFee(ETH)": "0" },
		]),
	};
	for (const order of [Object.entries(files), Object.entries(files).toReversed()])
		expect(replayed(`lacking-${order[0]?.[0].slice(0, 3)}`, Object.fromEntries(order), "").said).toMatch(SAME);
});

it("files are replayed on the chains that they were imported onto, with one account on three of them", { timeout: 600_000 }, () => {
	const place = at("chains", "case.clew");
	mkdirSync(at("chains", "in"), { recursive: true });
	mustClew("case", "new", place, "--title", "A theft", "--chain", "eip155:1");
	const put = (name: string, text: string, kind: string, ...chains: number[]) => {
		mkdirSync(dirname(at("chains", "in", name)), { recursive: true });
		writeFileSync(at("chains", "in", name), text);
		for (const chain of chains) mustClew("import", kind, at("chains", "in", name), "--case", place, "--chain", `eip155:${chain}`);
	};
	// Nothing in them says of which chain they are.
	put(`one/txlist-${THIEF}.json`, answer([theft, onward]), "etherscan", 1);
	put(`ten/txlist-${THIEF}.json`, answer([pays(9, PAYER, THIEF, "70"), pays(11, THIEF, SHOP, "7")]), "etherscan", 10);
	put(`poly/txlist-${THIEF}.json`, answer([pays(8, PAYER, THIEF, "5"), pays(13, THIEF, SHOP, "5")]), "etherscan", 137);
	put(`both/txlistinternal-${THIEF}.json`, answer([]), "etherscan", 10, 1);
	put(`both/tokentx-${THIEF}.json`, `${answer([])} `, "etherscan", 1, 137, 10);
	put(`both/txlist-${SHOP}.json`, answer([pays(13, THIEF, SHOP, "5")]), "etherscan", 137, 10);
	const said = (chain: number, seed: number, name: string) => {
		mustClew("trace", "--case", place, "--chain", `eip155:${chain}`, "--seed", `tx:${hash(seed)}`);
		mustClew("export", "--case", place, "--trace", "last", "--inputs", at("chains", "in"), "--out", at("chains", name));
		const { imports } = JSON.parse(readFileSync(at("chains", name, "facts.json"), "utf8")) as { imports: { chains: string[] }[] };
		return { imports: imports.map(({ chains }) => chains.join()).sort(), said: mustClew("verify", at("chains", name), "--replay") };
	};
	const one = said(1, 10, "bundle");
	expect(one.said).toMatch(SAME);
	expect(one.said).toContain("the chains onto which 5 files were imported");
	expect(one.imports).toEqual(["eip155:1,eip155:10", "eip155:1,eip155:10,eip155:137", "eip155:10", "eip155:10,eip155:137", "eip155:137"]);
	expect(said(10, 9, "bundle-10").said).toMatch(SAME);
});

it("a redacted bundle keeps what the names of files tell an import, and no more", { timeout: 600_000 }, () => {
	const files = {
		[`txlist-${THIEF}.json`]: answer([theft, onward]),
		[`case of Quuxmann-tokentx-${THIEF}.json`]: answer([]),
		[`txlistinternal-${THIEF}.json`]: answer([]),
	};
	const labels = `address,entity,category\n${PAYER},Zelda Quuxmann,victim\n`;
	const { said, place } = replayed("redacted", files, labels, "--redact", "victims");
	expect(said).toMatch(SAME);
	const names = readdirSync(join(place, "inputs"), { recursive: true }).map(String);
	expect(names).toContainEqual(expect.stringMatching(new RegExp(`tokentx-${THIEF}\\.json$`)));
	for (const file of ["trace.json", "facts.json", "report.html", "custody.jsonl"])
		expect(readFileSync(join(place, file), "utf8")).not.toMatch(/quuxmann|zelda/i);
});

it("Bitcoin files are replayed as what they were imported as, in that order, and lists of labels left alone", { timeout: 600_000 }, () => {
	const whole = (form: "blocks" | "node", from: number, to: number) => ({
		form,
		transactions: [],
		heights: [from, to] as [number, number],
	});
	const some = (form: "esplora" | "dumps", ...transactions: number[]) => ({ form, transactions, heights: [0, 0] as [number, number] });
	expect(replayedChain("node", [whole("node", 1, 2)])).toMatch(SAME);
	expect(replayedChain("two", [whole("blocks", 1, 1), whole("blocks", 2, 2)])).toMatch(SAME);
	expect(replayedChain("shared", [some("esplora", 3), some("esplora", 1, 3)])).toMatch(SAME);
	expect(replayedChain("turned-round", [some("esplora", 1, 3), some("esplora", 3)])).toMatch(SAME);
	expect(replayedChain("dump", [some("dumps", 1, 3)])).toMatch(SAME);
});
