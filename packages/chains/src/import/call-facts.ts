import { InputError, isUnknownAccount, type TransferRecord } from "@clew/core";
import type { PlacedRow } from "./calls.js";

/** Calls that are remembered of one import: about 300 bytes each. */
const MAX_CALLS = 1_000_000;

interface ToldCall {
	readonly transfer: TransferRecord;
	readonly where: string;
}

/** What the files of one import tell of calls and logs that they name: one name in one format is one movement. */
export class CallFacts {
	private readonly told = new Map<string, ToldCall>();

	/**
	 * Compares named rows of a file with those of the files before. Gives how many could not be remembered. Throws InputError (CONFLICT)
	 * when a name moves something else here; a name that some sources give to several calls only when sender and receiver are the same,
	 * since a file that lists one call between two accounts lists all.
	 */
	tell(rows: readonly PlacedRow[], path: string, format: string): number {
		let forgotten = 0;
		for (const { id, looseId, transfers, line } of rows) {
			const [transfer] = transfers;
			if (id === undefined || transfer === undefined) continue;
			const key = `${format} ${id}`;
			const known = this.told.get(key);
			const where = `${path}:${line}`;
			if (known !== undefined && differ(known.transfer, transfer, looseId === true)) throw otherCall(id, where, known.where);
			if (known === undefined && this.told.size < MAX_CALLS) this.told.set(key, { transfer, where });
			else if (known === undefined) forgotten++;
		}
		return forgotten;
	}
}

function differ(a: TransferRecord, b: TransferRecord, loose: boolean): boolean {
	const sameReceiver = a.to === b.to || isUnknownAccount(a.to) || isUnknownAccount(b.to);
	const sameSides = a.from === b.from && sameReceiver;
	return loose ? sameSides && a.amount !== b.amount : !sameSides || a.amount !== b.amount || a.asset !== b.asset;
}

/** The error for a name that is told in two ways. */
export function otherCall(id: string, where: string, other: string): InputError {
	return new InputError(`${id} is told in another way at ${other}`, {
		where,
		code: "CONFLICT",
		hint: "One of the two was edited or is damaged; nothing was imported.",
	});
}
