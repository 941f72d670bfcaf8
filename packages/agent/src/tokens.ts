import { NUMBER_WORDS, ORDINARY, PROPER } from "./vocabulary.js";

/** Why a piece of a text has to stand in a fact. */
export type TokenKind = "amount" | "figure" | "date" | "name" | "link" | "number-word" | "script";

/** A piece of a text that states something: as it was written, and as facts have it. */
export interface Token {
	readonly kind: TokenKind;
	readonly text: string;
	/** Any of these in a fact bears it out. */
	readonly forms: readonly string[];
}

const MONTHS = ["january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december"];
const MONTH = `(${MONTHS.map((name) => `${name.slice(0, 3)}(?:${name.slice(3)})?`).join("|")}|sept)\\.?`;
const DATES: readonly { readonly form: RegExp; readonly iso: (found: readonly string[]) => string }[] = [
	{
		form: /\b\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d)?(?: ?(?:Z|UTC))?)?/g,
		iso: ([all = ""]) => all.replace(/ ?(Z|UTC)$/, "").replace(" ", "T"),
	},
	{ form: new RegExp(`\\b(\\d{1,2})(?:st|nd|rd|th)?(?: of)? ${MONTH},? (\\d{4})\\b`, "gi"), iso: ([, d, m, y]) => dateOf(y, m, d) },
	{ form: new RegExp(`\\b${MONTH} (\\d{1,2})(?:st|nd|rd|th)?,? (\\d{4})\\b`, "gi"), iso: ([, m, d, y]) => dateOf(y, m, d) },
	{ form: new RegExp(`\\b${MONTH},? (\\d{4})\\b`, "gi"), iso: ([, m, y]) => dateOf(y, m, undefined) },
	{
		form: new RegExp(`\\b(?:(\\d{1,2})(?:st|nd|rd|th)? )?${CAPITAL_MONTH()}(?: (\\d{1,2})(?:st|nd|rd|th)?)?\\b`, "g"),
		iso: ([all = ""]) => `no year: ${all}`,
	},
	{ form: /\b\d{1,4}\/\d{1,2}\/\d{1,4}\b|\b\d{1,2}\.\d{1,2}\.(?:19|20)\d\d\b/g, iso: ([all = ""]) => `ambiguous: ${all}` },
	{ form: /\b(?:in|of|since|during|until|before|after) ((?:19|20)\d\d)\b(?!\s*[A-Z%$€£.\d])/g, iso: ([, year = ""]) => year },
];

function CAPITAL_MONTH(): string {
	const whole = MONTHS.filter((name) => name !== "may" && name !== "march").map((name) => `${name[0]?.toUpperCase()}${name.slice(1)}`);
	return `(${whole.join("|")})`;
}

function dateOf(year = "", month = "", day: string | undefined): string {
	const number = MONTHS.findIndex((name) => name.startsWith(month.toLowerCase().slice(0, 3))) + 1;
	const two = (n: number | string) => String(n).padStart(2, "0");
	return `${year}-${two(number)}${day === undefined ? "" : `-${two(day)}`}`;
}

const CURRENCY: Readonly<Record<string, string>> = { $: "usd", "€": "eur", "£": "gbp", "¥": "jpy", "₿": "btc", "₩": "krw" };
/** A number and what it counts: a word with a capital right behind it, or before it; a sign of money before it. */
const BEFORE = /(?<![\w.])(\d+(?:\.\d+)?)\s?([A-Z][A-Za-z0-9]*)\b/g;
const BEHIND = /\b([A-Z][A-Z0-9]{1,9})\s(\d+(?:\.\d+)?)\b(?![.:]\d)/g;
const SIGNED = /([$€£¥₿₩])\s?(\d+(?:\.\d+)?)(?![\w.]\d)/g;
/** No word, address or hash is longer. */
const LONGEST = 150;
const MARKER = /^\s*(?:#{1,6}|[-*>•]|\d{1,3}[.)])\s+/;
const WORD = /[^\s"'“”‘’()[\]{}<>|,;!?*`~^=…]+/g;
const LINK = /:\/\/|@|^www\b|^(?=.*[a-z])[\w-]+(\.[\w-]+)*\.[a-z]{2,}(\/|$)/i;

/** What a sentence states that has to stand in a fact, in the order in which it was found: dates first. Citations are gone already. */
export function tokensOf(sentence: string): Token[] {
	const found: Token[] = [];
	let rest = sentence.replace(MARKER, "");
	for (const { form, iso } of DATES)
		rest = rest.replace(form, (...args) => {
			const groups = args.slice(0, -2).map((group) => group as string);
			found.push({ kind: "date", text: groups[0] ?? "", forms: [iso(groups)] });
			return " ";
		});
	const pair = (all: string, number: string, symbol: string) => {
		found.push({ kind: "amount", text: all, forms: [`${plainNumber(number)} ${symbol.toLowerCase()}`] });
		return " ";
	};
	rest = rest.replace(/\b\d{1,3}(?:,\d{3})+(?:\.\d+)?\b/g, (number) => number.replaceAll(",", ""));
	rest = rest.replace(BEFORE, pair).replace(BEHIND, (all, symbol: string, number: string) => pair(all, number, symbol));
	rest = rest.replace(SIGNED, (all, sign: string, number: string) => pair(all, number, CURRENCY[sign] ?? sign));
	for (const [raw] of rest.matchAll(WORD)) found.push(...tokensIn(raw.replace(/[.:]+$/, "").replace(/^[.:]+/, "")));
	return found;
}

function tokensIn(text: string): Token[] {
	if (text === "") return [];
	if (text.length > LONGEST) return [{ kind: "figure", text, forms: [text] }];
	if (/[^\p{Script=Latin}\p{N}\p{P}\p{S}\p{Z}]/u.test(text)) return [{ kind: "script", text, forms: [text] }];
	if (LINK.test(text)) return [{ kind: "link", text, forms: [text.toLowerCase()] }];
	if (/\p{N}/u.test(text)) return figure(text);
	return text.split(/[-/_+&:.\u2010-\u2015]/).flatMap(word);
}

function figure(text: string): Token[] {
	if (/^0x[0-9a-f]+$/i.test(text)) return [{ kind: "figure", text, forms: [text.toLowerCase()] }];
	return [{ kind: "figure", text, forms: [plainNumber(text), ...(text === text.toUpperCase() ? [text.toLowerCase()] : [])] }];
}

/** A number without zeros that say nothing. */
export function plainNumber(text: string): string {
	if (!/^\d+(\.\d+)?$/.test(text)) return text;
	const short = text.replace(/^0+(?=\d)/, "");
	return short.includes(".") ? short.replace(/0+$/, "").replace(/\.$/, "") : short;
}

function word(text: string): Token[] {
	const lower = text.toLowerCase();
	if (!/\p{L}/u.test(text)) return [];
	if (NUMBER_WORDS.has(lower)) return [{ kind: "number-word", text, forms: [] }];
	if (lower === text || ORDINARY.has(lower) || PROPER.has(text)) return [];
	return [{ kind: "name", text, forms: [lower] }];
}
