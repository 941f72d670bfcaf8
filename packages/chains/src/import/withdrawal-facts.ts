import { type ChainId, type GraphStore, InputError } from "@clew/core";
import type { PlacedRow } from "./calls.js";
import { toldDocument } from "./told-document.js";

/** Kind of the case's documents that hold which withdrawals files told, by the chain and a thousand numbers. */
const WITHDRAWALS = "told-withdrawals";
const NUMBERS = 1_000;

/** Block, receiver and base units. */
type Told = readonly [height: number, account: string, amount: string];

/**
 * Withdrawals have numbers that no other one of the chain has. Compares those of a file with what files told before, in any import, and
 * keeps them; throws InputError (CONFLICT) where one number is another payment. Gives the rows with a copy for each equal payment under
 * another number: equal ones of one block are told apart by their numbers alone, and files may each tell some.
 */
export async function tellWithdrawals(
	store: GraphStore,
	chain: ChainId,
	rows: readonly PlacedRow[],
	path: string,
): Promise<readonly PlacedRow[]> {
	if (!rows.some((row) => row.withdrawal !== undefined)) return rows;
	const documents = new Map<number, Map<string, Told>>();
	const documentAt = async (at: number) => {
		const known = documents.get(at) ?? (await toldDocument(store, WITHDRAWALS, `${chain} ${at}`, isTold, "a withdrawal that is none"));
		documents.set(at, known);
		return known;
	};
	const told: { readonly row: PlacedRow; readonly at: number; readonly payment: string }[] = [];
	for (const row of rows) {
		const [transfer] = row.transfers;
		if (row.withdrawal === undefined || transfer === undefined) continue;
		const at = Math.floor(row.withdrawal / NUMBERS);
		const document = await documentAt(at);
		const payment: Told = [row.height, transfer.to, transfer.amount.toString()];
		const before = document.get(`${row.withdrawal}`);
		if (before !== undefined && before.join(" ") !== payment.join(" "))
			throw new InputError(
				`withdrawal ${row.withdrawal} is told in another way by another file of the case (${inWords(before)} there, ${inWords(payment)} here)`,
				{ where: `${path}:${row.line}`, code: "CONFLICT", hint: "One of the two was edited or is damaged; nothing was imported." },
			);
		document.set(`${row.withdrawal}`, payment);
		told.push({ row, at, payment: payment.join(" ") });
	}
	const copies: PlacedRow[] = [];
	const own = new Map<string, number>();
	for (const { payment } of told) own.set(payment, (own.get(payment) ?? 0) + 1);
	for (const { row, at, payment } of new Map(told.map((one) => [one.payment, one])).values()) {
		let all = 0;
		// Those of one block have numbers that follow each other.
		for (const near of [at - 1, at, at + 1]) for (const one of (await documentAt(near)).values()) if (one.join(" ") === payment) all++;
		for (let missing = all - (own.get(payment) ?? 0); missing > 0; missing--) copies.push(row);
	}
	for (const [at, document] of documents)
		if (document.size > 0) await store.putRecord(WITHDRAWALS, `${chain} ${at}`, JSON.stringify(Object.fromEntries(document)));
	return copies.length === 0 ? rows : [...rows, ...copies];
}

function isTold(value: unknown): value is Told {
	return (
		Array.isArray(value) && value.length === 3 && typeof value[0] === "number" && value.slice(1).every((part) => typeof part === "string")
	);
}

function inWords([height, account, amount]: Told): string {
	return `${amount} to ${account.slice(account.lastIndexOf(":") + 1)} in block ${height}`;
}
