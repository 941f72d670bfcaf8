import Table from "cli-table3";
import type { Context } from "./context.js";

/** Width taken when stdout is no terminal: wide enough for full identifiers. */
const FILE_WIDTH = 220;

/** Columns of a table; cells must be safe already (see `defang`). */
export interface Column {
	readonly title: string;
	readonly right?: boolean;
	/** Left out, later columns first, when the terminal is narrower than the table; `below`: written under its row instead. */
	readonly optional?: boolean | "below";
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
	const below = columns.flatMap((column, i) => (column.optional === "below" && !shown.includes(i) ? [i] : []));
	for (const row of rows) {
		table.push(shown.map((i) => row[i] ?? ""));
		const content = below.map((i) => `  ${columns[i]?.title}: ${row[i] ?? ""}`).join("\n");
		if (below.length > 0) table.push([{ content, colSpan: shown.length }]);
	}
	context.print(table.toString());
}

function longestLine(text: string): number {
	return text.split("\n").reduce((max, line) => Math.max(max, line.length), 0);
}
