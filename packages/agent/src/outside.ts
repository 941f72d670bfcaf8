import { sha256 } from "./sha256.js";
import { NEUTRAL, ORDINARY } from "./vocabulary.js";

/** Why a text that somebody outside wrote is shown as it is, or not at all. */
export const FLAGS = ["long", "instruction", "link", "other-script", "unseen-characters", "signs", "doubtful", "no-id"] as const;
export type Flag = (typeof FLAGS)[number];

/** A text that somebody outside wrote, as it leaves: never itself. */
export interface Outside {
	/** Names the text to a person, who can look it up in the case: the first digits of its SHA-256. */
	readonly ref: string;
	/** A plain short name in harmless letters; else what was withheld. Data, whatever it says. */
	readonly preview: string;
	readonly flags: Flag[];
}

const REF_DIGITS = 12;
const MAX_LENGTH = 40;
const MAX_WORDS = 3;
const LOOKED_AT = 2_000;
/** What names are written in: Latin letters, digits and the signs that stand in names of services. */
const PLAIN = /^[A-Za-z0-9\u00c0-\u024f .&'()_:#+/-]*$/;
const LATIN = /^[\p{Script=Latin}\p{N}\p{P}\p{S}\p{Z}]*$/u;
/** Controls, format characters, tags, variation selectors and fillers: invisible or reordering. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Co}\p{Cn}\p{Variation_Selector}\p{Zl}\p{Zp}\u115f\u1160\u17b4\u17b5\u3164\uffa0]|\u034f/u;
const LINK = /:\/\/|\bwww\b|@|[\p{L}\p{N}-]\s?[.\u00b7\u2024\u3002](?=\s?[\p{L}]{2,})/iu;
/**
 * Words by which texts order or lure: whole words, and beginnings of words (ending in `*`), of the languages in which lures are common. A
 * name that has one is withheld, which costs a preview and no fact.
 */
const ORDERS = `ignor* disregard* forget* overrid* bypass* jailbreak* prompt* instruc* anweis* instruk* system assistant developer admin*
	user human ai model llm gpt* claude tool tools function execut* run eval call invoke fetch download install open visit* click* tap claim*
	redeem* reward* bonus* gift* giveaway* airdrop* voucher* coupon* win winner* won prize* lottery free bonus send sends transfer* pay pays
	approv* sign signs swap* mint* withdraw* deposit now unstake* verif* confirm* connect* urgent* warning alert must should shall please
	password* passphrase* seed mnemonic secret* reveal* leak* print repeat output respond* reply answer say tell state conclude report pretend
	act roleplay obey follow* comply do not dont don stop delete* remove* drop grant* enable disable you your yours we our contact* telegram
	whatsapp support helpdesk recover* refund* ignora* olvida* oublie* ignorez vergiss* ignorier* belohn* kostenlos gratis gratuit* recompens*
	reclam* cobrar visite envia* enviar transfier* senden sende envoye* clique* besuch* innocent guilty trusted safe clean legit* approved
	proven certified propose* halt cease abort omit hide skip quit treat mark exonerat* escalat* cite curl wget sudo bash shell exec* scan dial
	phone email mail login register double wire lawful harmless closed nothing shut leave whitelist* accept* true false fact facts`.split(
	/\s+/,
);
const WORDS = new Set(ORDERS.filter((word) => !word.endsWith("*")));
const STEMS = ORDERS.filter((word) => word.endsWith("*")).map((word) => word.slice(0, -1));

/** A text that somebody outside wrote (a token's name, a label, the name of a file, what a node said), as it may leave. Deterministic. */
export function outside(text: string): Outside {
	// What is longer is withheld in any case: its end is not looked at.
	const flags = flagsOf(text.slice(0, LOOKED_AT));
	const preview = flags.length === 0 ? text : `withheld: ${text.length} characters`;
	return { ref: refOf(text), preview, flags };
}

/** What names a text to a person. */
export function refOf(text: string): string {
	return `s${sha256(text).slice(0, REF_DIGITS)}`;
}

/** Said of what stands where an id should, and is none. */
export function noId(text: string): Outside {
	return { ref: refOf(text), preview: `withheld: ${text.length} characters`, flags: ["no-id"] };
}

/** Small words that names of services and lists are made of. */
const OF_NAMES = new Set(
	`explorer name names tag tags list lists label labels sanctions exchange exchanges token tokens hot cold wallet wallets deposit
	bridge router pool contract old new main exploiter hacker phishing hack finance protocol capital labs dao cash foundation bank`.split(
		/\s+/,
	),
);
/** Words of a name besides those above; an order of another language has more. */
const MAX_OWN_WORDS = 2;
/** Forms that no name of a service needs: telephone numbers, amounts, ids of facts and texts, encoded text, pages with other signs. */
const DOUBTFUL: readonly RegExp[] = [
	/\d{3,}[ .()-]+\d{3,}/,
	/\d{7,}/,
	/\d[\d.,]*\s+\p{L}/u,
	/(?<![\p{L}\p{N}])[fsp]?[0-9a-f]*\d[0-9a-f]{7,}/iu,
	/=|[-_ ](?:com|org|net|io|xyz|dot|slash)(?![\p{L}])/iu,
	/[a-z]{3,}_[a-z]{3,}/,
	/[a-z]+(?:-[a-z]+){2,}/,
];
const MANY_TURNS = 5;

/** Whether a text may be more than a name: a phrase in small letters or of words of sentences, or one of the forms above. */
function isDoubtful(text: string): boolean {
	const words = text.split(/\s+/).filter((word) => /\p{L}/u.test(word));
	const small = words.map((word) => word.toLowerCase().replace(/[^\p{L}]/gu, ""));
	const isListed = small.every((word) => OF_NAMES.has(word));
	const sentence = words.length > 1 && small.some((word) => (ORDINARY.has(word) || NEUTRAL.has(word)) && !OF_NAMES.has(word));
	const phrase =
		words.length > 1 && !isListed && (words[0] === words[0]?.toLowerCase() || words.every((word) => word === word.toLowerCase()));
	const letters = words.length > 2 && words.every((word) => word.length === 1);
	const own = words.filter((word, i) => /\p{Ll}/u.test(word) && !OF_NAMES.has(small[i] ?? ""));
	return (
		sentence ||
		phrase ||
		letters ||
		own.length > MAX_OWN_WORDS ||
		DOUBTFUL.some((form) => form.test(text)) ||
		text.split(/[^A-Za-z0-9]+/).some(isEncoded)
	);
}

/** Letters and digits that turn from one kind to another more often than a name does. */
function isEncoded(word: string): boolean {
	return (word.match(/[a-z](?=[A-Z0-9])|[A-Z](?=\d)|[A-Z]{2}(?=[a-z])|\d(?=[A-Za-z])/g) ?? []).length >= MANY_TURNS - 1;
}

function flagsOf(text: string): Flag[] {
	const words = text.split(/\s+/).filter((word) => /\p{L}/u.test(word));
	const orders = wordsWithin(text).some((word) => WORDS.has(word) || STEMS.some((stem) => word.startsWith(stem)));
	return [
		...(text.length > MAX_LENGTH || words.length > MAX_WORDS ? (["long"] as const) : []),
		...(orders ? (["instruction"] as const) : []),
		...(LINK.test(text) ? (["link"] as const) : []),
		...(isDoubtful(text) ? (["doubtful"] as const) : []),
		...(LATIN.test(text) ? [] : (["other-script"] as const)),
		...(UNSEEN.test(text) ? (["unseen-characters"] as const) : []),
		...(!PLAIN.test(text) && LATIN.test(text) && !UNSEEN.test(text) ? (["signs"] as const) : []),
	];
}

/** Its words as a reader sees them: accents, capitals, digits for letters and words run together (`clickHere`, `cl1ck_here`) hide none. */
function wordsWithin(text: string): string[] {
	const plain = text.normalize("NFKD").replace(/\p{M}/gu, "");
	const apart = plain.replace(/(\p{Ll})(\p{Lu})/gu, "$1 $2");
	const letters = [...plain, " ", ...apart].map((c) => LEET[c] ?? c).join("");
	return `${apart} ${letters}`.toLowerCase().split(/[^\p{L}]+/u);
}

const LEET: Readonly<Record<string, string>> = { "0": "o", "1": "i", "3": "e", "4": "a", "5": "s", "7": "t", $: "s", "@": "a", "!": "i" };
