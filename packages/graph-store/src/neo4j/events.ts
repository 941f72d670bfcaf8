import type { ChainEvent, ChainId, EventKind, Position } from "@clew/core";
import { eventFrom, eventText } from "../rules/events.js";
import { endOfChain, eventRange, packPosition, packTransaction } from "../rules/keys.js";
import type { Row, Run } from "./client.js";
import type { Names } from "./names.js";
import { heightRanges, type KeyRange, positionOf, WRITE_CHUNK } from "./transfer-rows.js";

const read = (rows: readonly Row[]): ChainEvent[] => rows.map((row) => eventFrom(row["json"] as string));

/** The events of heights, by height. */
export async function loadEvents(run: Run, c: number, chain: number, heights: readonly number[]): Promise<Map<number, ChainEvent[]>> {
	const rows = await run(
		`UNWIND $ranges AS r MATCH (e:Event) WHERE e.c = $c AND e.pos >= r.from AND e.pos < r.end RETURN e.pos AS pos, e.json AS json ORDER BY e.pos`,
		{ c, ranges: heightRanges(chain, heights) },
	);
	const found = new Map<number, ChainEvent[]>();
	for (const row of rows) {
		const { height } = positionOf(row["pos"] as bigint);
		found.set(height, [...(found.get(height) ?? []), ...read([row])]);
	}
	return found;
}

/** Replaces the events of heights. */
export async function writeEvents(run: Run, c: number, chain: number, heights: ReadonlyMap<number, readonly ChainEvent[]>): Promise<void> {
	if (heights.size === 0) return;
	await removeEvents(run, c, heightRanges(chain, [...heights.keys()]));
	const rows = [...heights.values()]
		.flat()
		.map((event) => ({ c, pos: packPosition(chain, event.position), kind: event.kind, key: event.key ?? null, json: eventText(event) }));
	for (let i = 0; i < rows.length; i += WRITE_CHUNK)
		await run(`UNWIND $rows AS row CREATE (e:Event) SET e = row`, { rows: rows.slice(i, i + WRITE_CHUNK) });
}

export async function removeEvents(run: Run, c: number, ranges: readonly KeyRange[]): Promise<void> {
	await run(`UNWIND $ranges AS r MATCH (e:Event) WHERE e.c = $c AND e.pos >= r.from AND e.pos < r.end DELETE e`, { c, ranges });
}

/** Reads of events of one case, as in the EventReader port; each call takes the open transaction. */
export function eventQueries(names: Names) {
	const { c } = names;
	return {
		async events(run: Run, chainId: ChainId, kind: EventKind, from: Position, limit: number): Promise<ChainEvent[]> {
			const chain = await names.knownChain(run, chainId);
			if (chain === undefined) return [];
			const rows = await run(
				`MATCH (e:Event) WHERE e.c = $c AND e.kind = $kind AND e.pos >= $from AND e.pos < $end RETURN e.json AS json ORDER BY e.pos LIMIT $limit`,
				{ c, kind, from: packPosition(chain, from), end: endOfChain(chain), limit },
			);
			return read(rows);
		},
		async eventsOfTransaction(run: Run, chainId: ChainId, { height, txIndex }: Position): Promise<ChainEvent[]> {
			const chain = await names.knownChain(run, chainId);
			if (chain === undefined) return [];
			const [from, end] = eventRange(packTransaction(chain, height, txIndex));
			const rows = await run(`MATCH (e:Event) WHERE e.c = $c AND e.pos >= $from AND e.pos < $end RETURN e.json AS json ORDER BY e.pos`, {
				c,
				from,
				end,
			});
			return read(rows);
		},
		async eventsByKey(run: Run, key: string): Promise<ChainEvent[]> {
			return read(await run(`MATCH (e:Event) WHERE e.c = $c AND e.key = $key RETURN e.json AS json ORDER BY e.pos`, { c, key }));
		},
	};
}
