import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { TraceResult } from "@clew/core";
import { failureText, readBundle, type VerifyReport, verifyFiles } from "@clew/evidence";
import { fc, test } from "@fast-check/vitest";
import { generateX25519Identity, identityToRecipient } from "age-encryption";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { clew, clewAsync, mustClew, scratch } from "./clew.js";
import { undocumented } from "./documented.js";
import { type RecordedNode, recordedEthereum } from "./recorded-node.js";
import { type Authority, startAuthority } from "./timestamp-authority.js";

const folder = scratch();
const at = (name: string) => join(folder, name);
const [OLD, NEW] = [4369999, 18500000];
const NEW_HASH = "0x80ce6bb0e244fbdf66cf0a1108273fe1ca58788efb7fb8d3a0d783d2b06d433d";
const TRANSFER = "0xddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef";
const NO_TRUST = { headers: [], keys: [], timeRoots: [] };

let node: RecordedNode;
let authority: Authority;
let trace: TraceResult;
let keyId: string;

/** Like mustClew, while servers of this process answer. */
async function must(...args: string[]): Promise<string> {
	const { code, out, err } = await clewAsync(args);
	if (code !== 0) throw new Error(`clew ${args.join(" ")} exited ${code}\n${err}${out}`);
	return out;
}

/** The case's trace with proofs, signed. */
const exportProven = (...more: string[]) =>
	must("export", "--case", at("real.clew"), "--trace", "last", "--proofs", "--rpc", node.url, "--sign", at("key.pem"), ...more);

/** Runs the verifier of a bundle as somebody without Clew would: the bundle alone in a folder, Node with nothing to import. */
function strangerVerifies(bundle: string, ...args: string[]) {
	const place = at("stranger");
	rmSync(place, { recursive: true, force: true });
	cpSync(bundle, place, { recursive: true });
	const { status, stdout } = spawnSync(process.execPath, ["verify.mjs", ...args], { cwd: place, encoding: "utf8", env: {} });
	return { code: status, out: stdout };
}

/** Transactions of a recorded block whose movements a trace can seed: plain values, and single token transfers. */
function seedsOf(height: number, most: number): string[] {
	const read = (name: string) => {
		const value = JSON.parse(readFileSync(`fixtures/ethereum/${height}/${name}.json`, "utf8"));
		return value.result ?? value;
	};
	const receipts = read("receipts") as { logs: { topics: string[]; data: string }[]; status?: string }[];
	const plain = (read("block").transactions as { hash: string; value: string; from: string; to: string }[]).filter((tx, i) => {
		const { logs = [], status } = receipts[i] ?? {};
		const [log] = logs;
		if (status === "0x0" || tx.from === tx.to) return false;
		if (logs.length === 0) return BigInt(tx.value) > 0n;
		return logs.length === 1 && log?.topics[0] === TRANSFER && log.topics.length === 3 && BigInt(log.data) > 0n;
	});
	return plain.slice(0, most).flatMap(({ hash }) => ["--seed", `tx:${hash}`]);
}

beforeAll(async () => {
	node = await recordedEthereum([OLD, NEW]);
	authority = await startAuthority();
	await must("case", "new", at("real.clew"), "--title", "Two real blocks", "--chain", "eip155:1");
	for (const height of [OLD, NEW])
		await must("ingest", "--case", at("real.clew"), "--rpc", node.url, "--from", String(height), "--to", String(height));
	await must(
		"case",
		"set",
		"--case",
		at("real.clew"),
		"--requester",
		"A claimant",
		"--legal-basis",
		"Consent",
		"--jurisdiction",
		"Utopia",
		"--handling",
		"TLP:AMBER",
	);
	trace = JSON.parse(await must("trace", "--case", at("real.clew"), ...seedsOf(OLD, 5), ...seedsOf(NEW, 40), "--json"));
	keyId = JSON.parse(await must("keys", "new", at("key.pem"), "--json")).id;
	// An export becomes part of the custody log.
	cpSync(at("real.clew"), at("before.clew"));
	await exportProven("--timestamp", authority.url, "--out", at("bundle"));
	writeFileSync(at("root.pem"), authority.rootPem);
});
afterAll(() => {
	node.close();
	authority.close();
	rmSync(folder, { recursive: true, force: true });
});

const reportOf = (...args: string[]): VerifyReport => {
	const report = JSON.parse(clew(["verify", at("bundle"), "--json", ...args]).out);
	expect(undocumented("clew.verify/3", report)).toEqual([]);
	return report;
};
/** Headers are demanded of every proven row, so that the older block's is trusted, too. */
const trustOld = () =>
	reportOf().blocks.flatMap(({ chain, height, hash }) => (height === OLD ? ["--trust-header", `${chain}:${height}:${hash}`] : []));
const html = () => readFileSync(at("bundle/report.html"), "utf8");

describe("a bundle of real blocks", () => {
	it("verifies on a machine without Clew, with the one file inside it", () => {
		const { code, out } = strangerVerifies(
			at("bundle"),
			"--trust-header",
			`eip155:1:${NEW}:${NEW_HASH}`,
			...trustOld(),
			"--trust-key",
			keyId,
			"--trust-time",
			at("root.pem"),
		);
		expect(out).toMatch(/^proven in part: hashes agree. \d+ of \d+ rows proven to a block header[\s\S]*bundle of trace/);
		expect(out).toContain(`signed by key ${keyId}`);
		expect(out).toMatch(/existed at 20\d\d-.*, says Test Time Stamps, trusted by Test Root/);
		expect(code).toBe(0);
	});

	it("proves every token and value after Byzantium down to a header, and says why the others are not proven", () => {
		const { rows } = reportOf("--trust-header", `eip155:1:${NEW}:${NEW_HASH}`, ...trustOld());
		const tiers = new Map(rows.map((row) => [row.row, row]));
		for (const edge of trace.edges) {
			const row = tiers.get(edge.row);
			const recent = edge.position.startsWith(`${NEW}.`);
			// A log is there only where the transaction succeeded; a receipt alone does not say it before Byzantium.
			const shown = recent || edge.kind === "token";
			expect([edge.row, row?.tier]).toEqual([edge.row, shown ? "proven" : "node"]);
			if (recent) expect(row?.anchor).toBe("you trust");
			if (!shown) expect(row?.checked).toMatch(/transaction and receipt alone do not show it/);
		}
		expect(rows.filter(({ tier }) => tier === "proven").length).toBeGreaterThan(30);
		expect(rows.filter(({ tier }) => tier === "node").length).toBeGreaterThanOrEqual(3);
	});

	it("is anchored by nodes, one or a quorum, and refused against another header", async () => {
		const anchored = JSON.parse(
			await must("verify", at("bundle"), "--rpc", node.url, "--rpc", `${node.url}/second`, "--quorum", "2", "--json"),
		) as VerifyReport;
		expect(anchored.rows.filter((row) => row.tier === "proven").every((row) => /^quorum of 2.* tells$/.test(row.anchor))).toBe(true);
		const wrong = clew(["verify", at("bundle"), "--trust-header", `eip155:1:${NEW}:0x${"1".repeat(64)}`]);
		expect(wrong).toMatchObject({ code: 1, out: expect.stringContaining(`FAILED block ${NEW}: has hash ${NEW_HASH} here, but 0x1111`) });
		expect(clew(["verify", at("bundle"), "--trust-header", "nonsense"]).code).toBe(2);
	});

	it("says by whom and when, and what a replay gave, as its schema documents it", () => {
		expect(reportOf("--trust-time", at("root.pem"), "--replay")).toMatchObject({
			time: { authority: expect.any(String), root: expect.any(String) },
			replay: { blocks: 2, files: 0 },
		});
	});

	it("can be replayed: the answers inside give the same trace to the byte", async () => {
		expect(await must("verify", at("bundle"), "--replay")).toContain("replayed: 2 blocks and 0 files give the same trace, to the byte");
	});

	test.prop([fc.nat(), fc.integer({ min: 1, max: 255 })], { numRuns: 60 })(
		"refuses an envelope of which any byte was changed",
		async (place, flip) => {
			const files = await readBundle(at("bundle"));
			const bytes = Uint8Array.from(files.get("manifest.dsse.json") as Uint8Array);
			bytes[place % bytes.length] = (bytes[place % bytes.length] as number) ^ flip;
			files.set("manifest.dsse.json", bytes);
			const { ok, signedBy } = await verifyFiles(files, NO_TRUST);
			expect([ok, signedBy]).toEqual([false, []]);
		},
	);

	it("refuses a signature by another key, and says when nobody signed", async () => {
		const other = JSON.parse(mustClew("keys", "new", at("other.pem"), "--json")).id;
		expect(reportOf("--trust-key", other).failures.map(failureText).join()).toContain(`is signed by ${keyId}, not by a key that you trust`);
		expect(reportOf("--trust-key", keyId).ok).toBe(true);
		mustClew("export", "--case", at("real.clew"), "--trace", "last", "--out", at("unsigned"));
		expect(clew(["verify", at("unsigned")]).out).toContain("not signed: nobody says who made it");
		expect(clew(["verify", at("unsigned"), "--trust-key", keyId]).code).toBe(1);
		expect(clew(["keys", "new", at("key.pem")])).toMatchObject({ code: 2, err: expect.stringContaining("exists already") });
		expect(mustClew("keys", "show", at("key.pem"))).toContain(keyId);
		expect(readFileSync(at("key.pem"), "utf8")).toContain("BEGIN PRIVATE KEY");
	});

	it("gives the same bytes when the same case is exported again, but for the time stamp", async () => {
		await exportProven("--case", at("before.clew"), "--out", at("again"));
		for (const name of (readdirSync(at("again"), { recursive: true }) as string[]).filter((path) => /\.[a-z]+$/.test(path)))
			expect(readFileSync(join(at("again"), name)).equals(readFileSync(join(at("bundle"), name))), name).toBe(true);
	});
});

describe("disclosure of some rows", () => {
	it("shows them under the same signed root, proven, and nothing of the others", () => {
		const recent = new Set(trace.edges.filter(({ position }) => position.startsWith(`${NEW}.`)).map(({ row }) => row));
		const proven = reportOf()
			.rows.filter(({ tier, row }) => tier === "proven" && recent.has(row))
			.slice(0, 3)
			.map(({ row }) => row);
		mustClew("disclose", at("bundle"), "--rows", proven.join(","), "--out", at("twin"));
		expect(readFileSync(at("twin/manifest.json")).equals(readFileSync(at("bundle/manifest.json")))).toBe(true);
		const { code, out } = strangerVerifies(at("twin"), "--trust-key", keyId, "--trust-header", `eip155:1:${NEW}:${NEW_HASH}`, "--rows");
		expect([code, out]).toEqual([
			0,
			expect.stringMatching(
				/^verified: hashes agree\. 3 of 3 rows proven to a block header that you trust\ndisclosure of trace .*: 6 files, 3 rows/,
			),
		]);
		const told = readFileSync(at("twin/disclosure.json"), "utf8");
		for (const edge of trace.edges)
			if (!proven.includes(edge.row))
				expect(told.includes(`"txHash":"${edge.txHash}"`) && !proven.some((row) => trace.edges[row - 1]?.txHash === edge.txHash)).toBe(
					false,
				);
	});

	it("refuses changed rows, rows that do not exist, and bundles that do not verify", () => {
		const disclosure = JSON.parse(readFileSync(at("twin/disclosure.json"), "utf8"));
		disclosure.rows[0].row.edge.amount = "1";
		cpSync(at("twin"), at("forged-twin"), { recursive: true });
		writeFileSync(at("forged-twin/disclosure.json"), `${JSON.stringify(disclosure)}\n`);
		expect(clew(["verify", at("forged-twin")])).toMatchObject({
			code: 1,
			out: expect.stringMatching(/does not lead to the manifest's Merkle root/),
		});
		expect(clew(["disclose", at("bundle"), "--rows", "99999", "--out", at("none")])).toMatchObject({
			code: 2,
			err: expect.stringContaining("no row 99999"),
		});
		expect(clew(["disclose", at("bundle"), "--rows", "x", "--out", at("none")]).code).toBe(2);
		expect(clew(["disclose", at("forged-twin"), "--rows", "1", "--out", at("none")]).code).toBe(3);
		expect(existsSync(at("none"))).toBe(false);
	});
});

describe("zip, encryption and redaction", () => {
	it("writes one zip that verifies, the same bytes each time", async () => {
		cpSync(at("real.clew"), at("same.clew"));
		for (const [name, from] of [
			["a.zip", "real.clew"],
			["b.zip", "same.clew"],
		] as const)
			mustClew("export", "--case", at(from), "--trace", "last", "--zip", "--out", at(name));
		expect(readFileSync(at("a.zip")).equals(readFileSync(at("b.zip")))).toBe(true);
		expect(mustClew("verify", at("a.zip"))).toMatch(/^intact: hashes agree. 0 of \d+ rows proven to a block header/);
		expect((await verifyFiles(await readBundle(at("a.zip")), NO_TRUST)).ok).toBe(true);
	});

	it("encrypts to age recipients: only they can read it", async () => {
		const [mine, other] = [await generateX25519Identity(), await generateX25519Identity()];
		writeFileSync(at("mine.txt"), `# a comment\n${mine}\n`);
		writeFileSync(at("other.txt"), `${other}\n`);
		mustClew(
			"export",
			"--case",
			at("real.clew"),
			"--trace",
			"last",
			"--encrypt-to",
			await identityToRecipient(mine),
			"--out",
			at("secret.zip.age"),
		);
		expect(readFileSync(at("secret.zip.age")).includes("trace.json")).toBe(false);
		expect(mustClew("verify", at("secret.zip.age"), "--identity", at("mine.txt"))).toMatch(/^intact/);
		expect(clew(["verify", at("secret.zip.age"), "--identity", at("other.txt")]).code).toBe(1);
		expect(clew(["verify", at("secret.zip.age")])).toMatchObject({ code: 2, err: expect.stringMatching(/give --identity/i) });
		expect(clew(["export", "--case", at("real.clew"), "--trace", "last", "--encrypt-to", "age1nonsense", "--out", at("x.age")]).code).toBe(
			2,
		);
		expect(existsSync(at("x.age"))).toBe(false);
	});

	it("replaces names of victims everywhere, and encrypts them apart", async () => {
		const victim = trace.leaves[0]?.account.split(":").pop() as string;
		cpSync(at("real.clew"), at("victims.clew"));
		writeFileSync(at("victims.csv"), `address,entity,name,category\n${victim},Maria Muster,Maria Muster of Musterstadt,victim\n`);
		await must("label", "import", at("victims.csv"), "--source", "complaint 17", "--confidence", "90", "--case", at("victims.clew"));
		await must("trace", "--case", at("victims.clew"), ...seedsOf(NEW, 40));
		const identity = await generateX25519Identity();
		const recipient = await identityToRecipient(identity);
		const common = ["export", "--case", at("victims.clew"), "--trace", "last", "--proofs", "--rpc", node.url];
		await must(...common, "--out", at("named"));
		expect(readFileSync(at("named/report.html"), "utf8")).toContain("Maria Muster");
		await must(...common, "--redact", "victims", "--out", at("redacted"));
		for (const [name, data] of await readBundle(at("redacted")))
			expect([name, Buffer.from(data).includes("Muster")]).toEqual([name, false]);
		expect(readFileSync(at("redacted/report.html"), "utf8")).toContain("victim 1");
		expect(await must("verify", at("redacted"), "--replay")).toContain("to the byte");
		await must(...common, "--redact", "victims", "--encrypt-to", recipient, "--out", at("redacted.age"));
		writeFileSync(at("identity.txt"), identity);
		expect(await must("verify", at("redacted.age"), "--identity", at("identity.txt"))).toMatch(/^proven: hashes agree/);
		expect(clew(["export", "--case", at("victims.clew"), "--trace", "last", "--redact", "everything", "--out", at("y")]).code).toBe(2);
	});
});

describe("the checklist of a bundle", () => {
	const manifest = () => JSON.parse(readFileSync(at("bundle/manifest.json"), "utf8"));

	it("1 names the case", () => expect(manifest().case).toMatchObject({ title: "Two real blocks", chain: "eip155:1" }));
	it("2 to 5 names requester, legal basis, jurisdiction and handling, in the manifest and on the report", () => {
		expect(manifest().details).toEqual({ requester: "A claimant", legalBasis: "Consent", jurisdiction: "Utopia", handling: "TLP:AMBER" });
		for (const text of ["A claimant", "Consent", "Utopia", "TLP:AMBER"]) expect(html()).toContain(text);
		mustClew("case", "new", at("blank.clew"), "--title", "x", "--chain", "eip155:1");
		expect(mustClew("case", "set", "--case", at("blank.clew"), "--handling", "TLP:RED")).toContain("requester: [not stated]");
	});
	it("6 keeps seeds apart from what is inferred", () =>
		expect(html()).toMatch(/Where the trace begins[\s\S]*statements by whoever asked for the trace, not findings/));
	it("7 writes identifiers whole", () => {
		for (const { txHash } of trace.edges) expect(readFileSync(at("bundle/transfers.csv"), "utf8")).toContain(txHash);
		expect(html()).not.toMatch(/0x[0-9a-fA-F]{4,12}(…|\.\.\.)/);
	});
	it("8 gives every claim its tier", () => {
		expect(new Set(trace.edges.map(({ tier }) => tier))).toEqual(new Set(["structural"]));
		for (const leaf of trace.leaves) for (const label of leaf.labels) expect(label.tier).toBe("attribution");
		expect(html()).toContain("none in this report");
	});
	it("9 names one rule in the exhibit, and shows the range and every other rule in an annex", () => {
		expect(html()).toContain("Exhibit: end points under haircut");
		expect(html()).toContain("agreed by all");
		expect(html()).toContain("Annex: the same end points under every rule");
		const annex = html().split("Annex: the same end points under every rule</h2>")[1]?.split("</section>")[0];
		for (const rule of trace.rules) expect(annex).toMatch(new RegExp(`<span class="u">[^<]+</span>: [^<]*\\b${rule}\\b`));
	});
	it("10 audits conservation", () => expect(html()).toContain("seeded + exchanged in = held + stopped + fees + exchanged out"));
	it("11 gives every end point its reason", () => {
		for (const leaf of trace.leaves) expect(leaf.stop.reason).toMatch(/./);
		expect(html()).toContain("<strong>unspent</strong>");
	});
	it("12 lists gaps and the last block of the data", () =>
		expect(html()).toMatch(new RegExp(`The data ends at block ${NEW}, as the trace states it`)));
	it("13 lists heuristics with version, parameters, exceptions and error rate", () => {
		const { heuristics } = JSON.parse(readFileSync(at("bundle/method.json"), "utf8"));
		for (const heuristic of heuristics)
			expect(Object.keys(heuristic).sort()).toEqual(["errorRate", "exceptions", "name", "parameters", "used", "version"]);
		expect(html()).toContain("not used in this trace");
	});
	it("14 to 16 names tool version, lock file and configuration by hash", () => {
		const { tool } = manifest();
		expect(tool).toMatchObject({ name: "clew", version: expect.stringMatching(/^\d+\.\d+\.\d+/) });
		for (const hash of [tool.lockSha256, tool.configurationSha256]) expect(hash).toMatch(/^[0-9a-f]{64}$/);
		expect(html()).toContain(tool.lockSha256);
	});
	it("17 carries the custody log", () => {
		expect(readFileSync(at("bundle/custody.jsonl"), "utf8").split("\n").length).toBeGreaterThan(3);
		expect(mustClew("custody", "--case", at("real.clew"))).toContain("the chain of hashes holds");
		expect(JSON.parse(mustClew("custody", "--case", at("real.clew"), "--json"))).toMatchObject({ intact: true });
	});
	it("18 signs the manifest", () => expect(reportOf().signedBy).toEqual([keyId]));
	it("19 has a trusted time", () =>
		expect(reportOf("--trust-time", at("root.pem")).time).toMatchObject({ authority: "Test Time Stamps", root: "Test Root" }));
	it("20 says what it is not", () => {
		for (const text of ["no legal process", "no promise of recovery", "asks for no fee"]) expect(html()).toContain(text);
	});
	it("is the same paper in PDF: tagged, titled, with the same figures", () => {
		const { stdout } = spawnSync("pdftotext", ["-layout", at("bundle/report.pdf"), "-"], { encoding: "utf8" });
		const pdf = readFileSync(at("bundle/report.pdf"), "latin1");
		expect(pdf).toMatch(/^%PDF-1\.7/);
		for (const mark of ["/MarkInfo", "/StructTreeRoot", "/Lang (en)", "/DisplayDocTitle true"]) expect(pdf).toContain(mark);
		if (stdout)
			for (const text of ["TLP:AMBER", "Exhibit: end points under haircut", "What this report is not", trace.id])
				expect(stdout).toContain(text);
	});
});

describe("time stamps", () => {
	it("refuse what is about other bytes, expired, from nobody trusted, or refused by the authority", async () => {
		const attempt = async (mode: string) => {
			await must(
				"export",
				"--case",
				at("real.clew"),
				"--trace",
				"last",
				"--timestamp",
				`${authority.url}/${mode}`,
				"--out",
				at(`stamped-${mode}`),
			);
			return clew(["verify", at(`stamped-${mode}`), "--trust-time", at("root.pem")]).out;
		};
		expect(await attempt("good")).toMatch(/^intact/);
		expect(await attempt("other-bytes")).toContain("it is about other bytes than manifest.json");
		expect(await attempt("expired")).toMatch(/was not valid at .*: it had expired/);
		expect(await attempt("stranger")).toContain("does not end at a certificate that you trust");
		expect(await attempt("refused")).toContain("the authority refused to stamp");
		expect(await attempt("any-purpose")).toContain("its certificate is not for time stamps only");
		expect(clew(["verify", at("unsigned"), "--trust-time", at("root.pem")]).out).toContain("no time stamp is there, and one was expected");
		const down = await clewAsync([
			"export",
			"--case",
			at("real.clew"),
			"--trace",
			"last",
			"--timestamp",
			"http://127.0.0.1:9",
			"--out",
			at("nothing"),
		]);
		expect([down.code, existsSync(at("nothing"))]).toEqual([4, false]);
	});

	it("can be made elsewhere and given as a file", async () => {
		cpSync(at("bundle"), at("restamped"), { recursive: true });
		expect(readFileSync(at("restamped/manifest.tsr")).length).toBeGreaterThan(500);
		await exportProven("--timestamp", at("bundle/manifest.tsr"), "--out", at("from-file"));
		expect(clew(["verify", at("from-file"), "--trust-time", at("root.pem")]).code).toBe(0);
		// The log of the stamped bundle ends where it did, though the case's goes on.
		expect(readFileSync(at("from-file/custody.jsonl"), "utf8")).toBe(readFileSync(at("bundle/custody.jsonl"), "utf8"));
	});
});

describe("bad input", () => {
	it("leaves nothing half written", () => {
		mkdirSync(at("full"));
		writeFileSync(at("full/note.txt"), "mine");
		const attempt = (...args: string[]) => clew(["export", "--case", at("real.clew"), "--trace", "last", ...args]);
		expect(attempt("--out", at("full"))).toMatchObject({ code: 2, err: expect.stringContaining("exists already") });
		expect(attempt("--out", "/proc/nowhere").code).toBe(2);
		expect(attempt("--out", at("z1"), "--sign", at("root.pem")).code).toBe(3);
		expect(attempt("--out", at("z2"), "--proofs").code).toBe(2);
		expect(attempt("--out", at("z3"), "--proofs", "--rpc", "http://127.0.0.1:9").code).toBe(4);
		expect(attempt("--out", at("z4"), "--timestamp", at("missing.tsr")).code).toBe(2);
		expect(readdirSync(folder).filter((name) => name.startsWith("z") || name.startsWith("."))).toEqual([]);
		expect(readdirSync(at("full"))).toEqual(["note.txt"]);
	});
});
