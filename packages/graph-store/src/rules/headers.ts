import { type BlockHeader, ForkError, type Hash, InputError, MAX_HEIGHT } from "@clew/core";

/** A block's row; `hash` is null while only the time is known. */
export interface HeaderRow {
	readonly hash: string | null;
	readonly parent: string | null;
	readonly time: number;
}

/** Where a backend keeps headers; the caller holds the transaction. */
export interface HeaderTable {
	at(chain: number, height: number): HeaderRow | undefined;
	put(chain: number, height: number, row: HeaderRow): void;
	/** Replaces what could not be fetched or decided at a height. */
	setGaps(chain: number, height: number, gaps: readonly string[]): void;
}

/** Writes of block headers, for account and output chains alike; the caller holds the transaction. */
export interface HeaderWriter {
	/** The hash of a height that was stored as a whole block. */
	hashAt(chain: number, height: number): string | undefined;
	/** The time of a height, as far as anybody told it. */
	timeAt(chain: number, height: number): number | undefined;
	/** Throws ForkError when the block does not fit between its stored neighbours, or another one stands at its height. */
	checkParent(chain: number, header: BlockHeader): void;
	put(chain: number, header: BlockHeader, gaps: readonly string[]): void;
	/** Notes the time of a height whose block is not known. Throws InputError (CONFLICT). */
	putTime(chain: number, height: number, time: number): void;
}

/** Throws InputError unless the height fits a key. */
export function checkHeight(height: number): void {
	if (!Number.isInteger(height) || height < 0 || height > MAX_HEIGHT) throw new InputError(`height ${height} is out of range`);
}

/** A header as the port gives it. */
export function headerFrom({ hash, parent, time }: HeaderRow, height: number): BlockHeader {
	return { height, time, ...(hash === null ? {} : { hash: hash as Hash }), ...(parent === null ? {} : { parent: parent as Hash }) };
}

/** The rules of headers over a backend's table. */
export function headerWriter(table: HeaderTable): HeaderWriter {
	const at = (chain: number, height: number) => (height < 0 ? undefined : table.at(chain, height));
	const differ = (a: string | null | undefined, b: string | null | undefined) => Boolean(a && b && a !== b);
	return {
		hashAt: (chain, height) => at(chain, height)?.hash ?? undefined,
		timeAt: (chain, height) => at(chain, height)?.time,
		checkParent(chain, { height, hash, parent }) {
			// Blocks may be stored in any order, so both neighbours are asked.
			const forked =
				differ(at(chain, height - 1)?.hash, parent) || differ(at(chain, height)?.hash, hash) || differ(at(chain, height + 1)?.parent, hash);
			if (forked) throw new ForkError(`block ${height} ${hash} does not continue the stored chain`);
		},
		put(chain, header, gaps) {
			table.put(chain, header.height, { hash: header.hash ?? null, parent: header.parent ?? null, time: header.time });
			table.setGaps(chain, header.height, gaps);
		},
		putTime(chain, height, time) {
			const row = at(chain, height);
			if (row === undefined) table.put(chain, height, { hash: null, parent: null, time });
			else if (row.time !== time) {
				throw new InputError(`block ${height}: one source says time ${row.time}, another ${time}`, {
					code: "CONFLICT",
					hint: "The sources are of different chains, or one was edited.",
				});
			}
		},
	};
}
