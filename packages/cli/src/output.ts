import {
	type AccountId,
	type AssetId,
	type AssetInfo,
	type CaseCounts,
	defang,
	displayAddress,
	formatAmount,
	type Label,
} from "@clew/core";
import Table from "cli-table3";
import type { Context } from "./context.js";

/** Width taken when stdout is no terminal: wide enough for full identifiers. */
const FILE_WIDTH = 220;

/** Columns of a table; cells must be safe already (see `defang`). */
export interface Column {
	readonly title: string;
	readonly right?: boolean;
	/** Left out, later columns first, when the terminal is narrower than the table. */
	readonly optional?: boolean;
}

/** Prints a table that fits the terminal: optional columns go first, then long words wrap. */
export function printTable(context: Context, columns: readonly Column[], rows: readonly (readonly string[])[]): void {
	const width = context.columns ?? FILE_WIDTH;
	const widths = columns.map((column, i) => Math.max(column.title.length, ...rows.map((row) => longestLine(row[i] ?? ""))));
	const shown = columns.map((_, i) => i);
	const total = () => shown.reduce((sum, i) => sum + (widths[i] ?? 0) + 2, 0);
	for (let i = columns.length - 1; i >= 0 && total() > width; i--) if (columns[i]?.optional) shown.splice(shown.indexOf(i), 1);
	const table = new Table({
		head: shown.map((i) => context.colours.bold(columns[i]?.title ?? "")),
		colAligns: shown.map((i) => (columns[i]?.right ? "right" : "left")),
		style: { head: [], border: [], "padding-left": 0, "padding-right": 2 },
		chars: {
			top: "",
			"top-mid": "",
			"top-left": "",
			"top-right": "",
			bottom: "",
			"bottom-mid": "",
			"bottom-left": "",
			"bottom-right": "",
			left: "",
			"left-mid": "",
			mid: "",
			"mid-mid": "",
			right: "",
			"right-mid": "",
			middle: "",
		},
	});
	for (const row of rows) table.push(shown.map((i) => row[i] ?? ""));
	context.print(table.toString());
}

function longestLine(text: string): number {
	return text.split("\n").reduce((max, line) => Math.max(max, line.length), 0);
}

/** An amount with its symbol, safe to show. Unknown decimals: base units. */
export function showAmount(amount: bigint, info: Pick<AssetInfo, "decimals" | "symbol"> | undefined, asset: AssetId): string {
	if (info === undefined || (info.symbol === "" && info.decimals === 0)) return `${amount} units of ${defang(asset)}`;
	return `${formatAmount(amount, info.decimals)} ${defang(info.symbol)}`;
}

/** The entity of the strongest label, or nothing. */
export function showEntity(labels: readonly Pick<Label, "entity">[]): string {
	return labels[0] === undefined ? "" : defang(labels[0].entity);
}

/** One line about a label, safe to show. */
export function showLabel({ entity, name, category, source, confidence }: Label): string {
	return `label: ${defang(entity)} (${defang(name)}), ${category}, source ${defang(source)}, confidence ${confidence}`;
}

export const showAccount = (account: string): string => displayAddress(account as AccountId);

/** JSON for people and programs: indented, bigint as string. */
export function json(value: unknown): string {
	return JSON.stringify(value, (_, v: unknown) => (typeof v === "bigint" ? v.toString() : v), 2);
}

/** How much moved, in the words of the case's chain. */
export function moved({ transfers, outputs }: CaseCounts): string {
	return outputs > 0 ? `${outputs} outputs` : `${transfers} transfers`;
}

/** Long text that may quote hostile text: harmless, but not shortened to a table cell. */
export function defangLong(text: string): string {
	return (text.match(/.{1,100}/gsu) ?? []).map(defang).join("");
}
