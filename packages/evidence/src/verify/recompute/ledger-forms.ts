import { isAccount, isAsset, isHash, limitsOf } from "../chain-family/registry.js";
import { quoted } from "../encoding/quoted.js";
import { checkMovements, checkPlaces } from "../trace/movements.js";
import type { Ledgers } from "./ledgers.js";

/**
 * What ledgers name has the forms of their chain, each movement and transaction is such as can be, and no balance or output is of more than
 * there is.
 */
export function checkLedgerForms(
	chain: string,
	{ accounts, stops, transfers, transactions }: Ledgers,
	differ: (what: string) => void,
): void {
	checkMovements(
		chain,
		transfers,
		(i) => `the movement at ${transfers[i]?.position}`,
		(at, what) => differ(`${at} ${what}`),
	);
	checkPlaces(
		chain,
		transactions.map(({ place, txid }) => ({ position: `${place}.0`, txHash: txid })),
		(i) => `the transaction at ${transactions[i]?.place}:`,
		(at, what) => differ(`${at} ${what}`),
	);
	for (const { txid } of transactions) if (!isHash(txid, chain)) differ(`${quoted(txid)} is no transaction as ${chain} writes it`);
	const outputs = transactions.flatMap((tx) => [...tx.inputs, ...tx.outputs]);
	const named = [...accounts, ...stops, ...outputs].flatMap(({ account }) => account ?? []);
	for (const account of new Set(named)) if (!isAccount(account, chain)) differ(`${quoted(account)} is no account of ${chain}`);
	const assets = [...accounts.flatMap(({ opening }) => Object.keys(opening)), ...stops.map(({ asset }) => asset)];
	for (const asset of new Set(assets))
		if (!asset.startsWith(`${chain}/`) || !isAsset(asset)) differ(`${quoted(asset)} is no asset of ${chain}`);
	const coins = limitsOf(chain)?.coins;
	if (coins === undefined) return;
	const held = accounts.flatMap(({ opening }) => Object.entries(opening).filter(([asset]) => asset.includes("/slip44:")));
	for (const amount of [...held.map(([, amount]) => amount), ...outputs.flatMap(({ value }) => value ?? [])])
		if (BigInt(amount) > coins) differ(`${amount} of the coin of ${chain} is more than there is`);
}
