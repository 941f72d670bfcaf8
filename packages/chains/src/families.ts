import { type ChainId, familyOf } from "@clew/core";
import { BITCOIN_READER } from "./bitcoin/family.js";
import { EVM_READER } from "./evm/family.js";
import type { FamilyReader } from "./family.js";
import type { KnownExport } from "./import/known-exports.js";
import { TRON_READER } from "./tron/family.js";

/** What reads the families of chains that Clew follows. */
const readers: FamilyReader[] = [EVM_READER, BITCOIN_READER, TRON_READER];
export const FAMILY_READERS: readonly FamilyReader[] = readers;

/** Takes a reader in for as long as this process runs. For tests: the package does not export it. */
export function addReader(reader: FamilyReader): void {
	readers.push(reader);
}

/** What reads a chain. Throws InputError (USAGE) for a chain that is not followed. */
export function readerOf(chain: ChainId): FamilyReader {
	const family = familyOf(chain);
	const reader = FAMILY_READERS.find((one) => one.family === family);
	if (reader === undefined) throw new Error(`no reader of ${family.name} is registered`);
	return reader;
}

/** Every export that `clew import` reads, of every family of chains, with the kind that reads it. */
export function readExports(): readonly KnownExport[] {
	return FAMILY_READERS.flatMap(({ rowImports, transactionImports }) => [
		...rowImports.flatMap(({ name: kind, formats }) =>
			formats(nothing, nothing).map(({ name, columns, without }) => ({ name, columns, without, kind })),
		),
		...transactionImports.flatMap(({ name: kind, known = [] }) => known.map((one) => ({ ...one, kind }))),
	]);
}

const nothing = () => undefined;
