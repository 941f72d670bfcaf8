import { gzipSync } from "node:zlib";
import { fc, test } from "@fast-check/vitest";
import { describe, expect } from "vitest";
import { A, apiRow, atDesk, B, C, type Cells, csv, etlRow, hash, internalRow, siteRow, tokenRow } from "./reading.js";

const accounts = fc.constantFrom(A, B, C);
const pair = fc.tuple(accounts, accounts);
/** Amounts as the site writes them: whole, with a few decimals, with many, with separators of thousands. */
const amount = fc.oneof(
	fc.constantFrom("0", "1", "12", "1.5", "0.25", "1.234", "12.125", "0.000000000000000001", "1,234.5", "1,234,567.25", "999.999"),
	fc.integer({ min: 0, max: 5_000_000 }).map((n) => `${n / 1000}`.replace(/e.*/, "")),
);

/** Rows of one format; each transaction has one row, so that a file may be cut between any two. */
const rowsOf = (row: (n: number, over: Cells) => Cells, over: fc.Arbitrary<Cells>) =>
	fc
		.uniqueArray(fc.tuple(fc.integer({ min: 1, max: 60 }), over), { minLength: 1, maxLength: 12, selector: ([n]) => n })
		.map((list) => list.map(([n, cells]) => row(n, cells)));
const integers = fc.bigInt({ min: 0n, max: 10n ** 24n }).map(String);
const plainRows = fc.oneof(
	rowsOf(
		apiRow,
		fc.tuple(pair, integers, fc.constantFrom("0", "1")).map(([[from, to], value, isError]) => ({ from, to, value, isError })),
	),
	rowsOf(
		tokenRow,
		fc
			.tuple(pair, integers, fc.constantFrom("TOK", 'a "b", c;d', "\u00dc\nx"))
			.map(([[from, to], value, tokenName]) => ({ from, to, value, tokenName })),
	),
	rowsOf(
		internalRow,
		fc
			.tuple(pair, integers, fc.constantFrom("call", "delegatecall", "create"))
			.map(([[from, to], value, type]) => ({ from, to, value, type })),
	),
	rowsOf(
		etlRow,
		fc
			.tuple(pair, integers, fc.constantFrom("0", "1", "0.0", "1.0", "true", "false"))
			.map(([[from_address, to_address], value, receipt_status]) => ({ from_address, to_address, value, receipt_status })),
	),
);
const siteRows = rowsOf(
	siteRow,
	fc.tuple(pair, amount, amount).map(([[From, To], value, fee]) => ({ From, To, "Value_OUT(ETH)": value, "TxnFee(ETH)": fee })),
);
const anyRows = fc.oneof(plainRows, siteRows);

/** What a case holds after the import of these files, or undefined when one is refused. */
async function factsOf(files: readonly { name: string; content: string | Uint8Array }[]): Promise<readonly string[] | undefined> {
	return atDesk(async ({ file, load, facts }) => {
		try {
			await load(...files.map(({ name, content }) => file(name, content)));
		} catch {
			return undefined;
		}
		return facts();
	});
}
const one = (content: string | Uint8Array, name = "x.csv") => factsOf([{ name, content }]);

/** How a file may be saved again. */
interface Saving {
	readonly order: readonly number[];
	readonly columns: readonly number[];
	readonly cut: number;
	readonly delimiter: string;
	readonly quoteAll: boolean;
	readonly lineEnd: string;
	readonly mark: boolean;
	readonly utf16: boolean;
	readonly told: boolean;
	readonly packed: boolean;
	readonly lastEnd: boolean;
}
const shuffled = fc.infiniteStream(fc.nat(1_000_000)).map((stream) => [...stream.take(40)]);
const saving: fc.Arbitrary<Saving> = fc.record({
	order: shuffled,
	columns: shuffled,
	cut: fc.nat(12),
	delimiter: fc.constantFrom(",", ";", "\t"),
	quoteAll: fc.boolean(),
	lineEnd: fc.constantFrom("\n", "\r\n", "\r"),
	mark: fc.boolean(),
	utf16: fc.boolean(),
	told: fc.boolean(),
	packed: fc.boolean(),
	lastEnd: fc.boolean(),
});
const by = <T>(list: readonly T[], keys: readonly number[]): T[] =>
	list
		.map((item, i) => [item, keys[i] ?? 0] as const)
		.sort(([, a], [, b]) => a - b)
		.map(([item]) => item);

function saved(rows: readonly Cells[], how: Saving): string | Uint8Array {
	const { delimiter, lineEnd } = how;
	const columns = by(Object.keys(rows[0] ?? {}), how.columns);
	const cell = (text: string) =>
		how.quoteAll || text.includes(delimiter) || /["\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
	const lines = [columns, ...rows.map((row) => columns.map((column) => row[column] ?? ""))].map((cells) => cells.map(cell).join(delimiter));
	const body = (how.told ? [`sep=${delimiter}`, ...lines] : lines).join(lineEnd) + (how.lastEnd ? lineEnd : "");
	const bytes = how.utf16 ? Buffer.from(`\ufeff${body}`, "utf16le") : Buffer.from(how.mark ? `\ufeff${body}` : body);
	return how.packed ? gzipSync(bytes) : bytes;
}

/** The same number in a locale with decimal commas, with points between thousands or without. */
function withComma(text: string, grouped: boolean): string {
	if (!/^[0-9,]*\.?[0-9]+$/.test(text)) return text;
	const [whole = "", fraction] = text.replaceAll(",", "").split(".");
	const thousands = grouped ? whole.replace(/\B(?=(\d{3})+$)/g, ".") : whole;
	return fraction === undefined ? thousands : `${thousands},${fraction}`;
}
const NUMERIC = /value|fee|price/i;
const localised = (row: Cells, grouped: boolean): Cells =>
	Object.fromEntries(Object.entries(row).map(([column, text]) => [column, NUMERIC.test(column) ? withComma(text, grouped) : text]));

const runs = { numRuns: 60 };

describe("a file gives the same case, or is refused, never another number", () => {
	test.prop([anyRows, saving], runs)(
		"saved again with other rows' and columns' order, quotes, delimiters, line ends, encodings, packed",
		async (rows, how) => {
			const first = await one(csv(rows));
			expect(await one(saved(by(rows, how.order), how))).toEqual(first);
		},
		600_000,
	);

	test.prop([plainRows.filter((rows) => rows.every((row) => row.tokenName === undefined)), saving], runs)(
		"split between transactions, in any order",
		async (rows, how) => {
			const shuffled = by(rows, how.order);
			const at = how.cut % (rows.length + 1);
			const parts = [shuffled.slice(0, at), shuffled.slice(at)].filter((part) => part.length > 0);
			expect(await factsOf(parts.map((part, i) => ({ name: `${i}.csv`, content: saved(part, how) })))).toEqual(await one(csv(rows)));
		},
		600_000,
	);

	test.prop([siteRows, saving], runs)(
		"of decimal amounts split between transactions: each part is read alike, or refused",
		async (rows, how) => {
			const at = how.cut % (rows.length + 1);
			const parts = [rows.slice(0, at), rows.slice(at)].filter((part) => part.length > 0);
			const found = await factsOf(parts.map((part, i) => ({ name: `${i}.csv`, content: saved(part, how) })));
			if (found !== undefined) expect(found).toEqual(await one(csv(rows)));
		},
		600_000,
	);

	test.prop([siteRows, saving, fc.boolean()], { numRuns: 120 })(
		"saved in a locale with decimal commas",
		async (rows, how, grouped) => {
			// Between commas a point before three digits is how the site itself writes: there a spreadsheet groups nothing.
			const group = grouped && how.delimiter === ";";
			const found = await one(
				saved(
					by(rows, how.order).map((row) => localised(row, group)),
					how,
				),
			);
			if (found !== undefined) expect(found).toEqual(await one(csv(rows)));
		},
		600_000,
	);

	test.prop([plainRows, saving], runs)(
		"as JSON, each row with its keys in an order of its own",
		async (rows, how) => {
			const objects = by(rows, how.order).map((row, i) => Object.fromEntries(by(Object.entries(row), how.columns.slice(i % 5))));
			const text = JSON.stringify(how.quoteAll ? { status: "1", message: "OK", result: objects } : objects);
			expect(await one(how.packed ? gzipSync(text) : text, "x.json")).toEqual(await one(csv(rows)));
		},
		600_000,
	);

	test.prop([anyRows, fc.nat(), fc.nat(), fc.string({ maxLength: 3, unit: fc.constantFrom(...'0123456789,.;eE+-xna "') })], {
		numRuns: 150,
	})(
		"with a cell damaged: it reads the same, or fewer rows agree, but no row reads as two",
		async (rows, at, which, text) => {
			const columns = Object.keys(rows[0] ?? {});
			const column = columns[which % columns.length] ?? "";
			const damaged = rows.map((row, i) => (i === at % rows.length ? { ...row, [column]: `${row[column] ?? ""}${text}` } : row));
			const found = await one(csv(damaged));
			const whole = await one(csv(rows));
			if (found === undefined || whole === undefined) return;
			const own = hash(Number(rows[at % rows.length]?.hash ?? rows[at % rows.length]?.["Transaction Hash"] ?? 0));
			const others = (facts: readonly string[]) => facts.filter((line) => / 0x/.test(line) && !line.includes(own));
			if (!/hash/i.test(column) && !/block/i.test(column) && !/index/i.test(column)) expect(others(found)).toEqual(others(whole));
		},
		600_000,
	);
});
