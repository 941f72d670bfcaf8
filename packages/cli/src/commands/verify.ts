import { defang } from "@clew/core";
import { verifyBundle } from "@clew/evidence";
import { Command } from "@commander-js/extra-typings";
import type { Context } from "../context.js";
import { json } from "../output.js";

/** `clew verify`: exit 0 when the bundle holds together, 1 with every failure named. */
export function verifyCommand(context: Context, finding: () => void) {
	return new Command("verify")
		.description("check an evidence bundle: every hash, every row, every sum; needs no case and no network")
		.argument("<folder>", "the bundle")
		.option("--json", "as one JSON object", false)
		.action((folder, options) => {
			const report = verifyBundle(folder);
			if (report.failures.length > 0) finding();
			if (options.json) context.print(json({ schema: "clew.verify/1", ok: report.failures.length === 0, ...report }));
			else if (report.failures.length === 0)
				context.print(
					`${context.colours.green("verified")}: ${report.files} files, ${report.rows} rows, trace ${report.trace}; sealed by hashes, not signed`,
				);
			else for (const failure of report.failures) context.print(`${context.colours.red("FAILED")} ${defangLong(failure)}`);
		});
}

/** Failures may quote the bundle; keep them harmless but whole. */
function defangLong(text: string): string {
	const parts = text.match(/.{1,100}/gsu) ?? [];
	return parts.map(defang).join("");
}
