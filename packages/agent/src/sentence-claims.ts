import { formsOf } from "./fact-forms.js";
import type { Fact } from "./facts.js";
import { tokensOf } from "./tokens.js";

/** What a sentence claims in words that its facts do not bear out, whatever figures and names it takes from them. */
export interface WrongClaim {
	readonly found: string;
	readonly problem: "not returned" | "not checkable";
	readonly hint: string;
}

const WEEKDAY = "(?:mon|tues|wednes|thurs|fri|satur|sun)day";
/** Days that are told from the day on which somebody reads them. */
const RELATIVE = new RegExp(
	`\\b(?:yesterday|today|tonight|tomorrow|ago|${WEEKDAY}s?|(?:last|past|next|this|previous|coming) (?:night|morning|evening|week|weekend|month|year|summer|winter|spring|autumn|fall))\\b`,
	"i",
);
const DENIAL =
	/\b(?:not|never|no|none|nobody|nothing|neither|nor|false(?:ly)?|untrue|wrong(?:ly)?|den(?:y|ies|ied)|fail(?:s|ed)?|without|cannot)\b|\b\w+n['’]t\b/i;
/** What became of money after it was followed: the books of the case say it, or nothing does. */
const OUTCOME =
	/\b(?:recovered|refunded|reimbursed|repaid|restored|seized|confiscated|frozen|arrested|convicted|(?:paid|gave|given|got|handed|sent|brought) (?:\S+ ){0,3}?back|returned to (?:its|their|the) (?:victims?|owners?))\b/i;
const OF_OUTCOMES: ReadonlySet<string> = new Set(["not-kept", "payer", "proposal", "recovery"]);
const AT_MOST = /\b(?:at (?:the )?most|up to|no more than|not more than|maximum|upper|most)\b/i;

/** What is wrong with what a sentence says of its facts; citations are gone from it already. O(its length x cited facts). */
export function wrongClaims(sentence: string, cited: readonly Fact[]): WrongClaim[] {
	return [
		...relativeDates(sentence),
		...denials(sentence, cited),
		...outcomes(sentence, cited),
		...turned(sentence, cited),
		...bounds(sentence, cited),
	];
}

function relativeDates(sentence: string): WrongClaim[] {
	const [found] = RELATIVE.exec(sentence) ?? [];
	return found === undefined ? [] : [{ found, problem: "not checkable", hint: "Write dates as 2018-11-09, from a cited fact." }];
}

/** A fact that something moved bears out no sentence that it did not. */
function denials(sentence: string, cited: readonly Fact[]): WrongClaim[] {
	const [found] = DENIAL.exec(sentence) ?? [];
	if (found === undefined || !cited.some(({ kind }) => kind === "transfer")) return [];
	return [
		{
			found,
			problem: "not checkable",
			hint: "A cited transfer took place: say what did not in a sentence of its own, from a fact that says so.",
		},
	];
}

function outcomes(sentence: string, cited: readonly Fact[]): WrongClaim[] {
	const [found] = OUTCOME.exec(sentence) ?? [];
	if (found === undefined) return [];
	const ledger = cited.filter(({ kind }) => kind === "recovery");
	if (ledger.length > 0) return ledger.some(({ data }) => bears(data, found)) || DENIAL.test(sentence) ? [] : [notSo(found)];
	const kinds = new Set(cited.map(({ kind }) => kind as string));
	if (
		[...kinds].some((kind) => OF_OUTCOMES.has(kind)) &&
		(!kinds.has("not-kept") || DENIAL.test(sentence) || /\b(?:whether|unknown)\b/i.test(sentence))
	)
		return [];
	return [notSo(found)];
}

const notSo = (found: string): WrongClaim => ({
	found,
	problem: "not returned",
	hint: "What became of the money is told by a fact of its own (recovery_status), or by none.",
});

/** Whether a request of the ledger has come to what a word says. */
function bears(data: Fact["data"], word: string): boolean {
	const some = (field: string) => (data[field] as { readonly units?: string } | undefined)?.units !== "0";
	if (/^frozen$/i.test(word)) return some("frozen");
	if (/^(?:seized|confiscated)$/i.test(word)) return some("seized");
	if (/^(?:arrested|convicted)$/i.test(word)) return false;
	return some("returned");
}

const TITLES = "(?:(?:the|an?|its|account|address|wallet|thief|victim|sender|receiver|exchange|contract|custodian|service|collector)\\s+)*";
const INTO = new RegExp(`\\b(?:to|into|(?:received|got) by)\\s+${TITLES}$`, "i");
const OUT_OF = new RegExp(`\\b(?:from|(?:paid|sent|transferred|moved|made) by)\\s+${TITLES}$`, "i");
const ADVERBS = "(?:\\s*\\([^)]*\\))?\\s+(?:(?:then|later|also|only|first|once|next)\\s+)?";
const GIVES = new RegExp(`^${ADVERBS}(?:paid|pays|sent|sends|transferred|transfers|moved|moves|passed|forwarded)\\b`, "i");
const TAKES = new RegExp(`^${ADVERBS}(?:received|receives|got|gets|collected|was paid|was sent)\\b`, "i");

/** Payers that are said to be paid, and payees that are said to pay, where a sentence cites transfers alone. */
function turned(sentence: string, cited: readonly Fact[]): WrongClaim[] {
	if (cited.length === 0 || cited.some(({ kind }) => kind !== "transfer")) return [];
	const sideOf = (side: "from" | "to") =>
		new Set(cited.flatMap(({ data }) => (typeof data[side] === "string" ? [addressIn(data[side])] : [])));
	const [payers, payees] = [sideOf("from"), sideOf("to")];
	const lower = sentence.toLowerCase();
	const wrong: WrongClaim[] = [];
	for (const address of new Set([...payers, ...payees]))
		for (let at = lower.indexOf(address); at >= 0; at = lower.indexOf(address, at + 1)) {
			const [before, after] = [
				sentence.slice(Math.max(0, at - LOOKED_AT), at),
				sentence.slice(at + address.length, at + address.length + LOOKED_AT),
			];
			const isPayee = INTO.test(before) || TAKES.test(after);
			const isPayer = OUT_OF.test(before) || (!INTO.test(before) && GIVES.test(after));
			if ((isPayee && !payees.has(address)) || (isPayer && !payers.has(address)))
				wrong.push({ found: address, problem: "not returned", hint: "In the cited transfer it is the other side: see its from and to." });
		}
	return wrong;
}

const LOOKED_AT = 120;
const addressIn = (account: string) => account.slice(account.lastIndexOf(":") + 1).toLowerCase();

/** Amounts that are there at most and are told as agreed, and the other way round. */
function bounds(sentence: string, cited: readonly Fact[]): WrongClaim[] {
	const points = cited.filter(({ kind }) => kind === "end-point");
	if (points.length === 0) return [];
	const amountsOf = (fields: (data: Fact["data"]) => Fact["data"]) =>
		formsOf(cited.map((fact) => (fact.kind === "end-point" ? { ...fact, data: fields(fact.data) } : fact))).amounts;
	const [most, others] = [amountsOf(({ most: one }) => ({ most: one })), amountsOf(({ most: _, ...rest }) => rest)];
	const wrong: WrongClaim[] = [];
	for (const { text, forms } of tokensOf(sentence).filter(({ kind }) => kind === "amount")) {
		const [isMost, isOther] = [most, others].map((amounts) => forms.some((form) => amounts.has(form)));
		if (isMost === isOther) continue;
		const said = AT_MOST.test(around(sentence, text));
		if (isMost && !said) wrong.push({ found: text, problem: "not returned", hint: "That is what is there at most: say at most." });
		if (isOther && said)
			wrong.push({ found: text, problem: "not returned", hint: "That is not what is there at most: see most of the fact." });
	}
	return wrong;
}

/** What stands about an amount, up to the amounts beside it. */
function around(sentence: string, amount: string): string {
	const plain = sentence.replace(/(\d),(?=\d{3})/g, "$1");
	const [number = ""] = amount.split(" ");
	const at = plain.indexOf(number);
	const before =
		plain
			.slice(0, at)
			.split(/\d+\.\d+|\band\b|,/)
			.at(-1) ?? "";
	const after = plain.slice(at + number.length).split(/\d+\.\d+|\band\b|,/)[0] ?? "";
	return `${before} ${after}`;
}
