import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type GraphStore, InputError, sha256Hex } from "@clew/core";
import { readBundle, readKey, shareOf, signManifest, writeNew } from "@clew/evidence";
import { sharePage } from "@clew/web";
import { Command } from "@commander-js/extra-typings";
import { redaction as parseRedaction } from "../arguments.js";
import { type BundleOptions, bundleOf } from "../bundle-of.js";
import { CASE_OPTION, withCase } from "../case-file.js";
import type { Context } from "../context.js";
import { noteExport, withNotes } from "../custody-notes.js";
import { BY_OPTION, type StatementOptions, WHY_OPTION } from "../custody-statement.js";
import { rowNumbers, rowsInWords, wholeBundle } from "./disclose.js";

interface ShareOptions extends StatementOptions {
	readonly case?: string | undefined;
	readonly trace: string;
	readonly out: string;
	readonly from?: string | undefined;
	readonly rows?: readonly number[] | undefined;
	readonly redact?: "victims" | undefined;
	readonly sign?: string | undefined;
}

/** What a bundle of this trace has without nodes and files. */
const PLAIN = { encryptTo: [], proofs: false, asReceived: false, inputs: [], rpc: [], trustNode: false, priceAge: 0 } as const;

/** `clew share`: a trace as one page that checks itself. */
export function shareCommand(context: Context) {
	return new Command("share")
		.description("write a trace as one page to send: it opens without network, checks its rows itself and says what that shows")
		.option(...CASE_OPTION)
		.option("--trace <id>", "which trace: its id, or 'last'", "last")
		.requiredOption("--out <file>", "page to make, such as theft.html")
		.option("--redact <what>", "victims: names of victims are replaced, and not in the page", parseRedaction)
		.option("--sign <key>", "sign the manifest with a key of clew keys new")
		.option("--from <bundle>", "of a bundle of clew export instead of the case: with its signature, time stamp and proofs, under its root")
		.option("--rows <numbers>", "only these rows, for example 12,57 or 3-9: the others, all end points and gaps are withheld", rowNumbers)
		.option(...BY_OPTION)
		.option(...WHY_OPTION)
		.action((options) =>
			options.from === undefined ? withCase(options, (store) => ofCase(context, store, options)) : ofBundle(context, options),
		);
}

async function ofCase(context: Context, whole: GraphStore, options: ShareOptions): Promise<void> {
	const key = options.sign === undefined ? undefined : readKey(options.sign);
	const folder = mkdtempSync(join(tmpdir(), "clew-share-"));
	try {
		const { trace, redact } = options;
		const bundle = join(folder, "bundle");
		const { draft, stored, result, manifest } = await bundleOf(context, whole, { ...PLAIN, trace, redact } satisfies BundleOptions, bundle);
		if (key !== undefined) draft.putUnlisted("manifest.dsse.json", `${signManifest(manifest, key)}\n`);
		draft.finish();
		const page = await written(context, await readBundle(bundle), options);
		await noteExport(
			context,
			whole,
			{
				trace: stored.id,
				redactedAs: redact === undefined ? undefined : result.id,
				form: "page",
				manifest,
				archive: sha256Hex(page),
				signedBy: key?.id,
				stamped: false,
				recipients: [],
			},
			options,
		);
	} finally {
		context.clearProgress();
		rmSync(folder, { recursive: true, force: true });
	}
}

async function ofBundle(context: Context, options: ShareOptions): Promise<void> {
	const { from = "", redact, sign } = options;
	if (redact !== undefined || sign !== undefined)
		throw new InputError("a bundle is sealed: nothing of it can be replaced, and nobody else can sign it", {
			code: "USAGE",
			hint: "Withhold rows by --rows, or export it again with --redact and --sign, and share that.",
		});
	await withNotes(context, options, async (notes) => {
		const { files, trace, signedBy } = await wholeBundle(from);
		const page = await written(context, files, options);
		const signed = signedBy.length === 0 ? "not signed" : `signed by key ${signedBy.join(", ")}`;
		const rows = options.rows === undefined ? "all rows" : rowsInWords(options.rows);
		const manifest = `manifest.json sha256 ${sha256Hex(files.get("manifest.json") ?? "")}`;
		await notes.note("rows disclosed", `${rows} of trace ${trace} as one page; ${manifest}; the file sha256 ${sha256Hex(page)}; ${signed}`);
	});
}

/** Writes the page; gives its text. */
async function written(context: Context, files: ReadonlyMap<string, Uint8Array>, { out, rows }: ShareOptions): Promise<string> {
	const shared = shareOf(files, rows);
	const page = sharePage(shared);
	writeNew(out, page, "Choose another name; Clew does not write over evidence.");
	const { shown, of } = shared;
	context.print(
		`${out}: ${shown} of ${of} rows, ${Math.ceil(page.length / 1024)} KiB; it checks itself when it is opened; or clew verify ${out}`,
	);
	return page;
}
