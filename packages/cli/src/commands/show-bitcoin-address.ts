import {
	type AccountId,
	type AccountOutput,
	type AssetInfo,
	chainOf,
	defang,
	formatPosition,
	type GraphStore,
	nativeAsset,
	type OutputPlace,
	parsePosition,
} from "@clew/core";
import type { Context } from "../context.js";
import { json, printTable, showAccount, showAmount } from "../output.js";

const START: OutputPlace = { height: 0, txIndex: 0, index: 0 };
const PAGE = 1_000;

/** Options of `clew show` that a ledger of outputs knows. */
interface LedgerOptions {
	readonly since?: number | undefined;
	readonly until?: number | undefined;
	readonly limit: number;
	readonly cursor?: string | undefined;
	readonly json: boolean;
}

/** A Bitcoin address: what it received, spent and holds, and its outputs as a page. */
export async function showBitcoinAddress(context: Context, store: GraphStore, account: AccountId, options: LedgerOptions): Promise<void> {
	const totals = await totalsOf(store, account);
	const from = options.cursor === undefined ? { ...START, height: options.since ?? 0 } : placeFrom(options.cursor);
	const page = (await store.outputsOf(account, from, options.limit)).filter(
		(o) => options.until === undefined || o.place.height <= options.until,
	);
	const last = page[page.length - 1];
	const next = last !== undefined && page.length === options.limit ? placeText({ ...last.place, index: last.place.index + 1 }) : undefined;
	const profile = await store.profile(account, Number.MAX_SAFE_INTEGER);
	if (options.json) {
		const outputs = page.map((output) => ({
			...output,
			place: placeText(output.place),
			spender: output.spender ? placeText(output.spender) : null,
		}));
		return context.print(json({ schema: "clew.address/1", account, ...profile, ...totals, outputs, next: next ?? null }));
	}
	const chain = chainOf(account);
	const coin = await store.asset(nativeAsset(chain));
	context.print(context.colours.bold(`${showAccount(account)}: ${totals.outputs} outputs in the case`));
	for (const l of profile.labels)
		context.print(`label: ${defang(l.entity)} (${defang(l.name)}), ${l.category}, source ${defang(l.source)}, confidence ${l.confidence}`);
	for (const c of profile.coverage)
		context.print(
			`coverage: ${c.account ? "this address" : "every address"}, blocks ${c.fromHeight} to ${c.toHeight}, ${defang(c.source)}`,
		);
	const show = (value: bigint) => showAmount(value, coin, nativeAsset(chain));
	context.print(
		`received ${show(totals.received)}, spent ${show(totals.spent)}, holds ${show(totals.received - totals.spent)} by the data`,
	);
	if (totals.foreignSpends > 0) context.print(`it also spent ${totals.foreignSpends} outputs that are not in the case`);
	await printAccountOutputs(context, store, page, coin);
	if (next !== undefined) context.note(`more: --cursor ${next}`);
}

async function printAccountOutputs(
	context: Context,
	store: GraphStore,
	page: readonly AccountOutput[],
	coin: AssetInfo | undefined,
): Promise<void> {
	const { chain } = store.info;
	const made = await store.txids(
		chain,
		page.map((o) => o.place),
	);
	const spent = await store.txids(
		chain,
		page.map((o) => o.spender ?? { height: -1, txIndex: 0 }),
	);
	const rows = page.map((o, i) => [
		placeText(o.place),
		showAmount(o.value, coin, nativeAsset(chain)),
		o.scriptType,
		`${made[i]}:${o.place.index}`,
		spent[i] ?? "not spent in the data",
	]);
	printTable(
		context,
		[
			{ title: "position" },
			{ title: "amount", right: true },
			{ title: "type" },
			{ title: "output" },
			{ title: "spent by", optional: true },
		],
		rows,
	);
}

async function totalsOf(store: GraphStore, account: AccountId) {
	const totals = { received: 0n, spent: 0n };
	const outputs = await allPages(
		(from) => store.outputsOf(account, from, PAGE),
		({ value, spender }) => {
			totals.received += value;
			if (spender !== undefined) totals.spent += value;
		},
		({ place }) => place,
	);
	const foreign = await allPages(
		(from) => store.foreignSpendsOf(account, from, PAGE),
		() => {},
		(place) => place,
	);
	return { ...totals, outputs, foreignSpends: foreign };
}

/** Goes through all pages of a list; gives how many there were. */
async function allPages<T>(
	read: (from: OutputPlace) => Promise<readonly T[]>,
	each: (item: T) => void,
	placeOf: (item: T) => OutputPlace,
): Promise<number> {
	let count = 0;
	for (let from = START; ; ) {
		const page = await read(from);
		for (const item of page) each(item);
		count += page.length;
		const last = page[page.length - 1];
		if (last === undefined || page.length < PAGE) return count;
		const place = placeOf(last);
		from = { ...place, index: place.index + 1 };
	}
}

const placeText = ({ height, txIndex, index }: OutputPlace) => formatPosition({ height, txIndex, eventIndex: index });

function placeFrom(text: string): OutputPlace {
	const { height, txIndex, eventIndex } = parsePosition(text);
	return { height, txIndex, index: eventIndex };
}
