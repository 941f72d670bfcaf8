import { addressOf, type ChainEvent, type Transfer, type UtxoSource, type UtxoTransaction } from "@clew/core";
import { DerivedTransfers } from "../outputs/derived-transfers.js";

/** Its name among protocols. */
export const THORCHAIN = "thorchain";
/** Transactions that carry one memo and are looked at, at most: a second one already makes it ambiguous. */
const MOST = 8;

/**
 * Where a swap's memo says the money goes: `=:ASSET:ADDRESS[/REFUND]:…`, also with `s` or `swap` in place of `=` (THORChain, "Transaction Memos"). Undefined for any
 * other memo, and where the address is somebody's THORName.
 */
export function destinationOf(memo: string): string | undefined {
	const [action = "", , to = ""] = memo.split(":");
	if (!/^(=|s|swap)$/i.test(action)) return undefined;
	const [address = ""] = to.split("/");
	if (/^0x[0-9a-f]{40}$/i.test(address)) return address.toLowerCase();
	// A name has at most 30 characters and no digit before the payload of an address; bech32 is one case.
	return address.length >= MIN_ADDRESS ? address.replace(/^(bc|tb|bcrt)1.*/i, (text) => text.toLowerCase()) : undefined;
}

/** THORNames end at 30 characters; the shortest Bitcoin addresses that anybody uses have more. */
const MIN_ADDRESS = 31;

/** The swap that a Bitcoin transaction asks THORChain for, told as the event of a bridge would: the tainted output pays the vault, the memo says where to. */
export function depositOn(tx: UtxoTransaction, paid: Transfer): ChainEvent | undefined {
	const memo = memosOf(tx).find((text) => destinationOf(text) !== undefined);
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

/** Outputs by which a Bitcoin vault pays out a crossing: its memo is `OUT:` and the deposit's id, and they pay whom the deposit's memo names. */
export async function payoutsOf(source: UtxoSource, { key, details }: ChainEvent): Promise<Transfer[]> {
	const to = destinationOf(details["memo"] ?? "");
	if (to === undefined || key === undefined) return [];
	const memo = Buffer.from(`OUT:${key.slice(THORCHAIN.length + 1).toUpperCase()}`, "utf8").toString("hex");
	const found: Transfer[] = [];
	for (const { chain, txid } of await source.transactionsCarrying(memo, MOST)) {
		const tx = await source.utxoTransaction(chain, txid);
		if (tx === undefined) continue;
		const derived = new DerivedTransfers(chain);
		for (const [vout, { account, value }] of tx.outputs.entries())
			if (value > 0n && addressOf(account) === to) found.push(derived.output(tx, vout));
	}
	return found;
}

/** What the OP_RETURNs of a transaction say, as text; hostile. */
function memosOf({ outputs }: UtxoTransaction): string[] {
	return outputs.flatMap(({ data }) => (data === undefined ? [] : [Buffer.from(data, "hex").toString("utf8")]));
}
