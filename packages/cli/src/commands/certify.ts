import { realpathSync } from "node:fs";
import { basename, dirname, resolve, sep } from "node:path";
import { defangLong, InputError, sha256Hex } from "@clew/core";
import {
	CERTIFICATION_LAWS,
	certificationLaw,
	draftCertificate,
	NO_CERTIFICATE_FIELDS,
	readCertificateFields,
	verifyFiles,
	writeNew,
} from "@clew/evidence";
import { Command } from "@commander-js/extra-typings";
import { collect } from "../arguments.js";
import { openBundle } from "../bundle-file.js";
import type { Context } from "../context.js";
import { withNotes } from "../custody-notes.js";
import { BY_OPTION, NOTE_OPTION, WHY_OPTION } from "../custody-statement.js";
import { json } from "../output.js";
import { TRUST_HEADER_OPTION, TRUST_KEY_OPTION, TRUST_TIME_OPTION, trustOf, withPapers } from "../trust.js";

const LIST = "list";

/** `clew certify`: the draft of a certification under a law, of a bundle that verifies. */
export function certifyCommand(context: Context) {
	return new Command("certify")
		.description("draft a certification of a bundle that a person signs: facts are computed from the bundle, all else is a marked blank")
		.argument("[bundle]", "folder, zip, or zip encrypted with age; it must verify")
		.requiredOption("--law <name>", "the law, by its name; 'list' lists them with what each asks")
		.option("--out <file>", "file to make, beside the bundle: text, or PDF where its name ends in .pdf")
		.option("--fields <file>", "what only who signs can say: name, position, court and so on; see docs/certify.md")
		.option(...TRUST_HEADER_OPTION, collect, [])
		.option(...TRUST_KEY_OPTION, collect, [])
		.option(...TRUST_TIME_OPTION, collect, [])
		.option("--identity <file>", "age identity, for an encrypted bundle")
		.option(...NOTE_OPTION)
		.option(...BY_OPTION)
		.option(...WHY_OPTION)
		.option("--json", "what was written, as one JSON object (schema clew.certify/1; of the list clew.laws/1)", false)
		.action(async (path, options) => {
			if (options.law === LIST)
				return context.print(options.json ? json({ schema: "clew.laws/1", laws: CERTIFICATION_LAWS }) : lawsInWords());
			const { out } = options;
			const law = certificationLaw(options.law);
			if (path === undefined) throw new InputError("no bundle is named", { code: "USAGE" });
			if (out === undefined) throw new InputError("no file is named", { code: "USAGE", hint: "Give --out FILE." });
			const trust = trustOf(options);
			const fields = options.fields === undefined ? NO_CERTIFICATE_FIELDS : readCertificateFields(options.fields);
			await withNotes(context, options, async (notes) => {
				const files = await openBundle(path, options.identity);
				refuseInside(path, out);
				const report = await withPapers(files, await verifyFiles(files, trust), context.version);
				const draft = draftCertificate({ law, name: basename(resolve(path)), files, report, fields });
				const content = /\.pdf$/i.test(out) ? await draft.pdf() : draft.text;
				writeNew(out, content, "Choose another name; Clew does not write over what a person may have filled in.");
				const sha256 = sha256Hex(content);
				const { seal, blanks } = draft;
				await notes.note(
					"certification drafted",
					`law ${law.id}, of trace ${report.trace}, not signed; manifest.json sha256 ${seal.sha256}; the draft sha256 ${sha256}`,
				);
				if (!options.json)
					return context.print(
						`${out}: draft under ${law.id}, not signed, not checked by counsel; ${blanks.length} blanks for a person; the bundle: ${report.verdict}`,
					);
				const { id, title, citation } = law;
				context.print(
					json({
						schema: "clew.certify/1",
						out,
						law: { id, title, citation },
						signed: false,
						checkedByCounsel: false,
						trace: report.trace,
						verdict: report.verdict,
						manifest: { bytes: seal.bytes.toString(), sha256: seal.sha256, sha512: seal.sha512 },
						blanks,
						bytes: Buffer.byteLength(content).toString(),
						sha256,
					}),
				);
			});
		});
}

/** A file more in a sealed bundle would break it. Throws InputError (USAGE). */
function refuseInside(bundle: string, out: string): void {
	const folder = realpathSync(bundle);
	let place: string;
	try {
		place = realpathSync(dirname(resolve(out)));
	} catch (cause) {
		throw new InputError(`${defangLong(dirname(out))} is no folder`, { code: "USAGE", cause });
	}
	if (`${place}${sep}`.startsWith(`${folder}${sep}`))
		throw new InputError(`${defangLong(out)} would lie inside the bundle, which is sealed`, {
			code: "USAGE",
			hint: "Write it beside the bundle.",
		});
}

function lawsInWords(): string {
	return CERTIFICATION_LAWS.map(({ id, title, citation, asks }) =>
		[`${id}: ${title}`, `  ${citation}`, ...asks.map((one) => `  - ${one}`)].join("\n"),
	).join("\n");
}
