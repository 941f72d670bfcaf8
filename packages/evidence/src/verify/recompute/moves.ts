import type { Edge } from "../bundle/formats.js";
import type { LedgerTransaction, LedgerTransfer } from "./ledgers.js";

/** True for the movement of a row, in every field. */
export function isSame(edge: Edge, transfer: LedgerTransfer | undefined): boolean {
	return (
		transfer !== undefined &&
		(["txHash", "from", "to", "asset", "amount", "kind"] as const).every((field) => edge[field] === transfer[field])
	);
}

/** A row of Bitcoin in words that {@link movesOf} gives, too. */
export function wordsOf({ kind, position, txHash, from, to, amount, outpoint }: Edge): string {
	return kind === "spend"
		? `${position} ${txHash} ${from} ${amount} ${outpoint}`
		: kind === "output"
			? `${position} ${txHash} ${to} ${amount} ${outpoint}`
			: `${position} ${txHash} ${amount}`;
}

/** The rows that a Bitcoin transaction can give, in the same words. */
export function* movesOf(
	{ place, txid, coinbase, inputs, outputs }: LedgerTransaction,
	claims: ReadonlyMap<string, bigint>,
): Iterable<readonly [string, string]> {
	for (const [i, { outpoint, value, account }] of inputs.entries())
		yield [`spend ${place}.${i}`, `${place}.${i} ${txid} ${account} ${value} ${outpoint}`];
	for (const [vout, { account, value }] of outputs.entries()) {
		const at = `${place}.${inputs.length + vout}`;
		yield [`output ${at}`, `${at} ${txid} ${account} ${value} ${txid}:${vout}`];
	}
	const at = `${place}.${inputs.length + outputs.length}`;
	const put = coinbase ? (claims.get(place.split(".")[0] as string) ?? 0n) : sum(inputs);
	for (const kind of ["fee", "collected-fee"]) yield [`${kind} ${at}`, `${at} ${txid} ${put - sum(outputs)}`];
}

/** Sum of values; one that is not told counts as nothing. */
export function sum(list: readonly { readonly value?: string }[]): bigint {
	return list.reduce((total, { value }) => total + BigInt(value ?? "0"), 0n);
}
