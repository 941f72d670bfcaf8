import { type AccountId, addressOf, type ChainEvent, type OutputReader, type Transfer, type UtxoTransaction } from "@clew/core";
import { DerivedTransfers } from "../outputs/derived-transfers.js";
import { asksFor, isFarBelow, swapMemo } from "./thorchain-memo.js";

/** Its name among protocols. */
export const THORCHAIN = "thorchain";
/** Transactions that carry one memo and are looked at, at most: a second one already makes it ambiguous. */
const MOST = 8;

/**
 * The swap that a Bitcoin transaction asks THORChain for, told as the event of a bridge would: the tainted output pays the vault, the memo
 * says where to.
 */
export function depositOn(tx: UtxoTransaction, paid: Transfer): ChainEvent | undefined {
	const memo = memosOf(tx).find((text) => swapMemo(text)?.to !== undefined);
	if (memo === undefined) return undefined;
	const { chain, position, txHash } = paid;
	return {
		chain,
		position,
		txHash,
		kind: "bridge-out",
		protocol: THORCHAIN,
		contract: paid.to,
		key: `${THORCHAIN}:${tx.txid}`,
		details: { amount: paid.amount.toString(), memo },
	};
}

/** An output that may be a vault's payout, and whose inputs paid it, as far as that is known. */
export interface Payout {
	readonly transfer: Transfer;
	readonly payers: readonly AccountId[];
}

/**
 * Outputs by which a Bitcoin vault can have paid out a crossing: their transaction's memo is `OUT:` and the deposit's id, the deposit's
 * memo names the coin and whom they pay, and they are not far below its limit. Anybody can write such a memo; who paid tells more.
 */
export async function payoutsOf(source: OutputReader, { key, details }: ChainEvent): Promise<Payout[]> {
	const asked = swapMemo(details["memo"] ?? "");
	if (asked?.to === undefined || key === undefined) return [];
	const memo = Buffer.from(`OUT:${key.slice(THORCHAIN.length + 1).toUpperCase()}`, "utf8").toString("hex");
	const found: Payout[] = [];
	for (const { chain, txid } of await source.transactionsCarrying(memo, MOST)) {
		const tx = await source.utxoTransaction(chain, txid);
		if (tx === undefined) continue;
		const payers = tx.inputs.flatMap(({ previous }) => (previous === undefined ? [] : [previous.account]));
		const derived = new DerivedTransfers(chain);
		for (const [vout, { account, value }] of tx.outputs.entries()) {
			if (value === 0n || addressOf(account) !== asked.to) continue;
			const transfer = derived.output(tx, vout);
			if (asksFor(asked, transfer) && !isFarBelow(asked, transfer)) found.push({ transfer, payers });
		}
	}
	return found;
}

/** What the OP_RETURNs of a transaction say, as text; hostile. */
function memosOf({ outputs }: UtxoTransaction): string[] {
	return outputs.flatMap(({ data }) => (data === undefined ? [] : [Buffer.from(data, "hex").toString("utf8")]));
}
