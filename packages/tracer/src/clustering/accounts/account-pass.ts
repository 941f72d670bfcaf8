import {
	type AccountId,
	type ChainId,
	isNative,
	isNoPlace,
	type LedgerReader,
	type Position,
	type Transfer,
	throwIfAborted,
	transferPages,
} from "@clew/core";
import { AccountTable } from "../../detection/account-table.js";

/** The first coins that came to an account in the case. */
export interface FirstFunding {
	/** Undefined where they came from nowhere: a reward, a withdrawal of the beacon chain. */
	readonly funder: number | undefined;
	readonly amount: bigint;
	readonly position: Position;
	readonly txHash: string;
}

/** What an account paid of coins: to whom first, how much there and in all. */
interface Paid {
	readonly target: number;
	toTarget: bigint;
	total: bigint;
	readonly position: Position;
	readonly txHash: string;
}

/** What one pass over a chain keeps of its accounts, by dense numbers in order of appearance. */
export interface AccountPass {
	readonly table: AccountTable;
	readonly funding: ReadonlyMap<number, FirstFunding>;
	readonly paid: ReadonlyMap<number, Paid>;
	/** Accounts that had tokens, and whose first payment after their first coins was one of tokens. */
	readonly movedTokensFirst: ReadonlySet<number>;
	/** Of the accounts asked about: who paid them anything, each once, with its first such payment. */
	readonly payers: ReadonlyMap<number, ReadonlyMap<number, Position>>;
}

/** What bounds a pass, and tells of it. */
export interface PassOptions {
	readonly signal: AbortSignal;
	readonly onProgress?: (transfers: number) => void;
}

/** Reads every transfer of a chain once. Memory grows with accounts and pairs, not with transfers. */
export async function passOver(
	source: LedgerReader,
	chain: ChainId,
	payersOf: ReadonlySet<AccountId>,
	{ signal, onProgress }: PassOptions,
): Promise<AccountPass> {
	const table = new AccountTable();
	const funding = new Map<number, FirstFunding>();
	const paid = new Map<number, Paid>();
	const movedTokensFirst = new Set<number>();
	const hadTokens = new Set<number>();
	const hasPaid = new Set<number>();
	const payers = new Map<number, Map<number, Position>>();
	const note = (t: Transfer) => {
		if (t.kind === "fee" || t.amount === 0n || t.from === t.to) return;
		const [from, to] = [isNoPlace(t.from) ? undefined : table.numberOf(t.from), isNoPlace(t.to) ? undefined : table.numberOf(t.to)];
		const { amount, position, txHash } = t;
		const coins = isNative(t.asset);
		if (from !== undefined && !hasPaid.has(from) && funding.has(from)) {
			hasPaid.add(from);
			if (!coins && hadTokens.has(from)) movedTokensFirst.add(from);
		}
		if (from !== undefined && to !== undefined) {
			table.dealt(from, to);
			if (coins) notePaid(paid, from, to, { amount, position, txHash });
			if (payersOf.has(t.to)) {
				const known = payers.get(to) ?? new Map<number, Position>();
				if (!known.has(from)) known.set(from, position);
				payers.set(to, known);
			}
		}
		if (to === undefined) return;
		if (!coins) hadTokens.add(to);
		else if (!funding.has(to)) funding.set(to, { funder: from, amount, position, txHash });
	};
	let read = 0;
	for await (const page of transferPages((at, limit) => source.scan(chain, at, limit))) {
		throwIfAborted(signal);
		for (const t of page) note(t);
		read += page.length;
		onProgress?.(read);
	}
	return { table, funding, paid, movedTokensFirst, payers };
}

function notePaid(
	paid: Map<number, Paid>,
	from: number,
	to: number,
	{ amount, position, txHash }: { readonly amount: bigint; readonly position: Position; readonly txHash: string },
): void {
	const known = paid.get(from);
	if (known === undefined) paid.set(from, { target: to, toTarget: amount, total: amount, position, txHash });
	else {
		known.total += amount;
		if (known.target === to) known.toTarget += amount;
	}
}
