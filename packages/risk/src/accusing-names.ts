/**
 * Words by which the name of a label says itself that something was done, whatever category its list gives: explorers' tags as
 * `Fake_Phishing13`, `Upbit Hacker 1.1`, `bZx Exploiter 2`, `USDT_blacklisted` come as `other`. One row a kind.
 */
const ACCUSING: ReadonlySet<string> = new Set(
	[
		"phish phisher phishers phishing",
		"hack hacked hacker hackers hacks",
		"exploit exploiter exploiters exploits",
		"fake fraud fraudster fraudsters scam scammer scammers scams",
		"ponzi",
		"heist stolen theft thief thieves",
		"drainer drainers ransomware rugpull",
		"blacklisted sanctioned sanctions",
	].flatMap((kind) => kind.split(" ")),
);
/** Words beside which one of those is about others: who helps, collects for a cause, or was robbed. */
const OF_OTHERS: ReadonlySet<string> = new Set(
	"compensation donate donation donations grants recovery refund rescue victim victims whitehat".split(" "),
);
const WHITE_HAT = /\bwhite[\s_-]?hats?\b/i;
const LINK = /\bhttps?:\/\/\S+/gi;

/**
 * Whether a label's name says by its own words that its address is one of phishing, a hack, a scam or the like. Where links in it point to
 * counts for nothing; letters and digits part as words do (`Phishing46`).
 */
export function isAccusing(name: string): boolean {
	const text = name.normalize("NFKC").replace(LINK, " ");
	const words = text.toLowerCase().split(/[^\p{L}]+/u);
	return words.some((word) => ACCUSING.has(word)) && !WHITE_HAT.test(text) && !words.some((word) => OF_OTHERS.has(word));
}

const COLLECTS = /scam|phish|fraud|ransom|abuse/i;
const HOST = /\bhttps?:\/\/(?:[^/@\s]*@)?([^/:?#\s)]+)/gi;

/**
 * What a list that collects scams calls itself, by its publisher's name or by the host that a claim gives as its source: such as
 * `cryptoscamdb.org`. Undefined for any other. What stands behind a host is about anything.
 */
export function scamCollectorOf({ source, name = "" }: { readonly source: string; readonly name?: string }): string | undefined {
	if (COLLECTS.test(source.replace(LINK, " "))) return source;
	return [source, name].flatMap((text) => [...text.matchAll(HOST)]).find(([, host = ""]) => COLLECTS.test(host))?.[1];
}
