/** Words of a name that say what an account is for, and not whose it is. */
const GENERIC: ReadonlySet<string> = new Set(
	"account accounts address addresses and co cold com contract deposit deposits exchange funds hot io main net of old org reserve reserves the wallet wallets withdrawal withdrawals".split(
		" ",
	),
);
/** Forms of companies. Places are none: `Upbit Singapore` is another company than `Upbit`. */
const LEGAL_FORMS: ReadonlySet<string> = new Set("ag bv corp corporation gmbh inc incorporated limited llc ltd plc pte pty".split(" "));
/**
 * Names of one owner, as {@link plain} has them: renamings that the owner announced, with the year, and a short form that lists use.
 * `okcoin`, `huobikorea` and the like are other companies.
 */
const ONE_OWNER: readonly (readonly string[])[] = [
	["okex", "okx"], // 2022
	["huobi", "huobiglobal", "htx"], // 2023
	["monaco", "cryptocom"], // 2018
	["mxc", "mexc"], // 2021
	["bitmax", "ascendex"], // 2021
	["bitcoincoid", "indodax"], // 2018
	["bitx", "luno"], // 2017
	["bitreserve", "uphold"], // 2015
	["coinimal", "bitpanda"], // 2016
	["blockchaininfo", "blockchaincom"], // 2017
	["binancecustody", "ceffu"], // 2023
	["tornado", "tornadocash"],
];
/**
 * What explorers write behind an owner's name: a contract's use, a token by its symbol (`Tornado.Cash: TORN Token`), or what a pool takes
 * (`Tornado.Cash: 10,000 DAI 2`).
 */
const CONTRACT_USE: ReadonlySet<string> = new Set(
	"airdrop bridge controller deployer donate donation donations escrow factory fee fees gateway governance helper l1 l2 manager mixer multisig oracle pool proxy registry relayer relayers rewards router staking timelock token tokens treasury vault verifier vesting".split(
		" ",
	),
);
const TOKEN = /^[a-z]{0,2}[A-Z\d]{2,10} Tokens?(?: \d+)?$/;
const DENOMINATION = /^[\d.,]+ c?[A-Z]{2,6}(?: \d+)?$/;
/** A longer text describes an account. */
const WORDS_OF_A_NAME = 4;

const plain = (name: string): string =>
	name
		.normalize("NFKC")
		.toLowerCase()
		.replace(/[\p{P}\p{S}\p{Z}\s]/gu, "");

/**
 * Whether two names may well be of one owner: equal but for case, punctuation and spaces, names before and after a renaming (`OKEx`,
 * `OKX`), or one is a description that holds the other as words, beside numbers, words of use and forms of companies (`Binance 14 (hot
 * wallet)`, `kraken.com`) or among more than four words, or before a colon (`Tornado.Cash: Proxy`, also where both have one). `Binance US`
 * is another name than `Binance`. As the first names of an owner, so the second; not transitive.
 */
export function sameOwner(a: string, b: string): boolean {
	const [x, y] = [plain(a), plain(b)];
	if (x === y) return x !== "" || a === b;
	if (x === "" || y === "") return false;
	if (namesOf(x).includes(y) || isOf(a, y) || isOf(b, x)) return true;
	const [one, other] = [ownerOf(a), ownerOf(b)];
	return one !== undefined && other !== undefined && sameOwner(one, other);
}

/** A plain name and all others of the same owner. */
function namesOf(name: string): readonly string[] {
	return ONE_OWNER.find((names) => names.includes(name)) ?? [name];
}

/** What stands before a colon, where a contract's use stands behind it: whose the contract is. */
function ownerOf(text: string): string | undefined {
	const [, owner, use = ""] = /^(.+?): (.+)$/u.exec(text) ?? [];
	return DENOMINATION.test(use) || TOKEN.test(use) || use.split(" ").every(saysUse) ? owner : undefined;
}

/** Whether a text is about the owner of a plain name. */
function isOf(text: string, name: string): boolean {
	const owner = ownerOf(text);
	return namesOf(name).some(
		(one) => describes(text, one, one === name) || (owner !== undefined && (plain(owner) === one || describes(owner, one, false))),
	);
}

const isWeak = (word: string): boolean => GENERIC.has(word) || LEGAL_FORMS.has(word) || /^\p{N}+$/u.test(word);
const saysUse = (word: string): boolean => isWeak(word.toLowerCase()) || CONTRACT_USE.has(word.toLowerCase());

/** Whether a text holds a plain name as words beside words of use; `loose`: or among more than four words. */
function describes(text: string, name: string, loose: boolean): boolean {
	const words = text
		.normalize("NFKC")
		.toLowerCase()
		.split(/[\p{P}\p{S}\p{Z}\s]+/u)
		.filter((word) => word !== "");
	return words.some((_, from) => {
		let run = "";
		for (let to = from; to < words.length && run.length < name.length; to++) {
			run += words[to];
			if (run !== name) continue;
			const rest = [...words.slice(0, from), ...words.slice(to + 1)];
			return (loose && words.length > WORDS_OF_A_NAME) || rest.every(isWeak);
		}
		return false;
	});
}

/** Lists that stand, by their own readers or by hand, where an owner is named. */
const LISTS: ReadonlySet<string> = new Set(["ofac", "ofacsdn", "ofacsdnlist", "scamsniffer", "scamsnifferreport", "ethphishingdetect"]);

/** What an explorer or a token's issuer writes, with a running number, for whoever was reported or blocked. */
const REPORTED = /^(?:fakephishing\d*|[a-z]{3,5}blacklisted)$/;

/** True for the name of a list of dangers, words that say that somebody is on OFAC's, or a report's: that is nobody's name. */
export function isNameOfList(entity: string): boolean {
	return REPORTED.test(plain(entity)) || LISTS.has(plain(entity)) || /(?<![a-z])ofac(?![a-z])/i.test(entity);
}
