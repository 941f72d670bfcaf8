import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { outputJsonSchemas, type outputSchemas } from "@clew/core/output-schemas";
import { Ajv2020 } from "ajv/dist/2020.js";
import { beforeAll, describe, expect, it, vi } from "vitest";
import { clew, mustClew, ROOT, scratch } from "./clew.js";

/** A guard against a hang. */
const GUARD = 600_000;
vi.setConfig({ testTimeout: GUARD, hookTimeout: GUARD });

const folder = join(ROOT, "docs/schema");
const ajv = new Ajv2020({ strict: false });

it("the documented schemas are those that the code defines", () => {
	for (const { file, schema } of outputJsonSchemas())
		expect(existsSync(join(folder, file)) && JSON.parse(readFileSync(join(folder, file), "utf8")), file).toEqual(
			JSON.parse(JSON.stringify(schema)),
		);
});

describe("what a command answers with --json is what its schema says", () => {
	const home = scratch();
	const file = join(home, "c.clew");
	const bitcoin = join(home, "b.clew");
	const labels = join(home, "labels.db");
	const thief = "0x7df1bd58e8fd49803e43987787adfecb4a0a086c";
	const collector = "0x69627dad496db160a81bed9e27ce2da67c3242bd";
	const inCase = ["--case", file];
	const inLibrary = ["--labels", labels];
	let hash = "";

	beforeAll(() => {
		mustClew("case", "new", file, "--title", "t", "--chain", "eip155:1");
		mustClew("import", "etherscan", join(ROOT, "fixtures/cases/purebit"), ...inCase);
		mustClew("label", "import", join(ROOT, "fixtures/cases/purebit/exchanges.csv"), "--source", "s", "--confidence", "50", ...inCase);
		mustClew("label", "sync", "ofac", join(ROOT, "fixtures/labels/ofac-ETH.txt"), ...inLibrary);
		mustClew("label", "sync", "etherscan-labels", join(ROOT, "fixtures/labels/etherscan-labels.csv"), ...inLibrary);
		const list = join(home, "combined.json");
		writeFileSync(list, JSON.stringify({ "evil.example": [thief], "": [collector] }));
		mustClew("label", "sync", "scamsniffer", list, ...inLibrary);
		mustClew("watch", "add", thief, "--on", "any-outflow", "--notify", "stdout", ...inCase);
		mustClew("case", "new", bitcoin, "--title", "t", "--chain", "bitcoin");
		mustClew("import", "blocks", join(ROOT, "fixtures/bitcoin/blocks-1-256.dat"), "--case", bitcoin);
		mkdirSync(join(home, "bundle"));
		hash = JSON.parse(mustClew("show", thief, ...inCase, "--json")).ledger[0].txHash;
	});

	const commands: readonly [keyof typeof outputSchemas, readonly string[] | (() => readonly string[])][] = [
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
		["clew.case/1", ["case", "show", file]],
		["clew.custody/1", ["custody", ...inCase]],
		["clew.doctor/1", ["doctor", ...inCase]],
		["clew.account/1", ["show", thief, ...inCase]],
		["clew.transaction/1", () => ["show", hash, ...inCase]],
		["clew.detections/1", ["detect", ...inCase]],
		["clew.path/1", ["path", "--from", thief, "--to", collector, ...inCase]],
		["clew.cluster/1", ["cluster", "12cbQLTFMXRnSzktFkuoG3eHoMeFtpTu3S", "--case", bitcoin]],
		["clew.watches/1", ["watch", "list", ...inCase]],
		["clew.labels/1", ["label", "show", thief, ...inLibrary, ...inCase]],
		["clew.label-lists/1", ["label", "lists", ...inLibrary]],
		["clew.label-conflicts/1", ["label", "conflicts", ...inLibrary]],
		["clew.label-diff/1", ["label", "diff", "ofac-ETH", "--since", "2030-01-01", ...inLibrary]],
		["clew.label-sync/1", ["label", "sync", "scamsniffer", join(home, "combined.json"), ...inLibrary]],
	];
	it.each(commands)("%s: clew %s", (name, words) => {
		const { out, err } = clew([...(typeof words === "function" ? words() : words), "--json"]);
		const answer: unknown = JSON.parse(out);
		expect(answer, err).toMatchObject({ schema: name });
		const valid = ajv.compile(JSON.parse(readFileSync(join(folder, `${name.replace("/", "-")}.schema.json`), "utf8")));
		expect(valid(answer) ? [] : valid.errors).toEqual([]);
	});
});
