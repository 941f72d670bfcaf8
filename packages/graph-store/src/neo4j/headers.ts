import type { HeaderRow, HeaderTable } from "../rules/headers.js";
import { highPart } from "../rules/keys.js";
import type { Row, Run } from "./client.js";

/** Headers read before, and what the rules changed of them; gaps are a property of a block. */
export interface HeaderWindow extends HeaderTable {
	readonly rows: ReadonlyMap<number, HeaderRow>;
	readonly changed: ReadonlySet<number>;
	readonly gaps: ReadonlyMap<number, readonly string[]>;
}

/** The rows of heights and of their neighbours, by key. */
export async function loadHeaders(run: Run, c: number, chain: number, heights: readonly number[]): Promise<Map<number, HeaderRow>> {
	const keys = new Set<number>();
	for (const height of heights) for (const at of [height - 1, height, height + 1]) if (at >= 0) keys.add(highPart(chain, at));
	const rows = await run(
		`UNWIND $keys AS key MATCH (b:Block {c: $c, key: key}) RETURN b.key AS key, b.hash AS hash, b.parent AS parent, b.time AS time`,
		{ c, keys: [...keys] },
	);
	return new Map(rows.map((row) => [Number(row["key"]), headerRow(row)]));
}

/** The header in a row of a query that returns its `hash`, `parent` and `time`. */
export function headerRow(row: Row): HeaderRow {
	return { hash: row["hash"] as string | null, parent: row["parent"] as string | null, time: Number(row["time"]) };
}

/** A table of headers in memory, over rows that were read. */
export function headerWindow(rows: Map<number, HeaderRow>): HeaderWindow {
	const changed = new Set<number>();
	const gaps = new Map<number, readonly string[]>();
	return {
		rows,
		changed,
		gaps,
		at: (chain, height) => rows.get(highPart(chain, height)),
		put(chain, height, row) {
			const key = highPart(chain, height);
			rows.set(key, row);
			changed.add(key);
		},
		setGaps: (chain, height, list) => void gaps.set(highPart(chain, height), [...new Set(list)]),
	};
}

/** Writes the changed headers and gaps. */
export async function flushHeaders(run: Run, c: number, { rows, changed, gaps }: HeaderWindow): Promise<void> {
	if (changed.size > 0)
		await run(`UNWIND $rows AS row MERGE (b:Block {c: $c, key: row.key}) SET b.hash = row.hash, b.parent = row.parent, b.time = row.time`, {
			c,
			rows: [...changed].map((key) => ({ key, ...rows.get(key) })),
		});
	if (gaps.size > 0)
		await run(
			`UNWIND $rows AS row MATCH (b:Block {c: $c, key: row.key}) SET b.gaps = CASE size(row.gaps) WHEN 0 THEN null ELSE row.gaps END`,
			{
				c,
				rows: [...gaps].map(([key, list]) => ({ key, gaps: list })),
			},
		);
}
