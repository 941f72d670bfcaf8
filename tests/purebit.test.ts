import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { TraceResult } from "@clew/core";
import { traceResultSchema } from "@clew/core/trace-schema";
import { checkPapers, failureText, readBundle, verifyFiles } from "@clew/evidence";
import { fc, test } from "@fast-check/vitest";
import { Ajv2020 } from "ajv/dist/2020.js";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { MerkleTree } from "../packages/evidence/src/bundle/merkle-tree.js";
import { clew, makePureBit, mustClew, scratch } from "./clew.js";
import { reseal, resealManifest } from "./reseal.js";

const SEED = "account:0x7df1bd58e8fd49803e43987787adfecb4a0a086c";
const UPBIT = "eip155:1:0x5e032243d507c743b061ef021e2ec7fcc6d3ab89";
const ETHER = "eip155:1/slip44:60";

const folder = scratch();
const at = (name: string) => join(folder, name);
const filesOf = (path: string) =>
	readdirSync(path, { recursive: true, withFileTypes: true })
		.filter((entry) => entry.isFile())
		.map((entry) => join(entry.parentPath, entry.name).slice(path.length + 1))
		.sort();
const failuresOf = async (path: string): Promise<readonly string[]> => {
	try {
		return (await verifyFiles(await readBundle(path), { headers: [], keys: [], timeRoots: [] })).failures.map(failureText);
	} catch (error) {
		return [(error as Error).message];
	}
};
let trace: TraceResult;

beforeAll(() => {
	makePureBit(at("a.clew"));
	trace = traceResultSchema.parse(
		JSON.parse(mustClew("trace", "--case", at("a.clew"), "--seed", SEED, "--rule", "all", "--json", "--svg", at("flow.svg"))),
	);
	mustClew("export", "--case", at("a.clew"), "--trace", trace.id, "--inputs", "fixtures/cases/purebit", "--out", at("bundle"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("the Pure Bit theft, from exports to a bundle", () => {
	it("names the exchanges that received it, with amounts under every rule", () => {
		const services = trace.leaves.filter((leaf) => leaf.stop.reason === "service");
		expect(new Set(services.map((leaf) => leaf.labels[0]?.entity))).toEqual(new Set(["Upbit", "BlockTrades", "Cashierest"]));
		const upbit = services.find((leaf) => leaf.account === UPBIT);
		// 500 ETH went 0x7df1… -> 0xfeaa… -> Upbit within minutes; the fee of 0.00126 ETH is all that is missing.
		expect(upbit?.agreed).toBe("499998740000000000000");
		for (const rule of trace.rules) expect(upbit?.amounts[ETHER]?.[rule]).toMatch(/^[1-9][0-9]+$/);
	});

	it("accounts for every unit that the seed received: deposits in the export, to the last wei", () => {
		const rows = readFileSync("fixtures/cases/purebit/normal/0x7df1bd58e8fd49803e43987787adfecb4a0a086c.csv", "utf8")
			.trim()
			.split("\n")
			.slice(1);
		const deposits = rows.map((row) => row.split(",")).filter((c) => c[7] === SEED.slice(8) && c[6] !== c[7] && c[11] === "0");
		const sum = deposits.reduce((total, c) => total + BigInt(c[8] ?? "0"), 0n);
		// Two depositors were refunded and paid in again: what came back is tainted already, and no seed marks it anew.
		const arrived = trace.edges.filter(({ to, asset, kind }) => to.endsWith(SEED.slice(8)) && asset === ETHER && kind !== "fee");
		expect(arrived.reduce((total, { tainted }) => total + BigInt(tainted.difo ?? "0"), 0n)).toBe(sum);
		expect(sum - BigInt(trace.seeds[0]?.seeded[ETHER]?.difo ?? "0")).toBe(2_058_529_720_000_000_000n);
		for (const [rule, assets] of Object.entries(trace.conservation)) {
			const s = assets?.[ETHER];
			if (s === undefined) throw new Error(rule);
			expect([rule, BigInt(s.held) + BigInt(s.stopped) + BigInt(s.fees)]).toEqual([rule, BigInt(s.seeded)]);
		}
	});

	it("lists what the data cannot show", () => {
		const kinds = new Map<string, number>();
		for (const gap of trace.coverage.gaps) kinds.set(gap.kind, (kinds.get(gap.kind) ?? 0) + 1);
		// Of 35 accounts their calls, of two their last native transfers; of all of them together what blocks pay.
		expect(kinds.get("missing-kind")).toBe(38);
		expect(trace.coverage.gaps.some((gap) => gap.text.includes("internal transfers were not fetched"))).toBe(true);
		expect(kinds.get("unfetched-account")).toBe(trace.leaves.filter((leaf) => leaf.stop.reason === "unfetched").length + 2);
		// What these two paid is in the histories of others.
		expect(new Set(trace.coverage.gaps.flatMap(({ kind, account }) => (kind === "unread-outflow" ? [account] : []))).size).toBe(2);
	});

	it("fits the JSON Schema kept in the repository", () => {
		const schema: unknown = JSON.parse(readFileSync("docs/schema/clew.trace-1.schema.json", "utf8"));
		const validate = new Ajv2020({ strict: false }).compile(schema as object);
		expect(validate(trace), JSON.stringify(validate.errors)).toBe(true);
		expect(validate({ ...trace, leaves: [{}] })).toBe(false);
	});

	it("finds the path to Upbit, best value first", () => {
		const path = JSON.parse(mustClew("path", "--case", at("a.clew"), "--from", SEED.slice(8), "--to", UPBIT.slice(9), "--json"));
		expect(path.paths[0]).toMatchObject({
			value: "499998740000000000000",
			transfers: [{ position: "6671256.143.1" }, { position: "6671347.65.1" }],
		});
	});

	it("gives the same bytes when everything is done again from scratch", () => {
		makePureBit(at("b.clew"));
		const again = mustClew("trace", "--case", at("b.clew"), "--seed", SEED, "--json");
		expect(JSON.parse(again)).toEqual(trace);
		mustClew("export", "--case", at("b.clew"), "--trace", "last", "--inputs", "fixtures/cases/purebit", "--out", at("bundle-b"));
		const files = filesOf(at("bundle"));
		expect(filesOf(at("bundle-b"))).toEqual(files);
		for (const name of files)
			expect(readFileSync(join(at("bundle-b"), name)).equals(readFileSync(join(at("bundle"), name))), name).toBe(true);
	});

	it("shows an account's ledger, labels and coverage", () => {
		const shown = mustClew("show", "--case", at("a.clew"), "0x69627dad496db160a81bed9e27ce2da67c3242bd");
		expect(shown).toMatch(/13178 ETH/);
		expect(shown).toMatch(/coverage: native, blocks 0 to/);
		const tx = mustClew("show", "--case", at("a.clew"), "0x38dcda1084b99126057ef6e3d6e039a36ddb2641458940198e90cf7a293bcded");
		expect(tx).toMatch(/13178 ETH/);
		expect(mustClew("status", "--case", at("a.clew"))).toMatch(/35 accounts fetched/);
	});

	it("draws the flow, and writes a report without script or outside reference", () => {
		expect(readFileSync(at("flow.svg"), "utf8")).toMatch(/^<svg[\s\S]*Upbit[\s\S]*<\/svg>\s*$/);
		const report = readFileSync(join(at("bundle"), "report.html"), "utf8");
		expect(report).not.toMatch(/<script|src=|<link|@import|url\(/i);
		for (const text of ["Upbit", "499.99874", "What the data cannot show", "missing-kind", "Clayton", "Conservation"])
			expect(report).toContain(text);
		expect(mustClew("trace", "--case", at("a.clew"), "--seed", SEED, "--dot")).toMatch(/^digraph trace/);
	});
});

describe("clew verify", () => {
	const fresh = (name: string) => {
		rmSync(at(name), { recursive: true, force: true });
		cpSync(at("bundle"), at(name), { recursive: true });
		return at(name);
	};

	it("passes the bundle as it was written, and runs the trace again from the files inside", () => {
		const { code, out } = clew(["verify", at("bundle"), "--replay"]);
		expect([code, out]).toEqual([
			0,
			expect.stringMatching(/^intact: hashes agree\. 0 of 742 rows proven to a block header, 742 taken from files\n/),
		]);
		expect(out).toContain("70 files give the same trace, to the byte");
	});

	test.prop([fc.nat(), fc.nat(), fc.integer({ min: 1, max: 255 })], { numRuns: 40 })(
		"catches any change of a single byte in any file",
		async (file, place, flip) => {
			const names = filesOf(at("bundle"));
			const name = names[file % names.length] as string;
			const target = fresh("mutant");
			const bytes = readFileSync(join(target, name));
			const i = place % bytes.length;
			bytes[i] = (bytes[i] as number) ^ flip;
			writeFileSync(join(target, name), bytes);
			expect(await failuresOf(target)).not.toEqual([]);
		},
	);

	it("names the row when a cell of transfers.csv changes", () => {
		const target = fresh("row");
		const lines = readFileSync(join(target, "transfers.csv"), "utf8").split("\r\n");
		lines[480] = (lines[480] as string).replace(",native,", ",internal,");
		writeFileSync(join(target, "transfers.csv"), lines.join("\r\n"));
		const { code, out } = clew(["verify", target]);
		expect(code).toBe(1);
		expect(out).toMatch(/transfers\.csv: has \d+ bytes, the manifest says/);
		expect(out).toMatch(/transfers\.csv row 480: column kind says .{1,2}internal/);
	});

	it("adds the arithmetic again: a forger who also mends every hash is caught by the sums", async () => {
		const { canonicalJson, sha256Hex, traceId } = await import("@clew/core");
		const forge = async (edit: (result: TraceResult) => void) => {
			const target = fresh("forged");
			const { id: _, ...open } = structuredClone(trace);
			edit(open as TraceResult);
			const result = { ...open, id: traceId(open) };
			writeFileSync(join(target, "trace.json"), `${canonicalJson(result)}\n`);
			const rows = result.edges.map((edge) => canonicalJson({ salt: "0".repeat(64), edge, known: { tier: edge.provenance, why: "" } }));
			writeFileSync(join(target, "rows.jsonl"), rows.map((row) => `${row}\n`).join(""));
			const manifest = JSON.parse(readFileSync(join(target, "manifest.json"), "utf8"));
			delete manifest.seal;
			manifest.trace = result.id;
			const tree = new MerkleTree();
			for (const row of rows) tree.add(row);
			manifest.rows = { count: String(rows.length), root: tree.root() };
			for (const entry of manifest.files) {
				const data = readFileSync(join(target, entry.path));
				Object.assign(entry, { bytes: String(data.length), sha256: sha256Hex(data) });
			}
			writeFileSync(join(target, "manifest.json"), `${canonicalJson({ ...manifest, seal: sha256Hex(canonicalJson(manifest)) })}\n`);
			return (await failuresOf(target)).join("\n");
		};
		const upbit = (r: TraceResult) => r.leaves.find((leaf) => leaf.account === UPBIT) as TraceResult["leaves"][number];
		expect(await forge(() => {})).toBe("");
		expect(await forge((r) => Object.assign(r.coverage, { gaps: [] }))).toMatch(/leaf 1: ends as unfetched, and no gap says/);
		expect(await forge((r) => Object.assign(r.edges[3] as object, { source: "file:ffffffffffffffff" }))).toMatch(/edge 4: is by "file:f+"/);
		expect(await forge((r) => Object.assign(r, { leaves: [...r.leaves.slice(1), r.leaves[0]] }))).toMatch(/the order is freeze first/);
		expect(await forge((r) => Object.assign(r, { case: { ...r.case, title: "People v. S" } }))).toMatch(/is of another case/);
		expect(await forge((r) => Object.assign(upbit(r).amounts[ETHER] as object, { fifo: "1" }))).toMatch(/unaccounted for/);
		expect(await forge((r) => Object.assign(upbit(r), { agreed: "999" }))).toMatch(/leaf \d+: agreed is 499998740000000000000, not 999/);
		expect(await forge((r) => Object.assign(r.conservation.fifo?.[ETHER] as object, { fees: "0" }))).toMatch(/rows give fees/);
		expect(await forge((r) => Object.assign(r.edges[700] as object, { to: r.edges[0]?.from }))).toMatch(/unaccounted for/);
		expect(await forge((r) => Object.assign(r.edges[5]?.tainted as object, { lifo: "9".repeat(30) }))).toMatch(/lifo taints 9+ of/);
		expect(await forge((r) => r.edges.reverse())).toMatch(/is numbered|stands before/);
		expect(await forge((r) => r.leaves.pop())).toMatch(/unaccounted|rows give/);
	});

	it("makes again what people read: a forger who mends every hash cannot change a word of it", { timeout: 600_000 }, async () => {
		const original = await readBundle(at("bundle"));
		const version = JSON.parse(Buffer.from(original.get("manifest.json") as Uint8Array).toString("utf8")).tool.version;
		const judge = async (files: Map<string, Uint8Array>) =>
			checkPapers(files, await verifyFiles(files, { headers: [], keys: [], timeRoots: [] }), version, () => trace.conventions);
		const edited = (path: string, from: string, to: string) => {
			const text = Buffer.from(original.get(path) as Uint8Array).toString("latin1");
			expect(text).toContain(from);
			return resealManifest(new Map([...original, [path, Buffer.from(text.replace(from, to), "latin1")]]));
		};
		const genuine = await judge(resealManifest(original));
		expect([genuine.failures.map(failureText), genuine.compared]).toEqual([
			[],
			expect.arrayContaining(["report.html", "report.pdf", "flow.svg", "method.json"]),
		]);
		for (const [path, from, to] of [
			["report.html", "499.99874", "899.99874"],
			["report.html", "</html>", "<!-- read this --></html>"],
			["report.pdf", "%%EOF", "%%EOF\n%"],
			["flow.svg", "</svg>", "<script>1</script></svg>"],
			["method.json", "unknown: not measured", "0"],
			["interchange/stix.json", "499.99874", "899.99874"],
			["verify.mjs", "not verified", "verified"],
		] as const) {
			const { failures } = await judge(edited(path, from, to));
			expect(failures.map(failureText), path).toEqual([`${path}: is not what the rows give`]);
		}
		const method = await judge(reseal(original, (result) => Object.assign(result.conventions as object, { fee: "no fee was charged" })));
		expect(method.failures.map(failureText)).toContain("trace.json: its conventions are not those of this version");
		const added = await judge(resealManifest(new Map([...original, ["interchange/more.json", Buffer.from("{}")]])));
		expect(added.failures.map(failureText)).toEqual(["interchange/more.json: is no part of the evidence: no bundle has such a file"]);
		const strange = await judge(resealManifest(new Map([...original, ["report.docx", Buffer.from("x")]])));
		expect(strange.failures.map(failureText)).toEqual(["report.docx: is no part of the evidence: no bundle has such a file"]);
		// Another version's papers cannot be made again, and that is said.
		const older = await checkPapers(original, await verifyFiles(original, { headers: [], keys: [], timeRoots: [] }), "another", () => ({}));
		expect(older).toMatchObject({ ok: true, hashedOnly: expect.arrayContaining(["report.html"]) });
		const { stdout } = spawnSync(process.execPath, [at("bundle/verify.mjs")], { encoding: "utf8", env: {} });
		expect(stdout).toContain("report not checked: of flow.svg,");
		expect(stdout).toContain(
			"content checked in part: of facts.json its case, sources, tokens and coverage with gaps, and that it holds the labels of end points, with trace.json",
		);
		expect(older.comparedInPart?.map(({ path }) => path)).toEqual(["facts.json", "trace.json"]);
	});

	it("compares imported files with the sources of the case without a replay, in the single file, too", { timeout: 600_000 }, async () => {
		const original = await readBundle(at("bundle"));
		const judge = async (change: (files: Map<string, Uint8Array>) => void) => {
			const files = new Map(original);
			change(files);
			return (await verifyFiles(resealManifest(files), { headers: [], keys: [], timeRoots: [] })).failures.map(failureText);
		};
		const [path, data] = [...original].find(([name]) => name.startsWith("inputs/")) as [string, Uint8Array];
		const none = /^inputs\/.*: is no part of the evidence: facts\.json names no source of SHA-256 [0-9a-f]{64}$/;
		expect(await judge(() => {})).toEqual([]);
		expect(await judge((files) => files.set(path, Buffer.concat([data, Buffer.from("\n")])))).toEqual([
			expect.stringMatching(none),
			expect.stringMatching(/^trace\.json: has rows by "file:[0-9a-f]{16}", and no file of SHA-256 [0-9a-f]{64} is among its inputs$/),
		]);
		expect(await judge((files) => files.set("inputs/0123456789abcdef/more.csv", Buffer.from("a")))).toEqual([expect.stringMatching(none)]);
		expect(await judge((files) => files.set("inputs/loose.csv", Buffer.from("a")))).toEqual([expect.stringMatching(none)]);
		expect(await judge((files) => files.set("inputs/0123456789abcdef/again.csv", data))).toEqual([
			expect.stringContaining("does not stand where a file of SHA-256"),
		]);
		// Equal files are one source under several names, which may tell whose they are.
		expect(await judge((files) => files.set(path.replace(/[^/]+$/, "zwin.csv"), data))).toEqual([]);
		expect((await judge((files) => files.delete("facts.json"))).join("\n")).toContain("there is no facts.json that names it as a source");
		for (const stray of ["proofs/more.bin", "answers/note.txt", "interchange/a/b.json", "proofs/1.jsonl"])
			expect(await judge((files) => files.set(stray, Buffer.from("x")))).toEqual([
				`${stray}: is no part of the evidence: no bundle has such a file`,
			]);
		const folder = fresh("inputs-changed");
		const files = resealManifest(new Map([...original, [path, Buffer.from("another")]]));
		for (const name of [path, "manifest.json"]) writeFileSync(join(folder, name), files.get(name) as Uint8Array);
		const alone = spawnSync(process.execPath, [join(at("bundle"), "verify.mjs"), folder], { encoding: "utf8", env: {} });
		expect([alone.status, alone.stdout]).toEqual([1, expect.stringContaining("facts.json names no source of SHA-256")]);
	});

	it("refuses extra files, missing files, links, and what is no bundle", async () => {
		const extra = fresh("extra");
		writeFileSync(join(extra, "note.txt"), "hello");
		expect(await failuresOf(extra)).toEqual(["note.txt: is not listed in the manifest"]);
		const missing = fresh("missing");
		rmSync(join(missing, "flow.svg"));
		expect(await failuresOf(missing)).toEqual(["flow.svg: is missing"]);
		const linked = fresh("linked");
		rmSync(join(linked, "report.html"));
		symlinkSync(join(at("bundle"), "report.html"), join(linked, "report.html"));
		expect((await failuresOf(linked)).join()).toMatch(/"report\.html": is not a regular file/);
		mkdirSync(at("empty"), { recursive: true });
		expect(clew(["verify", at("empty")]).code).toBe(1);
		expect(clew(["verify", at("nowhere")]).code).toBe(2);
	});

	it("shares no code with the builder", () => {
		const folderOf = "packages/evidence/src/verify";
		const sources = readdirSync(folderOf, { recursive: true }).map(String);
		const own = sources.filter((file) => file.endsWith(".ts") && !/\.test(-util)?\.ts$/.test(file));
		expect(own.length).toBeGreaterThan(90);
		for (const name of own) {
			const imports = [...readFileSync(join(folderOf, name), "utf8").matchAll(/from "([^"]+)"/g)].map((m) => m[1] ?? "");
			const inside = (i: string) => i.startsWith(".") && !join(dirname(name), i).startsWith("..");
			expect([name, imports.filter((i) => !inside(i) && !/^(node:|@noble\/)/.test(i))]).toEqual([name, []]);
		}
	});

	it("a bundle is never written over another, nor left half", () => {
		expect(clew(["export", "--case", at("a.clew"), "--trace", "last", "--out", at("bundle")])).toMatchObject({
			code: 2,
			err: expect.stringContaining("exists already"),
		});
		expect(clew(["export", "--case", at("a.clew"), "--trace", "last", "--out", "/proc/nowhere/bundle"]).code).toBe(2);
		expect(clew(["export", "--case", at("a.clew"), "--trace", "feed", "--out", at("x")]).code).toBe(2);
		expect(existsSync(at("x"))).toBe(false);
	});
});
