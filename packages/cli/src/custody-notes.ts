import { statSync } from "node:fs";
import { fileSource } from "@clew/chains";
import { type CustodyStatement, filesInWords, type GraphStore, type RecordStore, sha256Hex } from "@clew/core";
import type { VerifyReport } from "@clew/evidence";
import { openStore } from "./case-file.js";
import type { Context } from "./context.js";
import { type StatementOptions, statedBy } from "./custody-statement.js";

/** A custody log that a command without a case writes to; `note` of one that nobody named says on stderr that nothing notes it. */
export interface CustodyNotes {
	readonly store: GraphStore | undefined;
	note(action: string, detail: string): Promise<void>;
}

/** Runs a command with the custody log that it names, which is opened first: a wrong name must end it before anything is done. */
export async function withNotes<T>(
	context: Context,
	{ case: place, ...stated }: StatementOptions & { readonly case?: string | undefined },
	work: (notes: CustodyNotes) => Promise<T>,
): Promise<T> {
	const store = place === undefined ? undefined : await openStore(place, { stated });
	try {
		return await work({
			store,
			note: async (action, detail) => {
				if (store === undefined) context.note(`${action}: no custody log notes it; --case PLACE names one`);
				else await noteDone(context, store, action, detail);
			},
		});
	} finally {
		await store?.close();
	}
}

/** Writes the entry of something that is done already. Where that fails, says that it is done, and throws what the store throws. */
export async function noteDone(
	context: Context,
	store: RecordStore,
	action: string,
	detail: string,
	stated?: CustodyStatement,
): Promise<void> {
	try {
		await store.appendCustody(context.now(), action, detail, stated);
	} catch (error) {
		context.note(`${action}, but the custody log could not be written and does not say so`);
		throw error;
	}
}

/** What an export wrote, for its entry. */
interface Exported {
	readonly trace: string;
	/** Id of the trace in the bundle, where names were taken out of it. */
	readonly redactedAs: string | undefined;
	readonly form: "folder" | "zip" | "encrypted" | "page";
	readonly manifest: string;
	/** SHA-256 of the one file, where it is one. */
	readonly archive: string | undefined;
	readonly signedBy: string | undefined;
	readonly stamped: boolean;
	readonly recipients: readonly string[];
}

const EXPORTED = "bundle exported";
const MANIFEST = /; manifest\.json sha256 ([0-9a-f]{64});/;

/** Notes that a bundle was exported, by its signer where nobody else is stated. */
export async function noteExport(context: Context, store: GraphStore, told: Exported, options: StatementOptions): Promise<void> {
	const { trace, redactedAs, form, manifest, archive, signedBy, stamped, recipients } = told;
	const own = statedBy(options);
	const words = [
		`trace ${trace} as ${{ folder: "a folder", zip: "a zip", encrypted: "an encrypted zip", page: "one page" }[form]}`,
		`manifest.json sha256 ${sha256Hex(manifest)}`,
		signedBy === undefined ? "not signed" : `signed by key ${signedBy}`,
		...(stamped ? ["with a time stamp"] : []),
		...(archive === undefined ? [] : [`the file sha256 ${archive}`]),
		...(recipients.length === 0 ? [] : [`encrypted to ${recipients.join(", ")}`]),
		...(redactedAs === undefined ? [] : [`names of victims withheld, the trace as ${redactedAs}`]),
	];
	const by = signedBy === undefined ? {} : { by: `key ${signedBy}` };
	await noteDone(context, store, EXPORTED, words.join("; "), { ...by, ...own });
}

/**
 * The custody log that goes into a bundle. A time stamp that was got for an earlier export of it fits its manifest only with the log of
 * then, which ends before the entry that names the manifest.
 */
export function logFor<T extends { readonly action: string; readonly detail: string }>(
	log: readonly T[],
	stamp: Uint8Array | undefined,
): readonly T[] {
	if (stamp === undefined) return log;
	const stamped = log.findIndex(({ action, detail }) => {
		const hash = action === EXPORTED ? MANIFEST.exec(detail)?.[1] : undefined;
		return hash !== undefined && Buffer.from(stamp).includes(Buffer.from(hash, "hex"));
	});
	return stamped < 0 ? log : log.slice(0, stamped);
}

/** Notes that evidence came in, whole or not, and what was found; without a log, that nothing notes a decryption. */
export async function noteReceived(notes: CustodyNotes, path: string, report: VerifyReport, found: ReceivedFiles): Promise<void> {
	const { files, decrypted } = found;
	if (notes.store === undefined && !decrypted) return;
	const manifest = files?.get("manifest.json");
	const lists = manifest === undefined ? packetLists(files) : [];
	const words = [
		...(statSync(path).isFile() ? [`the file sha256 ${(await fileSource(path, "")).sha256}`] : []),
		...(manifest === undefined ? [] : [`manifest.json sha256 ${sha256Hex(manifest)}`]),
		...(lists.length === 0 ? [] : [`packet.json ${filesInWords(lists)}`]),
		...(report.kind === "bundle" || report.kind === "none" ? [] : [`a ${report.kind}`]),
		...(report.trace === "" ? [] : [`trace ${report.trace}`]),
		report.signedBy.length === 0 ? "no signature that holds" : `signed by key ${report.signedBy.join(", ")}`,
		report.ok ? `verdict: ${report.verdict}` : `verdict: not verified, ${report.failures.length} failures`,
	];
	await notes.note(decrypted ? "bundle decrypted" : "bundle received", words.join("; "));
}

/** The files of what was received, where it could be opened, and whether an identity opened it. */
interface ReceivedFiles {
	readonly files: ReadonlyMap<string, Uint8Array> | undefined;
	readonly decrypted: boolean;
}

function packetLists(files: ReadonlyMap<string, Uint8Array> | undefined): string[] {
	return [...(files ?? [])].flatMap(([name, bytes]) => (/(^|\/)packet\.json$/.test(name) ? [sha256Hex(bytes)] : []));
}
