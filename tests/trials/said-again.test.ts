import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:net";
import { join } from "node:path";
import { failureText, readBundle, verifyFiles } from "@clew/evidence";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { mayHoldName } from "../../packages/evidence/src/bundle/leak-scan.js";
import { hiddenName, holdsName, holdsWord, replaceNames } from "../../packages/evidence/src/bundle/names.js";
import { clew, clewAsync, MAIN, mustClew, scratch } from "../clew.js";
import { resealManifest } from "../reseal.js";

const NO_TRUST = { headers: [], keys: [], timeRoots: [] };
const folder = scratch();
const at = (name: string) => join(folder, name);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const account = (digit: string) => `0x${digit.repeat(40)}`;
const [PAYER, HERE, THERE, TOKEN] = ["1", "2", "3", "4"].map(account) as [string, string, string, string];
const hash = (n: number) => `0x${n.toString(16).padStart(64, "0")}`;
const HEAD =
	"blockNumber,timeStamp,hash,from,to,value,gas,gasPrice,gasUsed,isError,txreceipt_status,transactionIndex,contractAddress,confirmations";
const TOKENS = "blockNumber,timeStamp,hash,from,contractAddress,to,value,tokenName,tokenSymbol,tokenDecimal,transactionIndex";

/** A case in which ten stolen ether go to and fro: paid in once, and back twice. */
function importCase(name: string): string {
	const place = at(name);
	mustClew("case", "new", place, "--title", "A theft");
	mkdirSync(at(`${name}.files`));
	const hops = [PAYER, HERE, THERE, HERE, THERE, HERE, THERE];
	const lines = hops
		.slice(1)
		.map((to, i) => `${i + 1},${1_600_000_000 + i},${hash(i + 1)},${hops[i]},${to},10000000000000000000,21000,0,21000,0,1,0,,1000`);
	writeFileSync(join(at(`${name}.files`), `${HERE}.csv`), `${[HEAD, ...lines].join("\n")}\n`);
	mustClew("import", "etherscan", at(`${name}.files`), "--case", place);
	return place;
}

describe("what check says", () => {
	let place: string;
	const library = at("labels.db");
	beforeAll(() => {
		place = importCase("fro.clew");
		mustClew("trace", "--case", place, "--seed", `tx:${hash(1)}`);
	});
	const known = () => (existsSync(library) ? ["--labels", library] : []);
	const check = (what: string) => JSON.parse(clew(["check", what, "--case", place, ...known(), "--json"]).out);
	const sync = (name: string, rows: string, ...more: string[]) => {
		writeFileSync(at(name), `address,entity,category,valid_until\n${rows}\n`);
		mustClew("label", "sync", "csv", at(name), "--source", name, "--labels", library, ...more);
	};

	it("counts coins that come back once, wherever they come back to", () => {
		for (const one of [HERE, THERE])
			expect(check(one).reasons).toContainEqual(
				expect.objectContaining({ code: "tainted", facts: { least: "10 ETH", most: "10 ETH", more: "" } }),
			);
	});

	it("takes no warning away from where the seed's money arrived for a weak label, or one that ended", () => {
		sync("weak.csv", `${HERE},Weak Exchange,exchange,`, "--confidence", "40");
		sync("old.csv", `${HERE},Old Exchange,exchange,2021-01-01\n${THERE},Old Mixer,mixing_service,2021-01-01`, "--confidence", "100");
		const warned = check(HERE);
		expect([warned.verdict, warned.reasons[0].code]).toEqual(["danger", "marked-stolen"]);
		expect(check(THERE).words.join("\n")).toMatch(/was listed as mixing_service .* until 2021-01-01/);
		expect(mustClew("label", "lists", "--labels", library)).toMatch(/no date, loaded \d{4}-/);
		expect(warned.lists).toContainEqual(expect.objectContaining({ list: "csv-weak.csv", dated: false }));
		sync("trusted.csv", `${HERE},Trusted Exchange,exchange,`, "--confidence", "60", "--retrieved-at", "2026-01-01");
		expect(check(HERE).reasons.map(({ code }: { code: string }) => code)).toEqual(expect.arrayContaining(["service", "service-received"]));
	});

	it("is read from a payment address in capitals, and a mistyped Bitcoin address is called one", () => {
		const right = "BITCOIN:BC1QAR0SRRR7XFKVY5L643LYDNW9RE59GTZZWF5MDQ";
		for (const text of [right, `${right}?amount=1`, right.toLowerCase()])
			expect(JSON.parse(clew(["check", text, "--labels", library, "--json"]).out).subject).toMatch(
				/:bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq$/,
			);
		for (const text of ["1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNb", "bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdx"])
			expect(clew(["check", text, "--labels", library]).err).toContain("is a mistyped Bitcoin address");
	});
});

describe("a bundle whose facts were forged", () => {
	it("fails without a replay: labels, assets and sources are those of the trace", async () => {
		const place = importCase("facts.clew");
		const label = (confidence: string) =>
			mustClew("label", "import", at("who.csv"), "--source", "desk", "--confidence", confidence, "--case", place);
		writeFileSync(at("who.csv"), `address,entity,category\n${THERE},Upbit,exchange\n`);
		label("90");
		mustClew("trace", "--case", place, "--seed", `tx:${hash(1)}`);
		mustClew("export", "--case", place, "--trace", "last", "--out", at("facts"));
		const bundle = await readBundle(at("facts"));
		const judged = async (from: string, to: string) => {
			const facts = Buffer.from(bundle.get("facts.json") as Uint8Array)
				.toString("utf8")
				.replace(from, to);
			return (await verifyFiles(resealManifest(new Map([...bundle, ["facts.json", Buffer.from(facts)]])), NO_TRUST)).failures.map(
				failureText,
			);
		};
		expect(await judged("nothing", "nothing")).toEqual([]);
		expect((await judged("Upbit", "Binance")).join()).toContain('does not hold the label "Upbit"');
		expect((await judged('"confidence":90', '"confidence":100')).join()).toContain('does not hold the label "Upbit"');
		expect((await judged('"decimals":18', '"decimals":17')).join()).toContain("has 17 decimals");
		expect((await judged('"title":"A theft"', '"title":"B theft"')).join()).toContain("of another case");
		expect((await judged('"createdAt":"2', '"createdAt":"1')).join()).toContain("of another case");
		expect((await judged('"kind":"file"', '"kind":"node"')).join()).toContain("does not hold the source");
		expect((await judged('"sha256":"', '"sha256":"0')).join()).toContain("does not hold the source");
		// And none is made that would: a label that was changed since.
		label("60");
		expect(clew(["export", "--case", place, "--trace", "last", "--out", at("stale")])).toMatchObject({
			code: 3,
			err: expect.stringMatching(/"Upbit", by a label that was changed since[\s\S]*trace again/),
		});
	});
});

describe("exit codes", () => {
	it("a node that is no URL is a mistake in usage, and a trace that found nothing is no answer", () => {
		const place = importCase("codes.clew");
		expect(clew(["ingest", "--case", place, "--rpc", "notaurl", "--from", "1", "--to", "2"])).toMatchObject({
			code: 2,
			err: expect.stringContaining("is no URL, and no endpoint has this name"),
		});
		for (const missing of [
			["check", HERE, "--labels", at("nope.db")],
			["keys", "show", at("nope.pem")],
		])
			expect(clew(missing).code).toBe(2);
		const empty = clew(["trace", "--case", place, "--seed", `account:${HERE}`, "--until", "0", "--json"]);
		expect([empty.code, JSON.parse(empty.out).leaves]).toEqual([3, []]);
	});

	it("an interrupted trace or export is 130, and leaves nothing half-written", async () => {
		const place = at("long.clew");
		mustClew("case", "new", place, "--title", "A theft");
		mkdirSync(at("long"));
		const rows = Array.from({ length: 20_000 }, (_, i) => {
			const [from, to] = i === 0 ? [PAYER, HERE] : i % 2 === 1 ? [HERE, THERE] : [THERE, HERE];
			return `${i + 1},${1_600_000_000 + i},0x${createHash("sha256").update(`${i}`).digest("hex")},${from},${to},1000${i},21000,0,21000,0,1,0,,1000`;
		});
		writeFileSync(join(at("long"), `${HERE}.csv`), `${[HEAD, ...rows].join("\n")}\n`);
		mustClew("import", "etherscan", at("long"), "--case", place);
		const traces = () => JSON.parse(mustClew("status", "--case", place, "--json")).traces.length;
		expect(await interrupted(["trace", "--case", place, "--seed", `account:${HERE}`, "--service-transfers", "1000000"])).toBe(130);
		expect(traces()).toBe(0);
		mustClew("trace", "--case", place, "--seed", `account:${HERE}`, "--service-transfers", "1000000");
		expect(await interrupted(["export", "--case", place, "--trace", "last", "--out", at("cut")])).toBe(130);
		expect([existsSync(at("cut")), readdirSync(folder).filter((name) => name.includes("cut"))]).toEqual([false, []]);
	});
});

/** Runs clew, and interrupts it once it has the case open. */
function interrupted(args: readonly string[]): Promise<number | null> {
	const child = spawn(process.execPath, [MAIN, ...args], { stdio: "ignore" });
	const opened = join(folder, "long.clew-shm");
	const timer = setInterval(() => {
		if (!existsSync(opened)) return;
		clearInterval(timer);
		child.kill("SIGINT");
	}, 20);
	return new Promise((resolve) => {
		child.once("close", (code) => {
			clearInterval(timer);
			resolve(code);
		});
	});
}

describe("a peer that accepts and stays silent", () => {
	let server: Server;
	let port: number;
	beforeAll(async () => {
		server = createServer((socket) => socket.on("error", () => {}));
		await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
		port = (server.address() as { port: number }).port;
	});
	afterAll(() => void server.close());

	it("keeps no process once its time is over", async () => {
		const { code, err } = await clewAsync(["case", "show", `neo4j://127.0.0.1:${port}/x?case=x`]);
		expect([code, err]).toEqual([4, expect.stringContaining("no Neo4j answers there")]);
	}, 120_000);
});

describe("a victim's surname", () => {
	const names = [hiddenName("Magdalena \u015aliwi\u0144ska", "victim 1")].flatMap((name) => name ?? []);

	it("is found alone in a cell of a file, in every spelling that looks like it", () => {
		for (const cell of ["M. \u015aliwi\u0144ska", "SLIWINSKA", "\u0405liwi\u0144sk\u0430", "Sli\u200bwinska", "from:sliwinska,12"]) {
			expect([cell, holdsWord(cell, names)]).toEqual([cell, true]);
			expect([cell, mayHoldName(Buffer.from(`a,b\n1,${cell}\n`), names, "words")]).toEqual([cell, true]);
		}
		for (const other of ["sliwinskaya", "Magda", "Sliwa"]) expect([other, holdsWord(other, names)]).toEqual([other, false]);
		// Whole names in look-alike letters, whatever is asked for.
		expect(holdsName("\u041cagdalena \u015aliwi\u0144ska", names)).toBe(true);
		expect(replaceNames("to \u041cagd\u0430lena \u015aliwi\u0144ska", names, false)).toBe("to victim 1");
		expect(replaceNames("to \u0405LIW\u0406NSKA", names, true)).toBe("to victim 1");
		const greek = [hiddenName("\u039d\u03af\u03ba\u03bf\u03c2 \u0399\u03c9\u03ac\u03bd\u03bd\u03bf\u03c5", "victim 1")].flatMap(
			(name) => name ?? [],
		);
		expect(holdsName("\u039d\u0399\u039a\u039f\u03a3 \u0399\u03a9\u0391\u039d\u039d\u039f\u03a5".toLowerCase(), greek)).toBe(true);
	});

	it("leaves in no token's symbol, and its file stays behind", () => {
		const place = importCase("red.clew");
		const files = at("red.clew.files");
		writeFileSync(
			join(files, "tokens.csv"),
			`${TOKENS}\n1,1600000000,${hash(1)},${PAYER},${TOKEN},${HERE},7,Coin,\u015aLIWI\u0143SKA,0,0\n`,
		);
		mustClew("import", "etherscan", files, "--case", place);
		writeFileSync(at("victims.csv"), `address,entity,category\n${PAYER},Magdalena \u015aliwi\u0144ska,victim\n`);
		mustClew("label", "import", at("victims.csv"), "--source", "desk", "--confidence", "90", "--case", place);
		mustClew("trace", "--case", place, "--seed", `tx:${hash(1)}`);
		const out = clew(["export", "--case", place, "--trace", "last", "--redact", "victims", "--inputs", files, "--out", at("red")]);
		expect([out.code, out.err]).toEqual([0, expect.stringContaining("left out: tokens.csv")]);
		for (const name of readdirSync(at("red"), { recursive: true }).map(String))
			if (/\.(csv|json|jsonl|html|svg|xml)$/.test(name) && !name.startsWith("verify"))
				expect([name, /\u015bliwi\u0144ska/i.test(readFileSync(join(at("red"), name), "utf8"))]).toEqual([name, false]);
		expect(readFileSync(join(at("red"), "trace.json"), "utf8")).toContain('"symbol":"victim 1"');
		expect(mustClew("verify", at("red"))).toMatch(/^intact/);
	});
});
