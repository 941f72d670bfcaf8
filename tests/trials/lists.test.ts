import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { namehash } from "ethers";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { clew, clewAsync, MAIN, mustClew, ROOT, scratch } from "../clew.js";

/** A guard against a hang. */
const GUARD = 600_000;
vi.setConfig({ testTimeout: GUARD, hookTimeout: GUARD });

const trial = (name: string) => join(ROOT, "fixtures/trials", name);
const ONE = `0x${"1".repeat(40)}`;
const TWO = `0x${"2".repeat(40)}`;
/** The day before the clock of these tests. */
const OF_NOW = ["--retrieved-at", "2023-11-13"];
const library = () => join(scratch(), "labels.db");
const written = (name: string, text: string): string => {
	const path = join(scratch(), name);
	writeFileSync(path, text);
	return path;
};

/** The exit code of the first command of a pipe, in a real shell. */
function firstOfPipe(args: readonly string[], reader: string): string {
	const command = `"${process.execPath}" "${MAIN}" ${args.map((arg) => `'${arg}'`).join(" ")} ${reader}; echo "\${PIPESTATUS[0]}" >&3`;
	const { output } = spawnSync("bash", ["-c", command], { cwd: ROOT, encoding: "utf8", stdio: ["ignore", "pipe", "pipe", "pipe"] });
	return (output[3] ?? "").trim();
}

describe("a reader that goes away changes no answer", () => {
	const labels = library();
	const bundle = join(scratch(), "bundle");
	beforeAll(() => {
		mustClew("label", "sync", "metamask", join(trial("12-broken-pipe-exit"), "list.json"), "--labels", labels, ...OF_NOW);
		mkdirSync(bundle);
		writeFileSync(join(bundle, "manifest.json"), "{");
	});

	it.each([
		["check", () => ["check", "evil-claim.example.com", "--labels", labels], "1"],
		["a question that was not looked at", () => ["check", ONE, "--labels", labels], "5"],
		["verify of a damaged bundle", () => ["verify", bundle], "1"],
		["verify --json", () => ["verify", bundle, "--json"], "1"],
		["bad input", () => ["check", "T9yD14Nj9j7xAB4dbGeiX9h8unkKHxuWwc", "--json"], "3"],
		["usage", () => ["trace", "--json"], "2"],
		["a command that is done", () => ["label", "lists", "--labels", labels], "0"],
	] as const)("%s", (_, args, code) => {
		expect(firstOfPipe(args(), "2>&1 | true")).toBe(code);
	});

	it.skipIf(!existsSync("/dev/full"))("and a full disk is a failure of its own", () => {
		expect(firstOfPipe(["check", "evil-claim.example.com", "--labels", labels], "> /dev/full")).toBe("4");
	});
});

describe("a site", () => {
	const labels = library();
	beforeAll(() => {
		mustClew("label", "sync", "metamask", join(trial("13-subdomain-and-ens"), "list.json"), "--labels", labels, ...OF_NOW);
	});
	const check = (what: string) => clew(["check", what, "--labels", labels]);

	it.each([
		"evil-claim.example.com",
		"app.evil-claim.example.com",
		"EVIL-CLAIM.example.com.",
		"https://user:secret@app.evil-claim.example.com/free",
		"evil-claim\u3002example\uff0ecom",
		"https://sites.example.org/view/claim/step2?x",
	])("%s is listed, as the list's own matcher has it", (what) => {
		expect(check(what)).toMatchObject({ code: 1, out: expect.stringMatching(/^Do not pay\./) });
	});

	it.each(["example.com", "notevil-claim.example.com", "evil-claim.example.com.example.net"])("%s is not", (what) => {
		expect(check(what)).toMatchObject({ code: 0, out: expect.stringMatching(/^Nothing here warns/) });
	});

	it.each(["sites.example.org", "https://sites.example.org/view/claims"])(
		"%s, of which other pages are listed, is a reason to be careful",
		(what) => {
			expect(check(what)).toMatchObject({
				code: 0,
				out: expect.stringMatching(/^Be careful\. A list of \d{4}-\d\d-\d\d has pages of this site/),
			});
		},
	);

	it("in an international alphabet is compared in punycode", () => {
		const own = library();
		mustClew(
			"label",
			"sync",
			"metamask",
			written("l.json", JSON.stringify({ blacklist: ["xn--80ak6aa92e.example"] })),
			"--labels",
			own,
			...OF_NOW,
		);
		expect(clew(["check", "https://\u0430\u0440\u0440\u04cf\u0435.example/", "--labels", own]).code).toBe(1);
	});

	it("that the list itself allows below a blocked domain is not called bad; what of the list is not read is said", () => {
		const own = library();
		const config = { blacklist: ["example.com"], whitelist: ["good.example.com"], fuzzylist: ["metamask.io"] };
		const synced = clew(["label", "sync", "metamask", written("l.json", JSON.stringify(config)), "--labels", own, ...OF_NOW]);
		expect(synced.err).toContain("not read: 1 names of its fuzzylist");
		expect(clew(["check", "a.good.example.com", "--labels", own]).code).toBe(0);
		expect(clew(["check", "bad.example.com", "--labels", own]).code).toBe(1);
	});

	it("of a list that names one page is no list of the whole site", () => {
		const own = library();
		mustClew(
			"label",
			"sync",
			"scamsniffer",
			written("domains.json", `["pages.example.org/view/x", "evil.example"]`),
			"--labels",
			own,
			...OF_NOW,
		);
		expect(clew(["check", "pages.example.org/other", "--labels", own]).code).toBe(0);
		expect(clew(["check", "pages.example.org/view/x/y", "--labels", own]).code).toBe(1);
	});
});

describe("what is no site", () => {
	const labels = library();
	beforeAll(() => {
		mustClew("label", "sync", "ofac", join(ROOT, "fixtures/labels/ofac-ETH.txt"), "--labels", labels, ...OF_NOW);
		mustClew("label", "sync", "ofac", join(ROOT, "fixtures/labels/ofac-XBT.txt"), "--labels", labels, ...OF_NOW);
	});

	it("is refused with what to do: names without a node, of other services, other schemes", () => {
		for (const what of ["someone.eth", "SOMEONE.ETH", "https://someone.eth/", "someone.crypto", "ftp://a.example"])
			expect(clew(["check", what, "--labels", labels])).toMatchObject({ code: 2, err: expect.stringMatching(/[Gg]ive /) });
		expect(clew(["check", "T9yD14Nj9j7xAB4dbGeiX9h8unkKHxuWwc", "--labels", labels])).toMatchObject({
			code: 3,
			err: expect.stringContaining("wrong checksum"),
		});
	});

	it("is a Bitcoin address, which needs no --chain, whatever the case is about", () => {
		const bitcoin = "12QtD5BFwRsdNsAZY76UVE1xyCGNTojH9h";
		const file = join(scratch(), "c.clew");
		mustClew("case", "new", file, "--title", "t", "--chain", "eip155:1");
		for (const more of [[], ["--case", file]])
			expect(clew(["check", bitcoin, "--labels", labels, ...more])).toMatchObject({ code: 1, out: expect.stringContaining("sanctioned") });
		expect(clew(["check", bitcoin, "--labels", labels, "--chain", "eip155:1"]).code).toBe(3);
	});
});

describe("an ENS name", () => {
	const listed = "0x098b716b8aaf21512996dc57eb0615e2383e2f96";
	const names = new Map([[namehash("thief.eth"), listed]]);
	let server: Server;
	let url = "";
	let chain = "0x1";
	let code: string | null = "0x";
	let reverting = false;
	beforeAll(async () => {
		server = createServer((request, response) => {
			let body = "";
			request.on("data", (chunk) => {
				body += chunk;
			});
			request.on("end", () => {
				const calls = [JSON.parse(body)].flat() as { id: number; method: string; params: [{ to: string; data: string }] }[];
				const word = (address: string) => `0x${address.replace("0x", "").padStart(64, "0")}`;
				const answer = ({ method, params }: (typeof calls)[number]) => {
					if (method === "eth_chainId") return chain;
					if (method === "eth_getCode") return code;
					if (method !== "eth_call") return method === "eth_getLogs" ? [] : "0x1";
					const node = `0x${params[0].data.slice(10)}`;
					if (params[0].to === "0x00000000000c2e074ec69a0dfb2997ba6c7d2e1e") return word(names.has(node) ? TWO : "0");
					return word(params[0].to === TWO ? (names.get(node) ?? "0") : "0");
				};
				const refuses = ({ method, params }: (typeof calls)[number]) => method === "eth_call" && params[0].to === TWO && reverting;
				const reverted = { error: { code: 3, message: "execution reverted" } };
				const answers = calls.map((call) => ({ jsonrpc: "2.0", id: call.id, ...(refuses(call) ? reverted : { result: answer(call) }) }));
				response.setHeader("content-type", "application/json");
				response.end(JSON.stringify(body.startsWith("[") ? answers : answers[0]));
			});
		});
		await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
		url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
	});
	afterAll(() => void server.close());

	it("is resolved by the node that is named, and its address is checked", async () => {
		const labels = library();
		mustClew("label", "sync", "ofac", join(ROOT, "fixtures/labels/ofac-ETH.txt"), "--labels", labels, ...OF_NOW);
		const found = await clewAsync(["check", "Thief.eth", "--labels", labels, "--rpc", url]);
		expect(found).toMatchObject({ code: 1, out: expect.stringContaining("stands for 0x098B716B8Aaf21512996dC57EB0615e2383E2f96") });
		expect(await clewAsync(["check", "nobody.eth", "--labels", labels, "--rpc", url])).toMatchObject({
			code: 3,
			err: expect.stringContaining("no resolver"),
		});
		// In a URL the name is one of the things it points to.
		const page = "https://explorer.example/address/thief.eth";
		expect(await clewAsync(["check", page, "--labels", labels, "--rpc", url])).toMatchObject({
			code: 1,
			out: expect.stringMatching(/^Do not pay\. 0x098B716B8Aaf21512996dC57EB0615e2383E2f96: A list of \d{4}-\d\d-\d\d has this address/),
		});
		expect(await clewAsync(["check", page, "--labels", labels])).toMatchObject({
			code: 5,
			err: expect.stringContaining("thief.eth is an ENS name"),
		});
		// What a contract does not answer is not "nothing".
		reverting = true;
		expect(await clewAsync(["check", "thief.eth", "--labels", labels, "--rpc", url])).toMatchObject({
			code: 3,
			err: expect.stringContaining("could not be resolved, and was not checked"),
		});
		reverting = false;
		code = null;
		const unread = await clewAsync(["check", TWO, "--labels", labels, "--rpc", url]);
		expect(unread).toMatchObject({ code: 5, err: expect.stringContaining("is not bytes") });
		code = "0x";
		chain = "0xa";
		expect(await clewAsync(["check", "thief.eth", "--labels", labels, "--rpc", url])).toMatchObject({ code: 4 });
	});
});

describe("published lists", () => {
	const folder = trial("14-lists-refused-whole");
	it.each([
		["scamsniffer", "archive.json", 2, 0, 0],
		["scamsniffer", "combined.json", 3, 1, 0],
		["ofac", "sanctioned_addresses_ETH.json", 2, 0, 0],
		["ofac", "sanctioned_addresses_USDT.txt", 2, 0, 1],
		["tagpack", "pack.yaml", 2, 0, 0],
		["tagpack", "pack-bsc.yaml", 1, 0, 0],
	] as const)("%s %s: usable rows are taken, the others counted", (kind, file, rows, unusable, skipped) => {
		const labels = library();
		const synced = JSON.parse(mustClew("label", "sync", kind, join(folder, file), "--labels", labels, "--json"));
		expect(synced.rows).toBe(rows);
		expect(synced.unusable).toHaveLength(unusable);
		expect(Object.values(synced.skipped as Record<string, number>).reduce((sum, n) => sum + n, 0)).toBe(skipped);
		expect(clew(["check", ONE, "--labels", labels]).out).not.toContain("Nothing here warns");
		if (unusable === 0) mustClew("label", "sync", kind, join(folder, file), "--labels", labels, "--strict");
	});

	it("name the row that is not usable, and --strict refuses the list for it, changing nothing", () => {
		const labels = library();
		const path = join(folder, "combined.json");
		expect(clew(["label", "sync", "scamsniffer", path, "--labels", labels]).err).toMatch(/not usable: .*combined\.json: "": .*host name/);
		const before = mustClew("label", "lists", "--labels", labels);
		expect(clew(["label", "sync", "scamsniffer", path, "--labels", labels, "--strict"])).toMatchObject({ code: 3 });
		expect(mustClew("label", "lists", "--labels", labels)).toBe(before);
	});

	it("say what of other chains they hold in one line", () => {
		const rows = ["XMR", "LTC", "SOL", "ADA", "DOT", "XRP", "EOS"].map((code) => `- {address: x${code}, currency: ${code}}\n`);
		const pack = `title: T\ncreator: C\nlabel: L\ncurrency: BTC\ntags:\n- address: 12QtD5BFwRsdNsAZY76UVE1xyCGNTojH9h\n${rows.join("")}`;
		const { err, code } = clew(["label", "sync", "tagpack", written("p.yaml", pack), "--labels", library()]);
		expect(code).toBe(0);
		expect(err.split("\n").filter((line) => line.includes("not followed"))).toEqual([
			expect.stringMatching(/7 rows of other chains \(.*, and 2 more\)/),
		]);
	});

	it("are refused when more than a tenth is unusable", () => {
		const rows = (bad: number) =>
			JSON.stringify([...Array.from({ length: 27 }, (_, i) => `0x${String(i).padStart(40, "a")}`), ...Array(bad).fill("0x12")]);
		const sync = (bad: number) => clew(["label", "sync", "scamsniffer", written("address.json", rows(bad)), "--labels", library()]);
		expect(sync(3)).toMatchObject({ code: 0, err: expect.stringContaining("row 28") });
		expect(sync(4)).toMatchObject({ code: 3, err: expect.stringContaining("more than a tenth") });
	});

	it("of labels for a case follow the same rule, and a row's own chain", () => {
		const file = join(scratch(), "c.clew");
		mustClew("case", "new", file, "--title", "t", "--chain", "eip155:1");
		const csv = written("l.csv", `address,name,chain\n${ONE},"A\nB",eip155:1\n\n${TWO},C,eip155:56\nx,D,solana:5eykt\n0x12,E,eip155:1\n`);
		const said = ["label", "import", csv, "--source", "s", "--confidence", "50", "--case", file];
		const { err, out, code } = clew(said);
		expect([code, out]).toEqual([0, expect.stringContaining("2 labels")]);
		// The row is named by its line, although a cell holds a line break and a line is empty.
		expect(err).toContain("l.csv:7");
		expect(err).toContain("1 rows of other chains (solana:5eykt 1)");
		expect(clew([...said, "--strict"]).code).toBe(3);
	});

	it("of GraphSense load with a space behind an address and with two of twelve addresses mistyped", () => {
		const packs = join(ROOT, "fixtures/labels/tagpacks");
		const synced = JSON.parse(mustClew("label", "sync", "tagpack", packs, "--labels", library(), "--json"));
		expect(synced.unusable.map(({ where }: { where: string }) => where.replace(/^.*\//, ""))).toEqual([
			"plustoken.yaml: tag 1",
			"plustoken.yaml: tag 11",
		]);
		mustClew("label", "sync", "tagpack", join(packs, "plustoken.yaml"), "--labels", library());
	});
});

describe("a verdict", () => {
	it("is 'not checked' in the first line where a kind of list is missing, and clear only when all were looked at", () => {
		const labels = library();
		expect(clew(["check", ONE])).toMatchObject({ code: 5, out: expect.stringMatching(/^Not checked: /) });
		mustClew("label", "sync", "ofac", join(ROOT, "fixtures/labels/ofac-ETH.txt"), "--labels", labels, ...OF_NOW);
		expect(clew(["check", ONE, "--labels", labels])).toMatchObject({
			code: 5,
			out: expect.stringMatching(/^Not checked: none of the lists that are loaded claims to hold the scam/),
		});
		expect(clew(["check", "a.example", "--labels", labels])).toMatchObject({
			code: 5,
			out: expect.stringMatching(/^Not checked: none of the lists that are loaded claims to hold the scam sites/),
		});
		mustClew("label", "sync", "scamsniffer", written("address.json", JSON.stringify([TWO])), "--labels", labels, ...OF_NOW);
		expect(clew(["check", ONE, "--labels", labels])).toMatchObject({ code: 0, out: expect.stringMatching(/^Nothing here warns/) });
		// A payer or a case that is named is a question, too.
		expect(clew(["check", ONE, "--labels", labels, "--from", TWO]).code).toBe(5);
		expect(clew(["check", TWO, "--labels", labels]).code).toBe(1);
	});

	it("is 'not checked' where the lists are too old to answer for today, and a danger on them stays one", () => {
		const labels = library();
		const ofac = written("sanctioned_addresses_ETH.txt", `${TWO}\n`);
		const scams = ["label", "sync", "scamsniffer", written("address.json", JSON.stringify([TWO])), "--labels", labels];
		mustClew("label", "sync", "ofac", ofac, "--labels", labels, "--retrieved-at", "2018-06-01");
		mustClew(...scams, "--retrieved-at", "2023-11-01");
		const check = (what: string, ...more: readonly string[]) => clew(["check", what, "--labels", labels, ...more]);
		expect(check(ONE)).toMatchObject({
			code: 5,
			out: expect.stringMatching(/^Not checked: the sanctions list about this kind of address is too old/),
			err: expect.stringContaining("sanctions: not checked since 2018-06-01"),
		});
		expect(check(TWO).code).toBe(1);
		expect(check(ONE, "--max-age", "3000").code).toBe(0);
		// The clock is the one that is given: two months later the other list is old, too.
		const later = clew(["check", ONE, "--labels", labels, "--json"], { SOURCE_DATE_EPOCH: "1705000000" });
		expect(JSON.parse(later.out).open).toEqual(["old-sanctions", "old-reports"]);
		// A list of another asset by the same publisher does not make the old one newer.
		mustClew(
			"label",
			"sync",
			"ofac",
			written("sanctioned_addresses_BSC.txt", `${TWO}\n`),
			"--labels",
			labels,
			"--retrieved-at",
			"2023-11-10",
		);
		expect(check(ONE).code).toBe(5);
		mustClew("label", "sync", "ofac", ofac, "--labels", labels, "--retrieved-at", "2023-11-10");
		expect(check(ONE).code).toBe(0);
	});

	it("rests on lists of the question alone: a list with such rows, or without a date, answers none", () => {
		const labels = library();
		const rows = written("mine.csv", `address,entity,category\n${TWO},Somebody,sanctioned\n${TWO},Some scam,scam\n`);
		const sync = (source: string, ...more: readonly string[]) =>
			mustClew("label", "sync", "csv", rows, "--source", source, "--confidence", "50", "--labels", labels, ...more);
		const open = () => JSON.parse(clew(["check", ONE, "--labels", labels, "--json"]).out).open;
		sync("my note", ...OF_NOW);
		expect(open()).toEqual(["sanctions", "reports"]);
		expect(clew(["check", TWO, "--labels", labels]).code).toBe(1);
		sync("EU", "--answers", "sanctions");
		sync("a scam list", "--answers", "scams", ...OF_NOW);
		expect(open()).toEqual(["undated-sanctions"]);
		sync("EU", "--answers", "sanctions", ...OF_NOW);
		expect(open()).toEqual([]);
		// Of two that claim to be one, the older is what the answer is as old as.
		sync("UK", "--answers", "sanctions", "--retrieved-at", "2022-01-01");
		expect(open()).toEqual(["old-sanctions"]);
		expect(clew(["label", "sync", "ofac", rows, "--answers", "scams", "--labels", labels]).code).toBe(2);
	});

	it("by the lists that ship with Clew is open: their copy of OFAC's is of 2024", () => {
		const labels = library();
		mustClew("label", "starter", "--labels", labels);
		const { code, out, err } = clew(["check", ONE, "--labels", labels], { SOURCE_DATE_EPOCH: "1790000000" });
		expect([code, out]).toEqual([5, expect.stringContaining("starter-ofac-ETH of 2024-09-27 (152 entries, a list of sanctions)")]);
		expect(err).toContain("sanctions: not checked since 2024-09-27");
	});

	it("about an EVM address counts what is listed on another EVM chain: the key is the same", () => {
		const labels = library();
		mustClew("label", "sync", "ofac", written("sanctioned_addresses_BSC.txt", `${ONE}\n`), "--labels", labels, ...OF_NOW);
		expect(clew(["check", ONE, "--labels", labels]).code).toBe(1);
	});
});

describe("a URL", () => {
	const labels = library();
	beforeAll(() => {
		mustClew("label", "sync", "ofac", join(ROOT, "fixtures/labels/ofac-ETH.txt"), "--labels", labels, ...OF_NOW);
		mustClew("label", "sync", "scamsniffer", written("address.json", JSON.stringify([TWO])), "--labels", labels, ...OF_NOW);
		mustClew("label", "sync", "scamsniffer", written("domains.json", `["evil.example"]`), "--labels", labels, ...OF_NOW);
	});
	const check = (what: string) => clew(["check", what, "--labels", labels]);

	it("is as dangerous as the worst of the addresses in it, and says which that is", () => {
		const token = "0xdac17f958d2ee523a2206206994597c13d831ec7";
		expect(check(`https://etherscan.io/token/${token}`).code).toBe(0);
		const { code, out } = check(`https://etherscan.io/token/${token}?a=0x01e2919679362dFBC9ee1644Ba9C6da6D6245BB1`);
		expect([code, out]).toEqual([1, expect.stringContaining("Do not pay. 0x01e2919679362dFBC9ee1644Ba9C6da6D6245BB1: A list of ")]);
	});

	it("with an address that cannot be looked at is not checked, whatever is known of its site", () => {
		expect(check("https://tronscan.org/#/address/TUCsTq7TofTCJRRoHk6RvhMoS2mJLm5Yzr")).toMatchObject({
			code: 5,
			out: expect.stringMatching(/^Not checked: something that stands in the URL/),
			err: expect.stringContaining("TUCsTq7TofTCJRRoHk6RvhMoS2mJLm5Yzr looks like an address"),
		});
		expect(check("https://tronscan.org/#/address/TUCsTq7TofTCJRRoHk6RvhMoS2mJLm5Yzq")).toMatchObject({
			code: 5,
			out: expect.stringMatching(/^Not checked: none of the lists that are loaded claims to hold the sanctioned addresses/),
		});
	});
});

describe("a node that does not answer", () => {
	const NOBODY = "http://127.0.0.1:1";

	it("hides nothing that lists say, and leaves its own question open", () => {
		const labels = library();
		mustClew("label", "sync", "ofac", written("sanctioned_addresses_ETH.txt", `${ONE}\n`), "--labels", labels, ...OF_NOW);
		mustClew("label", "sync", "scamsniffer", written("address.json", JSON.stringify([ONE])), "--labels", labels, ...OF_NOW);
		expect(clew(["check", ONE, "--labels", labels, "--rpc", NOBODY])).toMatchObject({
			code: 1,
			out: expect.stringMatching(/^Do not pay\. A list of \d{4}-\d\d-\d\d has this address/),
			err: expect.stringContaining("the node did not answer (http://127.0.0.1:1"),
		});
		expect(clew(["check", TWO, "--labels", labels, "--rpc", NOBODY])).toMatchObject({
			code: 5,
			out: expect.stringMatching(/^Not checked: the node that was named did not say/),
		});
	});
});

describe("exit codes", () => {
	const NOWHERE = "/nonexistent/path";
	it.each([
		["status", "--case", NOWHERE],
		["verify", NOWHERE],
		["label", "sync", "ofac", NOWHERE],
		["label", "sync", "tagpack", NOWHERE],
		["label", "lists", "--labels", NOWHERE],
		["check", "a.example", "--messages", NOWHERE],
		["doctor", "--case", NOWHERE],
		["keys", "show", NOWHERE],
		["disclose", NOWHERE, "--rows", "1", "--out", "x"],
		["evaluate", NOWHERE],
		["simulate", "--out", NOWHERE],
	])("a missing path is 2: clew %s %s", (...args) => {
		// Commands without --json refuse the option with the same code.
		const { code, out } = clew([...args, "--json"]);
		expect(code).toBe(2);
		expect(JSON.parse(out)).toMatchObject({ schema: "clew.error/1", code: "USAGE" });
	});

	it("an unknown command is 2, with --help and below another command, too", () => {
		for (const args of [["nonsense"], ["nonsense", "--help"], ["label", "nonsense", "--help"], ["label", "nonsense"], ["help", "nonsense"]])
			expect(clew(args).code, args.join(" ")).toBe(2);
		for (const args of [["--help"], ["label", "--help"], ["label", "sync", "--help"], ["cluster", "x", "--help"], ["help", "label"]])
			expect(clew(args).code, args.join(" ")).toBe(0);
	});
});

describe("nothing found in nothing fetched", () => {
	const file = join(scratch(), "c.clew");
	const bitcoin = join(scratch(), "b.clew");
	beforeAll(() => {
		mustClew("case", "new", file, "--title", "t", "--chain", "eip155:1");
		mustClew("case", "new", bitcoin, "--title", "t", "--chain", "bitcoin");
	});
	const hash = "1".repeat(64);
	const address = "12QtD5BFwRsdNsAZY76UVE1xyCGNTojH9h";

	it.each([
		["trace", "--seed", `account:${ONE}`, "--case", file],
		["trace", "--seed", `account:${ONE}`, "--chain", "eip155:10", "--case", file],
		["trace", "--seed", `tx:0x${hash}`, "--case", file],
		["show", ONE, "--case", file],
		["show", `0x${hash}`, "--case", file],
		["path", "--from", ONE, "--to", TWO, "--case", file],
		["detect", "--case", file],
		["trace", "--seed", `account:${address}`, "--case", bitcoin],
		["show", address, "--case", bitcoin],
		["show", hash, "--case", bitcoin],
		["cluster", address, "--case", bitcoin],
	])("is an error that says what to fetch: clew %s %s %s", (...args) => {
		const { code, out, err } = clew([...args, "--json"]);
		expect([code, err]).toEqual([3, expect.stringMatching(/Fetch it|Ingest or import/)]);
		expect(JSON.parse(out)).toMatchObject({ schema: "clew.error/1", hint: expect.stringMatching(/etch|ngest/) });
	});

	it("and the doctor asks for the chain that the case is about", () => {
		expect(clew(["doctor", "--case", bitcoin, "--rpc", "http://127.0.0.1:1"])).toMatchObject({
			code: 1,
			out: expect.stringContaining("bip122:000000000019d6689c085ae165831e93"),
		});
	});
});
