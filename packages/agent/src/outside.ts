import { sha256 } from "./sha256.js";

/** Why a text that somebody outside wrote is shown as it is, or not at all. */
export const FLAGS = ["long", "instruction", "link", "other-script", "unseen-characters", "signs"] as const;
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
const MAX_WORDS = 5;
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
	proven certified whitelist* accept* true false fact facts`.split(/\s+/);
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

function flagsOf(text: string): Flag[] {
	const words = text.split(/[^\p{L}\p{N}]+/u).filter((word) => word !== "");
	const orders = wordsWithin(text).some((word) => WORDS.has(word) || STEMS.some((stem) => word.startsWith(stem)));
	return [
		...(text.length > MAX_LENGTH || words.length > MAX_WORDS ? (["long"] as const) : []),
		...(orders ? (["instruction"] as const) : []),
		...(LINK.test(text) ? (["link"] as const) : []),
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
