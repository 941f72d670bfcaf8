import { namedCalls } from "./call-path.js";
import { isUnknownAccount } from "./ids.js";
import type { TransferRecord } from "./transfer.js";

/**
 * The transfers of one transaction without its own value told a second time: lists of calls also have the transaction's own call
 * (`traceId ""`, Blockscout's `index 0`, or no mark at all). A call from the transaction's sender to its receiver with its value is that
 * call, since the account that signs a transaction is called by none; a call to a receiver that the transaction's own row does not name
 * names it. A call whose place among all calls a source told is left alone, as is one that ethereum-etl says stands inside of another.
 */
export function withoutOwnCall<T extends TransferRecord>(transfers: readonly T[]): readonly T[] {
	const value = transfers.find((t) => t.kind === "native");
	if (value === undefined) return transfers;
	const again = transfers.filter((t) => isLooseCallOf(t, value) && (t.to === value.to || isUnknownAccount(t.to)));
	const named = isUnknownAccount(value.to) ? transfers.filter((t) => isLooseCallOf(t, value) && !isUnknownAccount(t.to)) : [];
	const [call] = named;
	const naming = call !== undefined && named.every((t) => t.to === call.to) ? named : [];
	if (again.length === 0 && naming.length === 0) return transfers;
	const left = transfers.filter((t) => !again.includes(t) && !naming.includes(t));
	return naming.length === 0 || call === undefined ? left : left.map((t) => (t === value ? { ...t, to: call.to } : t));
}

function isLooseCallOf(t: TransferRecord, value: TransferRecord): boolean {
	return (
		t.kind === "internal" &&
		t.eventIndex === undefined &&
		namedCalls(t).length === 0 &&
		t.from === value.from &&
		t.asset === value.asset &&
		t.amount === value.amount
	);
}
