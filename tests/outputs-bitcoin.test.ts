import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { clew, mustClew, ROOT, scratch } from "./clew.js";
import { type SchemaName, undocumented } from "./documented.js";

const home = scratch();
afterAll(() => rmSync(home, { recursive: true, force: true }));

const BLOCKS = join(ROOT, "fixtures/bitcoin/blocks-1-256.dat");
const FIRST_PAYMENT = "f4184fc596403b9d638783cf57adfe4c75c605f6356fbc91338530e9831e9e16";
const COINBASE_9 = "0437cd7f8525ceed2324359c2d0ba26006d92d856a9c20fa0241106ee5a597c9";
const [PAYER, PAYEE] = ["12cbQLTFMXRnSzktFkuoG3eHoMeFtpTu3S", "1Q2TWHE3GMdB6BZKafqwxXtWAWgFt5Jvm3"];

/** The answer of a command on a case, which must be as it is documented. */
function answer(place: string, schema: SchemaName, ...words: readonly string[]) {
	const { out, err } = clew([...words, "--case", place, "--json"]);
	const parsed = JSON.parse(out);
	expect(parsed, err).toMatchObject({ schema });
	expect(undocumented(schema, parsed), words.join(" ")).toEqual([]);
	return parsed;
}

function newCase(name: string): string {
	mustClew("case", "new", join(home, name), "--title", "t", "--chain", "bitcoin");
	return join(home, name);
}

describe("what is answered about Bitcoin is what its schema says", () => {
	it("blocks: import, address, transaction, trace and clusters", () => {
		const place = newCase("blocks.clew");
		expect(answer(place, "clew.import/1", "import", "blocks", BLOCKS)).toMatchObject({ files: 1, added: 262, known: 0, gaps: [] });
		expect(answer(place, "clew.import/1", "import", "blocks", BLOCKS)).toMatchObject({ added: 0, known: 262 });
		const page = answer(place, "clew.address/1", "show", PAYER, "--limit", "2");
		expect(page).toMatchObject({ outputs: { length: 2 }, received: "19500000000", spent: "17700000000" });
		expect(page.outputCount).toBeGreaterThan(2);
		expect(page.next).not.toBeNull();
		expect(answer(place, "clew.utxo-transaction/1", "show", FIRST_PAYMENT)).toMatchObject({ fee: "0", boltzmann: null });
		expect(answer(place, "clew.utxo-transaction/1", "show", COINBASE_9)).toMatchObject({ coinbase: true, peelChain: null });
		answer(place, "clew.trace/1", "trace", "--seed", `outpoint:${COINBASE_9}:0`);
		expect(answer(place, "clew.cluster-why/1", "cluster", PAYER, "--why", PAYEE)).toMatchObject({ joined: false, steps: [] });
		const all = answer(place, "clew.clusters/1", "cluster", "--heuristics", "co-spend,change:address-reuse");
		expect(all.clusters).toBe(all.largest.length);
	});

	it("esplora: mixes with their Boltzmann analysis, reasons and refusals, cuts", () => {
		const place = newCase("mix.clew");
		const load = (path: string): { txid: string; vout: { scriptpubkey: string }[] }[] =>
			JSON.parse(readFileSync(join(ROOT, "fixtures/trials", path), "utf8"));
		const [prepared] = load("31-whirlpool-tx0/tx0.json");
		const mixed = load("33-op-return-hides-mix/opret2.json");
		for (const path of ["31-whirlpool-tx0/tx0.json", "33-op-return-hides-mix/opret2.json"])
			answer(place, "clew.import/1", "import", "esplora", join(ROOT, "fixtures/trials", path));

		const round = answer(place, "clew.utxo-transaction/1", "show", mixed[0]?.txid ?? "");
		expect(round.patterns).toContainEqual(expect.objectContaining({ mixes: true }));
		expect(round.boltzmann.certain).toMatchObject({ feesAtMost: expect.any(String) });
		const addressOf = ({ previous }: { previous: { account: string } }) => previous.account.split(":")[2] ?? "";
		const alone = answer(place, "clew.cluster/1", "cluster", addressOf(round.inputs[0]));
		// Its history was not fetched: that nothing else joins it is not known.
		expect(alone).toMatchObject({ size: 1, complete: false, open: { bounded: false, unread: [alone.account] } });
		expect(alone.refusals).toContainEqual(expect.objectContaining({ finding: expect.objectContaining({ mixes: true }) }));

		const { inputs } = answer(place, "clew.utxo-transaction/1", "show", prepared?.txid ?? "");
		// Both are known by what they spent alone: what paid them is not in the case.
		const [first, second] = inputs.map(addressOf);
		expect(answer(place, "clew.address/1", "show", first)).toMatchObject({ outputCount: 0, foreignSpends: 1 });
		expect(answer(place, "clew.cluster/1", "cluster", first)).toMatchObject({ size: 2, reasons: [{ txid: prepared?.txid }] });
		expect(answer(place, "clew.cluster-why/1", "cluster", first, "--why", second)).toMatchObject({ joined: true, steps: { length: 1 } });
		const [loner = ""] = round.inputs.map(addressOf);
		expect(mustClew("show", loner, "--case", place)).toContain("its own history was not fetched");
		expect(mustClew("cluster", loner, "--case", place)).toMatch(/cluster of at least 1 address\n.*no transaction in the case joins it/);
		expect(clew(["cluster", loner, "--why", first, "--case", place])).toMatchObject({
			code: 1,
			out: expect.stringMatching(/^no chain of reasons was found in the case; there may be one\nthe history of .* was not fetched whole/),
		});
		mustClew("cluster", "--case", place, "--cut", prepared?.txid ?? "", "--note", "two people");
		expect(answer(place, "clew.cluster-cuts/1", "cluster", "--cuts")).toMatchObject({
			cuts: [{ subject: prepared?.txid, note: "two people" }],
		});
		expect(answer(place, "clew.cluster/1", "cluster", first)).toMatchObject({ size: 1, refusals: [{ cut: true }], settings: { cuts: 1 } });
	});

	it("dumps of Blockchair: import", () => {
		const place = newCase("dumps.clew");
		const head = "block_id,transaction_hash,index,time,value,script_hex,is_from_coinbase";
		const row = `100,${"1".repeat(64)},0,2020-01-02 00:00:00,5000000000,0014${"11".repeat(20)},1`;
		writeFileSync(join(home, "outputs.csv"), `${head}\n${row}\n`);
		expect(answer(place, "clew.import/1", "import", "csv", join(home, "outputs.csv"))).toMatchObject({ added: 1 });
	});
});
