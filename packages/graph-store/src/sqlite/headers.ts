import type { HeaderRow, HeaderTable } from "../rules/headers.js";
import { highPart } from "../rules/keys.js";
import type { Db } from "./database.js";

/** Prepares the header statements of a case. */
export function headerTable(db: Db): HeaderTable {
	const select = db.prepare(`SELECT hash, parent, time FROM blocks WHERE key = ?`);
	const upsert = db.prepare(
		`INSERT INTO blocks (key, hash, parent, time) VALUES (?, ?, ?, ?) ON CONFLICT (key) DO UPDATE SET hash = excluded.hash, parent = excluded.parent, time = excluded.time`,
	);
	const insertGap = db.prepare(`INSERT INTO block_gaps (key, gap) VALUES (?, ?) ON CONFLICT DO NOTHING`);
	const deleteGaps = db.prepare(`DELETE FROM block_gaps WHERE key = ?`);
	return {
		at: (chain, height) => select.get(highPart(chain, height)) as HeaderRow | undefined,
		put: (chain, height, { hash, parent, time }) => void upsert.run(highPart(chain, height), hash, parent, time),
		setGaps(chain, height, gaps) {
			const key = highPart(chain, height);
			deleteGaps.run(key);
			for (const gap of gaps) insertGap.run(key, gap);
		},
	};
}
