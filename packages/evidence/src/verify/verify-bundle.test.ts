import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { nextCustodyEntry, sha256Hex, type TraceResult, traceId } from "@clew/core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { reseal, resealManifest } from "../../../../tests/reseal.js";
import { newKey, signManifest } from "../bundle/keys.js";
import { MerkleTree } from "../bundle/merkle-tree.js";
import { ETHEREUM, type Loose } from "./blocks.test-util.js";
import type { BundleRow, CustodyLine, Envelope, Manifest } from "./bundle/formats.js";
import { AT, failuresOf, jsonLine, NOBODY, smallBundle, smallTrace, textIn, withFile } from "./bundle.test-util.js";
import { canonical } from "./encoding/canonical.js";
import { failureText } from "./failure.js";
import { verifyFiles } from "./verify-bundle.js";
import { wording } from "./wording.js";

type Files = ReadonlyMap<string, Uint8Array>;

let [trace, files]: [TraceResult, Files] = [{} as TraceResult, new Map()];
beforeAll(async () => {
	trace = await smallTrace();
	files = await smallBundle(trace);
});
const manifest = () => JSON.parse(textIn(files, "manifest.json")) as Loose<Manifest>;
const lines = (name: string) => textIn(files, name).split("\n").slice(0, -1);
const custody = (edit: (entries: Loose<CustodyLine>[]) => unknown) => {
	const entries = lines("custody.jsonl").map((line) => JSON.parse(line) as Loose<CustodyLine>);
	edit(entries);
	return withFile(files, "custody.jsonl", entries.map(jsonLine).join(""));
};
const rows = (edit: (rows: Loose<BundleRow>[]) => unknown) => {
	const all = lines("rows.jsonl").map((line) => JSON.parse(line) as Loose<BundleRow>);
	edit(all);
	const tree = new MerkleTree();
	for (const row of all) tree.add(canonical(row));
	return withFile(files, "rows.jsonl", all.map(jsonLine).join(""), { rows: { count: String(all.length), root: tree.root() } });
};
const put = (name: string, content: string | Uint8Array) => new Map(files).set(name, Buffer.from(content));
const sealed = (open: object) => jsonLine({ ...open, seal: sha256Hex(canonical(open)) });
/** A manifest whose list a forger edits, and seals. */
const listing = (edit: (list: Loose<Manifest>["files"]) => unknown) => {
	const { seal: _, ...open } = manifest();
	edit(open.files);
	return put("manifest.json", sealed(open));
};

describe("a bundle", () => {
	it("that is whole has no failure", async () => {
		expect(await failuresOf(files)).toEqual([]);
		expect(await failuresOf(resealManifest(files))).toEqual([]);
	});

	/** A log that begins with the case. */
	const created = (detail: string) => {
		const first = nextCustodyEntry(undefined, AT, "case created", detail);
		return jsonLine(first) + jsonLine(nextCustodyEntry(first, AT, "trace run", trace.id));
	};

	it("that begins with its case, or says that it is a what-if, has none either", async () => {
		const { title, chain } = manifest().case;
		expect(await failuresOf(withFile(files, "custody.jsonl", created(`${title} (${chain})`)))).toEqual([]);
		const whatIf = "--until: nothing after block 9";
		const { id: _, ...open } = { ...trace, parameters: { ...trace.parameters, until: "9", whatIf } };
		expect(await failuresOf(await smallBundle({ ...open, id: traceId(open) }))).toEqual([]);
	});

	it("says of what of its trace nothing was checked", async () => {
		const forged = reseal(files, (result) => Object.assign(result, { conventions: { proof: "a court found these amounts" } }));
		const report = await verifyFiles(forged, NOBODY);
		expect(report.failures.map(failureText)).toEqual([]);
		expect(report.compared).not.toContain("trace.json");
		expect(wording(report, false)).toContain(
			"content checked in part: of trace.json all but its conventions, which are text that this did not check",
		);
	});

	const OTHER = "f".repeat(16);
	it.each<[string, string, () => Files]>([
		[
			"another id of its trace",
			"trace.json: its id is not the hash of its content",
			() => withFile(files, "trace.json", jsonLine({ ...trace, id: OTHER })),
		],
		["a log that never says that its trace was run", "custody.jsonl: no entry says that trace", () => custody((entries) => entries.pop())],
		[
			"words of its own about what was withheld",
			'manifest.json: says of what was withheld what no bundle says: "by order of a court',
			() => resealManifest(files, { redacted: "by order of a court, which has confirmed every amount" }),
		],
		[
			"rows behind the end of its data",
			"trace.json edge 3: is in block 3, and the data ends at block 2",
			() => reseal(files, (result) => Object.assign(result.coverage, { cutoff: "2" })),
		],
		[
			"another trace in its manifest",
			`manifest.json: names trace ${OTHER}, but trace.json is`,
			() => resealManifest(files, { trace: OTHER }),
		],
		[
			"a what-if that it does not call one",
			"manifest.json: does not say that the trace is a what-if",
			() => reseal(files, (result) => Object.assign(result.parameters, { whatIf: "dust" })),
		],
		[
			"a what-if that its trace is not",
			"manifest.json: calls the trace a what-if, which it is not",
			() => resealManifest(files, { whatIf: "confirmed by a court" }),
		],
		[
			"a what-if in other words than its trace's",
			"manifest.json: does not say that the trace is a what-if, as it does",
			() =>
				resealManifest(
					reseal(files, (result) => Object.assign(result.parameters, { until: "9", whatIf: "--until: nothing after block 9" })),
					{ whatIf: "confirmed by a court" },
				),
		],
		[
			"a case that its log calls otherwise",
			'custody.jsonl line 1: the case was created as "another (eip155:1)", and manifest.json calls it otherwise',
			() => withFile(files, "custody.jsonl", created("another (eip155:1)")),
		],
		[
			"another chain in its manifest",
			"manifest.json: is about eip155:10, trace.json about eip155:1",
			() => resealManifest(files, { case: { ...manifest().case, chain: "eip155:10" } }),
		],
		[
			"another case in its manifest",
			"trace.json: is of another case than manifest.json",
			() => resealManifest(files, { case: { ...manifest().case, title: "another" } }),
		],
		[
			"another count of rows",
			"rows.jsonl: has 3 rows, the manifest says 4, trace.json 3",
			() => resealManifest(files, { rows: { ...manifest().rows, count: "4" } }),
		],
		[
			"another root of its rows",
			"rows.jsonl: its Merkle root is not the manifest's",
			() => resealManifest(files, { rows: { ...manifest().rows, root: "0".repeat(64) } }),
		],
		[
			"a row that its trace does not have",
			"rows.jsonl row 2: differs from trace.json",
			() => rows(([, row]) => Object.assign(row?.edge ?? {}, { amount: "7" })),
		],
		[
			"a row that is called proven and is not",
			"rows.jsonl row 1: claims to be proven, but no proof of block 1 holds",
			() => rows(([row]) => Object.assign(row?.known ?? {}, { tier: "proven" })),
		],
		[
			"a row known by more than its source says",
			"rows.jsonl row 1: says it is known by quorum, its source says imported",
			() => rows(([row]) => Object.assign(row?.known ?? {}, { tier: "quorum" })),
		],
		[
			"a row of an unknown kind of knowledge",
			"rows.jsonl row 1: $.known.tier",
			() => rows(([row]) => Object.assign(row?.known ?? {}, { tier: "hearsay" })),
		],
		[
			"two blocks of one height",
			`rows.jsonl row 2: names 0x${"2".repeat(64)} as its block 2 and as block 1`,
			() => rows((all) => all.slice(0, 2).map(({ known }) => Object.assign(known, { block: `0x${"2".repeat(64)}` }))),
		],
		["a table that is no text", "transfers.csv: is not UTF-8 text", () => withFile(files, "transfers.csv", Uint8Array.of(0xff, 0xfe))],
		["no trace", "trace.json: is missing", () => withFile(files, "trace.json", undefined)],
		["a trace that is no JSON", "trace.json: is not JSON", () => withFile(files, "trace.json", "no\n")],
		[
			"a trace of two lines",
			"trace.json: has more than one line",
			() => withFile(files, "trace.json", `${textIn(files, "trace.json")}{}\n`),
		],
		["an empty trace", "trace.json: is empty, or has no line that ends", () => withFile(files, "trace.json", "")],
		[
			"a trace whose line does not end",
			"trace.json: its last line does not end",
			() => withFile(files, "trace.json", textIn(files, "trace.json").trimEnd()),
		],
		["a trace that is no text", "trace.json: is not UTF-8 text", () => withFile(files, "trace.json", Uint8Array.of(0xff, 10))],
		[
			"a trace in another form of JSON",
			"trace.json: is not in canonical form (RFC 8785)",
			() => withFile(files, "trace.json", textIn(files, "trace.json").replace("{", "{ ")),
		],
		[
			"a broken seal",
			"manifest.json: the seal does not match its content",
			() => put("manifest.json", jsonLine({ ...manifest(), trace: OTHER })),
		],
		["no manifest", "manifest.json: is missing", () => new Map([...files].filter(([name]) => name !== "manifest.json"))],
		[
			"a file that is listed twice",
			"manifest.json: lists rows.jsonl twice",
			() => listing((list) => list.push(list.find(({ path }) => path === "rows.jsonl") as (typeof list)[number])),
		],
		["a file that is not there", "flow.svg: is missing", () => new Map([...files].filter(([name]) => name !== "flow.svg"))],
		["a file of another length", "flow.svg: has 1 bytes, the manifest says", () => put("flow.svg", "x")],
		[
			"a file of the same length",
			"flow.svg: does not hash to what the manifest says",
			() => put("flow.svg", textIn(files, "flow.svg").replace("svg", "gvs")),
		],
		["a file that is not listed", "received.txt: is not listed in the manifest", () => put("received.txt", "x")],
		[
			"a file that no bundle has",
			"received.txt: is no part of the evidence: no bundle has such a file",
			() => withFile(files, "received.txt", "x"),
		],
		["no facts", "manifest.json: does not list facts.json", () => withFile(files, "facts.json", undefined)],
		["no table", "manifest.json: does not list transfers.csv", () => withFile(files, "transfers.csv", undefined)],
		[
			"an input of no source",
			"inputs/0000000000000000/a.csv: is no part of the evidence: facts.json names no source of SHA-256 ",
			() => withFile(files, "inputs/0000000000000000/a.csv", "x"),
		],
		[
			"a custody entry of another number",
			"custody.jsonl line 2: is numbered 3: entries are missing, added or out of order",
			() => custody(([, entry]) => Object.assign(entry ?? {}, { sequence: 3 })),
		],
		[
			"a custody log without its beginning",
			"custody.jsonl line 1: does not continue the chain: its previous is not the beginning",
			() => custody((entries) => entries.shift()),
		],
		[
			"a custody entry behind another",
			"custody.jsonl line 2: does not continue the chain: its previous is not the hash of line 1",
			() => custody(([, entry]) => Object.assign(entry ?? {}, { previous: "1".repeat(64) })),
		],
		[
			"a custody entry that was changed",
			"custody.jsonl line 2: does not hash to its own hash",
			() => custody(([, entry]) => Object.assign(entry ?? {}, { detail: "x" })),
		],
		["a custody entry that is none", "custody.jsonl line 1: $", () => withFile(files, "custody.jsonl", "{}\n")],
		["no custody log", "custody.jsonl: is missing", () => withFile(files, "custody.jsonl", undefined)],
		["ledgers that are none", "ledgers.jsonl: line 1: $: no line of ledgers", () => withFile(files, "ledgers.jsonl", "{}\n")],
	])("with %s fails", async (_, message, make) => {
		expect(await failuresOf(make())).toContainEqual(expect.stringContaining(message));
	});

	it("that fails in a thousand places names no more", async () => {
		const many = Array.from({ length: 1200 }, (_, i) => [`x${i}.txt`, Uint8Array.of(1)] as const);
		expect(await failuresOf(new Map([...files, ...many]))).toHaveLength(1000);
	});

	it("leads to a header where one is demanded", async () => {
		const headers = [{ chain: ETHEREUM, height: 5, hash: "", by: "" }];
		expect(await failuresOf(files, { headers })).toEqual([`headers: no row leads to a header that you trust (given for ${ETHEREUM})`]);
	});
});

describe("a signature", () => {
	const folder = mkdtempSync(join(tmpdir(), "clew-signed-"));
	afterAll(() => rmSync(folder, { recursive: true, force: true }));
	const key = newKey(join(folder, "key"));
	const signed = (edit: (envelope: Loose<Envelope>) => unknown = () => {}) => {
		const envelope = JSON.parse(signManifest(textIn(files, "manifest.json"), key)) as Loose<Envelope>;
		edit(envelope);
		return put("manifest.dsse.json", jsonLine(envelope));
	};

	it("that holds is one of the keys that are trusted", async () => {
		expect(await failuresOf(signed(), { keys: [key.id] })).toEqual([]);
		expect(await failuresOf(signed(), { keys: ["1".repeat(64)] })).toEqual([
			`manifest.dsse.json: is signed by ${key.id}, not by a key that you trust`,
		]);
		expect(await failuresOf(files, { keys: [key.id] })).toEqual(["manifest.dsse.json: no signature holds, and one was expected"]);
	});

	const flip = (text = "") => `${text[0] === "A" ? "B" : "A"}${text.slice(1)}`;
	it.each<[string, RegExp, (envelope: Loose<Envelope>) => unknown]>([
		["over other bytes", /it signs other bytes than manifest.json/, (envelope) => (envelope.payload = flip(envelope.payload))],
		[
			"under another key's id",
			/key id 0{64} is not that of its key/,
			({ signatures: [one] }) => Object.assign(one ?? {}, { keyid: "0".repeat(64) }),
		],
		[
			"that was changed",
			/the signature by key [0-9a-f]{64} does not hold/,
			({ signatures: [one] }) => Object.assign(one ?? {}, { sig: flip(one?.sig) }),
		],
		["that is no base64", /not base64/, ({ signatures: [one] }) => Object.assign(one ?? {}, { sig: "A" })],
		["by nobody", /\$\.signatures/, (envelope) => (envelope.signatures = [])],
	])("%s is refused", async (_, message, edit) => {
		expect(await failuresOf(signed(edit))).toEqual([expect.stringMatching(message)]);
	});
});
