import { LABEL_CATEGORIES, RULES, STOP_REASONS } from "@clew/core";

/** Pairs that stand for one letter with an accent or a stroke (ä, ø, å, ü, đ): both spellings become the plain letter. */
const PAIRS = /a[ae]+|oe+|ue+|dj+/g;

const first = (letters: string) => letters.charAt(0);

/** Words that are no name: structure of results, and what people write where they know no name. */
const NO_NAMES = foldedSet([
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
]);

/** Words as {@link folded} leaves them: what is looked up in a set of them is folded, too. */
function foldedSet(words: readonly string[]): ReadonlySet<string> {
	return new Set(words.map((word) => word.replace(PAIRS, first)));
}

/** Words of names that say nothing of whose name it is. */
const COMMON = foldedSet(
	"the and for von van der den del dos das inc ltd llc llp plc corp gmbh mbh sarl pty company holding holdings group bank foundation exchange wallet account address customer".split(
		" ",
	),
);
const LEAST_LETTERS = 3;
/** A word of so many letters that stands in another's label, too, may be a family's name. */
const LEAST_RARE = 4;
/** A name of so many letters is found without its gaps, too, and inside longer words. */
const LEAST_COMPACT = 7;

/** Letters that no accent makes, as they are written where a keyboard lacks them. */
const LETTERS: Readonly<Record<string, string>> = {
	ø: "o",
	æ: "ae",
	œ: "oe",
	ß: "ss",
	đ: "d",
	ð: "d",
	ł: "l",
	þ: "th",
	ı: "i",
	ħ: "h",
	ŧ: "t",
	ŋ: "n",
	ə: "e",
};

/**
 * Small letters of other scripts, and phonetic ones, that look like a Latin one, small or large: Cyrillic, Greek, IPA. A name of such a
 * script is compared by the same letters.
 */
const LOOK_ALIKES: Readonly<Record<string, string>> = {
	a: "аɑα",
	b: "вβ",
	c: "сϲ",
	d: "ԁ",
	e: "еεє",
	g: "ɡ",
	h: "нһη",
	i: "іι",
	j: "јϳ",
	k: "кκ",
	l: "ӏ",
	m: "мμ",
	n: "ν",
	o: "оοσ",
	p: "рρ",
	q: "ԛ",
	s: "ѕ",
	t: "тτ",
	u: "υ",
	v: "ѵ",
	w: "ԝω",
	x: "хχ",
	y: "уүγ",
	z: "ζ",
};
const PLAIN: Readonly<Record<string, string>> = {
	...LETTERS,
	...Object.fromEntries(Object.entries(LOOK_ALIKES).flatMap(([letter, others]) => [...others].map((other) => [other, letter]))),
};
const LETTER = new RegExp(`[${Object.keys(PLAIN).join("")}]`, "gu");

/** Letters and digits in small letters, without accents, in one transliteration and Latin look-alikes, with single spaces between words. */
export function folded(text: string): string {
	return text
		.normalize("NFKD")
		.replace(/\p{M}+/gu, "")
		.toLowerCase()
		.replace(LETTER, (letter) => PLAIN[letter] ?? letter)
		.replace(PAIRS, first)
		.replace(/[^\p{L}\p{N}]+/gu, " ")
		.trim();
}

/** Accents, and characters that nobody sees. */
const MARKS = "[\\p{M}\\p{Cf}]*";
/** Letters with a stroke of their own that stand for a folded one. */
const STROKES: Readonly<Record<string, string>> = { a: "æ", o: "øœ", d: "đð", l: "ł", i: "ı", h: "ħ", t: "ŧ", n: "ŋ", e: "ə" };
/** What may follow a folded letter and belong to it. */
const SECOND: Readonly<Record<string, string>> = { a: `(?:${MARKS}[aeæ])*`, o: `(?:${MARKS}e)*`, u: `(?:${MARKS}e)*`, d: `(?:${MARKS}j)*` };

/** How a folded letter may be written in decomposed text. */
function written(letter: string): string {
	const others = `${STROKES[letter] ?? ""}${LOOK_ALIKES[letter] ?? ""}`;
	return `${others === "" ? letter : `[${letter}${others}]`}${SECOND[letter] ?? ""}${MARKS}`;
}

/** A name that must not leave, and what stands for it. */
export interface HiddenName {
	readonly placeholder: string;
	/** As {@link folded}; several words or one. */
	readonly name: string;
	readonly pattern: RegExp;
	/** Words of it that say whose it is, of three letters or more; none where a word alone is no secret. As {@link folded}. */
	readonly telling: readonly string[];
	/** Those of four letters or more. */
	readonly rare: readonly string[];
	/** Single words of it, for free text, where people write half a name. */
	readonly words: RegExp | undefined;
}

/** An apostrophe inside a word, which people leave out. */
const ELISION = /(?<=\p{L})['’ʼ‘`´](?=\p{L})/gu;

/** Undefined for what is too short or too common to be looked for. */
export function hiddenName(text: string, placeholder: string): HiddenName | undefined {
	const name = folded(text);
	const words = name.split(" ").filter((word) => word !== "");
	const compact = words.join("");
	if (compact.length < LEAST_LETTERS || (words.length === 1 && NO_NAMES.has(name)) || /^victim \d+$/.test(name)) return undefined;
	const telling = [...new Set([...words, ...folded(text.replace(ELISION, "")).split(" ")])].filter(
		(word) => word.length >= LEAST_LETTERS && !COMMON.has(word) && !NO_NAMES.has(word) && !/^\d+$/.test(word),
	);
	const orders = words.length > 1 ? [words, [...words.slice(-1), ...words.slice(0, -1)]] : [words];
	return {
		placeholder,
		name,
		telling,
		rare: telling.filter((word) => word.length >= LEAST_RARE),
		pattern: bounded(orders.map((order) => order.map(spelled).join(GAP)).join("|"), compact.length),
		words: telling.length === 0 ? undefined : bounded(telling.map(spelled).join("|"), 0),
	};
}

/** What may stand between two words of a name. */
const GAP = "[^\\p{L}\\p{N}]{0,3}";

/** A folded word as a pattern over decomposed text: each letter with any accents, in any spelling. */
function spelled(word: string): string {
	return (word.match(/ss|th|./gu) ?? [])
		.map((letter) => {
			if (letter === "ss") return `(?:ß|${written("s")}${written("s")})`;
			if (letter === "th") return `(?:þ|${written("t")}${written("h")})`;
			return written(letter);
		})
		.join("");
}

function bounded(pattern: string, letters: number): RegExp {
	return letters >= LEAST_COMPACT
		? new RegExp(`(?:${pattern})`, "giu")
		: new RegExp(`(?<![\\p{L}\\p{N}])(?:${pattern})(?![\\p{L}\\p{N}])`, "giu");
}

/** Replaces names in text; with `words` also single words of them. */
export function replaceNames(text: string, names: readonly HiddenName[], words: boolean): string {
	const whole = text.normalize("NFKD");
	let plain = whole;
	for (const { pattern, placeholder } of names) plain = plain.replace(pattern, placeholder);
	if (words) for (const name of names) if (name.words !== undefined) plain = plain.replace(name.words, name.placeholder);
	return plain === whole ? text : plain.normalize("NFC");
}

/** Folded text without its gaps, over which pairs of letters come together. */
function joined(text: string): string {
	return text.replaceAll(" ", "").replace(PAIRS, first);
}

/** A text as it stands, and without the characters that nobody sees. */
function seen(text: string): readonly string[] {
	const visible = text.replace(/\p{Cf}+/gu, "");
	return visible === text ? [text] : [text, visible];
}

/** True when text holds a single telling word of a name, of so many letters or more, between other characters than letters and digits. */
export function holdsWord(text: string, names: readonly HiddenName[], letters: number = LEAST_LETTERS): boolean {
	const words = names.flatMap(({ telling }) => telling.filter((word) => word.length >= letters));
	if (words.length === 0) return false;
	return seen(text).some((form) => {
		const spaced = ` ${folded(form)} `;
		return words.some((word) => spaced.includes(` ${word} `));
	});
}

/** True when text holds one of the names, with or without its gaps. */
export function holdsName(text: string, names: readonly HiddenName[]): boolean {
	return seen(text).some((form) => holdsSeen(form, names));
}

function holdsSeen(text: string, names: readonly HiddenName[]): boolean {
	const plain = folded(text);
	const spaced = ` ${plain} `;
	let compact: string | undefined;
	return names.some(({ name, pattern }) => {
		if (spaced.includes(` ${name} `)) return true;
		const letters = joined(name);
		if (letters.length >= LEAST_COMPACT) {
			compact ??= joined(plain);
			if (compact.includes(letters)) return true;
		}
		pattern.lastIndex = 0;
		return pattern.test(plain);
	});
}
