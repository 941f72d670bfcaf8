import { createHash } from "node:crypto";
import { cpSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { canonicalJson, KNOWN_TOKENS, type TraceResult } from "@clew/core";
import { failureText, readBundle, verifyFiles } from "@clew/evidence";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { MerkleTree } from "../../packages/evidence/src/bundle/merkle-tree.js";
import { clew, clewAsync, mustClew, scratch } from "../clew.js";
import { type RecordedNode, recordedEthereum } from "../recorded-node.js";
import { resealManifest } from "../reseal.js";

// What courts and desks ask of evidence before they take it, each point on one bundle of real blocks with proofs, in a bag.

const folder = scratch();
const at = (name: string) => join(folder, name);
const BLOCK = 18500000;
const BLOCK_HASH = "0x80ce6bb0e244fbdf66cf0a1108273fe1ca58788efb7fb8d3a0d783d2b06d433d";
const ETHER = "eip155:1/slip44:60";
const TRANSFER = "0xddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef";
const NO_TRUST = { headers: [], keys: [], timeRoots: [] };
const [VALUE, SOURCE] = ["1,850.20 EUR on 2023-11-04", "daily close of an exchange, printed on 5 May"];
const [STATEMENT, REASON, RETENTION] = [
	"statement of 3 May, file 12/345, page 2",
	"the claim is pro rata, by order of 1 June",
	"ten years at the office, then destroyed",
];

let node: RecordedNode;
let trace: TraceResult;
let seeds: string[];

async function must(...args: string[]): Promise<string> {
	const { code, out, err } = await clewAsync(args);
	if (code !== 0) throw new Error(`clew ${args.join(" ")} exited ${code}\n${err}${out}`);
	return out;
}

beforeAll(async () => {
	node = await recordedEthereum([BLOCK]);
	const place = at("a.clew");
	const read = (name: string) => {
		const value = JSON.parse(readFileSync(`fixtures/ethereum/${BLOCK}/${name}.json`, "utf8"));
		return value.result ?? value;
	};
	const { transactions } = read("block") as { transactions: { hash: string; value: string; input: string; to: string }[] };
	const receipts = read("receipts") as { logs: { address: string; topics: string[]; data: string }[] }[];
	const paid = transactions.filter(({ value, input }) => input === "0x" && BigInt(value) > 0n).slice(0, 3);
	// The last seed is an account that got a token which nobody knows the worth of.
	const got = receipts
		.filter(({ logs }) => logs.length === 1)
		.flatMap(({ logs }) => logs)
		.find(
			({ address, topics: [topic, , to], data }) =>
				topic === TRANSFER && to !== undefined && data.length === 66 && BigInt(data) > 0n && !KNOWN_TOKENS.has(`eip155:1/erc20:${address}`),
		);
	seeds = [...paid.map(({ hash }) => `tx:${hash}`), `account:0x${got?.topics[2]?.slice(26)}`];
	await must("case", "new", place, "--title", "Acceptance", "--chain", "eip155:1");
	await must("ingest", "--case", place, "--rpc", node.url, "--from", String(BLOCK), "--to", String(BLOCK));
	writeFileSync(
		at("labels.csv"),
		`address,entity,category,valid_from\n${paid[0]?.to},Example Exchange,exchange,2020-01-02\n${paid[1]?.to},Undated Exchange,exchange,\n`,
	);
	await must("label", "import", at("labels.csv"), "--source", "desk", "--confidence", "90", "--case", place);
	const stated = { requester: "An office", "legal-basis": "Section 1", jurisdiction: "Utopia", handling: "TLP:AMBER+STRICT" };
	const chosen = {
		retention: RETENTION,
		"exhibit-rule": "fifo",
		"exhibit-reason": REASON,
		statement: `${seeds[0]}=${STATEMENT}`,
		value: `native=${VALUE};${SOURCE}`,
	};
	await must("case", "set", "--case", place, ...Object.entries({ ...stated, ...chosen }).flatMap(([name, text]) => [`--${name}`, text]));
	trace = JSON.parse(await must("trace", "--case", place, ...seeds.flatMap((seed) => ["--seed", seed]), "--json"));
	await must("export", "--case", place, "--trace", "last", "--proofs", "--rpc", node.url, "--as-received", "--bag", "--out", at("bag"));
});
afterAll(() => {
	node?.close();
	rmSync(folder, { recursive: true, force: true });
});

const text = (name: string) => readFileSync(at(`bag/data/${name}`), "utf8");
const json = (name: string) => JSON.parse(text(name));
const rows = () =>
	text("rows.jsonl")
		.trimEnd()
		.split("\n")
		.map((line) => JSON.parse(line) as { edge: TraceResult["edges"][number]; known: { tier: string; block?: string } });
/** The report's words, without its marks. */
const report = () =>
	text("report.html")
		.replace(/<[^>]*>/g, " ")
		.replace(/&#(\d+);/g, (_, n) => String.fromCharCode(Number(n)))
		.replace(/\s+/g, " ");
const sumOf = (algorithm: string, path: string) => createHash(algorithm).update(readFileSync(path)).digest("hex");

describe("the points of acceptance", () => {
	it("1 to 3: who asked, on what basis and where", () => {
		expect(json("manifest.json").details).toMatchObject({ requester: "An office", legalBasis: "Section 1", jurisdiction: "Utopia" });
		for (const words of ["Requested by An office", "Legal basis Section 1", "Jurisdiction Utopia"]) expect(report()).toContain(words);
	});

	it("4: how it may be handed on stands on the report, before its title", () => {
		expect(report()).toMatch(/TLP:AMBER\+STRICT Acceptance: tracing report/);
	});

	it("5: and in MISP, as a tag of its taxonomy and in words", () => {
		const { Event } = json("interchange/misp.json");
		expect(Event.Tag).toEqual([{ name: "tlp:amber+strict" }]);
		expect(Event.Attribute).toMatchObject([{ type: "comment", value: `Handling: TLP:AMBER+STRICT. Retention: ${RETENTION}.` }]);
	});

	it("6: and in CASE, as a marking of the investigation", () => {
		const graph = json("interchange/case-uco.jsonld")["@graph"];
		const [investigation] = graph;
		const marking = graph.find((one: { "@id": string }) => one["@id"] === investigation["core:objectMarking"]["@id"]);
		expect(marking["@type"]).toBe("marking:MarkingDefinition");
		expect(marking["marking:definition"]["marking:statement"]).toContain("TLP:AMBER+STRICT");
	});

	it("7: and in goAML, with who asked", () => {
		const [, reason = ""] = /<reason>(.*?)<\/reason>/.exec(text("interchange/goaml-draft.xml")) ?? [];
		for (const words of ["Handling: TLP:AMBER+STRICT.", "Requested by: An office.", "Jurisdiction: Utopia."])
			expect(reason).toContain(words);
	});

	it("8: and in STIX, as a marking of every object", () => {
		const { objects } = json("interchange/stix.json");
		const [marking, ...others] = objects;
		expect(marking).toMatchObject({ type: "marking-definition", spec_version: "2.1", definition_type: "statement" });
		expect(marking.definition.statement).toContain("TLP:AMBER+STRICT");
		for (const one of others) expect(one.object_marking_refs).toEqual([marking.id]);
	});

	it("9: how long it is kept", () => {
		expect(json("manifest.json").details.retention).toBe(RETENTION);
		expect(report()).toContain(`Retention ${RETENTION}`);
	});

	it("10: each seed with the victim's statement, or that none is referenced", () => {
		expect(json("manifest.json").details.statements).toEqual({ [seeds[0] as string]: STATEMENT });
		expect(report()).toMatch(new RegExp(`${seeds[0]} : 1 arrival, [^;]*; statement of the victim: ${STATEMENT}`));
		expect(report()).toMatch(new RegExp(`${seeds[1]} : 1 arrival, [^;]*; statement of the victim: \\[not stated\\]`));
	});

	it("11: tokens that anybody can send stand apart, in one line, and in no format of exchange", () => {
		const others = trace.edges.filter(({ asset }) => asset !== ETHER);
		expect(others.length).toBeGreaterThan(0);
		expect(report()).toMatch(/other tokens, not counted: 1 contracts? at \d+ end points?, in \d+ rows?/);
		for (const name of ["stix.json", "misp.json", "case-uco.jsonld", "goaml-draft.xml"])
			expect(text(`interchange/${name}`)).toMatch(/not counted/);
		for (const { txHash } of others) expect(text("interchange/goaml-draft.xml")).not.toContain(txHash);
		for (const { txHash } of others) expect(text("transfers.csv")).toContain(txHash);
	});

	it("12: the hash of its block in every row, the same in table and proof", () => {
		expect(rows().length).toBe(trace.edges.length);
		for (const { known } of rows()) expect(known.block).toBe(BLOCK_HASH);
		const [head = "", ...lines] = text("transfers.csv").trimEnd().split("\r\n");
		const column = head.split(",").indexOf("block_hash");
		expect(lines.length).toBe(trace.edges.length);
		for (const line of lines) expect(line.split(",")[column]).toBe(BLOCK_HASH);
		expect(report()).toContain(`${trace.edges.length} of them name the hash of their block`);
	});

	it("13: a value in money where somebody states one, with who says so, and nothing computed from it", () => {
		expect(json("manifest.json").details.values).toEqual({ [ETHER]: { value: VALUE, source: SOURCE } });
		expect(report()).toContain(`ETH, ${ETHER} ${VALUE}; source: ${SOURCE}`);
	});

	it("14: the node's answers byte for byte as they came, with request, time and endpoint, beside the canonical form", () => {
		const lines = text("received/00001.jsonl")
			.trimEnd()
			.split("\n")
			.map((line) => JSON.parse(line));
		for (const { endpoint, at: time, request, sha256, bytes, text: body } of lines) {
			expect(endpoint).toBe(node.url);
			expect(time).toMatch(/^20\d\d-\d\d-\d\dT/);
			expect(JSON.stringify(JSON.parse(request))).toContain('"method":"');
			expect([Buffer.byteLength(body).toString(), createHash("sha256").update(body).digest("hex")]).toEqual([bytes, sha256]);
		}
		const results = lines.flatMap(({ text: body }) => [JSON.parse(body)].flat()).map(({ result }) => result);
		const { answers } = JSON.parse(text("answers/00001.jsonl"));
		expect(results).toContainEqual(answers.block);
		expect(mustClew("verify", at("bag"))).toContain("of received/00001.jsonl size and SHA-256 of each answer as it came");
	});

	it("15: labels with their dates, or that their source gives none", () => {
		expect(report()).toMatch(/Example Exchange[^)]*since 2020-01-02/);
		expect(report()).toMatch(/Undated Exchange \([^)]*source desk, which gives no date/);
	});

	it("16: the exhibit's rule with the reason of who chose it", () => {
		expect(report()).toContain("Exhibit: end points under fifo, freeze first");
		expect(report()).toContain(`Why fifo : named by whoever made the case. Reason given: ${REASON}`);
		expect(report()).toContain("went, under fifo.");
	});

	it("17: the command that repeats it, which does", () => {
		expect(report()).toMatch(/How to repeat it .*clew verify \. --replay with Clew \d+\.\d+\.\d+/);
		expect(report()).toContain(`trace ${trace.id} must come out`);
		expect(mustClew("verify", at("bag/data"), "--replay")).toMatch(/replayed: 1 blocks and 0 files give the same trace/);
	});

	it("18: SHA-256 and SHA-512 of every file, in a bag that other programs read", () => {
		for (const algorithm of ["sha256", "sha512"]) {
			const listed = readFileSync(at(`bag/manifest-${algorithm}.txt`), "utf8")
				.trimEnd()
				.split("\n");
			const files = readdirSync(at("bag/data"), { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
			expect(listed.length).toBe(files.length);
			for (const line of listed) {
				const [sum, path = ""] = line.split("  ");
				expect([path, sum]).toEqual([path, sumOf(algorithm, at(`bag/${path}`))]);
			}
			for (const line of readFileSync(at(`bag/tagmanifest-${algorithm}.txt`), "utf8")
				.trimEnd()
				.split("\n")) {
				const [sum, path = ""] = line.split("  ");
				expect([path, sum]).toEqual([path, sumOf(algorithm, at(`bag/${path}`))]);
			}
		}
		expect(mustClew("verify", at("bag"))).toBe(mustClew("verify", at("bag/data")));
	});

	it("19: an error rate only of a heuristic that decided something", () => {
		const { heuristics } = json("method.json") as { heuristics: { name: string; used: number; errorRate: string }[] };
		const used = heuristics.filter((one) => one.used > 0);
		expect(used.map(({ name }) => name)).toContain("service by label");
		for (const one of heuristics) expect([one.name, one.errorRate === "not used in this trace"]).toEqual([one.name, one.used === 0]);
	});

	it("20: drafts of certifications", () => {
		for (const law of ["fre-902", "cpr-35", "crimpr-19", "bsa-63"]) {
			mustClew("certify", at("bag"), "--law", law, "--out", at(`${law}.txt`));
			const draft = readFileSync(at(`${law}.txt`), "utf8").replace(/\s+/g, " ");
			expect(draft).toContain("DRAFT, NOT SIGNED");
			expect(draft).toContain(sumOf("sha512", at("bag/data/manifest.json")));
			if (law === "fre-902") expect(draft).toContain("Below received/ the answers of nodes lie byte for byte as they came");
			expect(draft).toMatch(/\d+ rows: proven: recomputed from the signed transaction/);
		}
	});
});

describe("what is stated is checked", () => {
	const failuresOf = async (files: Map<string, Uint8Array>) => (await verifyFiles(files, NO_TRUST)).failures.map(failureText).join("\n");
	const bundle = () => readBundle(at("bag/data"));

	it("a row that names another block than its proof, than its twins, or than the reader's header", async () => {
		const files = await bundle();
		const change = (hash: string) => {
			const changed = text("rows.jsonl").replace(BLOCK_HASH, hash);
			return resealManifest(new Map(files).set("rows.jsonl", Buffer.from(changed)));
		};
		expect(await failuresOf(change(`0x${"1".repeat(64)}`))).toMatch(/rows\.jsonl row 1: names 0x1+ as its block 18500000, which is 0x80ce/);
		const header = { chain: "eip155:1", height: BLOCK, hash: `0x${"2".repeat(64)}`, by: "you trust" };
		const { failures } = await verifyFiles(files, { ...NO_TRUST, headers: [header] });
		expect(failures.map(failureText).join("\n")).toMatch(/row 1: names 0x80ce[0-9a-f]+ as its block 18500000, but 0x2+ is what you trust/);
		const csv = text("transfers.csv").replace(BLOCK_HASH, `0x${"1".repeat(64)}`);
		expect(await failuresOf(resealManifest(new Map(files).set("transfers.csv", Buffer.from(csv))))).toContain("column block_hash says");
	});

	it("a statement about what is no seed, an exhibit under a rule that was not run, a detail that nobody knows", async () => {
		const files = await bundle();
		const { details } = json("manifest.json");
		const changed = (more: object) => failuresOf(resealManifest(files, { details: { ...details, ...more } }));
		expect(await changed({})).toBe("");
		expect(await changed({ statements: { "tx:0x00": "x" } })).toContain('a statement about "tx:0x00", no seed of the trace');
		expect(await changed({ exhibitRule: "tiho" })).toContain('under "tiho", a rule that the trace did not run');
		expect(await changed({ values: { gold: { value: "1", source: "x" } } })).toContain('states a value of "gold", no asset of the trace');
		expect(await changed({ verdict: "guilty" })).toContain("manifest.json");
	});

	it("an answer as it came that was changed, or that is another block than the answers are about", async () => {
		const files = await bundle();
		const forged = (change: (line: { text: string; bytes: string; sha256: string }) => void) => {
			const lines = text("received/00001.jsonl")
				.trimEnd()
				.split("\n")
				.map((line) => {
					const answer = JSON.parse(line);
					change(answer);
					return `${canonicalJson(answer)}\n`;
				});
			return failuresOf(resealManifest(new Map(files).set("received/00001.jsonl", Buffer.from(lines.join("")))));
		};
		expect(await forged(() => {})).toBe("");
		const other = (body: string) => body.replaceAll('"gasUsed":"0x5208"', '"gasUsed":"0x5209"').replaceAll('"nonce":"0x', '"nonce":"0x1');
		expect(await forged((line) => Object.assign(line, { text: other(line.text) }))).toContain("its body ");
		const consistent = (line: { text: string; bytes: string; sha256: string }) => {
			line.text = other(line.text);
			Object.assign(line, { bytes: Buffer.byteLength(line.text).toString(), sha256: createHash("sha256").update(line.text).digest("hex") });
		};
		expect(await forged(consistent)).toContain("answers/00001.jsonl line 1: its block is none that was received");
	});

	it("a report whose retention, reason or statement was changed, sealed anew", async () => {
		const files = await bundle();
		for (const [i, words] of [RETENTION, REASON, STATEMENT].entries()) {
			const forged = resealManifest(new Map(files).set("report.html", Buffer.from(text("report.html").replace(words, "other words"))));
			cpSync(at("bag/data"), at(`changed-${i}`), { recursive: true });
			for (const name of ["report.html", "manifest.json"]) writeFileSync(at(`changed-${i}/${name}`), forged.get(name) as Uint8Array);
			expect(await failuresOf(forged)).toBe("");
			expect(clew(["verify", at(`changed-${i}`)])).toMatchObject({
				code: 1,
				out: expect.stringContaining("report.html: is not what the rows give"),
			});
		}
	});

	it("a bag with a file more, a file less, a changed byte, or words of its own", async () => {
		const whole = await readBundle(at("bag"));
		expect(await failuresOf(whole)).toBe("");
		const put = (name: string, content: string) => new Map(whole).set(name, Buffer.from(content));
		const without = (name: string) => new Map([...whole].filter(([path]) => path !== name));
		expect(await failuresOf(put("data/more.txt", "x"))).toContain("data/more.txt: is not listed in manifest-sha512.txt");
		expect(await failuresOf(put("fetch.txt", "x"))).toContain("fetch.txt: does not belong");
		expect(await failuresOf(without("data/flow.svg"))).toContain("manifest-sha512.txt: lists");
		expect(await failuresOf(without("manifest-sha512.txt"))).toContain("is not listed in manifest-sha512.txt");
		expect(await failuresOf(put("data/flow.svg", "<svg/>"))).toContain("data/flow.svg: does not hash to what manifest-sha512.txt says");
		expect(await failuresOf(put("bag-info.txt", "Contact-Name: a judge\n"))).toContain("bag-info.txt: does not say what the bundle");
		expect(await failuresOf(put("bagit.txt", "BagIt-Version: 0.97\n"))).toContain("bagit.txt");
		cpSync(at("bag"), at("bad-bag"), { recursive: true });
		writeFileSync(at("bad-bag/bag-info.txt"), "x\n");
		expect(clew(["verify", at("bad-bag")])).toMatchObject({ code: 1, out: expect.stringContaining("the bag does not hold") });
	});
});

describe("what a case states", () => {
	it("is refused where the trace did not run the rule, and taken away by an empty text", async () => {
		const set = (...args: string[]) => clew(["case", "set", "--case", at("a.clew"), ...args]);
		for (const args of [["--bag", "--zip"], ["--as-received"]])
			expect(clew(["export", "--case", at("a.clew"), "--trace", "last", "--out", at("none"), ...args]).code).toBe(2);
		expect(set("--exhibit-rule", "best").code).toBe(2);
		expect(set("--statement", "no reference").code).toBe(2);
		expect(set("--value", "native=200 EUR").code).toBe(2);
		expect(set("--exhibit-rule", "tiho").code).toBe(0);
		const refused = await clewAsync(["export", "--case", at("a.clew"), "--trace", "last", "--out", at("none")]);
		expect([refused.code, refused.err]).toEqual([2, expect.stringContaining("did not run tiho")]);
		const { out } = set(
			"--exhibit-rule",
			"",
			"--exhibit-reason",
			"",
			"--retention",
			"",
			"--statement",
			`${seeds[0]}=`,
			"--value",
			"native=",
		);
		expect(out).not.toMatch(/exhibit|retention|statement|value/);
		await must("export", "--case", at("a.clew"), "--trace", "last", "--out", at("plain"));
		const { details } = JSON.parse(readFileSync(at("plain/manifest.json"), "utf8"));
		expect(Object.keys(details).sort()).toEqual(["handling", "jurisdiction", "legalBasis", "requester"]);
		const said = readFileSync(at("plain/report.html"), "utf8");
		expect(said).toContain("the rule that this version shows unless another is named, and no finding that it is the right one");
	});

	it("stays out of a bundle of before, which verifies as it did", async () => {
		const files = new Map(await readBundle(at("plain")));
		const textOf = (name: string) => Buffer.from(files.get(name) as Uint8Array).toString("utf8");
		const tree = new MerkleTree();
		const lines = textOf("rows.jsonl")
			.trimEnd()
			.split("\n")
			.map((line) => {
				const { known, ...row } = JSON.parse(line);
				const { block: _, ...before } = known;
				return canonicalJson({ ...row, known: before });
			});
		for (const line of lines) tree.add(line);
		files.set("rows.jsonl", Buffer.from(lines.map((line) => `${line}\n`).join("")));
		files.set("transfers.csv", Buffer.from(textOf("transfers.csv").replace(/,(block_hash|0x[0-9a-f]{64})\r\n/g, "\r\n")));
		const rows = { count: String(lines.length), root: tree.root() };
		for (const [schema, failures] of [
			["clew.bundle/2", /^$/],
			["clew.bundle/3", /^$/],
			["clew.bundle/4", /manifest\.json/],
		] as const)
			expect((await verifyFiles(resealManifest(files, { schema, rows }), NO_TRUST)).failures.map(failureText).join("\n")).toMatch(failures);
	});
});
