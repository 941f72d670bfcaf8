import { type AccountId, accountId, type ChainId, chainOfAddress, chainOfExplorer, DEFAULT_CHAIN, defang, parseAccount } from "@clew/core";
import { OTHER_NAMES } from "./subject.js";

/** One thing that a URL points to besides its site, as explorers, swaps and payment pages do. */
export type PointedAt =
	| { readonly kind: "account"; readonly account: AccountId }
	| { readonly kind: "ens"; readonly name: string }
	/** What nobody can look at here: `what` is safe to show, `why` follows it in words. */
	| { readonly kind: "not-looked"; readonly what: string; readonly why: string };

/** How often a URL may be percent-encoded; a reader of it undoes each. */
const ENCODED = 8;
const NAMESPACE = DEFAULT_CHAIN.slice(0, DEFAULT_CHAIN.indexOf(":"));
/** `0x`, or XDC's `xdc`, and 40 hex digits, wherever they stand, with the CAIP-2 chain before them where the URL writes one. */
const EVM_ADDRESS = new RegExp(`(${NAMESPACE}:[1-9][0-9]{0,17}:)?(?:0x|xdc)([0-9a-f]{40})(?![0-9a-f])`, "gi");
/** The same digits as a word of their own: Git's hashes look alike, and looking one up does no harm. */
const BARE_ADDRESS = /(?<![0-9a-z])[0-9a-f]{40}(?![0-9a-z])/gi;
const TRANSACTION = /(?<![0-9a-z])(?:0x)?[0-9a-f]{64}(?![0-9a-z])/gi;
/** Hexadecimal that may hold an address or be a mistyped one: longer than what amounts are. */
const LONG_HEX = /^0x[0-9a-f]{33,}$/i;
/** An address or a hash, as the patterns above find them. */
const TOLD = /^(?:(?:0x|xdc)?[0-9a-f]{40}|(?:0x)?[0-9a-f]{64})$/i;
const WORD = /[0-9a-z]+/gi;
const NAME = /(?<![\p{L}\p{N}_.-])[\p{L}\p{N}\p{So}_-][\p{L}\p{N}\p{So}_.-]*\.[a-z]+(?![\p{L}\p{N}_-])/giu;

/** Forms of addresses of chains that Clew does not follow, and of mistyped ones of those that it does. */
const OTHER_FORMS: readonly RegExp[] = [
	// Base58 (Bitcoin's kind, Solana, XRP, Polkadot, Monero, Tezos): random, so that letters of both cases and digits are in it.
	/^(?=.*[0-9])(?=.*[A-Z])(?=.*[a-z])[1-9A-HJ-NP-Za-km-z]{25,}$/,
	// Bech32 (BIP 173: Litecoin, Cardano, Cosmos and its kind).
	/^[a-z]{1,20}1[02-9ac-hj-np-z]{38,}$/i,
	// CashAddr, base32 of Stellar and Algorand.
	/^[qp][02-9ac-hj-np-z]{41}$/i,
	/^(?:G[A-Z2-7]{55}|[A-Z2-7]{58})$/,
];
/** TON's, in base64 for URLs. */
const TON = /(?<![\w-])[EUk0][Qf][\w-]{46}(?![\w-])/g;

/**
 * Every address, name and transaction that stands in a URL, each once: in its path, query and fragment, escapes undone, and what is surely
 * an address anywhere in it. An account is on the chain that a bare one would be of, or whose explorer the URL leads to, unless the URL
 * writes a CAIP-10 id. What looks like an address and is of no form that can be looked up is told as such.
 */
export function pointedAt(url: string, chain: ChainId | undefined, usual: ChainId = DEFAULT_CHAIN): readonly PointedAt[] {
	const { text, whole } = decoded(url.replace(/^[a-z][a-z0-9+.-]*:\/\//i, ""));
	// In the host stand names of sites; only an EVM address is told from one there.
	const behind = text.slice(Math.max(0, text.search(/[/?#]/)));
	const found = new Map<string, PointedAt>();
	const add = (key: string, one: PointedAt) => void (found.has(key) || found.set(key, one));
	const notLooked = (what: string, why: string) => add(what, { kind: "not-looked", what: defang(what), why });
	const addAccount = (account: AccountId) => add(account, { kind: "account", account });
	const on = chain ?? chainOfExplorer(/^[^/?#:]*/.exec(text)?.[0] ?? "") ?? usual;
	const evm = (digits: string) => `0x${digits.toLowerCase()}`;
	// A checksum that does not hold is a matter of the site that wrote it.
	for (const [, before, digits = ""] of text.matchAll(EVM_ADDRESS))
		addAccount(before === undefined ? bare(evm(digits), on) : parseAccount(`${before.toLowerCase()}${evm(digits)}`, on));
	for (const [digits] of text.matchAll(BARE_ADDRESS)) addAccount(bare(evm(digits), on));
	for (const [hash] of behind.matchAll(TRANSACTION)) notLooked(hash, "is a transaction or another hash: give the addresses that it pays");
	for (const [address] of behind.matchAll(TON)) notLooked(address, "has the form of an address of TON, which Clew does not follow");
	for (const [name] of behind.matchAll(NAME)) {
		if (/\.eth$/i.test(name)) add(name.toLowerCase(), { kind: "ens", name });
		else if (OTHER_NAMES.test(name)) notLooked(name, "may be a name of a naming service that Clew does not ask");
	}
	for (const [word] of behind.matchAll(WORD)) {
		if (TOLD.test(word)) continue;
		const account = valid(word, on);
		if (account !== undefined) addAccount(account);
		else if (LONG_HEX.test(word)) notLooked(word, "is no address that can be read, or data in which addresses may stand");
		else if (OTHER_FORMS.some((form) => form.test(word)))
			notLooked(word, "looks like an address, of a chain that Clew does not follow or mistyped");
	}
	if (!whole) notLooked("the rest of the URL", `is percent-encoded more than ${ENCODED} times`);
	return [...found.values()];
}

function bare(address: string, on: ChainId): AccountId {
	return accountId(chainOfAddress(address, on) ?? DEFAULT_CHAIN, address);
}

/** The account of a word that is an address with a checksum that holds. */
function valid(word: string, on: ChainId): AccountId | undefined {
	const chain = chainOfAddress(word, on);
	if (chain === undefined) return undefined;
	try {
		return accountId(chain, word);
	} catch {
		// Mistyped, or of no chain that is followed.
		return undefined;
	}
}

/** A URL without escapes and without what browsers drop or nobody sees, and whether that is all of it. */
function decoded(url: string): { readonly text: string; readonly whole: boolean } {
	let text = url;
	for (let round = 0; round < ENCODED; round++) {
		const next = text.replace(/(?:%[0-9a-f]{2})+/gi, bytesInWords);
		if (next === text) break;
		text = next;
	}
	const whole = text.replace(/(?:%[0-9a-f]{2})+/gi, bytesInWords) === text;
	return { text: text.normalize("NFKC").replace(/[\t\n\r]|\p{Default_Ignorable_Code_Point}/gu, ""), whole };
}

/** Escapes as the text that their bytes are in UTF-8; what is none stays a sign that is part of no address. */
function bytesInWords(escapes: string): string {
	return Buffer.from(escapes.replaceAll("%", ""), "hex").toString("utf8");
}
