import {
	type ChainId,
	COVERED_KINDS,
	type Coverage,
	type CoveredKind,
	canonicalJson,
	type DecodedBlock,
	documentOf,
	type GraphStore,
	type Hash,
	type TransactionStatus,
} from "@clew/core";
import { z } from "zod";

/** Kind of the records that keep, by chain and height, which movements a block was told with that was fetched by itself. */
const KIND = "block-kinds";
/** What every whole block is complete in: its transactions and their receipts are proven by its header. */
const TOLD_BY_ALL: readonly CoveredKind[] = ["native", "token"];
const toldSchema = z.object({ hash: z.string(), kinds: z.array(z.enum(COVERED_KINDS)) });
const keyOf = (chain: ChainId, height: number) => `${chain} ${height}`;

/**
 * The movements that the case holds of a block as nodes told it whole; none where nobody did. `coverage` is that of any account: of it
 * counts what was read for the whole chain. A node without traces tells a block without internal calls.
 */
export async function kindsOfBlock(
	store: GraphStore,
	chain: ChainId,
	height: number,
	coverage: readonly Coverage[] = [],
): Promise<ReadonlySet<CoveredKind>> {
	const hash = (await store.header(chain, height))?.hash;
	if (hash === undefined) return new Set();
	const key = keyOf(chain, height);
	const json = await store.record(KIND, key);
	const told = json === undefined ? undefined : documentOf(KIND, key, json, (value) => toldSchema.parse(value));
	const ranges = coverage.filter((c) => c.account === undefined && c.fromHeight <= height && height <= c.toHeight);
	return new Set([...TOLD_BY_ALL, ...(told?.hash === hash ? told.kinds : []), ...ranges.flatMap(({ kinds }) => kinds)]);
}

/** What a case tells of a transaction besides its transfers. */
export interface ToldOfTransaction {
	/** By its receipt, or a file's word; undefined where no source tells. */
	readonly status: TransactionStatus | undefined;
	/** True where a source told the internal calls of its whole block. */
	readonly callsTold: boolean;
}

/** Reads that of a transaction of a height. */
export async function toldOfTransaction(store: GraphStore, hash: Hash, height: number): Promise<ToldOfTransaction> {
	const { chain } = store.info;
	const [held] = await store.heights(chain, height, 1);
	const status = held?.height === height ? held.transactions.find((tx) => tx.hash === hash)?.status : undefined;
	const kinds = await kindsOfBlock(store, chain, height, await store.coverage(chain));
	return { status, callsTold: kinds.has("internal") };
}

/** True where a transaction may have moved more than the case holds: it is not known to have failed, and nobody told its calls. */
export function mayHaveMovedMore({ status, callsTold }: ToldOfTransaction): boolean {
	return status !== "failed" && !callsTold;
}

/** Notes which movements blocks were told with that are in the case now. */
export async function noteKinds(store: GraphStore, chain: ChainId, blocks: readonly DecodedBlock[]): Promise<void> {
	for (const { header, kinds } of blocks) {
		const held = await kindsOfBlock(store, chain, header.height);
		const all = COVERED_KINDS.filter((kind) => held.has(kind) || kinds.includes(kind));
		await store.putRecord(KIND, keyOf(chain, header.height), canonicalJson({ hash: header.hash, kinds: all }));
	}
}
