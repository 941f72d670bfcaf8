import { LABEL_CATEGORIES, RULES, STOP_REASONS } from "@clew/core";
import { alone, exactly, folded, joined, leastLetters, lettersOf, rarityOf, runsOn, spelled, unpaired } from "./name-letters.js";

/** Words that are no name: structure of results, and what people write where they know no name. */
const NO_NAMES = new Set<string>([
	...LABEL_CATEGORIES,
	...RULES,
	...STOP_REASONS,
	"victims",
	"unknown",
	"anonymous",
	"withheld",
	"client",
	"claimant",
	"me",
	"self",
	..."不明 未知 匿名 本人 被害者 受害者 受害人 被害人 피해자".split(" ").map((word) => word.normalize("NFKD")),
]);

/** Words of names that say nothing of whose name it is. */
const COMMON: ReadonlySet<string> = new Set(
	"the and for von van der den del dos das inc ltd llc llp plc corp gmbh mbh sarl pty company holding holdings group bank foundation exchange wallet account address customer".split(
		" ",
	),
);
/** What is left of a name when it is folded has so many letters, or the name is looked for as it is written. */
const LEAST_FOLDED = 3;
/** A word of so many letters that stands in another's label, too, may be a family's name. */
const LEAST_RARE = 4;
/** A name of so many letters is found without its gaps, too, and inside longer words; one of a script without spaces always is. */
const LEAST_COMPACT = 7;

/** A name that must not leave, and what stands for it. */
export interface HiddenName {
	readonly placeholder: string;
	/** As {@link folded}; several words or one. */
	readonly name: string;
	/** Letters of it as it is written. */
	readonly letters: number;
	/** As {@link rarityOf} counts. */
	readonly rarity: number;
	/** True where what is left of it when it is folded would be found in any text: it is looked for as it is written, by its pattern. */
	readonly exact: boolean;
	readonly pattern: RegExp;
	/** Words of it that say whose it is, of three letters or more; none where a word alone is no secret. */
	readonly telling: readonly TellingWord[];
	/** Single words of it, for free text, where people write half a name. */
	readonly words: RegExp | undefined;
}

/** A word of a name. */
export interface TellingWord {
	/** As {@link folded}. */
	readonly word: string;
	readonly letters: number;
	/** As {@link HiddenName} has it of the whole. */
	readonly exact: boolean;
	/** True in a script without spaces. */
	readonly runsOn: boolean;
	/** Of the word between other characters than its letters, as far as its script shows where words end. */
	readonly pattern: string;
}

/** An apostrophe inside a word, which people leave out. */
const ELISION = /(?<=\p{L})['’ʼ‘`´](?=\p{L})/gu;

/** Undefined for what is too short or too common to be looked for. */
export function hiddenName(text: string, placeholder: string): HiddenName | undefined {
	const name = folded(text);
	const letters = lettersOf(text);
	const words = unpaired(text)
		.split(" ")
		.filter((word) => word !== "");
	const [only = ""] = words.length === 1 ? words : [];
	if (name === "" || letters < leastLetters(text) || NO_NAMES.has(only) || /^victim \d+$/.test(name)) return undefined;
	const compact = name.replaceAll(" ", "");
	const exact = compact.length < LEAST_FOLDED || (only !== "" && isLost(only));
	const orders = words.length > 1 ? [words, [...words.slice(-1), ...words.slice(0, -1)]] : [words];
	const spell = exact ? exactly : (word: string) => spelled(folded(word));
	const telling = tellingWords(text);
	return {
		placeholder,
		name,
		letters,
		rarity: rarityOf(text),
		exact,
		telling,
		pattern: anyOf(
			orders.map((order) => {
				const pattern = order.map(spell).join(GAP);
				return !exact && letters >= LEAST_COMPACT ? pattern : alone(pattern, order.join(" "));
			}),
		),
		words: telling.length === 0 ? undefined : anyOf(telling.map(({ pattern }) => pattern)),
	};
}

/** The words of a name that say whose it is. */
function tellingWords(text: string): TellingWord[] {
	const words = [text, text.replace(ELISION, "")].flatMap((one) => one.split(/[^\p{L}\p{N}\p{M}]+/u));
	const telling = new Map<string, TellingWord>();
	for (const one of words) {
		const word = unpaired(one);
		const letters = lettersOf(one);
		if (word === "" || letters < leastLetters(one) || COMMON.has(word) || NO_NAMES.has(word) || /^\d+$/.test(word)) continue;
		const exact = isLost(word);
		const pattern = alone(exact ? exactly(word) : spelled(folded(word)), word);
		telling.set(word, { word: folded(word), letters, exact, runsOn: runsOn(word), pattern });
	}
	return [...telling.values()];
}

/** True for a word that would be found in any text once it is folded: too few letters are left, or those of a common word. */
function isLost(word: string): boolean {
	const left = folded(word);
	return left.length < LEAST_FOLDED || (left !== word && (COMMON.has(left) || NO_NAMES.has(left)));
}

/** What may stand between two words of a name. */
const GAP = "[^\\p{L}\\p{N}]{0,3}";

const anyOf = (patterns: readonly string[]): RegExp => new RegExp(patterns.map((pattern) => `(?:${pattern})`).join("|"), "giu");

/** Replaces names in text; with `words` also single words of them. */
export function replaceNames(text: string, names: readonly HiddenName[], words: boolean): string {
	const whole = text.normalize("NFKD");
	let plain = whole;
	for (const { pattern, placeholder } of names) plain = plain.replace(pattern, placeholder);
	if (words) for (const name of names) if (name.words !== undefined) plain = plain.replace(name.words, name.placeholder);
	return plain === whole ? text : plain.normalize("NFC");
}

/** A text as it stands, and without the characters that nobody sees. */
function seen(text: string): readonly string[] {
	const visible = text.replace(/\p{Cf}+/gu, "");
	return visible === text ? [text] : [text, visible];
}

/**
 * True when text holds a single telling word of a name, of so many letters or more, between other characters than letters and digits; in a
 * script without spaces wherever it stands.
 */
export function holdsWord(text: string, names: readonly HiddenName[], letters = 0): boolean {
	return wordIn(text, names, letters) !== undefined;
}

/** A telling word of a name that is rare enough to be a family's, if text holds one. As {@link folded}. */
export function rareWordIn(text: string, names: readonly HiddenName[]): string | undefined {
	return wordIn(text, names, LEAST_RARE);
}

function wordIn(text: string, names: readonly HiddenName[], least: number): string | undefined {
	const words = names.flatMap(({ telling }) => telling.filter(({ letters }) => letters >= least));
	if (words.length === 0) return undefined;
	for (const form of seen(text)) {
		const plain = folded(form);
		const spaced = ` ${plain} `;
		const found = words.find(({ word, exact, runsOn, pattern }) => {
			if (exact) return isWritten(anyOf([pattern]), form);
			return spaced.includes(` ${word} `) || (runsOn && anyOf([pattern]).test(plain));
		});
		if (found !== undefined) return found.word;
	}
	return undefined;
}

/** True when a pattern over decomposed text is found. */
function isWritten(pattern: RegExp, text: string): boolean {
	pattern.lastIndex = 0;
	return pattern.test(text.normalize("NFKD"));
}

/** True when text holds one of the names, with or without its gaps. */
export function holdsName(text: string, names: readonly HiddenName[]): boolean {
	return seen(text).some((form) => holdsSeen(form, names));
}

function holdsSeen(text: string, names: readonly HiddenName[]): boolean {
	const plain = folded(text);
	const spaced = ` ${plain} `;
	let compact: string | undefined;
	return names.some(({ name, letters, exact, pattern }) => {
		if (exact) return isWritten(pattern, text);
		if (spaced.includes(` ${name} `)) return true;
		if (letters >= LEAST_COMPACT) {
			compact ??= joined(plain);
			if (compact.includes(joined(name))) return true;
		}
		pattern.lastIndex = 0;
		return pattern.test(plain);
	});
}
