import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { outputJsonSchemas } from "@clew/core/output-schemas";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { clew, mustClew, ROOT, scratch } from "./clew.js";
import { SCHEMAS, type SchemaName, undocumented } from "./documented.js";

/** A guard against a hang. */
const GUARD = 600_000;
vi.setConfig({ testTimeout: GUARD, hookTimeout: GUARD });

const BITCOIN_ADDRESS = "12cbQLTFMXRnSzktFkuoG3eHoMeFtpTu3S";
const ETHER = "eip155:1/slip44:60";
const home = scratch();
const file = join(home, "c.clew");
const thief = "0x7df1bd58e8fd49803e43987787adfecb4a0a086c";
const inCase = ["--case", file];
afterAll(() => rmSync(home, { recursive: true, force: true }));

beforeAll(() => {
	mustClew("case", "new", file, "--title", "t", "--chain", "eip155:1");
	mustClew("import", "etherscan", join(ROOT, "fixtures/cases/purebit"), ...inCase);
	mustClew("label", "import", join(ROOT, "fixtures/cases/purebit/exchanges.csv"), "--source", "s", "--confidence", "50", ...inCase);
});

it("the documented schemas are those that the code defines, and no others", () => {
	const defined = outputJsonSchemas();
	for (const { file, schema } of defined)
		expect(existsSync(join(SCHEMAS, file)) && JSON.parse(readFileSync(join(SCHEMAS, file), "utf8")), file).toEqual(
			JSON.parse(JSON.stringify(schema)),
		);
	expect(readdirSync(SCHEMAS).sort()).toEqual(["clew.trace-1.schema.json", ...defined.map(({ file }) => file)].sort());
});

it("every schema that a command names is documented", () => {
	const commands = join(ROOT, "packages/cli/src/commands");
	const named = readdirSync(commands).flatMap((name) =>
		[...readFileSync(join(commands, name), "utf8").matchAll(/schema: "(clew\.[a-z-]+\/[0-9]+)"/g)].map(([, schema = ""]) => schema),
	);
	expect(named.length).toBeGreaterThan(25);
	// What addVictims writes into a bundle is no answer of a command.
	const documented = new Set(["clew.victims/1", ...readdirSync(SCHEMAS).map((name) => name.replace(/-([0-9]+)\.schema\.json$/, "/$1"))]);
	expect(named.filter((schema) => !documented.has(schema))).toEqual([]);
});

describe("what a command answers with --json is what its schema says", () => {
	const bitcoin = join(home, "b.clew");
	const labels = join(home, "labels.db");
	const collector = "0x69627dad496db160a81bed9e27ce2da67c3242bd";
	const inLibrary = ["--labels", labels];
	let hash = "";

	beforeAll(() => {
		mustClew("label", "sync", "ofac", join(ROOT, "fixtures/labels/ofac-ETH.txt"), ...inLibrary);
		mustClew("label", "sync", "etherscan-labels", join(ROOT, "fixtures/labels/etherscan-labels.csv"), ...inLibrary);
		const list = join(home, "combined.json");
		writeFileSync(list, JSON.stringify({ "evil.example": [thief], "": [collector] }));
		mustClew("label", "sync", "scamsniffer", list, ...inLibrary);
		mustClew("watch", "add", thief, "--on", "any-outflow", "--notify", "stdout", ...inCase);
		mustClew("case", "new", bitcoin, "--title", "t", "--chain", "bitcoin");
		mustClew("import", "blocks", join(ROOT, "fixtures/bitcoin/blocks-1-256.dat"), "--case", bitcoin);
		hash = JSON.parse(mustClew("show", thief, ...inCase, "--json")).ledger[0].txHash;
	});

	const commands: readonly [SchemaName, readonly string[] | (() => readonly string[])][] = [
		["clew.error/1", ["status", "--case", "/nonexistent"]],
		["clew.error/1", ["trace", "--json", "--nonsense"]],
		["clew.error/1", ["label", "sync", "nonsense", "x"]],
		["clew.error/1", ["check", "someone.eth"]],
		["clew.error/1", ["doctor", "--case", "/nonexistent"]],
		["clew.check/1", ["check", thief, ...inLibrary, "--amount", "1ETH"]],
		["clew.check/1", ["check", "a.evil.example", ...inLibrary]],
		["clew.score/1", ["score", thief, ...inLibrary, ...inCase]],
		["clew.status/1", ["status", ...inCase]],
		["clew.status/1", ["status", "--case", bitcoin]],
		["clew.status/1", ["status", "--audit", ...inCase]],
		["clew.payers/1", ["victims", thief, ...inCase]],
		["clew.timeline/1", ["timeline", thief, ...inCase]],
		["clew.timeline/1", ["timeline", BITCOIN_ADDRESS, "--case", bitcoin]],
		["clew.case/1", ["case", "show", file]],
		["clew.inspect/1", ["case", "inspect", file]],
		["clew.custody/1", ["custody", ...inCase]],
		["clew.doctor/1", ["doctor", ...inCase]],
		["clew.account/1", ["show", thief, ...inCase]],
		["clew.transaction/1", () => ["show", hash, ...inCase]],
		["clew.detections/1", ["detect", ...inCase]],
		["clew.path/1", ["path", "--from", thief, "--to", collector, ...inCase]],
		["clew.account-cluster/1", ["cluster", thief, ...inCase]],
		["clew.account-cluster-why/1", ["cluster", thief, "--why", collector, "--heuristics", "all", ...inCase]],
		["clew.account-clusters/1", ["cluster", ...inCase]],
		["clew.funder/1", ["funder", thief, ...inCase]],
		["clew.cluster/1", ["cluster", BITCOIN_ADDRESS, "--case", bitcoin]],
		["clew.watches/1", ["watch", "list", ...inCase]],
		["clew.labels/1", ["label", "show", thief, ...inLibrary, ...inCase]],
		["clew.label-lists/1", ["label", "lists", ...inLibrary]],
		["clew.label-conflicts/1", ["label", "conflicts", ...inLibrary]],
		["clew.label-diff/1", ["label", "diff", "ofac-ETH", "--since", "2030-01-01", ...inLibrary]],
		["clew.desks/1", ["desks"]],
		["clew.desks/1", ["desks", "Binance 14 (hot wallet)"]],
		["clew.error/1", ["desks", "nobody"]],
		["clew.label-sync/1", ["label", "sync", "scamsniffer", join(home, "combined.json"), ...inLibrary]],
	];
	it.each(commands)("%s: clew %s", (name, words) => {
		const { out, err } = clew([...(typeof words === "function" ? words() : words), "--json"]);
		const answer: unknown = JSON.parse(out);
		expect(answer, err).toMatchObject({ schema: name });
		expect(undocumented(name, answer)).toEqual([]);
	});
});

describe("what is made from a case says what it made, and verify what it found", () => {
	const at = (name: string) => join(home, name);
	const answers = new Map<string, { readonly schema: SchemaName; readonly text: string }>();
	const read = (name: string) => JSON.parse(answers.get(name)?.text ?? "");
	const sumOf = (path: string) => createHash("sha256").update(readFileSync(path)).digest("hex");

	beforeAll(() => {
		const ask = (schema: SchemaName, name: string, ...words: readonly string[]) =>
			answers.set(name, { schema, text: clew([...words, "--json"]).out });
		ask("clew.import/1", "import", "import", "etherscan", join(ROOT, "fixtures/cases/purebit"), ...inCase);
		ask("clew.trace/1", "trace", "trace", "--seed", `account:${thief}`, ...inCase);
		ask("clew.payers/1", "victims of a trace", "victims", "last", "--out", at("victims.csv"), ...inCase);
		ask("clew.trace/1", "trace of victims", "trace", "--seed", `@${at("victims.csv")}`, ...inCase);
		ask("clew.trace/1", "trace again", "trace", "--seed", `account:${thief}`, ...inCase);
		ask("clew.timeline/1", "timeline of a trace", "timeline", "last", ...inCase);
		ask("clew.key/1", "keys new", "keys", "new", at("key.pem"));
		ask("clew.key/1", "keys show", "keys", "show", at("key.pem"));
		ask("clew.export/1", "export", "export", "--trace", "last", "--sign", at("key.pem"), "--out", at("bundle"), ...inCase);
		ask("clew.export/1", "export --zip", "export", "--trace", "last", "--redact", "victims", "--zip", "--out", at("b.zip"), ...inCase);
		ask("clew.disclose/1", "disclose", "disclose", at("bundle"), "--rows", "2,1,2", "--out", at("twin"));
		ask("clew.certify/1", "certify", "certify", at("bundle"), "--law", "cpr-35", "--out", at("draft.txt"));
		ask("clew.laws/1", "certify --law list", "certify", "--law", "list");
		ask("clew.freeze/1", "freeze", "freeze", "--include-leads", "--out", at("requests"), ...inCase);
		writeFileSync(at("none.zip"), "no bundle");
		ask("clew.verify/3", "verify of a bundle", "verify", at("bundle"));
		ask("clew.verify/3", "verify of a disclosure", "verify", at("twin"));
		ask("clew.verify/3", "verify of packets", "verify", at("requests"));
		ask("clew.verify/3", "verify of what is unreadable", "verify", at("none.zip"));
		rmSync(at("twin/disclosure.json"));
		ask("clew.verify/3", "verify of what is damaged", "verify", at("twin"));
	});

	it("every answer is as it is documented", () => {
		for (const [name, { schema, text }] of answers) {
			expect(JSON.parse(text), name).toMatchObject({ schema });
			expect(undocumented(schema, JSON.parse(text)), name).toEqual([]);
		}
		const kinds = [...answers].filter(([, { schema }]) => schema === "clew.verify/3").map(([name]) => [read(name).kind, read(name).ok]);
		expect(kinds.slice(0, 3)).toEqual([
			["bundle", true],
			["disclosure", true],
			["packet", true],
		]);
		expect(kinds.slice(3).map(([, ok]) => ok)).toEqual([false, false]);
	});

	it("an import that brought nothing new says so", () => {
		const { files, added, known } = read("import");
		expect(files).toBeGreaterThan(0);
		expect([added, known > 0]).toEqual([0, true]);
	});

	it("export names the trace, its seeds and sums, and every file with its hash", () => {
		const [told, trace] = [read("export"), read("trace")];
		expect(told).toMatchObject({
			form: "folder",
			storedTrace: trace.id,
			rows: trace.edges.length,
			proven: null,
			signedBy: read("keys new").id,
		});
		// Tokens that nobody chose are in one line apart, as in words.
		const [{ spec, seeded }] = trace.seeds;
		expect(told.trace).toMatchObject({ id: trace.id, seeds: [{ spec, seeded: { [ETHER]: seeded[ETHER] } }], whatIf: null });
		expect([Object.keys(told.trace.agreed), told.trace.others]).toEqual([[ETHER], expect.stringContaining("other tokens, not counted")]);
		const ether = trace.leaves.filter((leaf: { amounts: object }) => ETHER in leaf.amounts);
		const agreed = ether.reduce((sum: bigint, leaf: { agreed: string }) => sum + BigInt(leaf.agreed), 0n);
		expect(told.trace.agreed).toEqual({ [ETHER]: String(agreed) });
		const listed: { path: string; sha256: string; bytes: string }[] = [...told.files, ...told.unlisted];
		expect(listed.map(({ path }) => path)).toEqual(expect.arrayContaining(["trace.json", "manifest.json", "manifest.dsse.json"]));
		for (const { path, sha256, bytes } of listed)
			expect([path, sha256, bytes]).toEqual([path, sumOf(at(`bundle/${path}`)), String(readFileSync(at(`bundle/${path}`)).length)]);
		expect(read("export --zip")).toMatchObject({ form: "zip", archive: { path: "b.zip", sha256: sumOf(at("b.zip")) }, signedBy: null });
	});

	it("disclose names the rows, once each, and the bundle's trace", () => {
		expect(read("disclose")).toMatchObject({ trace: read("trace").id, rows: [1, 2] });
	});

	it("freeze names its packets with what each asks for", () => {
		const { packets, trace } = read("freeze");
		expect(trace.id).toBe(read("trace").id);
		expect(packets.length).toBe(readdirSync(at("requests")).length);
		for (const { folder, asked, endPoints, leads, files } of packets) {
			const request = JSON.parse(readFileSync(at(`requests/${folder}/request.json`), "utf8"));
			expect([asked, endPoints, leads]).toEqual([request.asked, request.points.length, request.leads.length]);
			for (const { path, sha256 } of files) expect([path, sha256]).toEqual([path, sumOf(at(`requests/${path}`))]);
			expect(files.length).toBe(readdirSync(at(`requests/${folder}`)).length);
		}
	});
});
