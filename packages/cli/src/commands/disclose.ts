import { InputError } from "@clew/core";
import { disclose, verifyFiles } from "@clew/evidence";
import { Command, InvalidArgumentError } from "@commander-js/extra-typings";
import { openBundle } from "../bundle-file.js";
import type { Context } from "../context.js";
import { json } from "../output.js";

const MAX_ROWS = 1_000_000;

/** `clew disclose`: some rows of a bundle, provable under the same signed root. */
export function discloseCommand(context: Context) {
	return new Command("disclose")
		.description("write a redacted twin of a bundle: only the named rows, with their proofs, under the same signed root")
		.argument("<bundle>", "folder or zip")
		.requiredOption("--rows <numbers>", "for example 12,57 or 3-9", rowNumbers)
		.requiredOption("--out <folder>", "folder to make")
		.option("--json", "what was written, as one JSON object (schema clew.disclose/1)", false)
		.action(async (path, options) => {
			const files = await openBundle(path);
			const { ok, kind, failures, trace } = await verifyFiles(files, { headers: [], keys: [], timeRoots: [] });
			if (!ok || kind !== "bundle")
				throw new InputError(kind === "bundle" || !ok ? `it does not verify: ${failures[0] ?? ""}` : "it is no whole bundle", {
					where: path,
					hint: "Rows are disclosed from a bundle that verifies.",
				});
			const told = disclose(files, options.rows, options.out);
			if (options.json) return context.print(json({ schema: "clew.disclose/1", out: options.out, trace, ...told }));
			context.print(`${options.out}: ${told.rows.length} rows disclosed; check it with clew verify, or node verify.mjs in it`);
		});
}

function rowNumbers(text: string): number[] {
	const rows = text.split(",").flatMap((part) => {
		const match = /^([1-9][0-9]{0,6})(?:-([1-9][0-9]{0,6}))?$/.exec(part.trim());
		if (match?.[1] === undefined) throw new InvalidArgumentError("row numbers such as 12,57 or 3-9");
		const [from, to] = [Number(match[1]), Number(match[2] ?? match[1])];
		if (to < from || to - from > MAX_ROWS) throw new InvalidArgumentError(`${part} is no range`);
		return Array.from({ length: to - from + 1 }, (_, i) => from + i);
	});
	return rows;
}
