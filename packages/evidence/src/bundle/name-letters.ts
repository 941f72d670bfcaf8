/** Pairs that stand for one letter with an accent or a stroke (ä, ø, å, ü, đ): both spellings become the plain letter. */
const PAIRS = /a[ae]+|oe+|ue+|dj+/g;

const first = (letters: string) => letters.charAt(0);

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
	return unpaired(text).replace(PAIRS, first);
}

/** The same with every pair of letters as it is written: by this, and not by what is left of it, is told how short a name is. */
export function unpaired(text: string): string {
	return text
		.normalize("NFKD")
		.replace(/\p{M}+/gu, "")
		.toLowerCase()
		.replace(LETTER, (letter) => PLAIN[letter] ?? letter)
		.replace(/[^\p{L}\p{N}]+/gu, " ")
		.trim();
}

/** How many letters a name has as it is written; signs of vowels are letters, too. */
export function lettersOf(text: string): number {
	const written = text.normalize("NFC").match(/[\p{L}\p{N}\p{M}]/gu) ?? [];
	return Math.max(written.length, unpaired(text).replaceAll(" ", "").length);
}

/** Accents, and characters that nobody sees. */
const MARKS = "[\\p{M}\\p{Cf}]*";
/** Letters with a stroke of their own that stand for a folded one. */
const STROKES: Readonly<Record<string, string>> = { a: "æ", o: "øœ", d: "đð", l: "ł", i: "ı", h: "ħ", t: "ŧ", n: "ŋ", e: "ə" };
/** What may follow a folded letter and belong to it. */
const SECOND: Readonly<Record<string, string>> = { a: "aeæ", o: "e", u: "e", d: "j" };

/** How a folded letter may be written in decomposed text. */
function written(letter: string): string {
	const others = `${STROKES[letter] ?? ""}${LOOK_ALIKES[letter] ?? ""}`;
	const second = SECOND[letter] === undefined ? "" : `(?:${MARKS}[${SECOND[letter]}])*`;
	return `${others === "" ? letter : `[${letter}${others}]`}${second}${MARKS}`;
}

/** How a pair of letters may be written: as a pair, as one letter with an accent, or as one with a stroke; never as the plain letter. */
function writtenPair(letter: string): string {
	const seconds = [...(SECOND[letter] ?? "")].map((one) => `${one}${LOOK_ALIKES[one] ?? ""}`).join("");
	const plain = `[${letter}${LOOK_ALIKES[letter] ?? ""}]`;
	const stroke = STROKES[letter] === undefined ? "" : `|[${STROKES[letter]}]`;
	return `(?:${plain}(?:${MARKS}[${seconds}])+|${plain}\\p{M}${stroke})${MARKS}`;
}

/** A word as a pattern over decomposed text in which its pairs of letters must be there, in any spelling of such a pair. */
export function exactly(word: string): string {
	return [...word.matchAll(/(a[ae]+|oe+|ue+|dj+)|./gu)]
		.map(([letter, pair]) => (pair ? writtenPair(first(pair)) : written(letter)))
		.join("");
}

/** A folded word as a pattern over decomposed text: each letter with any accents, in any spelling. */
export function spelled(word: string): string {
	return (word.match(/ss|th|./gu) ?? [])
		.map((letter) => {
			if (letter === "ss") return `(?:ß|${written("s")}${written("s")})`;
			if (letter === "th") return `(?:þ|${written("t")}${written("h")})`;
			return written(letter);
		})
		.join("");
}

/** Folded text without its gaps, over which pairs of letters come together. */
export function joined(text: string): string {
	return text.replaceAll(" ", "").replace(PAIRS, first);
}
