import { InputError } from "@clew/core";
import { disclose, failureText, type VerifyReport, verifyFiles } from "@clew/evidence";
import { Command, InvalidArgumentError } from "@commander-js/extra-typings";
import { openBundle } from "../bundle-file.js";
import type { Context } from "../context.js";
import { withNotes } from "../custody-notes.js";
import { BY_OPTION, NOTE_OPTION, WHY_OPTION } from "../custody-statement.js";
import { json } from "../output.js";

const MAX_ROWS = 1_000_000;
/** Ranges of rows that a custody entry names. */
const MAX_RANGES = 50;
/** Files whose hashes it names. */
const NOTED = new Set(["manifest.json", "disclosure.json"]);

/** `clew disclose`: some rows of a bundle, provable under the same signed root. */
export function discloseCommand(context: Context) {
	return new Command("disclose")
		.description("write a redacted twin of a bundle: only the named rows, with their proofs, under the same signed root")
		.argument("<bundle>", "folder or zip")
		.requiredOption("--rows <numbers>", "for example 12,57 or 3-9", rowNumbers)
		.requiredOption("--out <folder>", "folder to make")
		.option(...NOTE_OPTION)
		.option(...BY_OPTION)
		.option(...WHY_OPTION)
		.option("--json", "what was written, as one JSON object (schema clew.disclose/1)", false)
		.action((path, options) =>
			withNotes(context, options, async (notes) => {
				const { files, trace, signedBy } = await wholeBundle(path);
				const told = disclose(files, options.rows, options.out);
				const hashes = told.files.flatMap(({ path, sha256 }) => (NOTED.has(path) ? [`${path} sha256 ${sha256}`] : []));
				const signed = signedBy.length === 0 ? "not signed" : `signed by key ${signedBy.join(", ")}`;
				await notes.note("rows disclosed", [`${rowsInWords(told.rows)} of trace ${trace}`, ...hashes, signed].join("; "));
				if (options.json) return context.print(json({ schema: "clew.disclose/1", out: options.out, trace, ...told }));
				context.print(`${options.out}: ${told.rows.length} rows disclosed; check it with clew verify, or node verify.mjs in it`);
			}),
		);
}

/** A bundle that verifies, with every row. Throws InputError for any other. */
export async function wholeBundle(
	path: string,
): Promise<Pick<VerifyReport, "trace" | "signedBy"> & { readonly files: Map<string, Uint8Array> }> {
	const files = await openBundle(path);
	const { ok, kind, failures, trace, signedBy } = await verifyFiles(files, { headers: [], keys: [], timeRoots: [] });
	if (!ok || kind !== "bundle")
		throw new InputError(
			kind === "bundle" || !ok
				? `it does not verify: ${failures[0] === undefined ? "" : failureText(failures[0])}`
				: "it is no whole bundle",
			{
				where: path,
				hint: "Rows are disclosed from a bundle that verifies.",
			},
		);
	return { files, trace, signedBy };
}

/** Rows in their order, as ranges; of very many, how many: the disclosure names them. */
export function rowsInWords(rows: readonly number[]): string {
	const ranges: [number, number][] = [];
	for (const row of rows) {
		const last = ranges[ranges.length - 1];
		if (last?.[1] === row - 1) last[1] = row;
		else ranges.push([row, row]);
	}
	if (ranges.length > MAX_RANGES) return `${rows.length} rows`;
	return `rows ${ranges.map(([from, to]) => (from === to ? `${from}` : `${from}-${to}`)).join(", ")}`;
}

/** Numbers of rows such as `12,57` or `3-9`. Throws InvalidArgumentError. */
export function rowNumbers(text: string): number[] {
	const rows = text.split(",").flatMap((part) => {
		const match = /^([1-9][0-9]{0,6})(?:-([1-9][0-9]{0,6}))?$/.exec(part.trim());
		if (match?.[1] === undefined) throw new InvalidArgumentError("row numbers such as 12,57 or 3-9");
		const [from, to] = [Number(match[1]), Number(match[2] ?? match[1])];
		if (to < from || to - from > MAX_ROWS) throw new InvalidArgumentError(`${part} is no range`);
		return Array.from({ length: to - from + 1 }, (_, i) => from + i);
	});
	return rows;
}
