import {
	type AccountId,
	type AccountOutput,
	type AssetInfo,
	chainOf,
	defang,
	FIRST_OUTPUT,
	formatPosition,
	type GraphStore,
	instantOf,
	isNoPlace,
	nativeAsset,
	type OutputPlace,
	outputPages,
	parsePosition,
	sumValues,
	transactionAt,
	type Valuing,
} from "@clew/core";
import type { Context } from "../context.js";
import { balanceValues, cellsOfValues, type ListedValues, ledgerValues, unpriced, valuesInWords, valuesJson } from "../listed-values.js";
import { missingInWords } from "../missing-blocks.js";
import { json, NO_BALANCE, NOT_FETCHED, showAccount, showAmount, showLabel } from "../output.js";
import { printTable } from "../table.js";
import { valueColumns } from "../unit-option.js";

/** Options of `clew show` that a ledger of outputs knows. */
interface LedgerOptions {
	readonly since?: number | undefined;
	readonly until?: number | undefined;
	readonly limit: number;
	readonly cursor?: string | undefined;
	readonly json: boolean;
}

/** A Bitcoin address: what it received, spent and holds, and its outputs as a page. */
export async function showBitcoinAddress(
	context: Context,
	store: GraphStore,
	account: AccountId,
	options: LedgerOptions,
	valuing: Valuing | undefined,
): Promise<void> {
	const totals = await totalsOf(store, account);
	const from = options.cursor === undefined ? { ...FIRST_OUTPUT, height: options.since ?? 0 } : placeFrom(options.cursor);
	const page = (await store.outputsOf(account, from, options.limit)).filter(
		(o) => options.until === undefined || o.place.height <= options.until,
	);
	const last = page[page.length - 1];
	const next = last !== undefined && page.length === options.limit ? placeText({ ...last.place, index: last.place.index + 1 }) : undefined;
	const profile = await store.profile(account, Number.MAX_SAFE_INTEGER);
	const coinId = nativeAsset(chainOf(account));
	const values =
		valuing &&
		(await ledgerValues(
			store,
			page.map(({ place, value }) => ({ chain: chainOf(account), position: { height: place.height }, asset: coinId, amount: value })),
			valuing,
		));
	const held = valuing && (await balanceValues(store, [{ asset: coinId, amount: totals.received - totals.spent }], valuing));
	if (options.json) {
		const outputs = page.map((output) => ({
			...output,
			place: placeText(output.place),
			spender: output.spender ? placeText(output.spender) : null,
		}));
		const { outputs: outputCount, ...sums } = totals;
		return context.print(
			json({
				schema: "clew.address/1",
				account,
				...profile,
				outputCount,
				...sums,
				outputs,
				next: next ?? null,
				...(values && valuesJson(values, held)),
			}),
		);
	}
	const chain = chainOf(account);
	const coin = await store.asset(nativeAsset(chain));
	context.print(context.colours.bold(`${showAccount(account)}: ${totals.outputs} outputs in the case`));
	for (const label of profile.labels) context.print(showLabel(label, instantOf(context.now())));
	if (profile.coverage.length === 0) context.print(NOT_FETCHED);
	for (const c of profile.coverage)
		context.print(
			`coverage: ${c.account ? "this address" : "every address"}, blocks ${c.fromHeight} to ${c.toHeight}, ${defang(c.source)}`,
		);
	const show = (value: bigint) => showAmount(value, coin, nativeAsset(chain));
	if (isNoPlace(account)) context.print(`received ${show(totals.received)}; ${NO_BALANCE}`);
	else
		context.print(
			`received ${show(totals.received)}, spent ${show(totals.spent)}, holds ${show(totals.received - totals.spent)} by the data${valuesInWords(held, 0)}${missingInWords(profile.coverage)}`,
		);
	if (totals.foreignSpends > 0)
		context.print(`it also spent ${totals.foreignSpends} outputs of ${show(totals.foreignSpent)} that are not in the case`);
	await printAccountOutputs(context, store, page, coin, values);
	if (next !== undefined) context.note(`more: --cursor ${next}`);
}

async function printAccountOutputs(
	context: Context,
	store: GraphStore,
	page: readonly AccountOutput[],
	coin: AssetInfo | undefined,
	values: ListedValues | undefined,
): Promise<void> {
	const { chain } = store.info;
	const made = await store.txids(
		chain,
		page.map((o) => o.place),
	);
	const spent = await store.txids(
		chain,
		page.map((o) => o.spender),
	);
	const times = await Promise.all(page.map(async ({ place }) => (await store.header(chain, place.height))?.time));
	const rows = page.map((o, i) => [
		placeText(o.place),
		showAmount(o.value, coin, nativeAsset(chain)),
		...cellsOfValues(values, i),
		o.scriptType,
		`${made[i]}:${o.place.index}`,
		isoTime(times[i]),
		spent[i] ?? "not spent in the data",
	]);
	printTable(
		context,
		[
			{ title: "position" },
			{ title: "amount", right: true },
			...valueColumns(values?.units),
			{ title: "type" },
			{ title: "output" },
			{ title: "time (UTC)", optional: "below" },
			{ title: "spent by", optional: "below" },
		],
		rows,
	);
	for (const line of unpriced(values)) context.print(line);
}

async function totalsOf(store: GraphStore, account: AccountId) {
	const totals = { outputs: 0, received: 0n, spent: 0n, foreignSpends: 0, foreignSpent: 0n };
	const outputs = outputPages(
		(from, limit) => store.outputsOf(account, from, limit),
		({ place }) => place,
	);
	for await (const page of outputs) {
		totals.outputs += page.length;
		totals.received += sumValues(page);
		totals.spent += sumValues(page.filter(({ spender }) => spender !== undefined));
	}
	const spends = outputPages(
		(from, limit) => store.foreignSpendsOf(account, from, limit),
		(place) => place,
	);
	for await (const page of spends) {
		totals.foreignSpends += page.length;
		for (const place of page) {
			const tx = await transactionAt(store, store.info.chain, place);
			totals.foreignSpent += tx?.inputs[place.index]?.previous?.value ?? 0n;
		}
	}
	return totals;
}

const isoTime = (time: number | undefined) => (time === undefined ? "" : new Date(time * 1000).toISOString().slice(0, 19));

const placeText = ({ height, txIndex, index }: OutputPlace) => formatPosition({ height, txIndex, eventIndex: index });

function placeFrom(text: string): OutputPlace {
	const { height, txIndex, eventIndex } = parsePosition(text);
	return { height, txIndex, index: eventIndex };
}
