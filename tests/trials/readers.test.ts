import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import {
	accountId,
	evmChain,
	mergeTransactions,
	nativeAsset,
	nullAccount,
	parseChainId,
	parseHash,
	type SourcedTransaction,
} from "@clew/core";
import { describe, expect, it } from "vitest";
import { clew, MAIN, mustClew, scratch } from "../clew.js";
import {
	A,
	apiRow,
	atDesk,
	B,
	C,
	type Cells,
	csv,
	ETHEREUM,
	etlRow,
	hash,
	internalRow,
	siteRow,
	TOKEN,
	tokenRow,
	traceRow,
} from "./reading.js";

const trial = (path: string) => new URL(`../../fixtures/trials/${path}`, import.meta.url).pathname;
const OPTIMISM = parseChainId("eip155:10");
const newCase = (chain = "eip155:1") => {
	const path = join(scratch(), "c.clew");
	mustClew("case", "new", path, "--title", "t", "--chain", chain);
	return path;
};
/** What a file with these rows gives: the ledger of A, or the error's words. */
const read = (rows: readonly Cells[], chain = ETHEREUM) =>
	atDesk(async ({ file, load, ledger }) => {
		try {
			await load(file("x.csv", csv(rows)));
		} catch (error) {
			return (error as Error).message;
		}
		return ledger(A);
	}, chain);

describe("decimal commas", () => {
	it("in one row of a file with decimal points are refused at their cell", () => {
		const path = newCase();
		const { code, err } = clew(["import", "etherscan", trial("01-decimal-comma/export.csv"), "--case", path]);
		expect(code).toBe(3);
		expect(err).toMatch(/export\.csv:3: column Value_OUT\(ETH\): "0,5" has a decimal comma/);
		expect(JSON.parse(mustClew("status", "--case", path, "--json")).counts.transfers).toBe(0);
	});

	it("in a whole file are read, and the output says by which cell", async () => {
		await atDesk(async ({ file, load, ledger }) => {
			const rows = [
				siteRow(1, { "Value_OUT(ETH)": "1,234", "TxnFee(ETH)": "0,0004", "TxnFee(USD)": "0,8", "CurrentValue @ $2,000.5/Eth": "3000,75" }),
				siteRow(2, {
					"Value_OUT(ETH)": "1.234,5",
					"TxnFee(ETH)": "0,0004",
					"TxnFee(USD)": "1",
					"CurrentValue @ $2,000.5/Eth": "2.469.000",
				}),
			];
			const [report] = await load(file("x.csv", csv(rows)));
			expect(await ledger(B)).toEqual(["101.8192.1 native a1>b2 1234000000000000000", "102.8192.1 native a1>b2 1234500000000000000000"]);
			expect(report?.notes[0]).toMatch(/decimal commas, as 3000,75 in column .* at .*x\.csv:2/);
		});
	});

	it.each([
		["a comma before three digits that nothing else decides", { "Value_OUT(ETH)": "1,234" }, /Value_OUT.*two ways/],
		["groups of other than three digits", { "Value_OUT(ETH)": "1,23,456" }, /Value_OUT.*no plain decimal/],
		["a unit in the cell", { "Value_OUT(ETH)": "1,234.5 ETH" }, /Value_OUT.*no plain decimal/],
		["scientific notation", { "Value_OUT(ETH)": "4.2E-05" }, /Value_OUT.*no plain decimal/],
		["a negative amount", { "Value_OUT(ETH)": "-1" }, /Value_OUT.*no plain decimal/],
		["a plus sign", { "Value_OUT(ETH)": "+1" }, /Value_OUT/],
		["NaN", { "Value_OUT(ETH)": "NaN" }, /Value_OUT/],
		["hex", { "Value_OUT(ETH)": "0x5" }, /Value_OUT/],
		["no amount in either direction", { "Value_IN(ETH)": "", "Value_OUT(ETH)": "" }, /Value_IN\(ETH\).*found ""/],
		["no fee", { "TxnFee(ETH)": "" }, /TxnFee/],
	])("%s is refused", async (_, over, message) => {
		const whole = { "Value_IN(ETH)": "0", "TxnFee(ETH)": "1", "TxnFee(USD)": "1", "CurrentValue @ $2,000.5/Eth": "1" };
		expect(await read([siteRow(1, { ...whole, ...over })])).toMatch(message);
	});

	it("a comma between groups of three is a thousands separator where another cell has a decimal point, or it leaves no other reading", async () => {
		expect(await read([siteRow(1, { "Value_OUT(ETH)": "1,234" })])).toContain("101.8192.1 native a1>b2 1234000000000000000000");
		expect(await read([siteRow(1, { "Value_OUT(ETH)": "1,234,567" })])).toContain("101.8192.1 native a1>b2 1234567000000000000000000");
	});
});

describe("a status", () => {
	it("that a data frame wrote as 0.0 failed, 1.0 succeeded, and nothing is unknown", () => {
		const path = newCase();
		const folder = trial("02-receipt-status-float");
		mustClew("import", "ethereum-etl", join(folder, "transactions.csv"), join(folder, "traces.csv"), "--case", path);
		const { ledger } = JSON.parse(mustClew("show", "--case", path, A, "--json"));
		const rows = ledger.map((t: { txHash: string; kind: string; amount: string }) => `${t.txHash.slice(-1)} ${t.kind} ${t.amount}`);
		expect(rows.filter((row: string) => !row.startsWith("1 native"))).toEqual([
			"1 internal 1000000000000000000",
			"2 fee 420000000000000",
			"3 fee 420000000000000",
			"3 native 2000000000000000000",
			"3 internal 1000000000000000000",
		]);
	});

	const paid = "5000001.0.1 native a1>b2 5";
	it.each(["1", "1.0", "true", "TRUE", "True", "0x1", ""])("%j pays the value", async (status) => {
		expect(await read([etlRow(1, { receipt_status: status })])).toContain(paid);
	});
	it.each(["0", "0.0", "false", "FALSE", "False", "0x0"])("%j pays only the fee", async (status) => {
		expect(await read([etlRow(1, { receipt_status: status })])).toEqual(["5000001.0.0 fee a1>00 6"]);
	});
	it.each(["2", "-1", "1.5", "00", "yes", "no", "nan", "NaN", "null", "None", "success", "t", " 1"])("%j is refused", async (status) => {
		for (const rows of [
			[etlRow(1, { receipt_status: status })],
			[traceRow(1, { status })],
			[apiRow(1, { isError: status })],
			[apiRow(1, { txreceipt_status: status })],
			[internalRow(1, { isError: status })],
		])
			expect(await read(rows)).toMatch(/x\.csv:2: column (receipt_status|status|isError|txreceipt_status): expected 0, 1/);
	});
	it("of a call that carries value and tells none is refused; the site's words are read, others refused", async () => {
		expect(await read([traceRow(1, { status: "" })])).toMatch(/column status: expected 0 or 1 for a call that carries value/);
		expect(await read([internalRow(1, { isError: "" })])).toMatch(/column isError/);
		expect(await read([siteRow(1, { Status: "Error(0)" })])).toEqual(["101.8192.0 fee a1>00 400000000000000"]);
		expect(await read([siteRow(1, { ErrCode: "out of gas" })])).toEqual(["101.8192.0 fee a1>00 400000000000000"]);
		expect(await read([siteRow(1, { Status: "0" })])).toMatch(/column Status: expected an error, Success or nothing/);
		expect(await read([siteRow(1, { ErrCode: "nan" })])).toMatch(/column ErrCode/);
	});
	it("of both spellings in one row: what one of them says failed, failed", async () => {
		expect(await read([apiRow(1, { isError: "0", txreceipt_status: "0" })])).toEqual(["101.0.0 fee a1>00 6"]);
	});
});

describe("calls that carry value on paper only", () => {
	it.each(["delegatecall", "staticcall", "callcode", "DELEGATECALL"])("%s moves nothing, from any list", async (type) => {
		expect(await read([traceRow(1, { call_type: type })])).toEqual([]);
		expect(await read([internalRow(1, { type })])).toEqual([]);
		expect(await read([internalRow(1, { type: "call", callType: type })])).toEqual([]);
	});
	it("a kind that nobody knows is refused, and known ones move", async () => {
		expect(await read([internalRow(1, { type: "transfer" })])).toMatch(/column type: expected a kind of call, found "transfer"/);
		expect(await read([traceRow(1, { call_type: "" })])).toMatch(/column call_type/);
		expect(await read([traceRow(1, { trace_address: "root" })])).toMatch(/column trace_address/);
		expect(await read([traceRow(1, { trace_address: "[]" })])).toEqual([expect.stringContaining("native b2>a1 4")]);
		expect(await read([internalRow(1, { type: "call_0_1" })])).toHaveLength(1);
		expect(await read([internalRow(1, { type: "suicide" })])).toHaveLength(1);
	});
});

describe("rows that name a chain", () => {
	it("belong to that chain, or are refused by file and line", () => {
		const path = newCase();
		const file = trial("06-chainid-ignored/export.csv");
		const refused = clew(["import", "etherscan", file, "--case", path]);
		expect(refused.code).toBe(3);
		expect(refused.err).toMatch(/export\.csv:2: this row is of chain "43114" \("Avalanche C-Chain"\), and rows are imported for eip155:1/);
		const { err, out } = clew(["import", "etherscan", file, "--case", path, "--skip-bad"]);
		expect(err).toMatch(/export\.csv:2: this row is of chain "43114"[\s\S]*export\.csv:3: this row is of chain "8453"/);
		expect(out).toMatch(/1 rows: 2 transfers added.*2 rows left out/);
		expect(JSON.parse(mustClew("show", "--case", path, A, "--json")).transfers).toBe(2);
	});

	it.each([
		["chain_id", "1", true],
		["chainId", "1.0", true],
		["chainId", "0x1", true],
		["chainid", "eip155:1", true],
		["chainId", "0xa", false],
		["chain_id", "137", false],
		["network", "ethereum", true],
		["Chain", "Ethereum Mainnet", true],
		["blockchain", "Base", false],
		["chain", "some other chain", false],
	])("column %s with %s", async (column, value, own) => {
		const result = await read([apiRow(1, { [column]: value })]);
		if (own) expect(result).toHaveLength(2);
		else expect(result).toMatch(/x\.csv:2: this row is of chain/);
	});
});

describe("times", () => {
	it("without a zone are UTC on every machine", () => {
		for (const TZ of ["America/New_York", "Asia/Tokyo"]) {
			const path = newCase();
			const args = ["import", "ethereum-etl", trial("10-local-time/transactions.csv"), "--case", path];
			expect(clew(args, { TZ }).code).toBe(0);
			expect(clew(["show", "--case", path, A], { TZ }).out).toContain("2018-11-09T05:20:00");
		}
	});

	const at = (text: string) =>
		atDesk(async ({ store, file, load }) => {
			await load(file("x.csv", csv([etlRow(1, { block_timestamp: text })])));
			return (await store.header(ETHEREUM, 5_000_001))?.time;
		}).catch((error: Error) => error.message);
	it.each([
		"2018-11-09 05:20:00",
		"2018-11-09T05:20:00",
		"2018-11-09 05:20:00 UTC",
		"2018-11-09T05:20:00Z",
		"2018-11-09 05:20:00.000",
		"2018-11-09 05:20:00+00:00",
		"2018-11-09T07:20:00+02:00",
		"2018-11-09 00:20:00.000-0500",
		"2018-11-09 05:20:00.5",
		"2018-11-09T05:20:00.999999Z",
		"1541740800.9",
		"1541740800",
		"1541740800.0",
	])("%s is one moment", async (text) => {
		expect(await at(text)).toBe(1_541_740_800);
	});
	it.each([
		"1541740800000",
		"2018-11-09",
		"11/9/2018 5:20",
		"09.11.2018 05:20:00",
		"2018-11-09 05:20:00 EST",
		"2018-02-30 05:20:00",
		"2018-11-09 24:20:00",
		"1.5417408E9",
		"-1",
		"nan",
	])("%s is refused", async (text) => {
		expect(await at(text)).toMatch(/column block_timestamp: expected a time/);
	});
	it("that two rows of one block disagree on are refused, in any order", async () => {
		const rows = [apiRow(1), apiRow(2, { blockNumber: "101", transactionIndex: "1" })];
		for (const order of [rows, [...rows].reverse()]) expect(await read(order)).toMatch(/rows give block 101 the times/);
	});
});

describe("an account without transfers", () => {
	it("whose answer is empty counts as fetched, none found; a trace has no gap for it", () => {
		const folder = scratch();
		const answer = readFileSync(trial(`16-empty-answer/txlistinternal-${A}.json`), "utf8");
		mkdirSync(join(folder, "all"));
		writeFileSync(join(folder, "all", `txlistinternal-${A}.json`), answer);
		writeFileSync(join(folder, "all", `tokentx-${A}.json`), answer.replace('"1"', '"0"').replace("OK", "No transactions found"));
		writeFileSync(join(folder, "all", `txlist-${A}.csv`), csv([apiRow(1, { from: B, to: A }), apiRow(2)]));
		const path = newCase();
		const { out } = clew(["import", "etherscan", join(folder, "all"), "--case", path]);
		expect(out).toMatch(/3 files, 2 rows: .*; 1 accounts fetched/);
		const { coverage } = JSON.parse(mustClew("status", "--case", path, "--json"));
		expect(coverage.map((c: { kinds: string[]; fromHeight: number; toHeight: number }) => [c.kinds[0], c.fromHeight, c.toHeight])).toEqual(
			expect.arrayContaining([
				["internal", 0, 102],
				["token", 0, 102],
				["native", 0, 102],
			]),
		);
		const { coverage: shown } = JSON.parse(mustClew("trace", "--case", path, "--seed", `account:${A}`, "--json"));
		expect(shown.gaps.filter((gap: { kind: string }) => gap.kind === "missing-kind" && JSON.stringify(gap).includes(A))).toEqual([]);
	});

	it.each([
		["an error", `x-txlist-${A}.json`, { status: "0", message: "NOTOK", result: "Max rate limit reached" }, /is an error: "Max rate limit/],
		["an empty error", `txlist-${A}.json`, { status: "0", message: "NOTOK", result: [] }, /is an error: "NOTOK"/],
		["a timeout", `txlist-${A}.json`, { status: "0", message: "Query Timeout occured", result: null }, /is an error/],
		["a name without an action", `${A}.json`, { status: "1", message: "OK", result: [] }, /does not tell of what/],
		["a name without an account", "txlist.json", { status: "1", message: "OK", result: [] }, /does not tell of what/],
	])("%s is no empty answer", async (_, name, answer, message) => {
		await atDesk(async ({ store, file, load }) => {
			await expect(load(file(name, JSON.stringify(answer)))).rejects.toMatchObject({ message: expect.stringMatching(message) });
			expect(await store.coverage(ETHEREUM)).toEqual([]);
		});
	});

	it("an index that calls itself incomplete covers nothing, and a header without rows is as good as an empty answer", async () => {
		await atDesk(async ({ store, file, load }) => {
			const [report] = await load(
				file(`txlistinternal-${A}.json`, JSON.stringify({ status: "2", message: "not yet processed", result: [] })),
			);
			expect(report?.notes).toEqual([expect.stringMatching(/incomplete: "not yet processed"/)]);
			expect(await store.coverage(ETHEREUM)).toEqual([]);
			await load(file(`${A}.csv`, csv([internalRow(1)]).split("\n")[0] ?? ""));
			expect(await store.coverage(ETHEREUM)).toEqual([expect.objectContaining({ kinds: ["internal"], toHeight: 0 })]);
		});
	});
});

describe("two columns for one movement", () => {
	it("filled both ways are the same money", async () => {
		await atDesk(async ({ load, ledger }) => {
			await load(trial("18-self-transfer-doubled/export.csv"));
			expect((await ledger(A)).filter((line) => line.includes("a1>a1"))).toEqual(["101.8192.1 native a1>a1 1000000000000000000"]);
		});
	});
	it("that differ are refused, whichever columns they are", async () => {
		expect(await read([siteRow(1, { "Value_IN(ETH)": "1" })])).toMatch(/Value_OUT\(ETH\): expected one amount/);
		expect(await read([siteRow(1, { "Value(ETH)": "3" })])).toMatch(/Value_OUT\(ETH\): expected one amount/);
		expect(await read([apiRow(1, { transactionHash: hash(9) })])).toMatch(/column transactionHash: expected what column/);
		expect(await read([siteRow(1, { "Value_IN(ETH)": "" })])).toHaveLength(2);
	});
});

describe("the height of a block", () => {
	const file = trial("19-block-height-ignored/getblock.json");
	it("is the answer's; an option that says another is refused", () => {
		const path = newCase("bitcoin");
		const wrong = clew(["import", "blocks", file, "--case", path, "--first-height", "7"]);
		expect(wrong).toMatchObject({ code: 2, err: expect.stringMatching(/is block 2, and --first-height says 7/) });
		expect(mustClew("import", "blocks", file, "--case", path)).toContain("heights 2 to 2");
		expect(JSON.parse(mustClew("status", "--case", path, "--json")).coverage).toEqual([
			expect.objectContaining({ fromHeight: 2, toHeight: 2 }),
		]);
	});
	it("is refused where parent and answer differ, and a block off the best chain is no block of it", () => {
		const folder = scratch();
		const answer = readFileSync(file, "utf8");
		const stale = join(folder, "stale.json");
		writeFileSync(stale, answer.replace('"height": 2', '"height": 2, "confirmations": -1'));
		expect(clew(["import", "blocks", stale, "--case", newCase("bitcoin")]).err).toContain("not on the node's best chain");
		const path = newCase("bitcoin");
		mustClew("import", "blocks", file, "--case", path);
		const moved = join(folder, "moved.json");
		writeFileSync(moved, answer.replace('"height": 2', '"height": 3'));
		expect(clew(["import", "blocks", moved, "--case", path])).toMatchObject({ code: 3 });
		writeFileSync(join(folder, "packed.json.gz"), gzipSync(answer));
		expect(mustClew("import", "blocks", join(folder, "packed.json.gz"), "--case", newCase("bitcoin"))).toContain("heights 2 to 2");
	});
});

describe("fees of rollups", () => {
	it("have the first layer's part where the file has it", async () => {
		await atDesk(async ({ load, facts }) => {
			const [report] = await load(trial("25-etl-op-fee/transactions.csv"));
			expect(await facts()).toContainEqual(expect.stringMatching(/ fee a1>00 50021000000000 /));
			expect(report?.notes).toEqual([]);
		}, OPTIMISM);
	});
	it("without it are lower bounds, say so in the coverage, and yield to a fuller source in any order", async () => {
		const whole = csv([siteRow(1, { "TxnFee(ETH)": "0.0004" }), siteRow(2)]);
		const part = csv([apiRow(1, { value: "1500000000000000000" }), apiRow(2, { value: "1500000000000000000" })]);
		for (const order of [
			[whole, part],
			[part, whole],
		]) {
			await atDesk(async ({ store, file, load, ledger }) => {
				const reports = await load(...order.map((text, i) => file(`${A}-${i}.csv`, text)));
				expect(reports.flatMap((r) => r.notes).join()).toMatch(/2 fees without their first-layer part: lower bounds/);
				expect((await store.coverage(OPTIMISM)).map((c) => c.note).join()).toMatch(/lower bounds/);
				expect((await ledger(A))[0]).toBe("101.0.0 fee a1>00 400000000000000");
			}, OPTIMISM);
		}
		expect(evmChain(OPTIMISM)?.opStack).toBe(true);
	});
	it("merge alike in any order: a part yields to the whole, and more than a node says is a conflict", () => {
		const fee = (amount: bigint, provenance: "imported" | "node"): SourcedTransaction => {
			const common = { asset: nativeAsset(OPTIMISM), source: `${provenance} ${amount}`, provenance };
			const move = { kind: "fee" as const, from: accountId(OPTIMISM, A), to: nullAccount(OPTIMISM), amount, ...common };
			return { hash: parseHash(hash(1), OPTIMISM), height: 1, transfers: [move] };
		};
		const merged = (list: readonly SourcedTransaction[]) =>
			list.reduce<SourcedTransaction[]>((all, tx) => mergeTransactions(all, [tx]), []).flatMap((tx) => tx.transfers.map((t) => t.source));
		const [part, more, whole, most] = [fee(5n, "imported"), fee(7n, "imported"), fee(9n, "node"), fee(10n, "imported")];
		for (const [a, b, c] of [
			[part, more, whole],
			[whole, more, part],
			[more, whole, part],
			[part, whole, more],
		] as const)
			expect(merged([a, b, c])).toEqual(["node 9"]);
		for (const order of [
			[part, more],
			[more, part],
		])
			expect(merged(order)).toEqual(["imported 7"]);
		for (const order of [
			[most, part, whole],
			[whole, part, most],
			[part, whole, most],
		])
			expect(() => merged(order)).toThrow(/fee of/);
	});
	it("of other chains that two files disagree on are a conflict still", async () => {
		await atDesk(async ({ file, load }) => {
			const files = [file("a.csv", csv([apiRow(1)])), file("b.csv", csv([apiRow(1, { gasUsed: "4" })]))];
			await expect(load(...files)).rejects.toMatchObject({ code: "CONFLICT" });
		});
	});
	it("of deposits are none at all, and of blobs are counted or named", async () => {
		expect(await read([etlRow(1, { gas_price: "0", transaction_type: "126" })], OPTIMISM)).toEqual(["5000001.0.1 native a1>b2 5"]);
		const blob = { receipt_blob_gas_used: "10", receipt_blob_gas_price: "7", transaction_type: "3" };
		expect(await read([etlRow(1, blob)])).toContain("5000001.0.0 fee a1>00 76");
		await atDesk(async ({ file, load }) => {
			const [report] = await load(file(`${A}.csv`, csv([etlRow(1, { transaction_type: "3" })])));
			expect(report?.notes).toEqual([expect.stringMatching(/1 fees without what was paid for blobs/)]);
		});
	});
});

describe("what a file covers", () => {
	const cover = (rows: readonly Cells[]) =>
		atDesk(async ({ store, file, load }) => {
			const [report] = await load(file(`${A}.csv`, csv(rows)));
			const [found] = await store.coverage(ETHEREUM);
			return { span: found && [found.fromHeight, found.toHeight], notes: report?.notes.join() ?? "" };
		});
	const many = (n: number, row: (i: number) => Cells) => Array.from({ length: n }, (_, i) => row(i + 1));
	it.each([
		["a page of 100", many(100, (i) => apiRow(i)), [102, 199]],
		["a page of 1,000", many(1000, (i) => tokenRow(i)), [102, 1099]],
		["a page of 2,000", many(2000, (i) => internalRow(i)), [102, 2099]],
		["the site's 5,000", many(5000, (i) => siteRow(i)), [102, 5099]],
		["the site's limit by far", many(5001, (i) => siteRow(i)), [102, 5100]],
	])("%s: it may be cut off, so only whole blocks between its ends", async (_, rows, span) => {
		for (const order of [rows, [...rows].reverse()]) {
			const { span: found, notes } = await cover(order);
			expect(found).toEqual(span);
			expect(notes).toContain("may be cut off");
		}
	});
	it("other numbers of rows: from the first block for an answer, from its first row for a download of an untold range", async () => {
		expect(await cover(many(99, (i) => apiRow(i)))).toEqual({ span: [0, 199], notes: "" });
		expect(await cover(many(3, (i) => siteRow(i)))).toEqual({
			span: [101, 103],
			notes: expect.stringMatching(/a range that it does not tell/),
		});
	});
	it("a full page inside two blocks covers nothing", async () => {
		const rows = many(100, (i) => apiRow(i, { blockNumber: `${100 + (i % 2)}`, timeStamp: "1600000000", transactionIndex: `${i}` }));
		expect((await cover(rows)).span).toBeUndefined();
	});
	it("pages of one list leave the blocks between them open, whatever head they tell, unless the next begins two listed blocks earlier", async () => {
		const rows = (from: number, to: number) =>
			Array.from({ length: to - from + 1 }, (_, i) => apiRow(from + i, { confirmations: `${400 - from - i}` }));
		const read = (begins: number) =>
			atDesk(async ({ load, file, store }) => {
				for (const page of [rows(1, 30), rows(begins, 60)])
					await load(file(`${page[0]?.["hash"]}/list-${A}.json`, JSON.stringify({ status: "1", result: page })));
				const { coverage } = await store.profile(accountId(ETHEREUM, A), 1);
				return coverage.map(({ fromHeight, toHeight }) => [fromHeight, toHeight]);
			});
		for (const [begins, next] of [
			[31, 132],
			[30, 131],
			[29, 130],
		] as const)
			expect(await read(begins)).toEqual([
				[0, 129],
				[next, 500],
			]);
	});

	it("pages that were asked for at different times cover what the earliest saw", async () => {
		const rows = [apiRow(1, { confirmations: "50" }), apiRow(2, { confirmations: "9000" })];
		expect((await cover(rows)).span).toEqual([0, 151]);
	});
});

describe("rows of one token that disagree", () => {
	it("are named: decimals stay unknown, of symbols the first in text order is shown, in any order of rows", async () => {
		const rows = [tokenRow(1), tokenRow(2, { tokenDecimal: "18" }), tokenRow(3, { tokenSymbol: "AAA", tokenDecimal: "18.0" })];
		for (const order of [rows, [...rows].reverse()]) {
			await atDesk(async ({ store, file, load }) => {
				const [report] = await load(file("x.csv", csv(order)));
				expect(report?.notes.join("\n")).toMatch(/rows disagree on its decimals \(6 at .*x\.csv:\d, 18 at .*\)[\s\S]*symbol \("AAA" at/);
				expect(await store.assets()).toEqual([]);
			});
		}
	});
	it("and rows that the case disagrees with, and decimals that nobody told", async () => {
		await atDesk(async ({ store, file, load }) => {
			await load(file("1.csv", csv([tokenRow(1)])));
			const [report] = await load(file("2.csv", csv([tokenRow(2, { tokenDecimal: "0", tokenSymbol: "FAKE" })])));
			expect(report?.notes.join("\n")).toMatch(/says 0 decimals, the case holds 6[\s\S]*calls it "FAKE", the case "TOK"/);
			await load(file("3.csv", csv([tokenRow(3, { tokenDecimal: "", contractAddress: C })])));
			expect((await store.assets()).map((info) => info.asset)).toEqual([expect.stringContaining(TOKEN)]);
		});
	});
});

describe("whole numbers", () => {
	it.each([
		["blockNumber", "101.0", true],
		["blockNumber", "1.01E+02", false],
		["blockNumber", "0x65", false],
		["blockNumber", "+101", false],
		["blockNumber", "-101", false],
		["blockNumber", "1,010", false],
		["blockNumber", "101.5", false],
		["blockNumber", "", false],
		["transactionIndex", "0.0", true],
		["transactionIndex", "nan", false],
		["value", "5.0", true],
		["value", "5e0", false],
		["value", "1000000000000000000.0", false],
		["value", "1E+18", false],
		["value", "0x5", false],
		["value", "", false],
		["gasPrice", "2.0", true],
		["gasPrice", "", false],
		["gasUsed", "NaN", false],
		["timeStamp", "1600000001000", false],
	])("%s %j", async (column, text, fine) => {
		const result = await read([apiRow(1, { [column]: text })]);
		if (fine) expect(result).toEqual(["101.0.0 fee a1>00 6", "101.0.1 native a1>b2 5"]);
		else expect(result).toMatch(new RegExp(`x\\.csv:2: column ${column}: expected`));
	});
});

describe("JSON rows", () => {
	it("are read by their own keys, whatever the first row has", async () => {
		await atDesk(async ({ file, load, ledger }) => {
			const { transactionIndex: _, contractAddress: __, ...short } = apiRow(1);
			const created = apiRow(2, { to: "", contractAddress: C });
			const shuffled = Object.fromEntries(Object.entries(apiRow(3)).reverse());
			await load(file("x.json", JSON.stringify([short, created, shuffled])));
			expect((await ledger(A)).filter((line) => line.includes("native"))).toEqual([
				"101.8192.1 native a1>b2 5",
				"102.0.1 native a1>c3 5",
				"103.0.1 native a1>b2 5",
			]);
		});
	});
	it("of two exports in one file, and rows that lack a column, are refused", async () => {
		await atDesk(async ({ file, load }) => {
			await expect(load(file("x.json", JSON.stringify([apiRow(1), tokenRow(2)])))).rejects.toMatchObject({
				message: expect.stringMatching(/rows are of several exports/),
			});
			const { value: _, ...lacking } = apiRow(2);
			await expect(load(file("y.json", JSON.stringify([apiRow(1), lacking])))).rejects.toMatchObject({
				message: expect.stringMatching(/y\.json:2: column value/),
			});
		});
	});
});

describe("files are closed", () => {
	it("more exports in a folder than may be open at once import, and bad ones among them close, too", () => {
		const folder = scratch();
		mkdirSync(join(folder, "f"));
		for (let i = 0; i < 240; i++) {
			const account = `0x${i.toString(16).padStart(40, "0")}`;
			const bad = i % 3 === 0 ? { value: "x" } : {};
			writeFileSync(
				join(folder, "f", `${account}.csv`),
				csv([apiRow(i, { from: account, blockNumber: "100", timeStamp: "1600000000", transactionIndex: `${i}`, ...bad })]),
			);
			writeFileSync(join(folder, "f", `unknown-${i}.csv`), "a,b\n1,2\n");
		}
		const path = newCase();
		const command = `ulimit -n 400 && exec "$0" "$@"`;
		const args = [process.execPath, MAIN, "import", "etherscan", join(folder, "f"), "--case", path, "--skip-bad"];
		const { status, stdout, stderr } = spawnSync("sh", ["-c", command, ...args], { encoding: "utf8", maxBuffer: 1 << 26 });
		expect(stderr).not.toMatch(/EMFILE|cannot be read/);
		expect([status, stdout]).toEqual([0, expect.stringMatching(/^240 files, 160 rows: 320 transfers added.*80 rows left out/)]);
	}, 600_000);
});

describe("saved again", () => {
	it.each([
		["with a mark and carriage returns", (text: string) => `\ufeff${text.replaceAll("\n", "\r\n")}`],
		["as UTF-16, little end first", (text: string) => Buffer.from(`\ufeff${text}`, "utf16le")],
		["as UTF-16, big end first", (text: string) => Buffer.from(`\ufeff${text}`, "utf16le").swap16()],
		["packed", (text: string) => gzipSync(text)],
		["between semicolons", (text: string) => text.replaceAll(",", ";")],
		["between tabs", (text: string) => text.replaceAll(",", "\t")],
		["between semicolons, as its first line says", (text: string) => `sep=;\r\n${text.replaceAll(",", ";")}`],
		["with old carriage returns", (text: string) => text.replaceAll("\n", "\r")],
	])("%s it is the same file", async (_, again) => {
		await atDesk(async ({ file, load, ledger }) => {
			await load(file("x.csv", again(csv([apiRow(1), apiRow(2, { isError: "1" })]))));
			expect(await ledger(A)).toEqual(["101.0.0 fee a1>00 6", "101.0.1 native a1>b2 5", "102.0.0 fee a1>00 6"]);
		});
	});
	it.each([
		["in an encoding that it does not name", Buffer.from(csv([tokenRow(1, { tokenSymbol: "\u00dc" })]), "latin1"), /is no UTF-8 text/],
		["as UTF-16 without a mark", Buffer.from(csv([apiRow(1)]), "utf16le"), /zero bytes|no UTF-8/],
		["as UTF-32", Buffer.from("fffe000062000000", "hex"), /is UTF-32/],
		["packed and cut off", gzipSync(csv(Array.from({ length: 50 }, (_, i) => apiRow(i)))).subarray(0, 300), /cut off/],
	])("%s it is refused", async (_, content, message) => {
		await atDesk(async ({ file, load }) => {
			await expect(load(file("x.csv", content))).rejects.toMatchObject({ message: expect.stringMatching(message) });
		});
	});
	it("what is left out of Esplora's answers is said", () => {
		const folder = scratch();
		const pending = { txid: hash(1).slice(2), version: 2, locktime: 0, vin: [], vout: [], status: { confirmed: false } };
		writeFileSync(join(folder, "tx.json"), JSON.stringify([pending]));
		expect(clew(["import", "esplora", join(folder, "tx.json"), "--case", newCase("bitcoin")]).err).toContain(
			"1 unconfirmed transactions were left out",
		);
		writeFileSync(join(folder, "odd.json"), JSON.stringify([{ ...pending, status: { confirmed: true } }]));
		expect(clew(["import", "esplora", join(folder, "odd.json"), "--case", newCase("bitcoin")])).toMatchObject({
			code: 3,
			err: expect.stringContaining("height or time is missing"),
		});
	});
});

describe("dumps of Bitcoin", () => {
	let path = "";
	const dump = (flag: string, time: string, index = "0", more = "") => {
		const file = join(scratch(), "outputs.csv");
		const script = `76a914${"11".repeat(20)}88ac`;
		const row = `100.0,${"ab".repeat(32)},${index},${time},5000000000,${script},${flag}\n`;
		writeFileSync(file, `block_id,transaction_hash,index,time,value,script_hex,is_from_coinbase\n${row}${more}`);
		return clew(["import", "csv", file, "--case", path]);
	};
	it("are read by the same rules: flags and numbers in known spellings, times in UTC, rows that disagree refused", () => {
		path = newCase("bitcoin");
		expect(dump("1.0", "2009-01-12 03:30:25")).toMatchObject({ code: 0, out: expect.stringContaining("1 transactions added") });
		expect(dump("true", "2009-01-12T05:30:25+02:00")).toMatchObject({ code: 0, out: expect.stringContaining("1 known already") });
		expect(dump("", "2009-01-12 03:30:25")).toMatchObject({ code: 3, err: expect.stringMatching(/outputs\.csv:2: is_from_coinbase: ""/) });
		expect(dump("1", "12.01.2009 03:30")).toMatchObject({ code: 3, err: expect.stringMatching(/outputs\.csv:2: time/) });
		expect(dump("1", "2009-01-12 03:30:25", "1e0")).toMatchObject({ code: 3, err: expect.stringMatching(/outputs\.csv:2: index/) });
		const other = `100,${"ab".repeat(32)},1,2009-01-12 03:30:25,5,51,0\n`;
		expect(dump("1", "2009-01-12 03:30:25", "0", other)).toMatchObject({
			code: 3,
			err: expect.stringMatching(/:3: is_from_coinbase: another row/),
		});
	});
});
