import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { clew, MAIN, mustClew, scratch } from "./clew.js";

const folder = scratch();
const at = (name: string) => join(folder, name);
const [A, B, C, TOKEN] = ["a", "b", "c", "d"].map((c) => `0x${c.repeat(40)}`) as [string, string, string, string];
const hash = (n: number) => `0x${n.toString(16).padStart(64, "0")}`;
const EVIL = `\u001b[31m=HYPERLINK("https://evil.example","<script>alert(1)</script>")\u202e`;

beforeAll(() => {
	const tokens = [
		"blockNumber,timeStamp,hash,from,contractAddress,to,value,tokenName,tokenSymbol,tokenDecimal,transactionIndex",
		`10,1000,${hash(1)},${B},${TOKEN},${A},7,x,"${EVIL.replaceAll('"', '""')}",0,1`,
		`11,1012,${hash(2)},${A},${TOKEN},${C},7,x,"=1+1",0,1`,
	];
	writeFileSync(at(`${A}.csv`), `${tokens.join("\n")}\n`);
	mustClew("case", "new", at("a.clew"), "--title", `${EVIL}title`);
	mustClew("import", "etherscan", at(`${A}.csv`), "--case", at("a.clew"));
	writeFileSync(at("labels.csv"), `address,entity,name\n${C},"${EVIL.replaceAll('"', '""')}",x\n`);
	mustClew("label", "import", at("labels.csv"), "--source", "=cmd()", "--confidence", "50", "--case", at("a.clew"));
	mustClew("trace", "--case", at("a.clew"), "--seed", `account:${A}`);
	mustClew("export", "--case", at("a.clew"), "--trace", "last", "--out", at("bundle"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("text that an attacker wrote is harmless wherever it is shown", () => {
	const commands = [
		["trace", "--case", at("a.clew"), "--seed", `account:${A}`],
		["show", "--case", at("a.clew"), A],
		["status", "--case", at("a.clew")],
		["case", "show", at("a.clew")],
		["path", "--case", at("a.clew"), "--from", A, "--to", C],
		["doctor", "--case", at("a.clew")],
	];
	it.each(commands)("in the terminal: clew %s", (...args) => {
		const { code, out, err } = clew(args);
		expect(code).toBe(0);
		// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what must not appear.
		expect(out + err).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202e]/);
		expect(out).not.toContain("https://evil");
	});

	it("in the report, the picture and the CSV", () => {
		const read = (name: string) => readFileSync(join(at("bundle"), name), "utf8");
		for (const name of ["report.html", "flow.svg"]) {
			expect(read(name)).not.toMatch(/<script|https:\/\/evil/);
			// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what must not appear.
			expect(read(name)).not.toMatch(/[\u001b\u202e]/);
		}
		for (const cell of read("transfers.csv")
			.split(/\r\n/)
			.flatMap((line) => line.split(",")))
			expect(cell).not.toMatch(/^"?[=+@]/);
		expect(clew(["verify", at("bundle")]).code).toBe(0);
	});
});

describe("exit codes and errors", () => {
	const cases: [string, string[], number, RegExp][] = [
		["no case", ["status"], 2, /no case is named[\s\S]*--case/],
		["a missing case", ["status", "--case", at("none.clew")], 2, /there is no case/],
		["a file that is no case", ["status", "--case", at("labels.csv")], 3, /not an intact Clew case/],
		["an unknown command", ["frobnicate"], 2, /unknown command/],
		["an unknown option", ["status", "--frob"], 2, /unknown option/],
		["a seed that is none", ["trace", "--case", at("a.clew"), "--seed", "me"], 2, /is not a seed[\s\S]*account:ADDRESS/],
		["no seed", ["trace", "--case", at("a.clew")], 2, /seed/],
		["a bad checksum", ["show", "--case", at("a.clew"), "0x5AAeb6053F3E94C9b9A09f33669435E7Ef1BeAed"], 3, /wrong checksum/],
		["an unknown rule", ["trace", "--case", at("a.clew"), "--seed", `account:${A}`, "--rule", "magic"], 2, /fifo/],
		[
			"a node that is not there",
			[
				"ingest",
				"--case",
				at("a.clew"),
				"--rpc",
				"http://user:hunter2@127.0.0.1:9/secretsecretsecret",
				"--from",
				"0",
				"--to",
				"1",
				"--timeout",
				"1",
			],
			4,
			/127\.0\.0\.1:9/,
		],
		[
			"labels with an address of nothing",
			["label", "import", at("bad.csv"), "--source", "s", "--confidence", "50", "--case", at("a.clew")],
			3,
			/bad\.csv:2/,
		],
		[
			"labels with impossible confidence",
			["label", "import", at("bad.csv"), "--source", "s", "--confidence", "500", "--case", at("a.clew")],
			2,
			/0 to 100/,
		],
	];
	it.each(cases)("%s", (_, args, code, message) => {
		writeFileSync(at("bad.csv"), "address,entity\nnobody,X\n");
		const result = clew(args);
		expect([result.code, result.err]).toEqual([code, expect.stringMatching(message)]);
		expect(result.out).toBe("");
		expect(result.err).not.toMatch(/hunter2|secretsecret|at .*\.js:\d+/);
	});

	it("help names every command; version is that of the package, with the sources that it was built from", () => {
		const { code, out } = clew(["--help"]);
		expect(code).toBe(0);
		for (const name of ["case", "import", "ingest", "label", "trace", "path", "show", "export", "verify", "status", "doctor"])
			expect(out).toMatch(new RegExp(`^ {2}${name} `, "m"));
		const { version } = JSON.parse(readFileSync("packages/cli/package.json", "utf8"));
		const sources = readFileSync("packages/cli/dist/source.sha256", "utf8");
		expect(sources).toMatch(/^[0-9a-f]{64}\n$/);
		expect(clew(["--version"]).out.trim()).toBe(`${version}+${sources.slice(0, 12)}`);
	});

	it("doctor finds this machine healthy, and says when a node is not there", () => {
		expect(clew(["doctor"])).toMatchObject({ code: 0, out: expect.stringMatching(/ok\s+embedded store/) });
		expect(clew(["doctor", "--rpc", "http://127.0.0.1:9"])).toMatchObject({ code: 1, out: expect.stringMatching(/FAIL node/) });
	});

	it("Ctrl-C in the middle of an import exits 130 and leaves the case as it was", async () => {
		const rows = Array.from(
			{ length: 200_000 },
			(_, i) => `${100 + i},${5000 + i},0x${createHash("sha256").update(`${i}`).digest("hex")},0,${A},${B},5,2,3,0,`,
		);
		writeFileSync(
			at("big.csv"),
			`blockNumber,timeStamp,hash,transactionIndex,from,to,value,gasPrice,gasUsed,isError,contractAddress\n${rows.join("\n")}\n`,
		);
		const before = mustClew("status", "--case", at("a.clew"), "--json");
		const child = spawn(process.execPath, [MAIN, "import", "etherscan", at("big.csv"), "--case", at("a.clew")], {
			stdio: ["ignore", "ignore", "pipe"],
		});
		let err = "";
		child.stderr.on("data", (data) => {
			err += data;
		});
		// The case is open once its write-ahead log exists; half a second later the import is under way and seconds from its end.
		while (child.exitCode === null && !existsSync(`${at("a.clew")}-wal`)) await new Promise((resolve) => setTimeout(resolve, 10));
		await new Promise((resolve) => setTimeout(resolve, 500));
		child.kill("SIGINT");
		const code = await new Promise((resolve) => child.once("exit", resolve));
		expect([code, err]).toEqual([130, expect.stringContaining("interrupted")]);
		expect(mustClew("status", "--case", at("a.clew"), "--json")).toBe(before);
	});
});
