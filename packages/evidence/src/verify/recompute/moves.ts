import type { Edge } from "../bundle/formats.js";
import { familyOf } from "../chain-family/registry.js";
import type { LedgerTransaction, LedgerTransfer } from "./ledgers.js";

/** True for the movement of a row, in every field. */
export function isSame(edge: Edge, transfer: LedgerTransfer | undefined): boolean {
	return (
		transfer !== undefined &&
		(["txHash", "from", "to", "asset", "amount", "kind"] as const).every((field) => edge[field] === transfer[field])
	);
}

/** A row of a chain of outputs in words that {@link movesOf} gives, too: every field of it. */
export function wordsOf({ position, txHash, from, to, asset, amount, outpoint = "" }: Edge): string {
	return [position, txHash, from, to, asset, amount, outpoint].join(" ");
}

/**
 * The rows that a transaction of a chain of outputs can give, in the same words, by kind and position; `collector` is the coinbase of its
 * block.
 */
export function* movesOf(
	chain: string,
	coin: string,
	{ place, txid, coinbase, inputs, outputs }: LedgerTransaction,
	claims: ReadonlyMap<string, bigint>,
	collector?: string,
): Iterable<readonly [string, string]> {
	const node = `${chain}:tx-${txid}`;
	const words = (event: number, from: string, to: string, amount: string | undefined, outpoint = "") =>
		[`${place}.${event}`, txid, from, to, coin, amount, outpoint].join(" ");
	for (const [i, { outpoint, value, account }] of inputs.entries())
		yield [`spend ${place}.${i}`, words(i, `${account}`, node, value, outpoint)];
	for (const [vout, { account, value }] of outputs.entries()) {
		const event = inputs.length + vout;
		yield [`output ${place}.${event}`, words(event, node, account, value, `${txid}:${vout}`)];
	}
	const last = inputs.length + outputs.length;
	const put = coinbase ? (claims.get(place.split(".")[0] as string) ?? 0n) : sum(inputs);
	const [nobody] = familyOf(chain)?.burned ?? [];
	const fee = `${put - sum(outputs)}`;
	yield [`fee ${place}.${last}`, words(last, node, `${chain}:${nobody}`, fee)];
	// Followed into the coinbase of its block.
	if (collector !== undefined) yield [`collected-fee ${place}.${last}`, words(last, node, `${chain}:tx-${collector}`, fee)];
}

/** Sum of values; one that is not told counts as nothing. */
export function sum(list: readonly { readonly value?: string }[]): bigint {
	return list.reduce((total, { value }) => total + BigInt(value ?? "0"), 0n);
}
