import {
	type AccountId,
	accountId,
	BITCOIN_NETWORKS,
	type ChainId,
	defang,
	displayAddress,
	InputError,
	isAddress,
	isTronAddress,
	isUtxoChain,
	normalizeBitcoinAddress,
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

const MAINNET = parseChainId("eip155:1");
const SCHEME = /^[a-z][a-z0-9+.-]*:\/\//i;
const ACCOUNT = /^([-a-z0-9]{3,8}:[-_a-zA-Z0-9]{1,32}|bitcoin[-a-z0-9]*):[^/.]+$/;
/** Endings of naming services on chains that are no top-level domains of the Internet: such a name is no site. */
const OTHER_NAMES = /\.(crypto|nft|wallet|bitcoin|blockchain|dao|x|888|zil|polygon|unstoppable|sol|bnb|arb|tez|near|lens|hns)$/i;
/** Dots of other scripts, which browsers read as dots (UTS 46). */
const DOT = /[.\u3002\uff0e\uff61]/;

/** The subject of a word that a user typed. A bare address belongs to its own chain, unless `chain` says another one that it can be of. Throws InputError. */
export function subjectOf(what: string, chain: ChainId | undefined, usual: ChainId = MAINNET): Subject {
	const text = what.trim();
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

function accountOf(text: string, chain: ChainId | undefined, usual: ChainId): AccountId {
	if (text.includes(":")) return parseAccount(text, chainBefore(text) ?? chain ?? usual);
	if (chain !== undefined) return accountId(chain, text);
	if (isAddress(text)) return accountId(isUtxoChain(usual) ? MAINNET : usual, text);
	if (isTronAddress(text))
		throw new InputError(`${quote(text)} is an address of Tron, which Clew does not follow`, {
			code: "BAD_ADDRESS",
			hint: "No list was looked at for it: ask the lists' publishers.",
		});
	return accountId(bitcoinChainOf(text, usual) ?? usual, text);
}

function chainBefore(text: string): ChainId {
	return parseChainId(text.slice(0, text.lastIndexOf(":")));
}

/** The network of a Bitcoin address: the usual one where it can be of it, else the first that has such addresses. */
function bitcoinChainOf(address: string, usual: ChainId): ChainId | undefined {
	const networks = [...BITCOIN_NETWORKS].sort((a, b) => Number(b.chain === usual) - Number(a.chain === usual));
	return networks.find((network) => {
		try {
			return normalizeBitcoinAddress(address, network) !== "";
		} catch {
			return false;
		}
	})?.chain;
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
