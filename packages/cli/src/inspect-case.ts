import { constants, copyFileSync, existsSync, lstatSync, mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileSource } from "@clew/chains";
import { type CustodyEntry, firstBroken, type GraphStore, InputError } from "@clew/core";
import { listWatches } from "@clew/workers";
import { isAllowed } from "./allowed-places.js";
import { mustBePlace, openStore } from "./case-file.js";
import type { Context } from "./context.js";
import { withNotes } from "./custody-notes.js";
import type { StatementOptions } from "./custody-statement.js";
import { lookAtTrace, traceLogOf } from "./kept-trace.js";

/**
 * Opens a copy of a case file, which is removed afterwards: the file itself is only read. `hashes` are the SHA-256 of the file and, where
 * it has one, of its -wal, as they came. Throws what opening a case throws.
 */
export async function withCopy<T>(file: string, work: (store: GraphStore, hashes: readonly string[]) => Promise<T>): Promise<T> {
	mustBePlace(file);
	if (!existsSync(file)) throw new InputError(`there is no case at ${file}`, { code: "USAGE" });
	const folder = mkdtempSync(join(tmpdir(), "clew-inspect-"));
	try {
		const hashes: string[] = [];
		for (const suffix of ["", "-wal"]) {
			if (!existsSync(`${file}${suffix}`)) continue;
			// A link beside a case that came from elsewhere may lead to any file of this machine.
			const found = suffix === "" ? statSync(file) : lstatSync(`${file}${suffix}`);
			if (!found.isFile()) throw new InputError(`${file}${suffix} is no file`, { code: "USAGE" });
			const copy = join(folder, `case.clew${suffix}`);
			copyFileSync(`${file}${suffix}`, copy, constants.COPYFILE_FICLONE);
			hashes.push((await fileSource(copy, "")).sha256);
		}
		(await import("@clew/graph-store")).checkCaseFile(join(folder, "case.clew"), file);
		const store = await openStore(join(folder, "case.clew"), { shown: file });
		try {
			return await work(store, hashes);
		} finally {
			await store.close();
		}
	} finally {
		rmSync(folder, { recursive: true, force: true });
	}
}

/** What is in a case, as far as somebody who received it wants to know before using it. */
export async function inspect(store: GraphStore) {
	const { labels } = await store.contents();
	const bySource = new Map<string, number>();
	for (const { source } of labels) bySource.set(source, (bySource.get(source) ?? 0) + 1);
	const custody = await store.custody();
	const log = traceLogOf(custody);
	const watches = await listWatches(store);
	return {
		...store.info,
		counts: await store.counts(),
		sources: await store.sources(),
		labels: [...bySource].map(([source, count]) => ({ source, count })),
		traces: await Promise.all(
			(await store.traceIds()).map(async (id) => ({ id, fault: lookAtTrace(id, await store.trace(id), log).fault ?? null })),
		),
		custody: logState(custody),
		watches: watches.map(({ id, subject, on, notify, note }) => ({
			id,
			subject,
			on,
			note,
			notify: notify.map((place) => ({ place, allowed: isAllowed(store.info.id, place) })),
		})),
	};
}

/** Whether the custody log holds, where not, and what its end hashes to: whoever sent the case can say the same hash by another way. */
function logState(entries: readonly CustodyEntry[]) {
	const broken = firstBroken(entries);
	return {
		entries: entries.length,
		intact: broken === undefined,
		firstBroken: broken === undefined ? null : { sequence: broken.sequence, faults: broken.faults },
		lastHash: entries.at(-1)?.hash ?? null,
	};
}

/** Notes in the custody log that `--case` names, if any, that this case came in, and in what state its log is. */
export async function noteCase(
	context: Context,
	hashes: readonly string[],
	{ id, custody: { entries, firstBroken: broken, lastHash } }: Awaited<ReturnType<typeof inspect>>,
	options: StatementOptions & { readonly case?: string | undefined },
): Promise<void> {
	if (options.case === undefined) return;
	const chain = broken === null ? `the chain of hashes holds, the last is ${lastHash}` : `THE CHAIN IS BROKEN at entry ${broken.sequence}`;
	const [file, log] = hashes;
	const words = [`case ${id}`, `the file sha256 ${file}`, ...(log === undefined ? [] : [`its -wal sha256 ${log}`])];
	await withNotes(context, options, (notes) => notes.note("case received", [...words, `${entries} custody entries`, chain].join("; ")));
}
