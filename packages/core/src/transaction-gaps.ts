import { wrappedCoin } from "./chain-family/evm/wrapped.js";
import { type AccountId, chainOf, isUnknownAccount } from "./ids.js";
import type { TransactionRecord, TransferRecord } from "./transfer.js";

/** What the sources of a transaction could not tell of an account's movements. */
export interface TransactionGap {
	readonly account: AccountId;
	readonly gap: string;
}

const STATUS_MISSING =
	"whether a transaction succeeded is told by no source (no status, no trace of its call); what it moves counts as moved";
const RECEIVER_MISSING =
	"value went from it, and no source names the receiver (of a contract that destroyed itself: or whether it kept it)";
const WRAPPING =
	"a payment with the contract of the wrapped coin, and no source tells the tokens that it minted or burned: they are not followed";

/**
 * What is missing in a transaction as all of its sources together tell of it: a function of the facts, so that what closes a gap may come
 * before or after it.
 */
export function gapsOfTransaction(tx: Pick<TransactionRecord, "status" | "statusMissing" | "transfers">): TransactionGap[] {
	const gaps = new Map<string, TransactionGap>();
	const add = (account: AccountId, gap: string) => {
		if (!isUnknownAccount(account)) gaps.set(`${account} ${gap}`, { account, gap });
	};
	for (const t of tx.transfers) {
		if (isUnknownAccount(t.to)) add(t.from, RECEIVER_MISSING);
		if (tx.statusMissing && tx.status === undefined && t.kind !== "fee") for (const account of [t.from, t.to]) add(account, STATUS_MISSING);
		const payer = unexplainedWrapping(t, tx.transfers);
		if (payer !== undefined) add(payer, WRAPPING);
	}
	return [...gaps.values()];
}

/** Who pays, or is paid by, the contract of a wrapped coin that logs its mints and burns, while none of that amount is told. */
function unexplainedWrapping(t: TransferRecord, all: readonly TransferRecord[]): AccountId | undefined {
	if (t.kind !== "native" && t.kind !== "internal") return undefined;
	const coin = wrappedCoin(chainOf(t.from));
	if (coin === undefined || (t.to !== coin.contract && t.from !== coin.contract) || t.from === t.to) return undefined;
	const kind = t.to === coin.contract ? "mint" : "burn";
	const told = all.some((x) => x.kind === kind && x.asset === coin.asset && x.amount === t.amount);
	return told ? undefined : kind === "mint" ? t.from : t.to;
}
