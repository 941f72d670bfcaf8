import { constants, copyFileSync, existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { firstBroken, type GraphStore, InputError } from "@clew/core";
import { listWatches } from "@clew/workers";
import { isAllowed } from "./allowed-places.js";
import { openStore } from "./case-file.js";
import { lookAtTrace, traceLogOf } from "./kept-trace.js";

/** Opens a copy of a case file, which is removed afterwards: the file itself is only read. Throws what opening a case throws. */
export async function withCopy<T>(file: string, work: (store: GraphStore) => Promise<T>): Promise<T> {
	if (!existsSync(file)) throw new InputError(`there is no case at ${file}`, { code: "USAGE" });
	const folder = mkdtempSync(join(tmpdir(), "clew-inspect-"));
	try {
		for (const suffix of ["", "-wal"])
			if (existsSync(`${file}${suffix}`)) copyFileSync(`${file}${suffix}`, join(folder, `case.clew${suffix}`), constants.COPYFILE_FICLONE);
		const store = await openStore(join(folder, "case.clew"), file);
		try {
			return await work(store);
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
		custody: { entries: custody.length, intact: firstBroken(custody) === undefined },
		watches: watches.map(({ id, subject, on, notify, note }) => ({
			id,
			subject,
			on,
			note,
			notify: notify.map((place) => ({ place, allowed: isAllowed(store.info.id, place) })),
		})),
	};
}
