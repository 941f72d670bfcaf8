import { Refusal } from "../failure.js";
/** Splits RFC 4180 text into rows of cells. Throws Error on an open quote or text after a quoted cell. */
export function parseCsv(text: string): string[][] {
	const rows: string[][] = [];
	let at = 0;
	while (at < text.length) {
		const row: string[] = [];
		for (;;) {
			const [cell, next] = text[at] === '"' ? quoted(text, at) : plain(text, at);
			row.push(cell);
			at = next;
			if (text[at] !== ",") break;
			at++;
		}
		if (text.startsWith("\r\n", at)) at += 2;
		else if (at < text.length) throw new Refusal(`row ${rows.length}: expected a line end at byte ${at}`);
		else throw new Refusal(`row ${rows.length}: the last line does not end`);
		rows.push(row);
	}
	return rows;
}

function plain(text: string, from: number): [string, number] {
	let at = from;
	while (at < text.length && text[at] !== "," && text[at] !== "\r" && text[at] !== "\n") at++;
	return [text.slice(from, at), at];
}

function quoted(text: string, from: number): [string, number] {
	let cell = "";
	let at = from + 1;
	for (;;) {
		const end = text.indexOf('"', at);
		if (end < 0) throw new Refusal("a quote is not closed");
		cell += text.slice(at, end);
		if (text[end + 1] !== '"') return [cell, end + 1];
		cell += '"';
		at = end + 2;
	}
}
