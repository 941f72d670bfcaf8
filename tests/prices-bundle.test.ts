import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { canonicalJson, sha256Hex, type TraceValuesJson } from "@clew/core";
import { failureText, readBundle, verifyFiles } from "@clew/evidence";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { clewAsync, mustClew, scratch } from "./clew.js";
import { undocumented } from "./documented.js";
import { recordedChain } from "./recorded-node.js";
import { resealManifest } from "./reseal.js";

const folder = scratch();
const at = (name: string) => join(folder, name);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

type Files = ReadonlyMap<string, Uint8Array>;
/** A draft of values that a forger may write into. */
type Loose<T> = { -readonly [K in keyof T]: Loose<T[K]> };
const textOf = (files: Files, name: string) => Buffer.from(files.get(name) as Uint8Array).toString("utf8");
const verdict = (files: Files, hash?: string) =>
	verifyFiles(new Map(files), {
		headers: hash === undefined ? [] : [{ chain: "eip155:137", height: 50_000_000, hash, by: "you trust" }],
		keys: [],
		timeRoots: [],
	});
const failuresOf = async (files: Files) => (await verdict(files)).failures;

/** The bundle with other values, and every hash around them mended. */
function forged(files: Files, edit: (values: Loose<TraceValuesJson>) => void, more: Readonly<Record<string, string>> = {}): Files {
	const values = JSON.parse(textOf(files, "values.json"));
	edit(values);
	const changed = new Map(files).set("values.json", Buffer.from(`${canonicalJson(values)}\n`));
	for (const [name, text] of Object.entries(more)) changed.set(name, Buffer.from(text));
	return resealManifest(changed);
}

describe("a bundle with values by what sources told", () => {
	let files: Files;
	const seed = "account:0x7df1bd58e8fd49803e43987787adfecb4a0a086c";
	const inCase = ["--case", at("a.clew")];

	beforeAll(async () => {
		mustClew("case", "new", at("a.clew"), "--title", "t", "--chain", "eip155:1");
		mustClew("import", "etherscan", "fixtures/cases/purebit", ...inCase);
		const first = Date.UTC(2018, 10, 1) / 1000;
		const hours = Array.from({ length: 24 * 14 }, (_, i) => [first + i * 3_600, 200 + (i % 7)]);
		const rows = hours.flatMap(([time = 0, price = 0]) => [
			`${time},native,USD,${price},a`,
			`${time + 60},native,USD,${time % 36_000 === 0 ? price * 1.2 : price + 1},b`,
		]);
		writeFileSync(at("p.csv"), `time,asset,unit,price,source\n${rows.join("\n")}\n`);
		const rates =
			"Date,USD,GBP,\n2018-11-12,1.1265,0.87413,\n2018-11-09,1.1346,0.8713,\n2018-11-05,1.1370,0.87288,\n2018-11-02,1.1417,0.87778,\n";
		writeFileSync(at("ecb.csv"), rates);
		mustClew("price", "import", at("p.csv"), ...inCase);
		mustClew("price", "import", at("ecb.csv"), "--currency", "USD,GBP", ...inCase);
		mustClew("trace", "--seed", seed, ...inCase);
		mustClew("export", "--trace", "last", "--unit", "USD,GBP", "--out", at("bundle"), ...inCase);
		files = await readBundle(at("bundle"));
	});

	it("is verified, carries the prices that it uses and no others, and its papers are made again from it", async () => {
		const { ok, failures, stated } = await verdict(files);
		expect(failures.map(failureText)).toEqual([]);
		expect([ok, stated]).toEqual([true, expect.arrayContaining(["what sources told of prices: a, b, ecb", "why amounts have no price"])]);
		const values: TraceValuesJson = JSON.parse(textOf(files, "values.json"));
		expect(undocumented("clew.values/1", values)).toEqual([]);
		expect(values.prices.length).toBeLessThan(672);
		const kinds = new Set(values.seeds.flatMap(({ rows }) => rows.map(({ values: { USD } }) => USD?.kind)));
		expect(kinds).toEqual(new Set(["value", "range", "none"]));
		const { USD } = values.seeds[0]?.totals ?? {};
		expect([USD?.value, USD?.unpriced]).toEqual([null, expect.any(Number)]);
		expect(mustClew("verify", at("bundle"))).toMatch(/content checked: .*report\.html, .*values\.json/);
		expect(textOf(files, "report.html")).toMatch(/[0-9]+\.[0-9]{2} to [0-9]+\.[0-9]{2} USD, sources differ/);
	});

	it("is refused where a price, a value, a range, a total, a rule or a moment is another, however well its hashes are mended", async () => {
		const arrival = (values: Loose<TraceValuesJson>, kind: string) => {
			const one = values.seeds[0]?.rows.map((row) => row.values["USD"]).find((value) => value?.kind === kind);
			if (one === undefined) throw new Error(`no arrival of kind ${kind}`);
			return one as Record<string, unknown>;
		};
		const total = (values: Loose<TraceValuesJson>) => values.seeds[0]?.totals["USD"] as unknown as Record<string, unknown>;
		const changes: readonly ((values: Loose<TraceValuesJson>) => void)[] = [
			(values) => Object.assign(values.prices[0] as object, { price: "999" }),
			(values) => Object.assign(values.prices[0] as object, { time: (values.prices[0]?.time ?? 0) + 7_200 }),
			(values) => Object.assign(values.prices[0] as object, { unit: "EUR" }),
			(values) => Object.assign(values.prices[0]?.origin as object, { tier: "proven" }),
			(values) => Object.assign(arrival(values, "value"), { value: "1/1" }),
			(values) => Object.assign(arrival(values, "value"), { high: "1/1" }),
			(values) => Object.assign(arrival(values, "value"), { tier: "reference" }),
			(values) => Object.assign(arrival(values, "value"), { prices: [] }),
			(values) => Object.assign(arrival(values, "range"), { low: "1/1" }),
			(values) => Object.assign(arrival(values, "none"), { why: "nobody cares" }),
			(values) => {
				const one = arrival(values, "range");
				Object.assign(one, { kind: "value", value: one["low"] });
			},
			(values) => {
				const one = arrival(values, "value");
				for (const name of ["value", "low", "high", "tier"]) delete one[name];
				Object.assign(one, { kind: "none", why: "no source of the case has a price of eip155:1/slip44:60 in USD" });
			},
			(values) => Object.assign(total(values), { low: "1/1" }),
			(values) => Object.assign(total(values), { value: "1/1" }),
			(values) => Object.assign(total(values), { unpriced: 0 }),
			(values) => Object.assign(values.endPointTotals["GBP"] as object, { high: "1/1" }),
			(values) => Object.assign(values.rules, { marketAge: 60 }),
			(values) => Object.assign(values.rules, { disagreement: 50 }),
			(values) => Object.assign(values.seeds[0]?.rows[0] as object, { amount: "1" }),
			(values) => Object.assign(values.endPoints[0] as object, { position: values.endPoints[1]?.position ?? "" }),
			(values) => values.endPoints.pop(),
			(values) => (values.units as unknown as string[]).push("EUR"),
			(values) => values.prices.push({ ...(values.prices[0] as (typeof values.prices)[number]), time: 1_400_000_000 }),
			(values) => Object.assign(values, { trace: "0".repeat(16) }),
		];
		for (const [i, change] of changes.entries()) {
			const failures = await failuresOf(forged(files, change));
			expect([i, failures.some(({ code }) => code === "values" || code === "form")], failures.map(failureText).join("\n")).toEqual([
				i,
				true,
			]);
		}
	});
});

describe("a bundle with values by an oracle, on a real block of Polygon", () => {
	const HEIGHT = 50_000_000;
	const AFTER = { SOURCE_DATE_EPOCH: "1800000000" };
	const SEED = "tx:0x2278e189f51015bca358b85d19f232b6c777e644654468c63487a1232b7392ce";
	/** An aggregator that no table holds: here it is taken for one of the chain's coin. */
	const OTHER = "0xb54d6f958c3940db47ccfd65125a2a31d9fcb756";
	const EURO = "0x310990e8091b5cf083fa55f500f140cfbb959016";
	const inCase = ["--case", at("p.clew")];
	let files: Files;
	let hash = "";

	beforeAll(async () => {
		const read = (name: string) => JSON.parse(readFileSync(`fixtures/evm-chains/polygon-50000000/${name}.json`, "utf8"));
		const [block, receipts] = [read("block"), read("receipts")];
		hash = block.hash;
		const logs = receipts.flatMap((receipt: { logs: { address: string; topics: string[] }[] }) => receipt.logs);
		const node = await recordedChain(137, new Map([[HEIGHT, { block, receipts }]]), (method, [filter]) => {
			if (method !== "eth_getLogs") return undefined;
			const { address, topics } = filter as Record<"address" | "topics", string[]>;
			return logs.filter((log: { address: string; topics: string[] }) => address.includes(log.address) && log.topics[0] === topics[0]);
		});
		try {
			mustClew("case", "new", at("p.clew"), "--title", "t", "--chain", "eip155:137");
			const feeds = [`${EURO},EUR,USD,8`, `${OTHER},native,USD,8`].flatMap((feed) => ["--feed", feed]);
			for (const words of [
				["ingest", "--rpc", node.url, "--from", String(HEIGHT), "--to", String(HEIGHT)],
				["price", "chainlink", "--rpc", node.url, "--at", String(HEIGHT), ...feeds],
				["trace", "--seed", SEED],
				["export", "--trace", "last", "--unit", "EUR", "--out", at("proven")],
			]) {
				const { code, err } = await clewAsync([...words, ...inCase], AFTER);
				expect(code, err).toBe(0);
			}
			files = await readBundle(at("proven"));
		} finally {
			node.close();
		}
	});

	it("is proven in every row, down to the block's hash; who an unknown contract speaks for is its maker's word", async () => {
		const values: TraceValuesJson = JSON.parse(textOf(files, "values.json"));
		expect(values.seeds[0]?.rows[0]?.values["EUR"]).toMatchObject({ kind: "value", tier: "proven" });
		expect(values.prices.map(({ origin, price }) => [origin.tier, price])).toEqual([
			["proven", "0.14159313"],
			["proven", "1.0834"],
		]);
		const { ok, failures, stated } = await verdict(files);
		expect([ok, failures.map(failureText)]).toEqual([true, []]);
		expect(stated).toContain(`that eip155:137:${OTHER} is a feed of eip155:137/slip44:60 in USD with 8 decimals`);
		expect(stated?.some((line) => line.includes(EURO))).toBe(false);
		expect(stated).toContain(`that block ${HEIGHT} (${hash}), which proves prices, is on eip155:137`);
	});

	it("is refused where any byte of a proof is another, though the price names the changed proof, or where a price is", async () => {
		const [line = ""] = textOf(files, "price-proofs.jsonl").split("\n");
		const digits = [...line.matchAll(/[0-9a-f]{8}/g)].map(({ index }) => index);
		const step = Math.ceil(digits.length / 150);
		let tried = 0;
		for (let i = 0; i < digits.length; i += step) {
			const place = (digits[i] as number) + (i % 8);
			const other = line[place] === "0" ? "1" : "0";
			const changed = `${line.slice(0, place)}${other}${line.slice(place + 1)}`;
			const sha256 = sha256Hex(changed);
			const bundle = forged(
				files,
				({ prices }) =>
					void Object.assign(
						prices,
						prices.map((price) => ({ ...price, answer: sha256 })),
					),
				{
					"price-proofs.jsonl": `${changed}\n`,
				},
			);
			const failures = await failuresOf(bundle);
			expect([place, failures.some(({ code }) => code === "values")]).toEqual([place, true]);
			tried++;
		}
		expect(tried).toBeGreaterThan(100);
		for (const change of [
			{ price: "1.0835" },
			{ time: 1_700_108_688 },
			{ place: "log 0 of transaction 0x2278e189f51015bca358b85d19f232b6c777e644654468c63487a1232b7392ce" },
			{ answer: "0".repeat(64) },
			{ origin: { id: `feed eip155:137:${OTHER} with 8 decimals`, tier: "proven" } },
			{ origin: { id: `feed eip155:137:${EURO} with 9 decimals`, tier: "proven" } },
			{ asset: "GBP" },
		]) {
			const failures = await failuresOf(forged(files, ({ prices }) => Object.assign(prices[1] as object, change)));
			expect([change, failures.some(({ code }) => code === "values")]).toEqual([change, true]);
		}
		const without = new Map(files);
		without.delete("price-proofs.jsonl");
		expect((await failuresOf(resealManifest(without))).some(({ code }) => code === "values")).toBe(true);
	});

	it("says where its block is not the one that a reader trusts", async () => {
		expect((await verdict(files, hash)).stated?.some((one) => one.includes("proves prices"))).toBe(false);
		const { failures } = await verdict(files, `0x${"1".repeat(64)}`);
		expect(failures.map(failureText).join("\n")).toContain("has hash");
	});
});
