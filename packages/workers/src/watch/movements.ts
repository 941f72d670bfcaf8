import {
	type AccountId,
	type ChainId,
	type GraphStore,
	ledgerOf,
	nativeAsset,
	nullAccount,
	startOf,
	sumValues,
	transactionNode,
	transactionPages,
	transferPages,
	type UtxoTransaction,
} from "@clew/core";
import type { Movement } from "./model.js";

const PAGE = 5_000;

/**
 * The movements of blocks `from` to `to` in which one of these accounts takes part, in chain order. `spent` is told of each of them
 * that sends or spends
 * anything there, also what is no movement. Throws what the store throws.
 */
export async function* movementsIn(
	store: GraphStore,
	chain: ChainId,
	from: number,
	to: number,
	accounts: ReadonlySet<AccountId>,
	spent: (account: AccountId) => void = () => {},
): AsyncGenerator<Movement> {
	if (ledgerOf(chain) === "outputs") {
		for await (const page of transactionPages(store, chain, { height: from, txIndex: 0 })) {
			for (const tx of page) {
				if (tx.height > to) return;
				for (const account of spendersOf(tx)) if (accounts.has(account)) spent(account);
				yield* payments(tx, chain, accounts);
			}
		}
		return;
	}
	for await (const page of transferPages((at, limit) => store.scan(chain, at, limit), startOf(from), PAGE))
		for (const t of page) {
			if (t.position.height > to) return;
			if (accounts.has(t.from)) spent(t.from);
			// Anybody can have a token log that somebody paid nothing.
			if (t.kind !== "fee" && t.from !== t.to && t.amount > 0n && (accounts.has(t.from) || accounts.has(t.to)))
				yield { ...t, height: t.position.height };
		}
}

/** From each watched spender to each output of somebody else, and to each watched output from all who spent. Change moves nothing. */
function* payments(tx: UtxoTransaction, chain: ChainId, accounts: ReadonlySet<AccountId>): Generator<Movement> {
	const spenders = spendersOf(tx);
	const all = spenders.length > 1 ? { spenders } : {};
	const watched = spenders.filter((account) => accounts.has(account));
	const asset = nativeAsset(chain);
	for (const output of tx.outputs) {
		if (spenders.includes(output.account) || output.value === 0n) continue;
		const movement = { to: output.account, asset, kind: "output", txHash: tx.txid, height: tx.height };
		for (const from of watched) yield { ...movement, from, ...paidAtMost(tx, [from], output.value) };
		// Where no source told who spent, the transaction itself stands for them; new coins come from nobody.
		const unknown = tx.coinbase ? nullAccount(chain) : transactionNode(chain, tx.txid);
		const [first = unknown] = spenders;
		if (watched.length === 0 && accounts.has(output.account)) yield { ...movement, from: first, ...all, amount: output.value };
	}
}

/** The addresses that are known to spend in a transaction, each once, in order. */
export const spendersOf = (tx: UtxoTransaction): AccountId[] => [...new Set(tx.inputs.flatMap(({ previous }) => previous?.account ?? []))];

/**
 * What some of those who spend in a transaction can have paid of an output, in satoshi: at most what they put in, which is unknown
 * where no source told
 * who owned an input. `output` is what it holds, where others spent beside them, or may have.
 */
export function paidAtMost(tx: UtxoTransaction, payers: readonly AccountId[], value: bigint): Pick<Movement, "amount" | "output"> {
	const others = tx.inputs.filter(({ previous }) => previous === undefined || !payers.includes(previous.account));
	if (others.length === 0) return { amount: value };
	const known = others.every(({ previous }) => previous !== undefined);
	const putIn = sumValues(tx.inputs.flatMap(({ previous }) => (previous && payers.includes(previous.account) ? [previous] : [])));
	return { amount: known && putIn < value ? putIn : value, output: value };
}
