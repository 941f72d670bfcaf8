import { sha256Hex } from "@clew/core";
import { describe, expect, it } from "vitest";
import { rowOf } from "../blocks.test-util.js";
import type { Manifest } from "./formats.js";
import { checkInputs, checkSources } from "./inputs.js";

describe("facts and traces", () => {
	it("name every imported file that the bundle carries, where it belongs, under each of its names", () => {
		const sha256 = sha256Hex("x");
		const place = `inputs/${sha256.slice(0, 16)}/a.csv`;
		const carried = (paths: readonly string[], named: readonly { sha256: string }[] | undefined = [{ sha256 }]) => {
			const found: string[] = [];
			const list = { files: paths.map((path) => ({ path, bytes: "1", sha256 })) } as unknown as Manifest;
			checkInputs(list, named, (where, what) => found.push(`${where}: ${what}`));
			return found;
		};
		expect(carried([place, "trace.json"])).toEqual([]);
		expect(carried([place], [])).toEqual([`${place}: is no part of the evidence: facts.json names no source of SHA-256 ${sha256}`]);
		expect(carried(["inputs/0000000000000000/a.csv"])).toEqual([
			`inputs/0000000000000000/a.csv: does not stand where a file of SHA-256 ${sha256} belongs`,
		]);
		const again = place.replace("a.csv", "b.csv");
		expect(carried([place, again])).toEqual([]);
	});

	it("name sources in one form, whose files stand among the inputs where there are any", () => {
		const sha256 = sha256Hex("x");
		const file = { id: `file:${sha256.slice(0, 16)}`, kind: "file", name: "a.csv", sha256, detail: "" };
		const node = { id: "node:n", kind: "node", name: "n", sha256: "", detail: "" };
		const place = { path: `inputs/${sha256.slice(0, 16)}/a.csv`, bytes: "1", sha256 };
		const other = { ...place, sha256: "2".repeat(64) };
		const judged = (sources: (typeof file)[], files: (typeof place)[], redacted?: string, source = file.id) => {
			const found: string[] = [];
			const list = { files, ...(redacted === undefined ? {} : { redacted }) } as unknown as Manifest;
			const said = checkSources(list, sources, [rowOf({ source })], (where, what) => found.push(`${where}: ${what}`));
			return [found, said];
		};
		const which = "which source told each row";
		const hashes = "hashes of files that it does not hold (1)";
		expect(judged([file, node], [place])).toEqual([[], [which]]);
		expect(judged([file, node], [])).toEqual([[], [which, hashes]]);
		expect(judged([file], [other], "1 names of victims")).toEqual([[], [which, hashes]]);
		expect(judged([file], [other])).toEqual([
			[`trace.json: has rows by "${file.id}", and no file of SHA-256 ${sha256} is among its inputs`],
			[which, hashes],
		]);
		expect(judged([file], [other], undefined, node.id)[0]).toEqual([]);
		const list = { ...file, id: `labels:csv-desk: of 2024:${sha256.slice(0, 16)}`, detail: "labels: desk; licence: " };
		const quorum = { ...node, id: `node:quorum of 2: ${"https://a-node-of-a-long-name.example, ".repeat(20)}` };
		expect(judged([file, list, quorum, { ...node, id: "simulated" }], [place])[0]).toEqual([]);
		for (const wrong of [
			{ ...list, sha256: "2".repeat(64) },
			{ ...list, detail: "etherscan" },
			{ ...list, id: `labels:${sha256.slice(0, 16)}` },
			{ ...file, sha256: "2".repeat(64) },
			{ ...file, id: "by the court" },
			{ ...node, id: "Europol" },
			{ ...node, sha256 },
		])
			expect(judged([wrong], [])[0]).toEqual([expect.stringMatching(/^trace.json: its source ".*" is no /)]);
	});
});
