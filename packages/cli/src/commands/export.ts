import { readFileSync, statSync } from "node:fs";
import { basename, join } from "node:path";
import { fileSource } from "@clew/chains";
import { type GraphStore, InputError } from "@clew/core";
import { askTimestamp, encryptTo, parseZone, readKey, signManifest, writeZip } from "@clew/evidence";
import { contradictionLines } from "@clew/workers";
import { Command } from "@commander-js/extra-typings";
import { collect, height, redaction as parseRedaction } from "../arguments.js";
import { type BundleOptions, bundleOf } from "../bundle-of.js";
import { CASE_OPTION, withCase } from "../case-file.js";
import type { Context, Finding } from "../context.js";
import { noteExport } from "../custody-notes.js";
import type { StatementOptions } from "../custody-statement.js";
import { BY_OPTION, WHY_OPTION } from "../custody-statement.js";
import { RPC_OPTION, TRUST_OPTION } from "../node.js";
import { json } from "../output.js";
import { pageOption, reportLanguageOption } from "../paper-options.js";
import { traceSummary } from "../trace-summary.js";
import { PRICE_AGE_OPTION, UNIT_OPTION } from "../unit-option.js";

interface ExportOptions extends BundleOptions, StatementOptions {
	readonly out: string;
	readonly zip: boolean;
	readonly bag: boolean;
	readonly sign?: string | undefined;
	readonly timestamp?: string | undefined;
	readonly json: boolean;
}

/** `clew export`: a stored trace as an evidence bundle. */
export function exportCommand(context: Context, finding?: Finding) {
	return new Command("export")
		.description("write an evidence bundle: a folder or zip that anyone can check, with the verifier inside")
		.option(...CASE_OPTION)
		.requiredOption("--trace <id>", "id that clew trace printed, or 'last'")
		.requiredOption("--out <path>", "folder to make; with --zip or --encrypt-to a file")
		.option("--zip", "one zip instead of a folder", false)
		.option("--bag", "as a BagIt bag (RFC 8493): the bundle below data/, with lists of SHA-256 and SHA-512", false)
		.option("--proofs", "fetch every cited block again, with inclusion proofs and the answers that a replay needs", false)
		.option("--as-received", "with --proofs: every answer of the nodes byte for byte, too, with request, time and endpoint", false)
		.option(...RPC_OPTION, collect, [])
		.option(...TRUST_OPTION)
		.option(
			"--anchor <height>",
			"with --proofs: headers from the rows' blocks, and those that a replay reads, up to this block, so that its hash anchors them all",
			height,
		)
		.option(
			"--inputs <paths...>",
			"imported files, or their folder, to go along, so that the trace can be run again from the bundle",
			collect,
			[],
		)
		.option("--sign <key>", "sign the manifest with a key of clew keys new")
		.option("--timestamp <url-or-file>", "an RFC 3161 authority's URL, or a time stamp that you got for this manifest")
		.option("--encrypt-to <recipient>", "age recipient (age1...); the zip is encrypted, several times for several", collect, [])
		.option(
			"--redact <what>",
			"victims: names of victims are replaced, and go along encrypted to --encrypt-to or not at all",
			parseRedaction,
		)
		.option(...UNIT_OPTION)
		.option(...PRICE_AGE_OPTION)
		.addOption(pageOption())
		.option("--zone <name>", "time zone of the first page, beside UTC, such as Europe/Berlin", parseZone)
		.addOption(reportLanguageOption())
		.option(...BY_OPTION)
		.option(...WHY_OPTION)
		.option("--json", "what was written, as one JSON object (schema clew.export/1)", false)
		.action((options) =>
			withCase(options, async (store) => {
				const contradicted = await exportTrace(context, store, options);
				for (const line of contradicted) context.note(line);
				if (contradicted.length > 0) finding?.();
			}),
		);
}

/** Writes and prints; gives lines on rows that the blocks of the asked node contradict. */
async function exportTrace(context: Context, whole: GraphStore, options: ExportOptions): Promise<readonly string[]> {
	const key = options.sign === undefined ? undefined : readKey(options.sign);
	const stamp = options.timestamp === undefined || isUrl(options.timestamp) ? undefined : readStamp(options.timestamp);
	if (options.asReceived && !options.proofs)
		throw new InputError("--as-received keeps what nodes answer, and without --proofs none is asked", { code: "USAGE" });
	const packed = options.zip || options.encryptTo.length > 0;
	if (!packed && /\.zip$/i.test(options.out))
		throw new InputError(`${options.out} would be a folder`, { code: "USAGE", hint: "Add --zip for a zip, or leave the ending out." });
	if (packed && options.bag)
		throw new InputError("a bag is a folder", {
			code: "USAGE",
			hint: "Leave --zip and --encrypt-to out, and pack the bag as your archive wants it.",
		});
	const { draft, stored, result, redaction, redacted, known, manifest } = await bundleOf(context, whole, options, options.out, stamp);
	try {
		if (key !== undefined) draft.putUnlisted("manifest.dsse.json", `${signManifest(manifest, key)}\n`);
		if (options.timestamp !== undefined)
			draft.putUnlisted("manifest.tsr", stamp ?? (await askTimestamp(options.timestamp, manifest, context.signal)));
		context.clearProgress();
		const [files, unlisted] = [draft.files(), draft.unlisted()];
		const about = { version: context.version, trace: result.id };
		const paths = options.bag ? draft.wrapInBag(about) : [...files, ...unlisted].map(({ path }) => path);
		if (packed) {
			await draft.pack(async (folder, target) => {
				writeZip(folder, paths, target);
				return options.encryptTo.length === 0 ? undefined : encryptTo(options.encryptTo, readFileSync(target));
			});
		} else draft.finish();
		const archive = packed ? await archiveOf(options.out) : null;
		const form = options.encryptTo.length > 0 ? "encrypted" : packed ? "zip" : "folder";
		await noteExport(
			context,
			whole,
			{
				trace: stored.id,
				redactedAs: redaction === undefined ? undefined : result.id,
				form,
				manifest,
				archive: archive?.sha256,
				signedBy: key?.id,
				stamped: options.timestamp !== undefined,
				recipients: options.encryptTo,
			},
			options,
		);
		const proven = options.proofs ? known.filter(({ tier }) => tier === "proven").length : undefined;
		if (options.json) {
			context.print(
				json({
					schema: "clew.export/1",
					out: options.out,
					form,
					trace: traceSummary(result),
					storedTrace: stored.id,
					rows: result.edges.length,
					proven: proven ?? null,
					signedBy: key?.id ?? null,
					redacted: redacted || null,
					bag: options.bag,
					files,
					unlisted,
					archive,
				}),
			);
		} else
			context.print(
				`${options.out}: ${paths.length} files, ${result.edges.length} rows${proven === undefined ? "" : `, ${proven} of them proven`}${key === undefined ? ", not signed" : `, signed by key ${key.id}`}${packed ? "" : `; open ${join(options.out, options.bag ? "data" : "", "report.html")}`}`,
			);
		return contradictionLines(result, known);
	} finally {
		draft.discard();
	}
}

/** The one file that was written, by its own name. */
async function archiveOf(path: string) {
	const { sha256 } = await fileSource(path, "");
	return { path: basename(path), bytes: statSync(path).size.toString(), sha256 };
}

const isUrl = (place: string) => /^https?:\/\//.test(place);

/** A time stamp that was got elsewhere, as it is. Throws InputError. */
function readStamp(path: string): Uint8Array {
	try {
		return readFileSync(path);
	} catch (cause) {
		throw new InputError("cannot be read", { where: path, cause });
	}
}
