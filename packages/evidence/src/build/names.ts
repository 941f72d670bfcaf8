import { LABEL_CATEGORIES, RULES, STOP_REASONS } from "@clew/core";

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
]);
/** Words of names that say nothing of whose name it is. */
const COMMON = new Set(
	"the and for von van der den del dos das inc ltd llc llp plc corp gmbh mbh sarl pty company holding holdings group bank foundation exchange wallet account address customer".split(
		" ",
	),
);
const LEAST_LETTERS = 3;
/** A name of so many letters is found without its gaps, too, and inside longer words. */
const LEAST_COMPACT = 7;

/** Letters and digits in small letters, without accents, with single spaces between words. */
export function folded(text: string): string {
	return text
		.normalize("NFKD")
		.replace(/\p{M}+/gu, "")
		.toLowerCase()
		.replace(/[^\p{L}\p{N}]+/gu, " ")
		.trim();
}

/** A name that must not leave, and what stands for it. */
export interface HiddenName {
	readonly placeholder: string;
	/** As {@link folded}; several words or one. */
	readonly name: string;
	readonly pattern: RegExp;
	/** Single words of it, for free text, where people write half a name. */
	readonly words: RegExp | undefined;
}

/** Undefined for what is too short or too common to be looked for. */
export function hiddenName(text: string, placeholder: string): HiddenName | undefined {
	const name = folded(text);
	const words = name.split(" ").filter((word) => word !== "");
	const compact = words.join("");
	if (compact.length < LEAST_LETTERS || (words.length === 1 && NO_NAMES.has(name)) || /^victim \d+$/.test(name)) return undefined;
	const telling = words.filter((word) => word.length >= LEAST_LETTERS && !COMMON.has(word) && !NO_NAMES.has(word) && !/^\d+$/.test(word));
	const orders = words.length > 1 ? [words, [...words.slice(-1), ...words.slice(0, -1)]] : [words];
	return {
		placeholder,
		name,
		pattern: bounded(orders.map((order) => order.map(spelled).join(GAP)).join("|"), compact.length),
		words: telling.length === 0 ? undefined : bounded(telling.map(spelled).join("|"), 0),
	};
}

/** What may stand between two words of a name. */
const GAP = "[^\\p{L}\\p{N}]{0,3}";

/** A folded word as a pattern over decomposed text: each letter with any accents. */
function spelled(word: string): string {
	return [...word].map((letter) => `${letter}\\p{M}*`).join("");
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

/** True when text holds one of the names, with or without its gaps. */
export function holdsName(text: string, names: readonly HiddenName[]): boolean {
	const plain = folded(text);
	const spaced = ` ${plain} `;
	let compact: string | undefined;
	return names.some(({ name, pattern }) => {
		if (spaced.includes(` ${name} `)) return true;
		const letters = name.replaceAll(" ", "");
		if (letters.length >= LEAST_COMPACT) {
			compact ??= plain.replaceAll(" ", "");
			if (compact.includes(letters)) return true;
		}
		pattern.lastIndex = 0;
		return pattern.test(plain);
	});
}
