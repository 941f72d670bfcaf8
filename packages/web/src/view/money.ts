import { formatAmount, type RangedAmounts, rangeOfRows, shownSymbol, type TraceResult } from "@clew/core";
import type { AssetView, Figure, Money } from "./model.js";

/** Exact sums: what rows or end points carry under a figure, and their least and most over the conserving rules; base units. */
export interface Sum {
	readonly amount: bigint;
	readonly least: bigint | undefined;
	readonly most: bigint | undefined;
}

/** What rows carry together. `agreed` and `at-most` are 0 where no conserving rule was run: nothing is agreed on. */
export function sumOf(rows: readonly RangedAmounts[], figure: Figure): Sum {
	return sumIn(rows, figure, rangeOfRows(rows));
}

/** The amount alone, for ranking: a rule's own needs no range. */
export function weightOf(row: RangedAmounts, figure: Figure): bigint {
	return figure === "agreed" || figure === "at-most" ? sumOf([row], figure).amount : BigInt(row.tainted[figure] ?? "0");
}

/** The same with a range that was found in another way. */
export function sumIn(
	rows: readonly Pick<RangedAmounts, "tainted">[],
	figure: Figure,
	range: { readonly least: bigint; readonly most: bigint } | undefined,
): Sum {
	const { least, most } = range ?? {};
	if (figure === "agreed") return { amount: least ?? 0n, least, most };
	if (figure === "at-most") return { amount: most ?? 0n, least, most };
	return { amount: rows.reduce((sum, { tainted }) => sum + BigInt(tainted[figure] ?? "0"), 0n), least, most };
}

type Assets = TraceResult["assets"];

/** An amount in its asset's decimals, without its name; in base units where nobody told the decimals. */
export function amountText(assets: Assets, asset: string, amount: bigint): string {
	const info = assets[asset];
	return isBare(assets, asset) ? `${amount}` : formatAmount(amount, info?.decimals ?? 0);
}

/** The name that stands behind an amount. */
export function unitOf(assets: Assets, asset: string): string {
	const name = shownSymbol(asset, assets[asset]?.symbol ?? "", assets);
	if (isBare(assets, asset)) return `base units of ${asset}`;
	return name === "" ? `of ${asset}` : name;
}

function isBare(assets: Assets, asset: string): boolean {
	const info = assets[asset];
	return info === undefined || (info.symbol === "" && info.decimals === 0);
}

/** An amount with its unit. */
export function inWords(assets: Assets, asset: string, amount: bigint): string {
	return `${amountText(assets, asset, amount)} ${unitOf(assets, asset)}`;
}

/** Least and most in words; undefined where nothing is open, or no conserving rule was run. */
export function rangeText(assets: Assets, asset: string, { amount, least, most }: Sum): readonly [string, string] | undefined {
	if (least === undefined || most === undefined || (least === amount && most === amount)) return undefined;
	return [amountText(assets, asset, least), amountText(assets, asset, most)];
}

/** A sum as the page has it. */
export function money(assets: Assets, places: ReadonlyMap<string, number>, asset: string, sum: Sum): Money {
	const range = rangeText(assets, asset, sum);
	return { asset: places.get(asset) ?? 0, amount: amountText(assets, asset, sum.amount), ...(range === undefined ? {} : { range }) };
}

/** Assets of a trace, those that count first. */
export function assetViews(assets: Assets, used: ReadonlySet<string>, counted: ReadonlySet<string>): readonly AssetView[] {
	return [...used]
		.map((id) => ({ id, name: unitOf(assets, id), counted: counted.has(id) }))
		.sort((a, b) => Number(b.counted) - Number(a.counted));
}
