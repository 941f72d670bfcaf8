import { toChecksumAddress } from "@clew/core";
import { COIN_WORDS, isNumberWord, NEUTRAL, NO_NUMBERS, ORDINARY, PROPER, ZONES } from "./vocabulary.js";

/** Why a piece of a text has to stand in a fact. */
export type TokenKind = "amount" | "figure" | "date" | "name" | "link" | "number-word" | "zone" | "script";

/** A piece of a text that states something: as it was written, and as facts have it. */
export interface Token {
	readonly kind: TokenKind;
	readonly text: string;
	/** Any of these in a fact bears it out. */
	readonly forms: readonly string[];
}

const MONTHS = ["january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december"];
const MONTH = `(${MONTHS.map((name) => `${name.slice(0, 3)}(?:${name.slice(3)})?`).join("|")}|sept)\\.?`;
const CLOCK = "\\d\\d:\\d\\d(?::\\d\\d)?";
const DATES: readonly { readonly form: RegExp; readonly iso: (found: readonly string[]) => string }[] = [
	{
		form: new RegExp(`\\b(${CLOCK}) ?(?:Z|UTC) on (\\d{4}-\\d\\d-\\d\\d)\\b`, "g"),
		iso: ([, time, day]) => `${day}T${time}`,
	},
	{
		form: new RegExp(`\\b(\\d{4}-\\d\\d-\\d\\d),? at (${CLOCK}) ?(?:Z|UTC)\\b`, "g"),
		iso: ([, day, time]) => `${day}T${time}`,
	},
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
	{
		form: /\b(?:in|of|since|during|until|before|after) ((?:19|20)\d\d)\b(?!\s*[A-Z%$€£.\d])(?= ?(?:[,;:!?.)]|$)| (?:and|the|it|its|this|that|to|from|by|on|an?) )/g,
		iso: ([, year = ""]) => year,
	},
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
/** No word, address or hash is longer. */
const LONGEST = 150;
const MARKER = /^\s*(?:#{1,6}|[-•]|\d{1,3}[.)])\s+/;
/** Of a page, or a word with an address in it; `e.g.` and the like are none. */
const LINK = /[\p{L}\p{N}]\.\p{L}|\p{L}\.\p{N}|\p{L}:\p{L}|^\.\p{L}|^www\b/u;
const SHORT = /^(?:e\.g|i\.e)\.?$/i;
const NUMBER = /^([$€£¥₿₩]?)(\d+(?:\.\d+)?)$/;
/** Between a number and the asset that it is of. */
const OF: ReadonlySet<string> = new Set(["of", "units", "unit", "tokens", "token", "base"]);
/** Between what is counted and its number. */
const IS: ReadonlySet<string> = new Set(["of", "is", "was", "number"]);

/** A word of a sentence, and whether a sign parts it from the next. */
interface Word {
	readonly text: string;
	readonly ends: boolean;
}

/** What a sentence states that has to stand in a fact, in the order in which it was found: dates first. Citations are gone already. */
export function tokensOf(sentence: string): Token[] {
	const found: Token[] = [];
	let rest = sentence.replace(MARKER, "");
	for (const { form, iso } of DATES)
		rest = rest.replace(form, (...args) => {
			const groups = args.slice(0, -2).map((group) => group as string);
			const behind = /^[ ,(]*(\p{L}+)(?: (\p{L}+))?/u.exec(
				(args.at(-1) as string).slice((args.at(-2) as number) + (groups[0] ?? "").length),
			);
			const [, zone = "", next = ""] = behind ?? [];
			if (ZONES.has(zone.toLowerCase()) || next.toLowerCase() === "time")
				found.push({ kind: "zone", text: `${groups[0]} ${zone}`, forms: [] });
			found.push({ kind: "date", text: groups[0] ?? "", forms: [iso(groups)] });
			return " ; ";
		});
	rest = rest.replace(/\b\d{1,3}(?:,\d{3})+(?:\.\d+)?\b(?![,.]\d)/g, (number) => number.replaceAll(",", ""));
	for (const [part] of rest.matchAll(/\d,\d[\d.,]*/g)) found.push({ kind: "figure", text: part, forms: [part] });
	rest = rest
		.replace(/\bcan['’]t\b/gi, "cannot")
		.replace(/\bwon['’]t\b/gi, "would not")
		.replace(/n['’]t\b/gi, " not")
		.replace(/(\p{L})['’](?:s|re|ve|ll|d|m)\b/gu, "$1")
		.replace(/([$€£¥₿₩]) (?=\d)/g, "$1");
	const words = wordsIn(rest);
	for (const [i, { text }] of words.entries()) {
		const number = NUMBER.exec(text);
		if (number === null) found.push(...tokensIn(text), ...unitWithout(words, i));
		else found.push(counted(words, i, number[1] ?? "", number[2] ?? ""));
	}
	return found;
}

function wordsIn(text: string): Word[] {
	return text.split(/\s+/).flatMap((raw): Word[] => {
		const parts = raw.split(/["“”‘'’(),;!?]+/);
		return parts.flatMap((part, i): Word[] => {
			const shown = part.replace(/[.:]+$/, "");
			const ends = shown !== part || i < parts.length - 1;
			return shown === "" || shown === "-" ? [{ text: "", ends: true }] : [{ text: shown, ends }];
		});
	});
}

/** Behind a number that has its own word before it: what that says, and no unit (a label with confidence 50 names ...). */
const SAYING: ReadonlySet<string> = new Set(["names", "says", "shows", "tells", "calls"]);

/** A number with the word that it counts behind it, or what it is the number of before it. */
function counted(words: readonly Word[], at: number, sign: string, digits: string): Token {
	const number = plainNumber(digits);
	if (sign !== "") return { kind: "amount", text: `${sign}${digits}`, forms: [`${number} ${CURRENCY[sign] ?? sign}`] };
	const behind: string[] = [];
	for (let i = at; i + 1 < words.length && behind.length < MAX_BEHIND && words[i]?.ends === false; i++)
		behind.push(words[i + 1]?.text ?? "");
	const small = behind.map((word) => word.toLowerCase());
	const [first = "", second = ""] = small;
	if (first !== "" && !NEUTRAL.has(first) && !SAYING.has(first)) {
		const asset = small.find((word) => !OF.has(word)) ?? "";
		const forms = [`${number} ${first}`, `${number} ${first} ${second}`];
		if (first === "base") forms.splice(0, 2, `${number} base units`, `${number} base units ${asset}`);
		else if (OF.has(first)) forms.push(`${number} ${asset}`);
		// "base units" counts the coin; with an asset behind it, that asset alone.
		if (first === "base" && small[2] === "of") forms.shift();
		return { kind: "amount", text: `${digits} ${behind[0]}`, forms };
	}
	let i = at - 1;
	while (IS.has(words[i]?.text.toLowerCase() ?? "") && words[i]?.ends === false) i--;
	const before = words[i]?.ends === false ? (words[i]?.text.toLowerCase() ?? "") : "";
	return { kind: "figure", text: digits, forms: [`${before} ${number}`, `${number} ${before}`] };
}

const MAX_BEHIND = 4;

/** A unit that has something else than a number or an ordinary word before it: a number in words that no list holds. */
function unitWithout(words: readonly Word[], at: number): Token[] {
	const before = words[at - 1];
	if (!COIN_WORDS.has(words[at]?.text.toLowerCase() ?? "") || before === undefined || before.ends || before.text === "") return [];
	const small = before.text.toLowerCase();
	if (NUMBER.test(small) || ((ORDINARY.has(small) || NEUTRAL.has(small)) && !NO_NUMBERS.has(small))) return [];
	return [{ kind: "number-word", text: `${before.text} ${words[at]?.text}`, forms: [] }];
}

function tokensIn(text: string): Token[] {
	if (text === "") return [];
	if (text.length > LONGEST) return [{ kind: "figure", text, forms: [text] }];
	if (/[^\p{Script=Latin}\p{N}\p{P}\p{S}\p{Z}]/u.test(text)) return [{ kind: "script", text, forms: [text] }];
	if (/\p{N}/u.test(text)) return figure(text);
	if (LINK.test(text) && !SHORT.test(text)) return [{ kind: "link", text, forms: [text.toLowerCase()] }];
	return text.split(/[-/_+&:.\u2010-\u2015]/).flatMap(word);
}

function figure(text: string): Token[] {
	// An address in mixed letters says by them whether it was copied well.
	const hasChecksum = /^0x[0-9a-f]{40}$/i.test(text) && /[a-f]/.test(text) && /[A-F]/.test(text);
	if (hasChecksum && text !== toChecksumAddress(text.toLowerCase())) return [{ kind: "figure", text, forms: [text] }];
	if (/^0x[0-9a-f]+$/i.test(text)) return [{ kind: "figure", text, forms: [text.toLowerCase()] }];
	return [{ kind: "figure", text, forms: [text, ...(text === text.toUpperCase() ? [text.toLowerCase()] : [])] }];
}

/** A number without zeros that say nothing. */
export function plainNumber(text: string): string {
	if (!/^\d+(\.\d+)?$/.test(text)) return text;
	const short = text.replace(/^0+(?=\d)/, "");
	return short.includes(".") ? short.replace(/0+$/, "").replace(/\.$/, "") : short;
}

/** Numbers as Romans wrote them; single letters are none. */
const ROMAN = /^(?=..)m{0,4}(?:cm|cd|d?c{0,3})(?:xc|xl|l?x{0,3})(?:ix|iv|v?i{0,3})$/;

function word(text: string): Token[] {
	const lower = text.toLowerCase();
	if (!/\p{L}/u.test(text)) return [];
	if (isNumberWord(lower)) return [{ kind: "number-word", text, forms: [] }];
	if (ROMAN.test(lower) && lower !== "mix") return [{ kind: "name", text, forms: [lower] }];
	if (lower === text || ORDINARY.has(lower) || PROPER.has(text)) return [];
	return [{ kind: "name", text, forms: [lower] }];
}
