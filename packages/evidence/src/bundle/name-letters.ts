import { LETTER_LOOK_ALIKES } from "@clew/core";

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

/** A name of another script is compared by the Latin letters that its own look like. */
const LOOK_ALIKES = LETTER_LOOK_ALIKES;
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

/** Scripts whose words run on without a space, and Korean, whose particles are written at the word. */
const RUNNING =
	"Han Hiragana Katakana Bopomofo Thai Lao Khmer Myanmar Tibetan Yi Javanese Balinese Cham Tai_Le Tai_Tham Tai_Viet New_Tai_Lue Hangul";
const RUNS_ON = `[${RUNNING.split(" ")
	.map((script) => `\\p{Script_Extensions=${script}}`)
	.join("")}]`;
const RUNNING_LETTER = new RegExp(`^(?=[\\p{L}\\p{N}])${RUNS_ON}`, "u");
const RUNNING_LETTERS = new RegExp(`(?=[\\p{L}\\p{N}\\p{M}])${RUNS_ON}`, "gu");
const HANGUL = /^\p{Script=Hangul}/u;
/** A final consonant of a decomposed syllable: before it the syllable is another one. */
const FINAL = "[\\u11a8-\\u11ff]";
/** What people write, or do not, between the words of a name in such a script. */
const RUNNING_GAP = "[\\s\\u00b7\\u30fb\\u30a0=]?";
/** Names of two Chinese characters are whole names; of other scripts so few letters stand in any text. */
const LEAST_LETTERS = 3;
const LEAST_HAN = 2;

/** How many letters a name or a word has at least that is looked for. */
export const leastLetters = (text: string): number => (/\p{Script=Han}/u.test(text.normalize("NFKC")) ? LEAST_HAN : LEAST_LETTERS);

/**
 * How rarely a name happens by chance in bytes: as many letters, of which one of a script with thousands, or of two bytes, counts for two.
 */
export function rarityOf(text: string): number {
	const dense = text.normalize("NFC").match(RUNNING_LETTERS)?.length ?? 0;
	return Math.max(lettersOf(text), lettersOf(text.normalize("NFC").replace(/\p{Script=Hangul}/gu, "")) + dense * 2);
}

/** True for text that begins with a letter of a script that needs no space before it, and has two such letters or more. */
export function runsOn(text: string): boolean {
	return RUNNING_LETTER.test(text) && (text.normalize("NFC").match(RUNNING_LETTERS)?.length ?? 0) > 1;
}

/**
 * A pattern that stands alone: where the written word begins or ends with a letter of a script with spaces, no other such letter may touch
 * it; a word of a script without spaces is found wherever it stands.
 */
export function alone(pattern: string, word: string): string {
	const plain = word.normalize("NFKD").replace(/[^\p{L}\p{N}]+/gu, "");
	const [before = "", after = ""] = [[...plain][0], [...plain].at(-1)];
	return `${edge(before, plain, "<!")}(?:${pattern})${edge(after, plain, "!")}`;
}

/** What may not stand at one side of a word, beside its letter there. */
function edge(letter: string, word: string, side: "<!" | "!"): string {
	if (!RUNNING_LETTER.test(letter)) return `(?${side}(?!${RUNS_ON})[\\p{L}\\p{N}])`;
	if ((word.normalize("NFC").match(/[\p{L}\p{N}]/gu)?.length ?? 0) < 2) return `(?${side}[\\p{L}\\p{N}])`;
	return HANGUL.test(letter) && side === "!" ? `(?!${FINAL})` : "";
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
	return inRow([...word.matchAll(/(a[ae]+|oe+|ue+|dj+)|./gu)], ([letter, pair]) => (pair ? writtenPair(first(pair)) : written(letter)));
}

/** A folded word as a pattern over decomposed text: each letter with any accents, in any spelling. */
export function spelled(word: string): string {
	return inRow([...word.matchAll(/ss|th|./gu)], ([letter]) => {
		if (letter === "ss") return `(?:ß|${written("s")}${written("s")})`;
		if (letter === "th") return `(?:þ|${written("t")}${written("h")})`;
		return written(letter);
	});
}

/** The letters' patterns in a row; two of a script without spaces may have a gap between them. */
function inRow(letters: readonly RegExpMatchArray[], pattern: (letter: RegExpMatchArray) => string): string {
	const runs = ([letter = ""]: readonly string[] = []) => RUNNING_LETTER.test(letter);
	return letters.map((letter, i) => `${i > 0 && runs(letters[i - 1]) && runs(letter) ? RUNNING_GAP : ""}${pattern(letter)}`).join("");
}

/** Folded text without its gaps, over which pairs of letters come together. */
export function joined(text: string): string {
	return text.replaceAll(" ", "").replace(PAIRS, first);
}
