import { type Forms, formsOf } from "./fact-forms.js";
import type { Fact } from "./facts.js";
import { wrongClaims } from "./sentence-claims.js";
import { notPlain } from "./text-form.js";
import { type Token, type TokenKind, tokensOf } from "./tokens.js";
import { CERTAIN_WORDS, CLAIM_WORDS, NEUTRAL, WELL_KNOWN } from "./vocabulary.js";

/** One thing in an answer that no fact bears out. `sentence` counts from 1; `found` is the assistant's own words. */
export interface Problem {
	readonly sentence: number;
	readonly found: string;
	readonly problem: "not returned" | "not cited" | "unknown citation" | "lead as fact" | "claim as fact" | "not checkable";
	readonly hint: string;
}

/** How an answer came out. */
export interface Checked {
	readonly accepted: boolean;
	readonly problems: readonly Problem[];
	readonly uncited: number;
	readonly note: string | null;
}

/** Facts of a session by id, and names that are known and may stand in no sentence without a fact. */
export interface Known {
	readonly facts: ReadonlyMap<string, Fact>;
	/** Lower case. */
	readonly names: ReadonlySet<string>;
}

const CITATION = /\[\s*(f[0-9a-f]{12}(?:\s*[,;]\s*f[0-9a-f]{12})*)\s*\]/g;
/** What stands right behind the citation of leads, in these very words. */
const MARKED = new RegExp(`${CITATION.source} \\(lead\\)`, "g");
const BRACKETED_ID = /\[[^\]\n]*\bf[0-9a-f]{4,}[^\]\n]*\]/gi;
/** What is not seen, or is shown in another order: in an answer there is no use for it. */
const UNSEEN = /[\p{Cf}\p{Co}\p{Cn}\p{Variation_Selector}\u115f\u1160\u3164\uffa0]|\u034f|(?![\n\t\r])\p{Cc}/u;
/** Problems of one answer that are listed. */
const MAX_PROBLEMS = 100;
const MAX_FOUND = 80;

/**
 * Holds an answer against what the tools of its session returned: in each sentence every address, hash, number, date and name has to stand
 * in a fact that the sentence cites, leads are marked as leads, claims called claims, and all of it is plain text. Of what a sentence means
 * it holds little (see {@link wrongClaims}): that one says the opposite of its facts in their words is for its reader to see, which is why
 * the note lists them. O(text x cited facts).
 */
export function checkAnswer(text: string, known: Known): Checked {
	const problems: Problem[] = [];
	const say = (sentence: number, found: string, problem: Problem["problem"], hint: string) => {
		if (problems.length < MAX_PROBLEMS) problems.push({ sentence, found: found.slice(0, MAX_FOUND), problem, hint });
	};
	const plain = text.normalize("NFKC").replaceAll("\r", "");
	if (UNSEEN.test(plain)) say(0, "characters that nobody sees", "not checkable", "Write plain text.");
	for (const { found, hint } of notPlain(plain.replace(MARKED, " ").replace(CITATION, " "))) say(0, found, "not checkable", hint);
	for (const [bad] of plain.matchAll(/\](?:\(|:|\[(?!f[0-9a-f]{12}))/g)) say(0, bad, "not checkable", "Write a space behind a citation.");
	const sentences = sentencesOf(plain);
	let uncited = 0;
	for (const [i, sentence] of sentences.entries()) {
		if (problems.length >= MAX_PROBLEMS) break;
		const ids = idsIn(sentence);
		const cited: Fact[] = [];
		for (const id of ids) {
			const fact = known.facts.get(id);
			if (fact === undefined) say(i + 1, id, "unknown citation", "No tool of this session returned a fact of that id.");
			else cited.push(fact);
		}
		const rest = sentence.replace(MARKED, " ").replace(CITATION, " ");
		for (const [bad] of rest.matchAll(BRACKETED_ID)) say(i + 1, bad, "unknown citation", "A citation is [f and 12 hex digits].");
		if (ids.length === 0 && /\p{L}/u.test(rest)) uncited++;
		checkTokens(rest, formsOf(cited), known, (token, hint, problem) => say(i + 1, token, problem, hint));
		for (const { found, problem, hint } of wrongClaims(rest, cited)) say(i + 1, found, problem, hint);
		checkTiers(rest, cited, marksIn(sentence), (problem, hint) => say(i + 1, rest.trim(), problem, hint));
	}
	const accepted = problems.length === 0;
	return { accepted, problems, uncited, note: accepted ? noteOf(sentences, known.facts) : null };
}

/** Sentences and lines; citations behind the full stop belong to what stands before it, and the number of a list to what it numbers. */
function sentencesOf(text: string): string[] {
	const moved = text.replace(/([.!?:;])((?:\s*\[\s*f[0-9a-f]{12}[^\]]*\](?: \(lead\))?)+)/g, "$2$1");
	return moved
		.split(/\n+/)
		.flatMap((line) => line.split(/(?<=[.!?](?:["'”’)])?)(?<!^\s*\d{1,3}\.)(?<!\b(?:e\.g|i\.e)\.)\s+(?=\S)/i))
		.filter((one) => one.trim() !== "");
}

/** Ids that are marked as leads. */
function marksIn(sentence: string): ReadonlySet<string> {
	return new Set([...sentence.matchAll(MARKED)].flatMap(([, ids = ""]) => ids.split(/\s*[,;]\s*/)));
}

function idsIn(sentence: string): string[] {
	return [...sentence.matchAll(CITATION)].flatMap(([, ids = ""]) => ids.split(/\s*[,;]\s*/));
}

/** What no fact bears out. */
const NEVER = ["number-word", "zone", "script"] as const;
const FIELD: Readonly<Record<Exclude<TokenKind, (typeof NEVER)[number]>, keyof Forms>> = {
	amount: "amounts",
	figure: "figures",
	date: "dates",
	name: "names",
	link: "figures",
};

const HINTS: Readonly<Record<TokenKind, string>> = {
	amount:
		"Write the amount in full, as a cited fact states it, and behind it that fact's own unit: its symbol, or for tokens of others the asset's id.",
	figure:
		"Write addresses, hashes and numbers in full, with the word that a cited fact gives them (block 5, 3 transfers, 2 ETH); nothing that you worked out.",
	date: "Write dates as 2018-11-09, from a cited fact.",
	name: "A name stands in a cited fact, or not at all; begin a sentence with an ordinary word.",
	link: "No tool returned that address of a page.",
	"number-word": "Write numbers as digits, from a cited fact.",
	zone: "Times are of UTC, and say so.",
	script: "Names in this script cannot be told from other words: write in Latin letters.",
};

function checkTokens(
	sentence: string,
	forms: Forms,
	known: Known,
	say: (found: string, hint: string, problem: Problem["problem"]) => void,
): void {
	const rest = withoutPhrases(sentence, forms.phrases);
	for (const token of tokensOf(rest)) {
		if (NEVER.some((kind) => kind === token.kind)) say(token.text, HINTS[token.kind], "not checkable");
		else if (!isBorne(token, forms)) {
			const where = citing(token, known.facts);
			if (where === undefined) say(token.text, HINTS[token.kind], "not returned");
			else say(token.text, `Cite the fact that states it in the same sentence, such as [${where}].`, "not cited");
		}
	}
	for (const name of smallNames(rest, known.names))
		if (!name.split(" ").every((part) => forms.names.has(part))) say(name, HINTS.name, "not returned");
}

function isBorne({ kind, forms: written }: Token, forms: Forms): boolean {
	const field = forms[FIELD[kind as keyof typeof FIELD]];
	return written.some((form) => field.has(form) || (kind === "figure" && forms.amounts.has(form)));
}

/** The sentence without names of several words that it writes as a whole. One that ends in a number does not lend it to what follows. */
function withoutPhrases(sentence: string, phrases: ReadonlySet<string>): string {
	let rest = sentence;
	for (const phrase of [...phrases].sort((a, b) => b.length - a.length)) {
		const written = phrase.replace(/[.*+?^${}()|[\]\\/-]/g, "\\$&");
		const end = /\p{N}$/u.test(phrase) ? `(?! ?%|[.,:'-]?\\p{N}|[ (]+(?!(?:${[...NEUTRAL].join("|")})(?!\\p{L}))[\\p{L}\\p{N}])` : "";
		// What stands for it is no ordinary word: no unit may follow.
		rest = rest.replace(new RegExp(`(?<![\\p{L}\\p{N}])${written}(?![\\p{L}\\p{N}])${end}`, "giu"), "§");
	}
	return rest;
}

/** Facts of the session that are looked through for a hint. */
const MAX_HINTED = 5_000;

function citing(token: Token, facts: ReadonlyMap<string, Fact>): string | undefined {
	let looked = 0;
	for (const fact of facts.values()) {
		if (++looked > MAX_HINTED) return undefined;
		const text = JSON.stringify(fact.data).toLowerCase();
		const parts = token.forms.flatMap((form) =>
			form
				.toLowerCase()
				.split(/[ T]/i)
				.filter((part) => part !== ""),
		);
		if (parts.some((part) => text.includes(part)) && isBorne(token, formsOf([fact]))) return fact.id;
	}
	return undefined;
}

const LONGEST_NAME = 4;

/** Names that are known, written small: `binance`. */
function smallNames(sentence: string, names: ReadonlySet<string>): string[] {
	// What has a capital was looked at already.
	const words = sentence
		.replace(/\S*\p{Lu}\S*/gu, " ")
		// A word with a sign in it is looked at as one word, too: `bin-ance`.
		.replace(/\S*\p{L}[^\s\p{L}\p{N}]+\p{L}\S*/gu, (word) => `${word} ${word.replace(/[^\p{L}\p{N}]+/gu, "")}`)
		.split(/[^\p{L}\p{N}]+/u)
		.filter((word) => word !== "");
	const found: string[] = [];
	for (let i = 0; i < words.length; i++)
		for (let n = LONGEST_NAME; n > 0; n--) {
			const name = words.slice(i, i + n).join(" ");
			if (names.has(name) || WELL_KNOWN.has(name)) found.push(name);
		}
	return found;
}

function checkTiers(
	sentence: string,
	cited: readonly Fact[],
	marked: ReadonlySet<string>,
	say: (problem: Problem["problem"], hint: string) => void,
): void {
	const tiers = new Set(cited.map(({ tier }) => tier));
	if (cited.some(({ id, tier }) => (tier === "lead") !== marked.has(id)))
		say("lead as fact", "Write (lead) right behind the citation of every lead, such as [f0123456789ab] (lead), and of nothing else.");
	else if (tiers.has("lead") && CERTAIN_WORDS.test(sentence))
		say("lead as fact", "A cited fact is a lead: the sentence says that it is certain, or no lead.");
	if (tiers.has("attribution") && !CLAIM_WORDS.test(sentence))
		say("claim as fact", "A cited fact is somebody's claim: say so (labelled, according to, called).");
}

/** The text with numbered references, and under it what each fact is: for a note, or a report. */
function noteOf(sentences: readonly string[], facts: ReadonlyMap<string, Fact>): string {
	const numbers = new Map<string, number>();
	const numbered = sentences.map((sentence) => {
		const shown = sentence.trim().replace(CITATION, (_, ids: string) => {
			const list = ids.split(/\s*[,;]\s*/).map((id) => {
				const number = numbers.get(id) ?? numbers.size + 1;
				numbers.set(id, number);
				return `[${number}]`;
			});
			return list.join("");
		});
		return idsIn(sentence).length === 0 && /\p{L}/u.test(sentence) && !/^\s*#/.test(sentence) ? `${shown} *(not cited)*` : shown;
	});
	const references = [...numbers].map(([id, number]) => {
		const fact = facts.get(id);
		return `[${number}] ${id}, ${fact?.kind}, ${fact?.tier}: ${JSON.stringify(fact?.data)}`;
	});
	return [...numbered, "", ...references, ""].join("\n");
}
