import {
	type AssetId,
	type ChainId,
	type Currency,
	coinOf,
	defangLong,
	type GraphStore,
	highestBlock,
	isNative,
	nativeAsset,
	UsedPrices,
	type Values,
	type Valuing,
	valueInWords,
	valueJson,
	valuesAt,
} from "@clew/core";
import { assetsNamed } from "./output.js";
import { valueCells } from "./unit-option.js";

/** Values of the rows of a list, in its order. */
export interface ListedValues {
	readonly units: readonly Currency[];
	readonly rows: readonly Values[];
}

type Reading = Pick<GraphStore, "asset" | "header">;

interface Moved {
	readonly chain: ChainId;
	readonly position: { readonly height: number };
	readonly asset: AssetId;
	readonly amount: bigint;
}

/** What each movement was worth in its block. */
export async function ledgerValues(store: Reading, moved: readonly Moved[], { source, request }: Valuing): Promise<ListedValues> {
	const decimalsOf = await decimalsIn(
		store,
		moved.map(({ asset }) => asset),
	);
	const rows: Values[] = [];
	for (const { chain, position, asset, amount } of moved) {
		const time = (await store.header(chain, position.height))?.time;
		rows.push(valuesAt(source, request, { asset, amount, decimals: decimalsOf(asset), time }));
	}
	return { units: request.units, rows };
}

/** What balances were worth in the last block of the case's data: later prices are not asked for. */
export async function balanceValues(
	store: GraphStore,
	balances: readonly { readonly asset: AssetId; readonly amount: bigint }[],
	{ source, request }: Valuing,
): Promise<ListedValues> {
	const { chain } = store.info;
	const time = (await store.header(chain, await highestBlock(store, chain)))?.time;
	const decimalsOf = await decimalsIn(
		store,
		balances.map(({ asset }) => asset),
	);
	return {
		units: request.units,
		rows: balances.map(({ asset, amount }) => valuesAt(source, request, { asset, amount, decimals: decimalsOf(asset), time })),
	};
}

/** What amounts of a chain's coin were worth at one time; one that no source told has no value. */
export function coinValues(
	chain: ChainId,
	amounts: readonly (bigint | undefined)[],
	time: number | undefined,
	{ source, request }: Valuing,
): ListedValues {
	const { decimals } = coinOf(chain);
	const asset = nativeAsset(chain);
	return {
		units: request.units,
		rows: amounts.map((amount) =>
			valuesAt(
				source,
				request,
				{ asset, amount: amount ?? 0n, decimals, time },
				amount === undefined ? "no source told the amount" : undefined,
			),
		),
	};
}

async function decimalsIn(store: Pick<GraphStore, "asset">, assets: readonly AssetId[]): Promise<(asset: AssetId) => number | undefined> {
	const named = await assetsNamed(store, assets);
	return (asset) => {
		const info = named[asset];
		return info === undefined || (!isNative(asset) && info.symbol === "" && info.decimals === 0) ? undefined : info.decimals;
	};
}

/** Cells of one row of a table. */
export function cellsOfValues(values: ListedValues | undefined, i: number): string[] {
	const row = values?.rows[i];
	return row === undefined ? [] : valueCells(row);
}

/** The values of one row within a sentence about the last block. */
export function valuesInWords(values: ListedValues | undefined, i: number): string {
	const row = values?.rows[i];
	if (row === undefined) return "";
	return `, in the last block of the data ${[...row].map(([unit, value]) => (value.kind === "none" ? `${valueInWords(value, unit)} in ${unit}` : valueInWords(value, unit))).join(" or ")}`;
}

/** Reasons that are named. */
const NAMED = 5;

/** Why rows have no price, each reason once. */
export function unpriced(values: ListedValues | undefined): string[] {
	return reasonsOf(values?.rows ?? []);
}

/** The same of any values. */
export function reasonsOf(all: Iterable<Values>): string[] {
	const found = new Set<string>();
	for (const values of all) for (const value of values.values()) if (value.kind === "none") found.add(`no price: ${defangLong(value.why)}`);
	const lines = [...found];
	return lines.length <= NAMED ? lines : [...lines.slice(0, NAMED), `no price: ${lines.length - NAMED} more reasons (--json)`];
}

/** Values for programs: of rows in their order, of balances in theirs, and the prices that they rest on. */
export function valuesJson(values: ListedValues, held?: ListedValues) {
	const used = new UsedPrices();
	const written = listed(values, used);
	return { values: written, ...(held === undefined ? {} : { balanceValues: listed(held, used) }), prices: used.list() };
}

/** The same of a transaction's inputs and outputs. */
export function valuesOfInputsJson(inputs: ListedValues, outputs: ListedValues) {
	const used = new UsedPrices();
	return { inputValues: listed(inputs, used), outputValues: listed(outputs, used), prices: used.list() };
}

function listed({ rows }: ListedValues, used: UsedPrices) {
	return rows.map((values) => Object.fromEntries([...values].map(([unit, value]) => [unit, valueJson(value, used)])));
}
