import { rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { clew, makePureBit, mustClew, scratch } from "./clew.js";
import { neo4jForTests } from "./services.js";

const PURE_BIT = ["--seed", "account:0x7df1bd58e8fd49803e43987787adfecb4a0a086c"];
const FIRST_PAYMENT = ["--seed", "outpoint:0437cd7f8525ceed2324359c2d0ba26006d92d856a9c20fa0241106ee5a597c9:0"];

const folder = scratch();
const at = (name: string) => join(folder, name);
const start = neo4jForTests();

describe.skipIf(start === undefined)("a case in Neo4j", () => {
	let server: Awaited<ReturnType<NonNullable<typeof start>>> | undefined;
	/** The case of a copied file, by the id that `clew store copy` prints. */
	const copied = (file: string) => {
		const out = mustClew("store", "copy", "--from", file, "--to", server?.url ?? "");
		expect(out).not.toContain("clew-local-only");
		return `${server?.url}?case=${/case ([0-9a-f]{12}) copied/.exec(out)?.[1]}`;
	};
	/** Title with the process's number: another run may use the same server. */
	const title = (text: string) => `${text} ${process.pid}`;
	const made: string[] = [];
	beforeAll(async () => {
		server = await start?.();
	});
	afterAll(async () => {
		for (const uri of made) mustClew("case", "remove", uri, "--yes");
		await server?.stop();
		rmSync(folder, { recursive: true, force: true });
	});

	/** Copies a case there and back; every answer is the same in all three places, to the byte, but that each log ends with the copying. */
	const holdsAlike = (file: string, seed: readonly string[]) => {
		const { custody: before } = JSON.parse(clew(["case", "show", "--json"], { CLEW_CASE: file }).out);
		const uri = copied(file);
		made.push(uri);
		mustClew("store", "copy", "--from", uri, "--to", `${file}.back`);
		const places = [file, uri, `${file}.back`];
		for (const command of [
			["status", "--json"],
			["case", "show", "--json"],
		]) {
			const answers = places.map((place) => {
				const { custody, ...told } = JSON.parse(clew(command, { CLEW_CASE: place }).out);
				return JSON.stringify({ ...told, custody: custody?.slice(0, before.length) });
			});
			expect(answers[0]).toContain("counts");
			expect(new Set(answers).size).toBe(1);
		}
		const traces = places.map((place) => mustClew("trace", "--case", place, ...seed, "--json"));
		expect(traces[0]).toContain('"leaves"');
		expect(new Set(traces).size).toBe(1);
	};

	it("the Pure Bit case: a copy, and a copy of the copy, give the same trace to the byte", () => {
		makePureBit(at("a.clew"), title("Pure Bit"));
		holdsAlike(at("a.clew"), PURE_BIT);
	});

	it("Bitcoin's first blocks likewise", () => {
		mustClew("case", "new", at("b.clew"), "--title", title("First blocks"), "--chain", "bitcoin");
		mustClew("import", "blocks", "fixtures/bitcoin/blocks-1-256.dat", "--case", at("b.clew"));
		holdsAlike(at("b.clew"), FIRST_PAYMENT);
	});

	it("files are imported straight into Neo4j, as into a file", () => {
		const made_ = mustClew("case", "new", server?.url ?? "", "--title", title("Straight"), "--chain", "eip155:1");
		const uri = `${server?.url}?case=${/case ([0-9a-f]{12})/.exec(made_)?.[1]}`;
		made.push(uri);
		mustClew("case", "new", at("c.clew"), "--title", title("Straight"), "--chain", "eip155:1");
		for (const place of [uri, at("c.clew")]) mustClew("import", "etherscan", "fixtures/cases/purebit", "--case", place);
		const [there, here] = [uri, at("c.clew")].map((place) => mustClew("trace", "--case", place, ...PURE_BIT, "--json"));
		expect(there).toBe(here);
		expect(clew(["store", "copy", "--from", at("c.clew"), "--to", server?.url ?? ""])).toMatchObject({ code: 2 });
	});
});
