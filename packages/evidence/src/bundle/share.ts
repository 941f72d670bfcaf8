import { canonicalJson, type TraceResult } from "@clew/core";
import { FRAME, MAX_WORD, PROOFS, type SharedParts, STATED_FRAME } from "../verify/shared/shared-file.js";
import { zipped } from "./archive.js";
import { bundleText } from "./bundle-text.js";
import { disclosureOf } from "./disclose.js";

/** What a number costs where it stands for a value. */
const NUMBER_BYTES = 8;

/** A trace as data of one page, and how many of its rows are in it. */
export interface Shared extends SharedParts {
	readonly shown: number;
	readonly of: number;
}

/**
 * Rows of a verified bundle (all without `chosen`) under its root, as a page carries them. Where every row is shown, the rest of the trace
 * is under the same manifest by its hash; else only units, rules and the chain go along, as stated. Throws InputError for a row that is not
 * there.
 */
export function shareOf(files: ReadonlyMap<string, Uint8Array>, chosen?: readonly number[]): Shared {
	const { edges, ...frame } = JSON.parse(bundleText(files, "trace.json")) as TraceResult;
	const { leaves, disclosure, beside } = disclosureOf(files, chosen ?? edges.map(({ row }) => row));
	const isWhole = disclosure.rows.length === edges.length;
	const sealed = zipped(
		new Map([
			...beside,
			[PROOFS, bytes(disclosure.proofs)],
			isWhole ? [FRAME, bytes(frame)] : [STATED_FRAME, bytes(statedFrame(frame, disclosure.rows))],
		]),
	);
	const lines = disclosure.rows.map(({ row }) => row);
	const words = wordsOf(lines);
	const numbers = new Map(words.map((word, i) => [word, `~${i}`]));
	const text = [
		`[${words.join(",")}]`,
		Buffer.from(leaves.join(""), "hex").toString("base64"),
		...lines.map((line) => JSON.stringify(short(line, numbers))),
	].join("\n");
	return {
		// Nothing in it can end the block of data that it stands in.
		rows: text.replaceAll("<", "\\u003c"),
		sealed: Buffer.from(sealed).toString("base64"),
		shown: disclosure.rows.length,
		of: edges.length,
	};
}

const bytes = (value: unknown) => Buffer.from(canonicalJson(value));

type Frame = Omit<TraceResult, "edges">;

/** What is needed to draw some rows, without what the others and their end points say. */
function statedFrame(frame: Frame, rows: readonly { readonly row: unknown }[]): unknown {
	const edges = rows.map(({ row }) => (row as { edge: TraceResult["edges"][number] }).edge);
	const named = new Set(edges.flatMap(({ asset, into }) => (into === undefined ? [asset] : [asset, into.asset])));
	const { schema, id, chain, rules, direction, parameters, coverage } = frame;
	return {
		...{ schema, id, chain, rules, case: frame.case },
		...(direction === undefined ? {} : { direction }),
		parameters: parameters["whatIf"] === undefined ? {} : { whatIf: parameters["whatIf"] },
		...{ seeds: [], leaves: [], conventions: {}, conservation: {} },
		assets: Object.fromEntries(Object.entries(frame.assets).filter(([asset]) => named.has(asset))),
		coverage: { cutoff: coverage.cutoff, gaps: [], sources: [] },
	};
}

/** Values (texts and objects, as JSON) that rows have so often that a number for them is shorter, the most often first. */
function wordsOf(lines: readonly unknown[]): string[] {
	const counts = new Map<string, number>();
	const count = (value: unknown): void => {
		if (typeof value !== "string" && (typeof value !== "object" || value === null)) return;
		const json = JSON.stringify(value);
		const before = counts.get(json) ?? 0;
		counts.set(json, before + 1);
		// What is in an object that has a number already is written with it.
		if (typeof value === "object" && before === 0) for (const one of Object.values(value)) count(one);
	};
	for (const line of lines) for (const one of Object.values(line as object)) count(one);
	return [...counts]
		.filter(([json, n]) => json.length <= MAX_WORD && (json.length - NUMBER_BYTES) * n > json.length)
		.sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1))
		.map(([word]) => word);
}

function short(value: unknown, numbers: ReadonlyMap<string, string>): unknown {
	if (typeof value !== "string" && (typeof value !== "object" || value === null)) return value;
	const number = numbers.get(JSON.stringify(value));
	if (number !== undefined) return number;
	if (typeof value === "string") return value.startsWith("~") ? `~${value}` : value;
	if (Array.isArray(value)) return value.map((one) => short(one, numbers));
	return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, short(one, numbers)]));
}
