import { type BlockHeader, ClewError, InputError, MAX_HEIGHT } from "@clew/core";
import type { Db } from "./database.js";
import { highPart } from "./keys.js";

/** Writes of block headers, for account and output chains alike; the caller holds the transaction. */
export interface HeaderWriter {
	/** The hash of a height that was stored as a whole block. */
	hashAt(chain: number, height: number): string | undefined;
	/** Throws ClewError (CONFLICT) when the block does not continue the stored chain, or another one stands at its height. */
	checkParent(chain: number, header: BlockHeader): void;
	put(chain: number, header: BlockHeader, gaps: readonly string[]): void;
	/** Notes the time of a height whose block is not known. Throws InputError (CONFLICT). */
	putTime(chain: number, height: number, time: number): void;
}

/** Throws InputError unless the height fits a key. */
export function checkHeight(height: number): void {
	if (!Number.isInteger(height) || height < 0 || height > MAX_HEIGHT) throw new InputError(`height ${height} is out of range`);
}

/** Prepares the header statements of a case. */
export function headerWriter(db: Db): HeaderWriter {
	const select = db.prepare(`SELECT hash, parent, time FROM blocks WHERE key = ?`);
	const upsert = db.prepare(
		`INSERT INTO blocks (key, hash, parent, time) VALUES (?, ?, ?, ?) ON CONFLICT (key) DO UPDATE SET hash = excluded.hash, parent = excluded.parent, time = excluded.time`,
	);
	const insertGap = db.prepare(`INSERT INTO block_gaps (key, gap) VALUES (?, ?) ON CONFLICT DO NOTHING`);
	const deleteGaps = db.prepare(`DELETE FROM block_gaps WHERE key = ?`);
	const at = (chain: number, height: number) =>
		height < 0 ? undefined : (select.get(highPart(chain, height)) as { hash: string | null; time: number } | undefined);

	return {
		hashAt: (chain, height) => at(chain, height)?.hash ?? undefined,
		checkParent(chain, header) {
			const below = at(chain, header.height - 1);
			const own = at(chain, header.height);
			const forked = (below?.hash && header.parent && below.hash !== header.parent) || (own?.hash && own.hash !== header.hash);
			if (forked)
				throw new ClewError("CONFLICT", `block ${header.height} ${header.hash} does not continue the stored chain`, {
					hint: "The chain reorganised: roll the case back and ingest again.",
				});
		},
		put(chain, header, gaps) {
			const key = highPart(chain, header.height);
			upsert.run(key, header.hash ?? null, header.parent ?? null, header.time);
			deleteGaps.run(key);
			for (const gap of gaps) insertGap.run(key, gap);
		},
		putTime(chain, height, time) {
			const row = at(chain, height);
			if (row === undefined) upsert.run(highPart(chain, height), null, null, time);
			else if (row.time !== time) {
				throw new InputError(`block ${height}: one source says time ${row.time}, another ${time}`, {
					code: "CONFLICT",
					hint: "The sources are of different chains, or one was edited.",
				});
			}
		},
	};
}
