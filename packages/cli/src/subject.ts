import {
	type AccountId,
	accountId,
	type ChainId,
	chainName,
	chainOf,
	chainOfAddress,
	DEFAULT_CHAIN,
	defang,
	displayAddress,
	FAMILIES,
	familyOf,
	InputError,
	parseAccount,
	parseChainId,
	parseSite,
	quote,
	type Site,
	siteSubject,
} from "@clew/core";

/** What a person may ask about: an account, a site (and a page of it), or a name that stands for an account. */
export type Subject =
	| { readonly kind: "account"; readonly account: AccountId }
	| { readonly kind: "site"; readonly site: Site }
	| { readonly kind: "ens"; readonly name: string };

const SCHEME = /^[a-z][a-z0-9+.-]*:\/\//i;
const ACCOUNT = /^([-a-z0-9]{3,8}:[-_a-zA-Z0-9]{1,32}|bitcoin[-a-z0-9]*):[^/.]+$/;
/** Endings of naming services on chains that are no top-level domains of the Internet: such a name is no site. */
export const OTHER_NAMES = /\.(crypto|nft|wallet|bitcoin|blockchain|dao|x|888|zil|polygon|unstoppable|sol|bnb|arb|tez|near|lens|hns)$/i;
/** Dots of other scripts, which browsers read as dots (UTS 46). */
const DOT = /[.\u3002\uff0e\uff61]/;

/**
 * The subject of a word that a user typed. A bare address belongs to its own chain, unless `chain` says another one that it can be of.
 * Throws InputError.
 */
export function subjectOf(what: string, chain: ChainId | undefined, usual: ChainId = DEFAULT_CHAIN): Subject {
	const text = paymentAddress(what.trim());
	if (!SCHEME.test(text) && (ACCOUNT.test(text) || !DOT.test(text))) return { kind: "account", account: accountOf(text, chain, usual) };
	if (/\.eth\.?$/i.test(text) && !SCHEME.test(text)) return { kind: "ens", name: text.replace(/\.$/, "") };
	if (SCHEME.test(text) && !/^(https?|wss?):/i.test(text))
		throw new InputError(`${quote(text)} is no address of a site`, {
			code: "USAGE",
			hint: "Give a host name, or a URL that begins with https://.",
		});
	const site = parseSite(text, "argument");
	if (site.host.endsWith(".eth")) return { kind: "ens", name: site.host };
	if (OTHER_NAMES.test(site.host))
		throw new InputError(`${quote(site.host)} is a name of a naming service that Clew does not ask`, {
			code: "USAGE",
			hint: "Give the address that it stands for.",
		});
	return { kind: "site", site };
}

/**
 * The account that a payment request asks to pay, and `0X` as `0x`; any other text as it is. Throws InputError for a request that calls a
 * contract.
 */
function paymentAddress(text: string): string {
	for (const family of FAMILIES) {
		const asked = family.requestedAccount(text);
		if (asked !== undefined) return asked;
	}
	return text.replace(/^0X(?=[0-9a-fA-F]{40}$)/, "0x");
}

function accountOf(text: string, chain: ChainId | undefined, usual: ChainId): AccountId {
	if (text.includes(":")) return parseAccount(text, chainBefore(text) ?? chain ?? usual);
	if (chain !== undefined) return accountId(chain, text);
	const own = chainOfAddress(text, usual);
	if (own !== undefined) return accountId(own, text);
	return accountId(usual, text);
}

function chainBefore(text: string): ChainId {
	return parseChainId(text.slice(0, text.lastIndexOf(":")));
}

/** The subject as lists know it. */
export function subjectId(subject: Exclude<Subject, { kind: "ens" }>): string {
	return subject.kind === "account" ? subject.account : siteSubject(subject.site);
}

/** An account or a site, safe to show. */
export function displaySubject(subject: string): string {
	return subject.startsWith("domain:")
		? defang(subject.slice("domain:".length).replaceAll(".", "[.]"))
		: displayAddress(subject as AccountId);
}

/** The same with the account's chain, where that is not the one that is meant where only its family is known. */
export function displayWithChain(subject: string): string {
	const shown = displaySubject(subject);
	if (subject.startsWith("domain:")) return shown;
	const chain = chainOf(subject as AccountId);
	return chain === familyOf(chain).main ? shown : `${shown} on ${chainName(chain)}`;
}
