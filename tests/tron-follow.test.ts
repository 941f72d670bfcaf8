import { join } from "node:path";
import { tronAddress, tronDigits } from "@clew/core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { addressBytes, idOf, message, transaction } from "../packages/chains/src/tron/made-up.test-util.js";
import { type Made, paidInside, serveChain, trx, usdt } from "../packages/chains/src/tron/node/fake-chain.test-util.js";
import { FakeTronNode } from "../packages/chains/src/tron/node/fake-node.test-util.js";
import { clew, clewAsync, mustClew, scratch } from "./clew.js";
import { undocumented } from "./documented.js";

const [VICTIM, THIEF, MULE, POOL, SHOP] = ["11", "22", "33", "44", "55"].map((pair) => tronAddress(pair.repeat(20))) as [
	string,
	string,
	string,
	string,
	string,
];
const TRX = "tron:0x2b6653dc/slip44:195";
const USDT = "tron:0x2b6653dc/trc20:TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t";
const THEFT = trx(VICTIM, THIEF, 1_000_000);
const STOLEN_USDT = usdt(VICTIM, THIEF, 70_000);
/** A theft of TRX and of USDT: the TRX in part to a mule and in part through a contract, the USDT to a shop by way of the mule. */
const MADE: Record<number, readonly Made[]> = {
	1003: [THEFT],
	1005: [STOLEN_USDT],
	1010: [trx(THIEF, MULE, 600_000)],
	1012: [trx(THIEF, MULE, 9, 3, message([3, 2]))],
	1020: [usdt(THIEF, MULE, 70_000, 1)],
	1030: [trx(THIEF, POOL, 300_000, 1), paidInside(SHOP, POOL, SHOP, 100_000)],
	1033: [usdt(MULE, SHOP, 50_000, 2)],
};
const LAST = 1_040;
interface Alert {
	readonly height: number;
	readonly rules: readonly string[];
	readonly amount: string;
}
const folder = scratch();
const node = new FakeTronNode();
let url: string;
beforeAll(async () => {
	serveChain(node, 1_000, LAST, MADE);
	node.grid = { lists: /^v1\/accounts\/.*transactions/, limit: 200 };
	url = await node.listen();
});
afterAll(() => node.close());

const follow = (...args: string[]) => clewAsync(["follow", ...args, "--chain", "tron", "--rule", "fifo", "--json"]);
const ends = (out: string, asset: string) =>
	Object.fromEntries(
		(JSON.parse(out).result.leaves as { account: string; amounts: Record<string, { fifo: string }> }[])
			.filter(({ amounts }) => amounts[asset] !== undefined)
			.map(({ account, amounts }) => [account.split(":").at(-1), amounts[asset]?.fifo]),
	);

describe("following on Tron", () => {
	it("goes from one transaction to where the money lies, through one node that has an index", async () => {
		const { code, out, err } = await follow(idOf(THEFT.tx), "--rpc", url);
		expect([code, err]).toEqual([0, expect.stringContaining("histories by TronGrid's API")]);
		expect(ends(out, TRX)).toMatchObject({ [MULE]: "600000", [THIEF]: "100000" });
		const tokens = await follow(idOf(STOLEN_USDT.tx), "--rpc", url);
		expect(ends(tokens.out, USDT)).toEqual({ [SHOP]: "50000", [MULE]: "20000" });
		expect(JSON.parse(tokens.out)).toMatchObject({ head: LAST, open: [] });
	});

	it("is investigated from a hash and from an explorer's page, with the issuer of its USDT first", async () => {
		const seen = async (what: string, name: string) => {
			const args = ["--chain", "tron", "--rpc", url, "--case", join(folder, name), "--json"];
			const { code, out, err } = await clewAsync(["investigate", what, ...args]);
			expect([0, 5], err).toContain(code);
			const told = JSON.parse(out);
			expect(undocumented("clew.investigate/1", told)).toEqual([]);
			return told.groups[0].places.map((place: { asset: string; agreed: string; stop: { entity: string } }) => place);
		};
		const fromHash = await seen(idOf(STOLEN_USDT.tx), "hash.clew");
		expect(fromHash).toContainEqual(
			expect.objectContaining({ asset: USDT, agreed: "50000", stop: expect.objectContaining({ entity: "Tether", kind: "issuer" }) }),
		);
		const fromPage = await seen(`https://tronscan.org/#/address/${THIEF}`, "page.clew");
		expect(fromPage).toContainEqual(expect.objectContaining({ asset: USDT, agreed: "50000" }));
	});

	it("is investigated through a node without an index of accounts as far as the transaction tells, and says what is open", async () => {
		const bare = new FakeTronNode();
		serveChain(bare, 1_000, LAST, MADE);
		const place = await bare.listen();
		const args = ["investigate", idOf(THEFT.tx), "--chain", "tron", "--rpc", place, "--case", join(folder, "bare.clew"), "--json"];
		const { code, out, err } = await clewAsync(args);
		bare.close();
		expect(code, err).toBe(5);
		expect(err).toContain("no index of accounts");
		const told = JSON.parse(out);
		expect(told.taken).toMatchObject([{ asset: TRX, agreed: "1000000" }]);
		expect(told.toClose.join()).toMatch(/of which the node does not tell/);
		expect(told.toClose.join()).not.toContain("debug_traceBlock");
	});

	it("holds end points against what the node says of them, stakes included", async () => {
		const says = (address: string, fields: object) => {
			const hex = `41${tronDigits(address)}`;
			node.accounts.set(hex, { address: hex, ...fields });
		};
		says(THIEF, { balance: 40_000, frozenV2: [{ amount: 60_000 }] });
		says(MULE, { balance: 599_999 });
		says(SHOP, { balance: 0, delegated_frozenV2_balance_for_bandwidth: 100_000 });
		says(POOL, { balance: 200_000, type: "Contract" });
		const { out } = await follow(idOf(THEFT.tx), "--rpc", url);
		const gaps = JSON.parse(out).result.coverage.gaps as { kind: string; account?: string; balance?: string }[];
		expect(gaps.filter(({ kind }) => /differs|compared/.test(kind))).toEqual([
			expect.objectContaining({ kind: "balance-differs", account: `tron:0x2b6653dc:${MULE}`, amount: "600000", balance: "599999" }),
		]);
		// What was followed is a case, whose bundle a verifier takes.
		const place = join(folder, "followed.clew");
		mustClew("case", "new", place, "--title", "Followed", "--chain", "tron");
		expect(await clewAsync(["follow", `0x${idOf(THEFT.tx)}`, "--case", place, "--rpc", url])).toMatchObject({ code: 0 });
		const bundle = ["--case", place, "--trace", "last", "--proofs", "--rpc", url, "--out", join(folder, "followed")];
		expect(await clewAsync(["export", ...bundle])).toMatchObject({ code: 0 });
		expect(mustClew("verify", join(folder, "followed"))).toContain("3 of 4 rows proven to a block header");
		says(MULE, { balance: 600_000, gifts: 1 });
		const unread = await follow(idOf(THEFT.tx), "--rpc", url);
		expect(unread.out).toContain("the node cannot tell what it holds at this height");
		node.accounts.clear();
	});

	it("takes the index of another host beside a node that has none", async () => {
		const plain = new FakeTronNode();
		for (const [height, block] of node.blocks) plain.blocks.set(height, block);
		const at = await plain.listen();
		const refused = await follow(idOf(STOLEN_USDT.tx), "--rpc", at);
		expect(refused).toMatchObject({ code: 4, err: expect.stringContaining("has no index of accounts") });
		expect(refused.err).toMatch(/--history \S+KEY@api.trongrid.io/);
		const { out } = await follow(idOf(STOLEN_USDT.tx), "--rpc", at, "--history", url);
		expect(ends(out, USDT)).toEqual({ [SHOP]: "50000", [MULE]: "20000" });
		plain.close();
	});

	it("refuses --history where outputs name what spends them", () => {
		const { code, err } = clew([
			"follow",
			"00".repeat(32),
			"--chain",
			"bitcoin",
			"--rpc",
			"http://127.0.0.1:1",
			"--history",
			"http://127.0.0.1:1",
		]);
		expect([code, err]).toEqual([2, expect.stringContaining("--history is for accounts")]);
	});
});

describe("watching on Tron", () => {
	it("raises an alert when a watched account pays, and when stolen money moves on", async () => {
		const place = join(folder, "watch.clew");
		mustClew("case", "new", place, "--title", "Watch", "--chain", "tron");
		const watched = new FakeTronNode();
		serveChain(watched, 1_000, 1_004, MADE);
		const at = await watched.listen();
		const run = async () => {
			const { code, out, err } = await clewAsync(["watch", "run", "--case", place, "--rpc", at, "--once"]);
			expect([code, err.replace(/^clew: note: /gm, "")]).toEqual([0, expect.any(String)]);
			return out;
		};
		const added = await clewAsync(["watch", "add", THIEF, "--case", place, "--rpc", at, "--on", "any-outflow"]);
		expect(added).toMatchObject({ code: 0, out: expect.stringContaining("after block 1004") });
		const money = await clewAsync(["watch", "add", `tx:${idOf(STOLEN_USDT.tx)}`, "--case", place, "--rpc", at, "--on", "taint"]);
		expect(money).toMatchObject({ code: 0 });
		expect(await run()).toBe("");
		serveChain(watched, 1_000, LAST, MADE);
		const told = await run();
		expect(told).toContain("1010");
		const history = JSON.parse(mustClew("watch", "history", "--case", place, "--json"));
		// What failed at 1012 moved nothing.
		expect(history.alerts.map((one: Alert) => [one.height, one.rules.join(), one.amount])).toEqual([
			[1_005, "taint", "70000"],
			[1_010, "any-outflow", "600000"],
			[1_020, "any-outflow", "70000"],
			[1_020, "taint", "70000"],
			[1_030, "any-outflow", "300000"],
			[1_033, "taint", "50000"],
		]);
		// Blocks are solid when they are read: nothing is told again.
		expect(await run()).toBe("");
		watched.close();
	});
});

describe("an account that was taken by a change of its permissions", () => {
	it("shows who may sign for it since when, and check says so; ids with 0x before them are taken", async () => {
		const key = message([1, addressBytes(THIEF)], [2, 1]);
		const change = transaction(46, message([1, addressBytes(VICTIM)], [2, message([4, 1], [7, key])], [4, message([4, 1], [7, key])]));
		const taken = new FakeTronNode();
		serveChain(taken, 1_000, 1_002, { 1001: [{ tx: change, info: [] }] });
		const place = join(folder, "taken.clew");
		mustClew("case", "new", place, "--title", "Taken", "--chain", "tron");
		const at = await taken.listen();
		expect(await clewAsync(["ingest", "--case", place, "--rpc", at, "--from", "1000", "--to", "1002"])).toMatchObject({ code: 0 });
		taken.close();
		const words = `its own key may not do everything alone; as owner ${THIEF} (weight 1), 1 needed; as active ${THIEF} (weight 1), 1 needed`;
		for (const id of [idOf(change), `0x${idOf(change).toUpperCase()}`]) expect(mustClew("show", id, "--case", place)).toContain(words);
		const account = clew(["check", VICTIM, "--case", place]);
		expect(account.out + account.err).toContain(`since block 1001, transaction ${idOf(change)}`);
		expect(account.out + account.err).toContain("its own key may not do everything alone");
		const json = JSON.parse(mustClew("show", idOf(change), "--case", place, "--json"));
		expect(json.permissions).toMatchObject([{ ownKeyRules: false, owner: { threshold: "1" }, active: [{}] }]);
	});
});
