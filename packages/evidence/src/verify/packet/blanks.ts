import type { Fail } from "../failure.js";
import { FIELDS, type Request } from "./formats.js";

const DETAILS = ["requester", "legalBasis", "jurisdiction"];
/** The beginning of a line of a wording that stands only where it is true. */
const CONDITION = /^\{\{\s*(where_[a-z_]+)\s*\}\}/;
const BLANK = /\{\{\s*blank\s*(?::\s*([^{}]*?)\s*)?\}\}/g;

/** A request lists exactly what it leaves to a person: its own empty places, then the blanks of its wording on lines that stand. */
export function checkBlanks({ details, fields, to, points, template, blanks }: Request, where: string, fail: Fail): void {
	const left = (path: string, text = "") => (text.trim() === "" ? [path] : []);
	const not = points.length === 0 ? "where_amounts" : "where_leads_only";
	const lines = template.split("\n").filter((line) => CONDITION.exec(line)?.[1] !== not);
	const wording = lines.flatMap((line) => [...line.matchAll(BLANK)].map(([, words = ""]) => `wording: ${words}`));
	const expected = [
		...DETAILS.flatMap((name) => left(`details.${name}`, details[name])),
		...left("to.address", to.address),
		...left("to.channel", to.channel),
		...FIELDS.flatMap((name) => left(`fields.${name}`, fields[name])),
		...new Set(wording),
	];
	for (const one of expected) if (!blanks.includes(one)) fail(where, `leaves ${one} to a person, and its blanks do not say so`);
	for (const one of blanks) if (!expected.includes(one)) fail(where, `calls ${one.slice(0, 100)} a blank, which it is not`);
	if (new Set(blanks).size < blanks.length) fail(where, "lists a blank twice");
}
