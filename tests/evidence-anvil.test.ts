import { cpSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { TraceResult } from "@clew/core";
import { failureText, readBundle, type VerifyReport, verifyFiles } from "@clew/evidence";
import { fc, test } from "@fast-check/vitest";
import { Ajv, type AnySchema } from "ajv";
import { Ajv2020 } from "ajv/dist/2020.js";
import { XMLValidator } from "fast-xml-parser";
import { MultiDirectedGraph } from "graphology";
import { parse as parseGexf } from "graphology-gexf";
import { parse as parseGraphml } from "graphology-graphml";
import jsonld from "jsonld";
import { chromium } from "playwright-core";
import readSpreadsheet from "read-excel-file/node";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startAnvil } from "./anvil.js";
import { chromiumPath } from "./browser.js";
import { clew, mustClew, scratch } from "./clew.js";
import { undocumented } from "./documented.js";
import { reseal } from "./reseal.js";
import { HANG_MS } from "./team.js";
import { PEOPLE, playTheft, type Theft } from "./theft.js";

const CHAIN = "eip155:31337";
const ETHER = `${CHAIN}/slip44:60`;
const folder = scratch();
const at = (name: string) => join(folder, name);
const browserPath = chromiumPath();
const NO_TRUST = { headers: [], keys: [], timeRoots: [] };

let node: Awaited<ReturnType<typeof startAnvil>>;
let theft: Theft;
let trace: TraceResult;
let original: Map<string, Uint8Array>;

beforeAll(async () => {
	node = await startAnvil("--accounts", "10");
	theft = await playTheft(node.provider);
	mustClew("case", "new", at("a.clew"), "--title", "anvil", "--chain", CHAIN);
	mustClew("ingest", "--case", at("a.clew"), "--rpc", node.url, "--from", "0", "--to", "latest");
	writeFileSync(
		at("labels.csv"),
		`address,entity,name,category\n${await theft.address(PEOPLE.FIRST)},Example Exchange,Example deposit,exchange\n`,
	);
	mustClew("label", "import", at("labels.csv"), "--source", "test", "--confidence", "90", "--case", at("a.clew"));
	trace = JSON.parse(mustClew("trace", "--case", at("a.clew"), "--seed", `tx:${theft.done.thefts[0]}`, "--json"));
	mustClew("export", "--case", at("a.clew"), "--trace", "last", "--proofs", "--rpc", node.url, "--out", at("bundle"));
	original = await readBundle(at("bundle"));
});
afterAll(async () => {
	await node?.stop();
	rmSync(folder, { recursive: true, force: true });
});

describe("a bundle from a real node", () => {
	it("proves values, fees and token logs; internal calls and exchanges say why not", () => {
		const report: VerifyReport = JSON.parse(mustClew("verify", at("bundle"), "--rpc", node.url, "--json"));
		const tiers = new Map(report.rows.map(({ row, tier }) => [row, tier]));
		const expected: Record<string, string> = { native: "proven", fee: "proven", token: "proven", internal: "node", conversion: "node" };
		expect(new Set(trace.edges.map(({ kind }) => kind))).toEqual(new Set(Object.keys(expected)));
		for (const { row, kind } of trace.edges) expect([row, kind, tiers.get(row)]).toEqual([row, kind, expected[kind]]);
		const said = mustClew("verify", at("bundle"), "--rows");
		expect(said).toContain("internal calls stand in no receipt");
		expect(said).toContain("an exchange is derived from other rows of its transaction");
		expect(report.rows.filter(({ tier }) => tier === "proven").every(({ anchor }) => anchor.endsWith(" tells"))).toBe(true);
	});

	it("is anchored by one later header and the chain of headers down from it", async () => {
		const latest = await node.provider.getBlock("latest");
		const { number, hash } = latest ?? {};
		mustClew(
			"export",
			"--case",
			at("a.clew"),
			"--trace",
			"last",
			"--proofs",
			"--rpc",
			node.url,
			"--anchor",
			String(number),
			"--out",
			at("anchored"),
		);
		const trusting = (header: string): VerifyReport =>
			JSON.parse(clew(["verify", at("anchored"), "--trust-header", `${CHAIN}:${number}:${header}`, "--json"]).out);
		const proven = trusting(hash as string).rows.filter(({ tier }) => tier === "proven");
		expect(new Set(proven.map(({ anchor }) => anchor.replace(/^\d+ headers below/, "below")))).toEqual(
			new Set([`below block ${number}, which you trust`, "you trust"]),
		);
		// What is replayed leads to it, too; where headers of the proven blocks alone are given, the others are refused.
		const replay = (...args: string[]) => clew(["verify", at("anchored"), "--replay", ...args]);
		expect(replay("--trust-header", `${CHAIN}:${number}:${hash}`)).toMatchObject({ code: 0, out: expect.stringContaining("to the byte") });
		const each = trusting(hash as string).blocks.flatMap((one) => ["--trust-header", `${CHAIN}:${one.height}:${one.hash}`]);
		expect(clew(["verify", at("anchored"), ...each]).code).toBe(0);
		expect(replay("--rpc", node.url)).toMatchObject({ code: 0 });
		const first = each.slice(0, 2);
		expect(clew(["verify", at("anchored"), ...first]).out).toMatch(
			/FAILED block \d+: is proven here, and does not lead to a header that you trust/,
		);
		// A header of which nothing here descends anchors nothing; one that contradicts a proven block is a failure.
		expect(
			trusting(`0x${"2".repeat(64)}`)
				.failures.map(failureText)
				.join(),
		).toContain("has hash");
		expect(
			clew(["export", "--case", at("a.clew"), "--trace", "last", "--proofs", "--rpc", node.url, "--anchor", "0", "--out", at("low")]).code,
		).toBe(2);
	});

	it("gives the same trace again from the answers inside", () => {
		expect(mustClew("verify", at("bundle"), "--replay")).toMatch(/replayed: \d+ blocks and 0 files give the same trace, to the byte/);
	});

	it("is refused when the chain was reorganised since", async () => {
		const height = await node.provider.getBlockNumber();
		await node.provider.send("anvil_reorg", [3, []]);
		const { code, err } = clew(["export", "--case", at("a.clew"), "--trace", "last", "--proofs", "--rpc", node.url, "--out", at("late")]);
		expect([height > 3, code]).toEqual([true, 3]);
		expect(err).toMatch(/is 0x[0-9a-f]{64} in the case, but 0x[0-9a-f]{64} on the node|does not exist/);
		expect(readdirSync(folder)).not.toContain("late");
	});

	it.skipIf(browserPath === undefined)("verifies in a browser, from a page on the disk, without network", async () => {
		const path = browserPath;
		if (path === undefined) throw new Error("skipped where there is none");
		mustClew("export", "--case", at("a.clew"), "--trace", "last", "--zip", "--out", at("page.zip"));
		const browser = await chromium.launch({ executablePath: path, args: ["--no-sandbox"] });
		try {
			const page = await browser.newPage();
			page.setDefaultTimeout(HANG_MS);
			const asked: string[] = [];
			page.on("request", (request) => asked.push(request.url()));
			await page.goto(pathToFileURL(at("bundle/verify.html")).href);
			await page.setInputFiles("#folder", at("bundle"));
			await page.click("#verify");
			await page.waitForSelector("pre.good, pre.partial, pre.bad");
			expect(await page.textContent("#result")).toMatch(
				/^(proven|verified)[\s\S]*bundle of trace[\s\S]*recomputed down to the header of block/,
			);
			cpSync(at("bundle"), at("damaged"), { recursive: true });
			writeFileSync(at("damaged/trace.json"), "{}\n");
			await page.reload();
			await page.setInputFiles("#folder", at("damaged"));
			await page.click("#verify");
			await page.waitForSelector("pre.good, pre.partial, pre.bad");
			expect(await page.textContent("#result")).toContain("FAILED trace.json");
			await page.reload();
			await page.setInputFiles("#zip", at("page.zip"));
			await page.click("#verify");
			await page.waitForSelector("pre.good, pre.partial, pre.bad");
			expect(await page.textContent("#result")).toMatch(/^intact[\s\S]*bundle of trace/);
			expect(asked.filter((url) => !url.startsWith("file:"))).toEqual([]);
		} finally {
			await browser.close();
		}
	});

	test.prop([fc.nat(), fc.nat(), fc.integer({ min: 1, max: 255 })], { numRuns: 60 })(
		"no changed byte passes, wherever it stands",
		async (file, place, flip) => {
			const files = new Map(original);
			const names = [...files.keys()];
			const name = names[file % names.length] as string;
			const bytes = Uint8Array.from(files.get(name) as Uint8Array);
			const i = place % bytes.length;
			bytes[i] = (bytes[i] as number) ^ flip;
			files.set(name, bytes);
			expect((await verifyFiles(files, NO_TRUST)).ok).toBe(false);
		},
	);

	const FIELDS = ["amount", "from", "to", "asset", "txHash", "time", "position", "kind"] as const;
	test.prop([fc.nat(), fc.constantFrom(...FIELDS)], { numRuns: 120 })(
		"no forged proven row passes, even when every hash and sum around it is mended",
		async (at, field) => {
			const proven = (await verifyFiles(original, NO_TRUST)).rows.filter(({ tier }) => tier === "proven");
			const row = proven[at % proven.length]?.row as number;
			const forged = reseal(original, (result) => {
				const edge = result.edges[row - 1] as Record<string, unknown> & TraceResult["edges"][number];
				const other = result.edges.find((e) => e[field] !== edge[field] && (field !== "position" || e.position > edge.position));
				edge[field] = field === "amount" ? (BigInt(edge.amount) + 1n).toString() : ((other?.[field] ?? `${edge[field]}0`) as string);
			});
			const report = await verifyFiles(forged, NO_TRUST);
			expect(report.failures.map(failureText).join("\n")).toMatch(new RegExp(`rows\\.jsonl row ${row}\\b|edges\\[${row - 1}\\]`));
		},
	);

	test.prop([fc.nat(), fc.nat(), fc.constantFrom("swap", "drop", "double", "other block", "flip")], { numRuns: 80 })(
		"no proof that was tampered with passes",
		async (block, place, how) => {
			const forged = reseal(
				original,
				() => {},
				(proofs) => {
					const proof = proofs[block % proofs.length];
					const tx = proof?.transactions[place % proof.transactions.length];
					if (proof === undefined || tx === undefined) return;
					if (how === "swap" && tx.receipt.length > 1) tx.receipt.reverse();
					else if (how === "drop" || how === "swap") tx.receipt.pop();
					else if (how === "double") tx.transaction.push(tx.transaction[0] as number);
					else if (how === "other block") proof.header = proofs[(block + 1) % proofs.length]?.header as string;
					else {
						const node = proof.nodes[place % proof.nodes.length] as string;
						proof.nodes[place % proof.nodes.length] = `${node.slice(0, -1)}${node.endsWith("0") ? "1" : "0"}`;
					}
				},
			);
			expect((await verifyFiles(forged, NO_TRUST)).ok).toBe(false);
		},
	);
});

describe("freeze requests", () => {
	const files = () => readdirSync(at("requests/custodian-example-exchange")).sort();
	beforeAll(() => {
		const registry = {
			schema: "clew.recipients/1",
			recipients: [
				{ entity: "example exchange", name: "Example Exchange Ltd", address: "Example Street 1", channel: "portal.example" },
				{ entity: "Token Issuer", issues: [`${CHAIN}/erc20:${theft.done.token}`] },
			],
		};
		writeFileSync(at("recipients.json"), JSON.stringify(registry));
		mustClew("case", "set", "--case", at("a.clew"), "--requester", "A claimant");
		const out = mustClew(
			"freeze",
			"--case",
			at("a.clew"),
			"--trace",
			trace.id,
			"--recipients",
			at("recipients.json"),
			"--rpc",
			node.url,
			"--out",
			at("requests"),
		);
		expect(out).toContain("Example Exchange Ltd, 1 end points");
	});

	it("are one packet a custodian and one a token issuer", () => {
		expect(readdirSync(at("requests")).sort()).toEqual(["custodian-example-exchange", "issuer-token-issuer"]);
		expect(files()).toEqual([
			"balances.jsonl",
			"packet.json",
			"path.csv",
			"request.json",
			"request.pdf",
			"request.txt",
			"transfers.csv",
			"transfers.xlsx",
		]);
	});

	it("state facts whole: recipient, full hashes, blocks, UTC, exact amounts under every rule, balance with block and proof, and marked blanks", async () => {
		const text = readFileSync(at("requests/custodian-example-exchange/request.txt"), "utf8");
		const leaf = trace.leaves.find(({ account }) => account.endsWith(trace.leaves.find((l) => l.labels.length > 0)?.account ?? "?"));
		const arrival = trace.edges.find(({ to, kind }) => to === leaf?.account && kind === "internal");
		for (const part of [
			"Example Exchange Ltd, Example Street 1",
			"A claimant",
			arrival?.txHash,
			`block ${arrival?.position.split(".")[0]}`,
			arrival?.time,
			`${arrival?.amount} base units`,
			leaf?.agreed,
			"Preserve:",
			"Freeze:",
			"Produce:",
			"[TO BE FILLED IN BY A PERSON: agency",
			"no legal process by itself",
			"known by: proven",
		])
			expect(text.replace(/\s+/g, " ")).toContain(part);
		expect(text).not.toMatch(/poison:/);
		const machine = JSON.parse(readFileSync(at("requests/custodian-example-exchange/request.json"), "utf8"));
		// Poison is no claim: a request does not say it.
		const { poison: _, ...claimed } = leaf?.amounts[ETHER] ?? {};
		expect(machine.points[0].amounts).toEqual(claimed);
		const balance = await node.provider.getBalance(leaf?.account.split(":")[2] as string);
		expect(machine.balances[0]).toMatchObject({ amount: balance.toString(), known: "proven" });
		expect(mustClew("verify", at("requests/custodian-example-exchange"))).toMatch(
			/^proven in part: hashes agree[\s\S]*held \d+ base units/,
		);
		expect(JSON.parse(readFileSync(at("requests/issuer-token-issuer/request.json"), "utf8")).balances[0]).toMatchObject({ known: "node" });
		const judged = JSON.parse(mustClew("verify", at("requests/custodian-example-exchange"), "--json"));
		expect([judged.kind, undocumented("clew.verify/3", judged)]).toEqual(["packet", []]);
		const forged = readFileSync(at("requests/custodian-example-exchange/balances.jsonl"), "utf8").replace(
			`"balance":"${balance}"`,
			`"balance":"${balance + 1n}"`,
		);
		const refused = await verifyFiles(new Map([["balances.jsonl", Buffer.from(forged)]]), NO_TRUST);
		expect(refused.failures.map(failureText).join()).toContain("balance: the row says");
		expect([refused.kind, undocumented("clew.verify/3", JSON.parse(JSON.stringify(refused)))]).toEqual(["balances", []]);
	});

	it("hold the same rows in CSV and in a spreadsheet, every cell as text", async () => {
		const [sheet] = await readSpreadsheet(at("requests/custodian-example-exchange/transfers.xlsx"));
		const rows = (sheet as unknown as { data: unknown[][] }).data;
		const csv = readFileSync(at("requests/custodian-example-exchange/transfers.csv"), "utf8")
			.trim()
			.split("\r\n")
			.map((line) => line.split(","));
		expect(rows.map((row) => row.map((cell) => cell ?? ""))).toEqual(csv);
		for (const row of rows) for (const cell of row) expect(cell === null || typeof cell === "string").toBe(true);
	});

	it("follow the user's own wording, and name the line of a placeholder that is not known", () => {
		writeFileSync(at("wording.txt"), "Dear {{recipient}}\n\n# Facts\n{{transfers}}\n- {{blank: signature}}\n");
		mustClew("freeze", "--case", at("a.clew"), "--for", "Example Exchange", "--template", at("wording.txt"), "--out", at("own"));
		expect(readFileSync(at("own/custodian-example-exchange/request.txt"), "utf8")).toMatch(
			/^Dear Example Exchange\n=+[\s\S]*1\. Facts[\s\S]*\[TO BE FILLED IN BY A PERSON: signature\]/,
		);
		writeFileSync(at("bad.txt"), "Dear {{recipient}}\n\n{{secret}}\n");
		expect(clew(["freeze", "--case", at("a.clew"), "--template", at("bad.txt"), "--out", at("none")])).toMatchObject({
			code: 3,
			err: expect.stringContaining("bad.txt:3: {{secret}} is not known"),
		});
		expect(mustClew("freeze", "--print-template")).toContain("{{agency}}");
		expect(readdirSync(folder)).not.toContain("none");
	});

	it("cannot be made for who is not there, or for what only poison reaches", async () => {
		const attempt = (...args: string[]) => clew(["freeze", "--case", at("p.clew"), "--out", at("p"), ...args]);
		expect(clew(["freeze", "--case", at("a.clew"), "--for", "Nobody", "--out", at("n")])).toMatchObject({
			code: 2,
			err: expect.stringContaining("no end point of this trace is at"),
		});
		cpSync(at("a.clew"), at("p.clew"));
		const { planRequests } = await import("@clew/evidence");
		const poisoned = structuredClone(trace);
		for (const leaf of poisoned.leaves.filter(({ labels }) => labels.length > 0)) {
			leaf.range = ["0", "0"];
			for (const amounts of Object.values(leaf.amounts)) for (const rule of poisoned.rules) if (rule !== "poison") amounts[rule] = "0";
		}
		expect(() => planRequests(poisoned, [], { only: "Example Exchange" })).toThrow("only poison reaches it, which supports no request");
		expect(planRequests(poisoned, []).requests).toEqual([]);
		expect(attempt("--trace", "feed").code).toBe(2);
	});
});

describe("exchange formats", () => {
	const text = (name: string) => readFileSync(at(`bundle/interchange/${name}`), "utf8");
	const json = (path: string) => JSON.parse(readFileSync(new URL(`schemas/${path}`, import.meta.url), "utf8"));

	it("STIX 2.1 fits the schemas of OASIS and of the published extensions", () => {
		const ajv = new Ajv2020({ strict: false, validateFormats: false, unicodeRegExp: false });
		const base = "https://raw.githubusercontent.com/oasis-open/cti-stix2-json-schemas/master/schemas/common/";
		for (const name of readdirSync(new URL("schemas/stix21/common", import.meta.url))) {
			const schema = json(`stix21/common/${name}`);
			ajv.addSchema(schema);
			ajv.addSchema({ ...schema, $id: `${base}${name}` });
		}
		const kinds: Record<string, string> = {
			identity: "sdos",
			grouping: "sdos",
			note: "sdos",
			"cryptocurrency-wallet": "extensions",
			"cryptocurrency-transaction": "extensions",
		};
		const validators = new Map(Object.entries(kinds).map(([kind, place]) => [kind, ajv.compile(json(`stix21/${place}/${kind}.json`))]));
		const bundle = JSON.parse(text("stix.json"));
		expect(bundle).toMatchObject({ type: "bundle", id: expect.stringMatching(/^bundle--[0-9a-f-]{36}$/) });
		const ids = new Set(bundle.objects.map(({ id }: { id: string }) => id));
		expect(ids.size).toBe(bundle.objects.length);
		for (const object of bundle.objects) {
			const validate = validators.get(object.type);
			expect([object.type, validate?.(object), validate?.errors]).toEqual([object.type, true, null]);
			for (const ref of object.object_refs ?? []) expect(ids.has(ref)).toBe(true);
		}
		expect(new Set(bundle.objects.map(({ type }: { type: string }) => type))).toEqual(new Set(Object.keys(kinds)));
		expect(
			validators.get("cryptocurrency-wallet")?.({
				...bundle.objects.find((o: { type: string }) => o.type === "cryptocurrency-wallet"),
				value: 1,
			}),
		).toBe(false);
	});

	it("MISP fits the core format and the coin-address template", () => {
		const { $schema: _, id: __, ...schema } = json("misp/core-format.json");
		const validate = new Ajv({ strict: false }).compile(schema as AnySchema);
		const event = JSON.parse(text("misp.json"));
		expect([validate(event), validate.errors]).toEqual([true, null]);
		const template = json("misp/coin-address.json");
		for (const object of event.Event.Object) {
			expect(object).toMatchObject({
				name: template.name,
				template_uuid: template.uuid,
				template_version: String(template.version),
				"meta-category": template["meta-category"],
			});
			for (const { object_relation, type } of object.Attribute) expect(template.attributes[object_relation]?.["misp-attribute"]).toBe(type);
			expect(object.Attribute.some((a: { object_relation: string }) => template.requiredOneOf.includes(a.object_relation))).toBe(true);
		}
	});

	it("CASE/UCO is JSON-LD whose every term expands", async () => {
		const document = JSON.parse(text("case-uco.jsonld"));
		const quads = (await jsonld.toRDF(document)) as { predicate: { value: string } }[];
		expect(quads.length).toBeGreaterThan(trace.edges.length * 5);
		for (const { predicate } of quads)
			expect(predicate.value).toMatch(/^(https:\/\/ontology\.(unifiedcyberontology|caseontology)\.org|http:\/\/www\.w3\.org)\//);
		await expect(jsonld.expand(document, { safe: true })).resolves.toBeDefined();
	});

	it("GEXF and GraphML are read back as the same graph, amounts as text", () => {
		for (const graph of [parseGexf(MultiDirectedGraph, text("graph.gexf")), parseGraphml(MultiDirectedGraph, text("graph.graphml"))]) {
			expect(graph.size).toBe(trace.edges.length);
			const units = graph.mapEdges((_, attributes) => String(attributes["baseUnits"])).sort();
			expect(units).toEqual(trace.edges.map(({ amount }) => amount).sort());
		}
	});

	it("the goAML draft is well-formed, and marks what only a person may fill", () => {
		expect(XMLValidator.validate(text("goaml-draft.xml"))).toBe(true);
		expect(text("goaml-draft.xml")).toContain("to be filled in by the reporting person");
	});
});
