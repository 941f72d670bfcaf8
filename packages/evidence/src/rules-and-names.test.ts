import type { TraceResult } from "@clew/core";
import { describe, expect, it } from "vitest";
import { toSvg } from "./bundle/picture.js";
import { transfersCsv } from "./bundle/transfers-csv.js";
import { symbolOf } from "./interchange/shared.js";
import { methodSection } from "./report/basis.js";
import { annexSection } from "./report/findings.js";
import { smallTrace } from "./verify/bundle.test-util.js";

const methodOf = (result: TraceResult) => JSON.stringify([methodSection(result), annexSection(result)]);

describe("the report", () => {
	it("says which rules were run, and which were not", async () => {
		const all = await smallTrace();
		expect(methodOf(all)).toMatch(/Every rule was run over the same transfers.*"Annex: the same end points under every rule"/);
		const one = methodOf({ ...all, rules: ["fifo"] });
		expect(one).toMatch(/One rule, fifo, was run over.*lifo, haircut, poison, libr, difo, dilo were not run.*every rule that was run"/);
		expect(one).not.toMatch(/Every rule was|poison conserves|The range/);
		const two = methodOf({ ...all, rules: ["fifo", "poison"] });
		expect(two).toMatch(/The rules fifo, poison were run over.*difo, dilo were not run.*The range/);
	});
});

describe("a token that bears the name of its chain's coin", () => {
	it("is marked in table, picture and exchange formats", async () => {
		const trace = await smallTrace();
		const [coin = ""] = Object.keys(trace.assets);
		const token = `${trace.chain}/erc20:0x${"8".repeat(40)}`;
		const { symbol = "", decimals = 0 } = trace.assets[coin] ?? {};
		const result = JSON.parse(JSON.stringify(trace).replaceAll(coin, token)) as TraceResult;
		const marked = `"${symbol}" (not the coin ${symbol}: 0x8888…8888)`;
		expect(result.assets).toEqual({ [token]: { symbol, decimals } });
		expect(symbolOf(result, token)).toBe(marked);
		expect(transfersCsv(result, [])).toContain(marked.replaceAll('"', '""'));
		// As the person named it with --asset: else it is not counted, and not drawn.
		const named = { ...result, parameters: { ...result.parameters, seedAsset: token } };
		expect((await toSvg(named, { rule: "fifo" })).replaceAll("&quot;", '"')).toContain(`(not the coin ${symbol}: 0x8888…8888)`);
	});
});
