import { type AccountId, groupBy, isNative, isWithEntryPoint, type Transfer, tokenContract } from "@clew/core";

/** What an account pays a token's contract in the native coin, and the tokens minted to it for that, unit by unit; or the same back. */
export interface Wrapping {
	readonly account: AccountId;
	readonly native: Transfer;
	readonly token: Transfer;
}

/**
 * The wrappings among the transfers of one transaction: a mint to an account, or a burn of its tokens, beside a payment of as many base
 * units of the native coin between the same account and the token's own contract. Each transfer is of one at most, in order.
 */
export function wrappingsIn(transfers: readonly Transfer[]): Wrapping[] {
	const found: Wrapping[] = [];
	if (!transfers.some(isMinting)) return found;
	const coins = transfers.filter((t) => t.kind !== "fee" && t.from !== t.to && isNative(t.asset) && !isWithEntryPoint(t));
	// The first of equal ones is taken first, from the end of the list.
	const payments = groupBy(coins.reverse(), ({ from, to, amount }) => `${from} ${to} ${amount}`);
	for (const token of transfers) {
		const contract = isMinting(token) ? tokenContract(token.asset) : undefined;
		if (contract === undefined) continue;
		const account = token.kind === "mint" ? token.to : token.from;
		const [payer, paid] = token.kind === "mint" ? [account, contract] : [contract, account];
		const native = payments.get(`${payer} ${paid} ${token.amount}`)?.pop();
		if (native !== undefined) found.push({ account, native, token });
	}
	return found;
}

function isMinting({ kind, amount }: Transfer): boolean {
	return (kind === "mint" || kind === "burn") && amount > 0n;
}
