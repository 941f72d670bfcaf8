import { type ReadLog, readLogs } from "@clew/agent";
import type { GraphStore } from "@clew/core";

/** Logs beside a case, held against the case's own log. */
interface HeldLogs {
	/** A log that does not hold says so, and keeps no proposal that counts. */
	readonly logs: readonly ReadLog[];
	/** Names of logs that the case's own log knows and that are not there. */
	readonly gone: readonly string[];
}

interface Anchor {
	readonly entries: number;
	readonly hash: string;
}

/** What assistants asked, as far as the case's own log bears it out. Throws what reading throws. */
export async function heldLogs(store: GraphStore, place: string): Promise<HeldLogs> {
	const anchors = await anchorsOf(store);
	const logs = readLogs(place).map((log): ReadLog => {
		const broken = faultOf(log, anchors.get(log.name) ?? []);
		return broken === undefined ? log : { ...log, broken, proposals: [] };
	});
	return { logs, gone: [...anchors.keys()].filter((name) => !logs.some((log) => log.name === name)) };
}

const ANCHOR = /^log (\S+): (\d+) entries, the last ([0-9a-f]{64})$/;

/** What the case's own log says of logs beside it: how many entries there were at a time, and the last one's hash then. */
async function anchorsOf(store: GraphStore): Promise<ReadonlyMap<string, readonly Anchor[]>> {
	const anchors = new Map<string, Anchor[]>();
	for (const { action, detail } of await store.custody()) {
		const [, name, entries, hash] = (action === "assistant served" && ANCHOR.exec(detail)) || [];
		if (name === undefined || hash === undefined) continue;
		const known = anchors.get(name) ?? [];
		known.push({ entries: Number(entries), hash });
		anchors.set(name, known);
	}
	return anchors;
}

function faultOf({ broken, entries }: ReadLog, anchors: readonly Anchor[]): string | undefined {
	if (broken !== undefined) return broken;
	if (anchors.length === 0) return "the custody log names no such log";
	return anchors.every((anchor) => entries[anchor.entries - 1]?.hash === anchor.hash)
		? undefined
		: "the custody log names another last entry";
}
