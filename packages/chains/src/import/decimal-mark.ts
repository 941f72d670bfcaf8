import { InputError, parseDecimal, quote } from "@clew/core";

/** How a file writes the decimals of its amounts; undecided while every cell fits both ways. */
export type DecimalMark = "point" | "comma" | "undecided";

/**
 * What one cell tells of its file's decimal mark. `either-comma` (`1,234`) and `either-point` (`1.234`) are a thousand and more, or one and
 * a bit.
 */
type Spelling = "point" | "comma" | "either-comma" | "either-point" | "whole" | "none";

const GROUPED = "[1-9]\\d{0,2}";
const SPELLINGS: readonly (readonly [RegExp, Spelling])[] = [
	[/^\d+$/, "whole"],
	[new RegExp(`^${GROUPED},\\d{3}$`), "either-comma"],
	[new RegExp(`^${GROUPED}\\.\\d{3}$`), "either-point"],
	[new RegExp(`^${GROUPED}(,\\d{3}){2,}$`), "point"],
	[new RegExp(`^${GROUPED}(\\.\\d{3}){2,}$`), "comma"],
	[new RegExp(`^${GROUPED}(,\\d{3})+\\.\\d+$`), "point"],
	[new RegExp(`^${GROUPED}(\\.\\d{3})+,\\d+$`), "comma"],
	[/^\d+\.\d+$/, "point"],
	[/^\d+,\d+$/, "comma"],
];

function spellingOf(text: string): Spelling {
	return SPELLINGS.find(([form]) => form.test(text))?.[1] ?? "none";
}

/** A cell that can be read in one way only. */
export interface MarkWitness {
	readonly where: string;
	readonly column: string;
	readonly text: string;
}

/** Collects what the cells of a file tell of its decimal mark. */
export class DecimalMarks {
	private readonly seen = new Map<"point" | "comma", MarkWitness>();

	add(cell: MarkWitness): void {
		const spelling = spellingOf(cell.text);
		if ((spelling === "point" || spelling === "comma") && !this.seen.has(spelling)) this.seen.set(spelling, cell);
	}

	/** The file's mark with a cell that shows it. Throws InputError at a cell with a comma when another cell has a point. */
	decide(): { readonly mark: DecimalMark; readonly witness?: MarkWitness } {
		const [point, comma] = [this.seen.get("point"), this.seen.get("comma")];
		if (point !== undefined && comma !== undefined) {
			const other = `${point.column} ${quote(point.text)} at ${point.where}`;
			throw new InputError(`column ${comma.column}: ${quote(comma.text)} has a decimal comma, and ${other} a decimal point`, {
				where: comma.where,
				hint: "The file was saved again in another locale: export it anew, or write all of its numbers in one way.",
			});
		}
		if (comma !== undefined) return { mark: "comma", witness: comma };
		return point === undefined ? { mark: "undecided" } : { mark: "point", witness: point };
	}
}

/**
 * Base units of a decimal cell in a file with this mark; separators of thousands stand between groups of three. A cell that fits both ways
 * is refused while nothing else in the file decides, but for `1.234` between commas, which is how the exports write it. Throws InputError
 * (BAD_AMOUNT).
 */
export function readDecimal(text: string, decimals: number, mark: DecimalMark, delimiter: string | undefined): bigint {
	const spelling = spellingOf(text);
	if (spelling === "none") throw new InputError(`${quote(text)} is no plain decimal number`, { code: "BAD_AMOUNT" });
	if ((spelling === "comma" || spelling === "point") && spelling !== mark)
		throw new InputError(`${quote(text)} has a decimal ${spelling}, and its file does not`, { code: "BAD_AMOUNT" });
	const open = spelling === "either-comma" || (spelling === "either-point" && delimiter === ";");
	if (mark === "undecided" && open)
		throw new InputError(`${quote(text)} can be read in two ways`, {
			code: "BAD_AMOUNT",
			hint: "No other cell of the file shows whether it writes decimals with a point or a comma: export it anew.",
		});
	const plain = mark === "comma" ? text.replaceAll(".", "").replace(",", ".") : text.replaceAll(",", "");
	return parseDecimal(plain, decimals);
}
