import {
	type AccountId,
	type ChainId,
	type GraphStore,
	ledgerOf,
	nativeAsset,
	nullAccount,
	startOf,
	type Transfer,
	transactionNode,
	transactionPages,
	type UtxoTransaction,
} from "@clew/core";
import type { Movement } from "./model.js";

const PAGE = 5_000;

/** The movements of blocks `from` to `to` in which one of these accounts takes part, in chain order. */
export async function* movementsIn(
	store: GraphStore,
	chain: ChainId,
	from: number,
	to: number,
	accounts: ReadonlySet<AccountId>,
): AsyncGenerator<Movement> {
	if (ledgerOf(chain) === "outputs") {
		for await (const page of transactionPages(store, chain, { height: from, txIndex: 0 })) {
			for (const tx of page) {
				if (tx.height > to) return;
				yield* payments(tx, chain, accounts);
			}
		}
		return;
	}
	for (let next = startOf(from); ; ) {
		const page: readonly Transfer[] = await store.scan(chain, next, PAGE);
		for (const t of page) {
			if (t.position.height > to) return;
			if (t.kind !== "fee" && t.from !== t.to && (accounts.has(t.from) || accounts.has(t.to))) yield { ...t, height: t.position.height };
		}
		const last = page[page.length - 1];
		if (last === undefined || page.length < PAGE) return;
		next = { ...last.position, eventIndex: last.position.eventIndex + 1 };
	}
}

/** From each watched spender to each output of somebody else, and to each watched output from the first spender. Change moves nothing. */
function* payments(tx: UtxoTransaction, chain: ChainId, accounts: ReadonlySet<AccountId>): Generator<Movement> {
	const spenders = new Set(tx.inputs.flatMap((input) => (input.previous ? [input.previous.account] : [])));
	const asset = nativeAsset(chain);
	for (const output of tx.outputs) {
		if (spenders.has(output.account) || output.value === 0n) continue;
		const movement = { to: output.account, asset, amount: output.value, kind: "output", txHash: tx.txid, height: tx.height };
		const watched = [...spenders].filter((account) => accounts.has(account));
		for (const from of watched) yield { ...movement, from };
		// Where no source told who spent, the transaction itself stands for them; new coins come from nobody.
		const unknown = tx.coinbase ? nullAccount(chain) : transactionNode(chain, tx.txid);
		const [first = unknown] = spenders;
		if (watched.length === 0 && accounts.has(output.account)) yield { ...movement, from: first };
	}
}
