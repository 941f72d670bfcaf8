import { EVENT_BAND, nullAccount, type TransferRecord } from "@clew/core";
import type { Addresses } from "./accounts.js";
import { TOKEN_VALUE } from "./contracts.js";
import type { InternalCall } from "./info.js";

/** What moves the value that a call names, from who made it to whom it calls. */
const MOVES = /^(call|create2?|suicide)$/;
/** Instructions over the stake of a contract: nothing leaves its owner. */
const STAKES = /^(un)?(freeze|delegateResource)|^(vote|cancelAllUnfreeze|withdrawExpireUnfreeze)/i;
const REWARD = "withdrawReward";
/** Values that a call may take along: TRX, and one token. */
const VALUES = 2;

/** The place of a value that a call takes along: behind the transaction's own, by the call's place among them. */
export function internalIndex(call: number, value: number): number {
	return TOKEN_VALUE + 1 + VALUES * call + value;
}

/** What calls inside a transaction moved, in order, and what of it cannot be told, in words. Rejected calls moved nothing. */
export function internalTransfers(
	calls: readonly InternalCall[],
	addresses: Addresses,
): { readonly transfers: TransferRecord[]; readonly gaps: readonly string[] } {
	const transfers: TransferRecord[] = [];
	const gaps = new Set<string>();
	for (const [i, { from, to, values, note, rejected }] of calls.entries()) {
		if (rejected || STAKES.test(note) || values.every(({ amount }) => amount === 0n)) continue;
		if (!MOVES.test(note) && note !== REWARD) {
			gaps.add(`a call of kind ${JSON.stringify(note.slice(0, 40))} is not known: what it moved was not looked at`);
			continue;
		}
		const [payer, payee] = [addresses.account(from, "who makes a call"), addresses.account(to, "whom a call goes to")];
		for (const [j, { amount, token }] of values.entries()) {
			const eventIndex = internalIndex(i, j);
			const asset = token === undefined ? addresses.coin : addresses.trc10(token);
			if (j >= VALUES || asset === undefined || eventIndex >= EVENT_BAND.log)
				gaps.add("a value of a call has no number of a token or no place, and was left out");
			else if (amount > 0n && note === REWARD)
				transfers.push({ kind: "reward", from: nullAccount(addresses.chain), to: payee, asset, amount, eventIndex });
			else if (amount > 0n && payer !== payee) transfers.push({ kind: "internal", from: payer, to: payee, asset, amount, eventIndex });
		}
	}
	return { transfers, gaps: [...gaps] };
}
