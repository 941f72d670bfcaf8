import { linkSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sha256Hex } from "@clew/core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { realBlock } from "../../../../chains/src/testing/real-block.js";
import { bagTags } from "../../bundle/bag.js";
import { rowOf } from "../blocks.test-util.js";
import { failuresOf, jsonLine, smallBundle, smallTrace, textIn } from "../bundle.test-util.js";
import { readBundle } from "../node.js";
import { checkReceived } from "../proofs/received.js";
import { parseCertificates, parseKeyId, parseTrustedHeader } from "../trust.js";
import { openBag } from "./bag.js";
import { checkDetails, detailsInWords } from "./details.js";
import type { BundleRow, Manifest, Trace } from "./formats.js";
import { blockHashes } from "./row-blocks.js";

type Fail = (where: string, what: string) => void;
/** What a check complains of. */
function complaints(run: (fail: Fail) => unknown): string[] {
	const found: string[] = [];
	run((where, what) => found.push(`${where}: ${what}`));
	return found;
}

describe("what the reader trusts", () => {
	const { hash } = realBlock(18500000).block;

	it("is a header as its own example has it", () => {
		expect(parseTrustedHeader(` eip155:1:18500000:${hash} `)).toEqual({ chain: "eip155:1", height: 18_500_000, hash, by: "you trust" });
		const example = /eip155:1:18500000:0x[0-9a-f]+/;
		for (const text of ["", "eip155:1:18500000", `eip155:1:x:${hash}`, `eip155:1:1:${hash}0`]) {
			expect(() => parseTrustedHeader(text)).toThrow("a trusted header is chain:height:hash");
			expect(() => parseTrustedHeader(text)).toThrow(expect.objectContaining({ message: expect.stringMatching(example) }));
		}
		expect(() => parseTrustedHeader("")).toThrow(`eip155:1:18500000:${hash.slice(0, 6)}...`);
	});

	it("is a key by its id, and a certificate in PEM or DER", () => {
		expect(parseKeyId(` ${"A".repeat(64)}\n`)).toBe("a".repeat(64));
		expect(() => parseKeyId("a".repeat(63))).toThrow("a key id is 64 hex digits");
		expect(parseCertificates(Buffer.from("-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----\n"))).toEqual([
			Uint8Array.of(0x30, 0),
		]);
		expect(parseCertificates(Uint8Array.of(0x30, 0))).toHaveLength(1);
		expect(() => parseCertificates(Buffer.from("hello"))).toThrow("this is no certificate, neither PEM nor DER");
	});
});

describe("a bundle on disk", () => {
	const folder = mkdtempSync(join(tmpdir(), "clew-disk-"));
	const at = (name: string) => join(folder, name);
	afterAll(() => rmSync(folder, { recursive: true, force: true }));
	/** A folder with one good file, and what else is put there. */
	const made = (name: string, put: (path: string) => void = () => {}) => {
		mkdirSync(at(name));
		writeFileSync(at(`${name}/trace.json`), "{}");
		put(at(name));
		return readBundle(at(name));
	};
	/** A file of more than a GiB that takes no room. */
	const huge = (path: string) => {
		writeFileSync(path, "");
		truncateSync(path, 2 ** 30 + 1);
	};

	it("is a folder of regular files", async () => {
		expect([...(await made("good", (path) => linkSync(join(path, "trace.json"), join(path, "rows.jsonl")))).keys()]).toEqual([
			"rows.jsonl",
			"trace.json",
		]);
		await expect(made("linked", (path) => symlinkSync("trace.json", join(path, "rows.jsonl")))).rejects.toThrow(
			'"rows.jsonl": is not a regular file',
		);
		await expect(made("empty", (path) => mkdirSync(join(path, "proofs")))).rejects.toThrow('"proofs/": is an empty folder');
		await expect(made("deep", (path) => mkdirSync(join(path, "a/b/c/d"), { recursive: true }))).rejects.toThrow(
			'"a/b/c/d": is not a regular file',
		);
		await expect(made("huge", (path) => huge(join(path, "rows.jsonl")))).rejects.toThrow('"rows.jsonl": too large, or one file too many');
	});

	it("is there, and no larger than can be read", async () => {
		await expect(readBundle(at("none"))).rejects.toThrow("there is no such folder or file");
		await expect(readBundle("/dev/null")).rejects.toThrow("is neither a folder nor a zip");
		huge(at("huge.zip"));
		await expect(readBundle(at("huge.zip"))).rejects.toThrow("is larger than 1024 MiB: unpack it, and give the folder");
	});
});

describe("a bundle in a bag", () => {
	let bag: ReadonlyMap<string, Uint8Array> = new Map();
	beforeAll(async () => {
		const trace = await smallTrace();
		const files = await smallBundle(trace);
		const tags = bagTags([...files.keys()], (path) => files.get(path) as Uint8Array, { version: "0", trace: trace.id });
		bag = new Map([
			...[...files].map(([path, data]) => [`data/${path}`, data] as const),
			...[...tags].map(([path, text]) => [path, Buffer.from(text)] as const),
		]);
	});
	const edited = (name: string, edit: (text: string) => string | Uint8Array) => {
		const changed = new Map(bag).set(name, Buffer.from(edit(textIn(bag, name))));
		return complaints((fail) => openBag(changed, fail));
	};

	it("is that bundle", async () => {
		expect(await failuresOf(bag)).toEqual([]);
	});

	it.each<[string, string, string, (text: string) => string | Uint8Array]>([
		["of another version", "bagit.txt: is not that of a bag of version 1.0 in UTF-8", "bagit.txt", (text) => text.replace("1.0", "0.9")],
		[
			"that says something else",
			"bag-info.txt: does not say what the bundle in the bag says",
			"bag-info.txt",
			(text) => text.replace("clew 0", "clew 1"),
		],
		["with another file", "notes.txt: does not belong in a bag of a bundle", "notes.txt", () => "x"],
		["with a payload that is not listed", "data/notes.txt: is not listed in manifest-sha512.txt", "data/notes.txt", () => "x"],
		[
			"with a payload that was changed",
			"data/trace.json: does not hash to what manifest-sha256.txt says",
			"data/trace.json",
			(text) => `${text} `,
		],
		[
			"with a list that does not end",
			"manifest-sha256.txt: is no text whose last line ends",
			"manifest-sha256.txt",
			(text) => text.trimEnd(),
		],
		[
			"with a list that is no text",
			"manifest-sha256.txt: is no text whose last line ends",
			"manifest-sha256.txt",
			() => Uint8Array.of(0xff),
		],
		[
			"with a list of what is not there",
			"which is not there, or was listed before",
			"manifest-sha512.txt",
			(text) => `${text}00  data/x\n`,
		],
		[
			"with a list that says it twice",
			"which is not there, or was listed before",
			"manifest-sha512.txt",
			(text) => `${text}${text.split("\n")[0]}\n`,
		],
	])("%s is refused", (_, message, name, edit) => {
		expect(edited(name, edit)).toContainEqual(expect.stringContaining(message));
	});
});

describe("answers as they came", () => {
	const block = { number: "0x1", hash: "0x2" };
	const body = JSON.stringify({ jsonrpc: "2.0", id: 1, result: block });
	const answer = {
		schema: "clew.received/1",
		endpoint: "node",
		at: "",
		status: 200,
		bytes: String(body.length),
		sha256: sha256Hex(body),
		request: "{}",
		text: body,
	};
	const answers = (told: object) => jsonLine({ answers: { schema: "clew.answers/1", block: told } });
	const look = (change: object = {}, told: object = block) => {
		const line = jsonLine({ ...answer, ...change });
		const files = new Map([
			["received/00001.jsonl", Buffer.from(line)],
			["answers/00001.jsonl", Buffer.from(answers(told))],
		]);
		return complaints((fail) => checkReceived(files, fail));
	};

	it("hold the blocks that are kept as answers", () => {
		expect(look()).toEqual([]);
		expect(look({ text: undefined, base64: Buffer.from(body).toString("base64") })).toEqual([
			"answers/00001.jsonl line 1: its block is none that was received",
		]);
		expect(look({ text: undefined, withheld: "why" }, { number: "0x9" })).toEqual([]);
	});

	it.each<[string, string, object]>([
		["no request", "received/00001.jsonl line 1: states no request, or two", { request: undefined }],
		["two requests", "received/00001.jsonl line 1: states no request, or two", { requestWithheld: "why" }],
		["no body", "received/00001.jsonl line 1: states no body, or two", { text: undefined }],
		["two bodies", "received/00001.jsonl line 1: states no body, or two", { base64: "" }],
		["another length", `received/00001.jsonl line 1: its body has ${body.length} bytes, not 1`, { bytes: "1" }],
		["another hash", "received/00001.jsonl line 1: its body does not hash to what is stated", { sha256: "0".repeat(64) }],
		["another form", "received/00001.jsonl line 1: $", { schema: "clew.received/9" }],
	])("with %s are refused", (_, message, change) => {
		expect(look(change)).toContainEqual(expect.stringContaining(message));
	});

	it("hold no block that was not received", () => {
		expect(look({}, { ...block, hash: "0x3" })).toEqual(["answers/00001.jsonl line 1: its block is none that was received"]);
	});
});

describe("the block that a row names", () => {
	const [one, two] = ["1", "2"].map((digit) => `0x${digit.repeat(64)}`) as [string, string];
	const row = (height: number, block: string): BundleRow => ({
		salt: "",
		edge: rowOf({ position: `${height}.0.0` }),
		known: { tier: "node", why: "", block },
	});
	const header = { chain: "eip155:1", height: 5, hash: one, by: "you trust" };

	it("is the same in every row, that of its proof, and that of a header which the reader trusts", () => {
		const check = blockHashes([], "eip155:1", [header]);
		check(row(5, one));
		check(row(6, two));
		expect(() => check(row(5, two))).toThrow(`names ${two} as its block 5, but ${one} is what you trust`);
		expect(() => check(row(6, one))).toThrow(`names ${one} as its block 6, which is ${two}`);
		expect(() => check(row(7, two))).toThrow(`names ${two} as its block 7 and as block 6`);
		const proven = blockHashes([{ height: 5, hash: one }], "eip155:1", []);
		expect(() => proven(row(5, two))).toThrow(`names ${two} as its block 5, which is ${one}`);
	});
});

it("what a person stated of a case is about its trace", () => {
	const trace = { rules: ["fifo"], seeds: [{ spec: "tx:1" }], assets: { x: {} } } as unknown as Trace;
	const about = (details: Manifest["details"]) => complaints((fail) => checkDetails({ details } as Manifest, trace, fail));
	expect(about({ exhibitRule: "fifo", statements: { "tx:1": "" }, values: { x: {} } })).toEqual([]);
	expect(about({ exhibitRule: "lifo", statements: { "tx:2": "" }, values: { y: {} } })).toEqual([
		'manifest.json: its exhibit is under "lifo", a rule that the trace did not run',
		'manifest.json: references a statement about "tx:2", no seed of the trace',
		'manifest.json: states a value of "y", no asset of the trace',
	]);
});

it("what people stated is named as theirs, none of it where they stated none", () => {
	const empty = { requester: "", legalBasis: " ", jurisdiction: "", handling: "" };
	expect(detailsInWords(empty)).toEqual([]);
	const statements = { "tx:1": "sworn", "tx:2": "sworn" };
	expect(
		detailsInWords({ ...empty, requester: "An office", retention: "a year", exhibitRule: "fifo", statements, values: { x: {} } }),
	).toEqual([
		"who asks and on what basis (requester, retention)",
		"why its exhibit is under the rule that it is",
		"statements on which seeds rest (2)",
		"values of assets in money, with rates and sources (1)",
	]);
});
