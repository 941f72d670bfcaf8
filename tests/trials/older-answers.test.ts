import { existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseChainId } from "@clew/core";
import { openCase } from "@clew/graph-store";
import { afterAll, describe, expect, it } from "vitest";
import { clew, mustClew, scratch } from "../clew.js";

const folder = scratch();
const at = (name: string) => join(folder, name);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const account = (digit: string) => `0x${digit.repeat(40)}`;
const [PAYER, THIEF, SHOP, NEXT] = ["1", "2", "3", "4"].map(account) as [string, string, string, string];
const hash = (n: number) => `0x${n.toString(16).padStart(64, "0")}`;
const HEAD =
	"blockNumber,timeStamp,hash,from,to,value,gas,gasPrice,gasUsed,isError,txreceipt_status,transactionIndex,contractAddress,confirmations";

type Payment = readonly [block: number, from: string, to: string];
const STOLEN: Payment = [1, PAYER, THIEF];
const SPENT: Payment = [2, THIEF, SHOP];
const LATER: Payment = [3, SHOP, NEXT];

/** Imports the exports of all who paid, of payments of ten ether each. */
function add(place: string, name: string, payments: readonly Payment[], ...more: readonly string[]): void {
	mkdirSync(at(name));
	for (const owner of new Set(payments.map(([, from]) => from))) {
		const lines = payments
			.filter((payment) => payment.includes(owner))
			.map(
				([block, from, to]) =>
					`${block},${1_600_000_000 + block},${hash(block)},${from},${to},10000000000000000000,21000,0,21000,0,1,0,,1000`,
			);
		writeFileSync(join(at(name), `${owner}.csv`), `${[HEAD, ...lines].join("\n")}\n`);
	}
	mustClew("import", "etherscan", at(name), "--case", place, ...more);
}

function newCase(name: string, ...payments: readonly Payment[]): string {
	const place = at(`${name}.clew`);
	mustClew("case", "new", place, "--title", "A theft");
	add(place, `${name}-files`, payments);
	return place;
}

const trace = (place: string) => mustClew("trace", "--case", place, "--seed", `tx:${hash(1)}`);
const check = (place: string, what: string) => JSON.parse(clew(["check", what, "--case", place, "--json"]).out);
const label = (place: string, who: string, entity: string) => {
	writeFileSync(at("who.csv"), `address,entity,category\n${who},${entity},exchange\n`);
	mustClew("label", "import", at("who.csv"), "--source", entity, "--confidence", "60", "--case", place);
};

describe("what was looked at before data or labels came", () => {
	it("is not looked at: stolen money that moved on in newer data", () => {
		const place = newCase("moved", STOLEN, SPENT);
		trace(place);
		expect(check(place, NEXT).open).not.toContain("stolen-money");
		add(place, "moved-on", [STOLEN, SPENT, LATER]);
		const { open, notLookedAt } = check(place, NEXT);
		expect(open).toContain("stolen-money");
		expect(notLookedAt.join("\n")).toMatch(/trace [0-9a-f]{16} was run at 2023-11-14T22:13:20Z, and data or labels were written since/);
		expect(clew(["check", NEXT, "--case", place]).code).toBe(5);
		expect(JSON.parse(mustClew("score", NEXT, "--case", place, "--json")).subjects[0].open).toContain("stolen-money");
		// What warned before warns still, and says of when it is.
		const shop = check(place, SHOP);
		expect(shop.open).toContain("stolen-money");
		expect(shop.words.join("\n")).toMatch(/at least 10 ETH\. This is as of the trace run at 2023/);
		trace(place);
		expect(check(place, NEXT).open).not.toContain("stolen-money");
		expect(check(place, NEXT).reasons).toContainEqual(expect.objectContaining({ code: "tainted" }));
	});

	it("is not looked at: how addresses behave in newer data, or on another chain", () => {
		const place = newCase("behaves", STOLEN, SPENT);
		mustClew("detect", "--case", place);
		expect(check(place, SHOP).open).not.toContain("behaviour");
		label(place, SHOP, "Upbit");
		expect(check(place, SHOP).open).not.toContain("behaviour");
		add(place, "behaves-on", [SPENT, LATER]);
		expect(check(place, SHOP).open).toContain("behaviour");
		expect(check(place, SHOP).notLookedAt.join("\n")).toContain("clew detect was run before data of eip155:1 was written");
		add(place, "behaves-there", [SPENT], "--chain", "eip155:10");
		mustClew("detect", "--case", place);
		expect(check(place, SHOP).open).not.toContain("behaviour");
		expect(check(place, `eip155:10:${SHOP}`).open).toContain("behaviour");
		mustClew("detect", "--case", place, "--chain", "eip155:10");
		expect(check(place, `eip155:10:${SHOP}`).open).not.toContain("behaviour");
		expect(check(place, SHOP).open).not.toContain("behaviour");
	});

	it("gives way to a trace from the same seeds, where blocks were taken back", async () => {
		const place = newCase("taken", STOLEN, SPENT);
		trace(place);
		const store = await openCase(place);
		await store.rollback(parseChainId("eip155:1"), 2);
		await store.close();
		const { open, words } = check(place, SHOP);
		expect(open).toContain("stolen-money");
		expect(words.join("\n")).toContain("This is as of the trace run");
		trace(place);
		expect(check(place, SHOP)).toMatchObject({ reasons: [] });
		expect(check(place, SHOP).open).not.toContain("stolen-money");
	});
});

describe("letters and bundles", () => {
	const freeze = (place: string, out: string) => clew(["freeze", "--case", place, "--out", at(out)]);
	const exported = (place: string, out: string) => clew(["export", "--case", place, "--trace", "last", "--out", at(out)]);

	it("are not written from a trace whose end points are labelled otherwise by now", () => {
		const place = newCase("labels", STOLEN, SPENT);
		label(place, SHOP, "Upbit");
		trace(place);
		expect(freeze(place, "labels-a").code).toBe(0);
		label(place, SHOP, "Kraken");
		for (const { code, err } of [freeze(place, "labels-b"), exported(place, "labels-c")])
			expect([code, err]).toEqual([3, expect.stringMatching(/"Kraken", as a label does that was added since[\s\S]*trace again/)]);
		trace(place);
		expect([freeze(place, "labels-d").code, exported(place, "labels-e").code]).toEqual([0, 0]);
	});

	it("are not written from a trace that the case no longer gives, and are where what came does not concern it", async () => {
		const place = newCase("data", STOLEN, SPENT);
		label(place, SHOP, "Upbit");
		trace(place);
		add(place, "data-elsewhere", [[9, NEXT, account("5")]]);
		const elsewhere = freeze(place, "data-a");
		const store = await openCase(place);
		await store.rollback(parseChainId("eip155:1"), 2);
		await store.close();
		const { code, err } = freeze(place, "data-b");
		expect(code).not.toBe(0);
		expect(err).toMatch(
			/the case gives trace [0-9a-f]{16} now, no longer [0-9a-f]{16}: data, labels or Clew changed since[\s\S]*trace again/,
		);
		const bundle = exported(place, "data-c");
		expect([bundle.code, bundle.err]).toEqual([code, expect.stringMatching(/no longer [0-9a-f]{16}[\s\S]*trace again/)]);
		expect(existsSync(at("data-c"))).toBe(false);
		expect(elsewhere.err).not.toContain("no longer");
	});
});
