import {
	defang,
	feeOf,
	type GraphStore,
	type Hash,
	inputValue,
	nativeAsset,
	nullAccount,
	sumValues,
	tellsVersion,
	transactionAt,
	type UtxoTransaction,
	type Valuing,
} from "@clew/core";
import { boltzmann, type CertainLinks, certainLinks, findChange, findCoinJoins, findPeelChain, findShapes } from "@clew/tracer";
import type { Context } from "../context.js";
import { notInCase } from "../empty.js";
import { cellsOfValues, coinValues, type ListedValues, unpriced, valuesOfInputsJson } from "../listed-values.js";
import { json, showAccount, showAmount, showEntityAt } from "../output.js";
import { printTable } from "../table.js";
import { valueColumns } from "../unit-option.js";

/** A Bitcoin transaction: inputs, outputs, fee, what it looks like, and what in it may be change. */
export async function showBitcoinTransaction(
	context: Context,
	store: GraphStore,
	txid: Hash,
	asJson: boolean,
	valuing: Valuing | undefined,
): Promise<void> {
	const { chain } = store.info;
	const tx = await store.utxoTransaction(chain, txid);
	if (tx === undefined) throw notInCase(`transaction ${txid}`, chain);
	const header = await store.header(chain, tx.height);
	const valuesOf = (amounts: readonly (bigint | undefined)[]) => valuing && coinValues(chain, amounts, header?.time, valuing);
	const paid = valuesOf(tx.inputs.map(({ previous }) => previous?.value));
	const got = valuesOf(tx.outputs.map(({ value }) => value));
	const spenders = await spendersOf(store, tx);
	const mixes = findCoinJoins(tx, undefined, spenders);
	const patterns = [...mixes, ...findShapes(tx, header?.time)];
	const peel = await findPeelChain(store, chain, tx);
	const change = await findChange(store, chain, tx);
	const links = tx.inputs.length > 1 && patterns.some((p) => p.mixes) ? boltzmann(tx) : undefined;
	// In a sale or a PayJoin one party pays the other any amount: only a CoinJoin's links can be certain.
	const certain = links !== undefined && mixes.some((p) => p.mixes) ? certainLinks(tx) : undefined;
	const spent = await store.txids(
		chain,
		tx.inputs.map((input) => input.place),
	);
	if (asJson) {
		const inputs = tx.inputs.map((input, i) => ({
			...input,
			outpoint: `${input.outpoint?.txid ?? spent[i]}:${input.outpoint?.vout ?? input.place?.index}`,
		}));
		const peelChain = peel && { cut: peel.cut, transactions: peel.transactions.map((link) => link.txid) };
		return context.print(
			json({
				schema: "clew.utxo-transaction/1",
				...tx,
				...(tellsVersion(tx) ? {} : { version: null, locktime: null }),
				inputs,
				fee: feeOf(tx) ?? null,
				time: header?.time ?? null,
				patterns,
				peelChain: peelChain ?? null,
				change,
				boltzmann: links === undefined ? null : { ...links, certain: certain ?? null },
				...(paid && got && valuesOfInputsJson(paid, got)),
			}),
		);
	}
	const coin = await store.asset(nativeAsset(chain));
	const show = (value: bigint | undefined) => (value === undefined ? "unknown" : showAmount(value, coin, nativeAsset(chain)));
	const time = header ? `, ${new Date(header.time * 1000).toISOString().slice(0, 19)}Z` : "";
	context.print(context.colours.bold(`${tx.txid}${tx.coinbase ? " (coinbase)" : ""}`));
	context.print(
		`block ${tx.height}${tx.indexed ? `, transaction ${tx.txIndex}` : ""}${time}; ${tellsVersion(tx) ? `version ${tx.version}, locktime ${tx.locktime}` : "version and locktime are told by no source"}; provenance: ${tx.provenance}`,
	);
	context.print(
		tx.coinbase ? "new coins and fees" : `${show(inputValue(tx.inputs))} in, ${show(sumValues(tx.outputs))} out, fee ${show(feeOf(tx))}`,
	);
	await printInputs(context, store, tx, spent, show, header?.time, paid);
	await printOutputs(context, store, tx, show, header?.time, got);
	for (const line of unpriced(got)) context.print(line);
	for (const p of patterns) context.print(`looks like ${p.name} v${p.version} (${p.score} %): ${p.features.join("; ")}`);
	if (peel !== undefined) {
		const at = peel.transactions.findIndex((link) => link.txid === tx.txid) + 1;
		context.print(`link ${at} of a peel chain of ${peel.transactions.length}${peel.cut ? " or more" : ""}`);
	}
	for (const { name, version, output } of change) context.print(`change by ${name} v${version}: output ${output}`);
	if (links !== undefined)
		context.print(`Boltzmann: ${links.interpretations} interpretations, entropy ${links.entropy.toFixed(4)} bits${certainWords(certain)}`);
}

function certainWords(certain: CertainLinks | undefined): string {
	if (certain === undefined) return "; who paid whom is certain of no link: the parties may have paid one another";
	const assumed = `if no party received more than ${certain.feesAtMost} satoshi from the others (0.5 % of the mixed amount)`;
	const { links } = certain;
	if (links.length === 0) return `; no link is certain, ${assumed}`;
	const shown = links.slice(0, 10).map(({ input, output }) => `input ${input} to output ${output}`);
	return `; certain ${assumed}: ${shown.join(", ")}${links.length > 10 ? " ..." : ""}`;
}

async function spendersOf(store: GraphStore, tx: UtxoTransaction): Promise<Map<number, UtxoTransaction>> {
	const spenders = new Map<number, UtxoTransaction>();
	for (const [vout, { spender }] of tx.outputs.entries()) {
		const found = await transactionAt(store, store.info.chain, spender);
		if (found !== undefined) spenders.set(vout, found);
	}
	return spenders;
}

async function printInputs(
	context: Context,
	store: GraphStore,
	tx: UtxoTransaction,
	spent: readonly (Hash | undefined)[],
	show: (v: bigint | undefined) => string,
	time: number | undefined,
	values: ListedValues | undefined,
): Promise<void> {
	if (tx.coinbase) return;
	const rows: string[][] = [];
	for (const [i, { previous, outpoint, place }] of tx.inputs.entries()) {
		const labels = previous ? await store.labelsOf(previous.account) : [];
		const from = `${outpoint?.txid ?? spent[i] ?? "?"}:${outpoint?.vout ?? place?.index ?? "?"}`;
		rows.push([
			String(i),
			previous ? showAccount(previous.account) : "unknown",
			show(previous?.value),
			...cellsOfValues(values, i),
			previous?.scriptType ?? "",
			showEntityAt(labels, time),
			from,
		]);
	}
	printTable(
		context,
		[
			{ title: "in", right: true },
			{ title: "address" },
			{ title: "amount", right: true },
			...valueColumns(values?.units),
			{ title: "type" },
			{ title: "entity" },
			{ title: "spends", optional: "below" },
		],
		rows,
	);
}

async function printOutputs(
	context: Context,
	store: GraphStore,
	tx: UtxoTransaction,
	show: (v: bigint | undefined) => string,
	time: number | undefined,
	values: ListedValues | undefined,
): Promise<void> {
	const spenders = await store.txids(
		store.info.chain,
		tx.outputs.map((output) => output.spender),
	);
	const rows: string[][] = [];
	for (const [vout, output] of tx.outputs.entries()) {
		const nobody = output.account === nullAccount(store.info.chain);
		const where = nobody ? "nobody can spend it" : (spenders[vout] ?? "not spent in the data");
		const to = output.data === undefined ? showAccount(output.account) : `data: ${showData(output.data)}`;
		rows.push([
			String(vout),
			to,
			show(output.value),
			...cellsOfValues(values, vout),
			output.scriptType,
			nobody ? "" : showEntityAt(await store.labelsOf(output.account), time),
			where,
		]);
	}
	printTable(
		context,
		[
			{ title: "out", right: true },
			{ title: "address" },
			{ title: "amount", right: true },
			...valueColumns(values?.units),
			{ title: "type" },
			{ title: "entity" },
			{ title: "spent by", optional: "below" },
		],
		rows,
	);
}

/** What an OP_RETURN carries: as text when it is valid UTF-8, else hex. Hostile either way. */
function showData(hex: string): string {
	try {
		const text = new TextDecoder("utf-8", { fatal: true }).decode(Buffer.from(hex, "hex"));
		return `"${defang(text)}"`;
	} catch {
		return hex.length > 80 ? `${hex.slice(0, 80)}…` : hex;
	}
}
