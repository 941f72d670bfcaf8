import { defang, defangLong } from "@clew/core";
import type { LabelList } from "@clew/labels";
import type { Context } from "./context.js";

/** The option of every command that reads a list. */
export const STRICT_OPTION = ["--strict", "refuse the list when a single row of it cannot be used"] as const;

const NAMED_ROWS = 20;
const NAMED_KINDS = 5;

/** Says which rows of a list were not taken: chains that are not followed in one line, unusable rows each by file and row. */
export function noteRows(
	context: Context,
	{ skipped, unusable, notRead = [] }: Pick<LabelList, "skipped" | "unusable"> & Partial<LabelList>,
): void {
	const kinds = [...skipped].sort(([, a], [, b]) => b - a);
	const rows = kinds.reduce((sum, [, count]) => sum + count, 0);
	const named = kinds.slice(0, NAMED_KINDS).map(([kind, count]) => `${defang(kind)} ${count}`);
	const more = kinds.length > NAMED_KINDS ? `, and ${kinds.length - NAMED_KINDS} more` : "";
	if (rows > 0) context.note(`not followed by Clew: ${rows} rows of other chains (${named.join(", ")}${more})`);
	for (const { where, why } of unusable.slice(0, NAMED_ROWS)) context.note(`not usable: ${defangLong(`${where}: ${why}`)}`);
	if (unusable.length > NAMED_ROWS) context.note(`not usable: ${unusable.length - NAMED_ROWS} more rows; --json names them all`);
	for (const words of notRead) context.note(`not read: ${words}`);
}
