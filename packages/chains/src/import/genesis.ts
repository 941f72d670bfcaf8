import { BLOCK_TX_INDEX, nativeAsset, nullAccount, unnamedBlock } from "@clew/core";
import type { ParsedRow, Row } from "./row.js";

/** The word in the sender's cell, and before the account in the hash's. */
const GENESIS = /^GENESIS(_[0-9a-fA-F]{40})?$/;

/**
 * True for the row by which explorers list what an account held in the first block of all: its sender, or its hash, is no address and no
 * hash.
 */
export function isGenesisRow(row: Row, hashes: readonly string[], from: string): boolean {
	return GENESIS.test(row.optional(from)) || GENESIS.test(row.optional(...hashes));
}

/**
 * What an account held in the genesis block, as a movement of the block itself from the null account. The time in such rows is not the
 * block's (the genesis block of Ethereum has none), and is not read. Throws InputError.
 */
export function genesisRow(
	row: Row,
	cells: { hashes: readonly string[]; from: string; to: string; height: string },
	amount: bigint,
): ParsedRow {
	const { hashes, from } = cells;
	if (!GENESIS.test(row.text(...hashes))) row.expected(hashes[0], row.text(...hashes), "GENESIS, as the sender's column says");
	if (!GENESIS.test(row.text(from))) row.expected(from, row.text(from), "GENESIS, as the hash's column says");
	const height = row.height(cells.height);
	if (height !== 0) row.expected(cells.height, `${height}`, "block 0 for what an account held at genesis");
	const to = row.someAccount(cells.to);
	return {
		hash: unnamedBlock(0),
		height,
		txIndex: BLOCK_TX_INDEX,
		transfers: amount === 0n ? [] : [{ kind: "genesis", from: nullAccount(row.chain), to, asset: nativeAsset(row.chain), amount }],
		touches: [to],
	};
}
