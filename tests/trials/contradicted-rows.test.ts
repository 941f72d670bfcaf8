import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { realBlock } from "../../packages/chains/src/testing/real-block.js";
import { clewAsync, scratch } from "../clew.js";
import { type RecordedNode, recordedEthereum } from "../recorded-node.js";
import { apiRow, type Cells, csv, hash, tokenRow } from "./reading.js";

const HEIGHT = 18500000;
const TRANSFER = "0xddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef";
/** A guard against a hang. */
const GUARD_MS = 300_000;
const { block, receipts } = realBlock(HEIGHT);

let node: RecordedNode;
beforeAll(async () => {
	node = await recordedEthereum([HEIGHT]);
});
afterAll(() => node.close());

const at = { blockNumber: `${HEIGHT}`, timeStamp: `${Number(block.timestamp)}` };
const index = (is: (i: number) => boolean) => block.transactions.findIndex((_, i) => is(i));
const succeeded = (i: number) => receipts[i]?.status === "0x1";
const value = (i: number) => BigInt(block.transactions[i]?.value ?? "0x0");
const paid = index((i) => succeeded(i) && value(i) > 0n && receipts[i]?.logs.length === 0);
const failed = index((i) => receipts[i]?.status === "0x0");
const sent = index(
	(i) =>
		succeeded(i) &&
		receipts[i]?.logs.length === 1 &&
		receipts[i]?.logs[0]?.topics[0] === TRANSFER &&
		receipts[i]?.logs[0]?.topics.length === 3,
);

/** The row of a file about a real transaction, with some cells of its own. */
function row(i: number, over: Cells): Cells {
	const tx = block.transactions[i];
	return apiRow(0, {
		...at,
		hash: `${tx?.hash}`,
		transactionIndex: `${i}`,
		from: `${tx?.from}`,
		to: `${tx?.to}`,
		value: `${value(i)}`,
		...over,
	});
}

it("a case of files alone is proven by a node, and what only the export fetched is no part of a replay", {
	timeout: GUARD_MS,
}, async () => {
	const folder = scratch();
	const place = join(folder, "a.clew");
	writeFileSync(join(folder, "transactions.csv"), csv([row(paid, {})]));
	for (const args of [
		["case", "new", place, "--title", "t", "--chain", "eip155:1"],
		["import", "etherscan", join(folder, "transactions.csv"), "--case", place],
		["trace", "--case", place, "--seed", `tx:${block.transactions[paid]?.hash}`],
		["export", "--case", place, "--trace", "last", "--proofs", "--inputs", folder, "--rpc", node.url, "--out", join(folder, "bundle")],
	])
		expect(await clewAsync(args), args.join(" ")).toMatchObject({ code: 0 });
	const { code, out } = await clewAsync(["verify", join(folder, "bundle"), "--replay"]);
	expect([code, out]).toEqual([0, expect.stringMatching(/1 of 1 rows? proven.*replayed/s)]);
});

it("rows of files that their blocks contradict are named with both figures, by export and in the bundle, and counted by verify", {
	timeout: GUARD_MS,
}, async () => {
	const folder = scratch();
	const run = async (...args: string[]) => {
		const done = await clewAsync(args);
		expect(done, args.join(" ")).toMatchObject({ code: 0 });
		return done;
	};
	const [log] = receipts[sent]?.logs ?? [];
	const party = (topic = 0) => `0x${log?.topics[topic]?.slice(26)}`;
	const amount = BigInt(log?.data ?? "0x0");
	const absent = hash(1);
	const file = (name: string, rows: Cells[]) => {
		writeFileSync(join(folder, name), csv(rows));
		return join(folder, name);
	};
	const transactions = [
		row(paid, { value: `${value(paid) + 1n}` }),
		row(failed, { value: "77", from: `0x${"a".repeat(40)}` }),
		row(paid, { hash: absent, transactionIndex: "9000", value: "5" }),
	].sort((a, b) => Number(a["transactionIndex"]) - Number(b["transactionIndex"]));
	const token = { ...at, hash: `${block.transactions[sent]?.hash}`, from: party(1), to: party(2), contractAddress: `${log?.address}` };
	const files = [file("transactions.csv", transactions), file("tokens.csv", [tokenRow(0, { ...token, value: `${amount + 1n}` })])];
	const place = join(folder, "a.clew");
	await run("case", "new", place, "--title", "t", "--chain", "eip155:1");
	await run("import", "etherscan", ...files, "--case", place);
	const hashes = [paid, failed, sent].map((i) => `${block.transactions[i]?.hash}`);
	await run("trace", "--case", place, ...[...hashes, absent].flatMap((one) => ["--seed", `tx:${one}`]));
	const bundle = join(folder, "bundle");
	const { code, err } = await clewAsync(["export", "--case", place, "--trace", "last", "--proofs", "--rpc", node.url, "--out", bundle]);
	expect(code).toBe(1);
	expect(err).toMatch(/4 rows are contradicted by the node's blocks:/);
	expect(err).toContain(`its transaction pays ${value(paid)} to ${block.transactions[paid]?.to}, the row says ${value(paid) + 1n} to`);
	expect(err).toContain("its transaction failed and moved nothing but its fee, the row says 77 to");
	expect(err).toContain(`its receipt has no such log, between the two ${amount}, the row says ${amount + 1n} to`);
	expect(err).toContain("its transaction is not in the block of that height");
	expect(readdirSync(bundle)).toContain("rows.jsonl");
	expect(readFileSync(join(bundle, "rows.jsonl"), "utf8").match(/the node's block contradicts it/g)).toHaveLength(4);
	const { out } = await run("verify", bundle);
	expect(out).toMatch(/by its maker's word 4 of its rows are contradicted/);
	expect((await run("verify", bundle, "--rows")).out.match(/the node's block contradicts it/g)).toHaveLength(4);
});
