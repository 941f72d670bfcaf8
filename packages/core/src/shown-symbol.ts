import { COIN_CONTRACTS } from "./chain-family/evm/coin-contracts.js";
import { wrappedCoin } from "./chain-family/evm/wrapped.js";
import { KNOWN_TOKENS } from "./chain-family/known-tokens.js";
import { knownFamily } from "./chain-family/registry.js";
import { groupBy } from "./group-by.js";
import { defang } from "./hostile-text.js";
import { type AssetId, assetChain, type ChainId, isNative } from "./ids.js";
import { LETTER_LOOK_ALIKES } from "./letter-look-alikes.js";

/**
 * Letters that an issuer of a false token writes for others: capitals by their look, strokes, signs of currencies, Lisu, Cherokee, small
 * capitals.
 */
const MORE: Readonly<Record<string, string>> = {
	a: "ΑꓮᎪᴀ",
	b: "ΒꓐᏴʙ₿฿",
	c: "ꓚᏟᴄ¢₵",
	d: "đꓓᎠᴅ",
	e: "ΕꓰᎬᴇ€ɛ",
	f: "ꓝꜰ",
	g: "ꓖᏀɢ",
	h: "ΗꓧᎻʜħ",
	i: "ΙꓲɪıᏆ",
	j: "ꓙᎫᴊ",
	k: "ΚꓗᏦᴋ",
	l: "ꓡᏞʟł",
	m: "ΜꓟᎷᴍ",
	n: "ΝꓠɴŋИи",
	o: "ΟꓳᴏøՕօ",
	p: "ΡꓑᏢᴘ₱",
	r: "ꓣᏒʀ",
	s: "ꓢᏚꜱ$Տ",
	t: "ΤꓔᎢᴛŧ₮",
	u: "ꓴᴜՍս",
	v: "ꓦᏙᴠ",
	w: "ꓪᎳᴡ",
	x: "Χꓫ",
	y: "Υꓬʏ",
	z: "ΖꓜᏃᴢ",
};
const letters = (table: Readonly<Record<string, string>>) =>
	Object.entries(table).flatMap(([letter, others]) => [...others].map((other) => [other, letter] as const));
const LARGE: ReadonlyMap<string, string> = new Map(letters(MORE));
const SMALL: ReadonlyMap<string, string> = new Map([...letters(LETTER_LOOK_ALIKES), ...letters(MORE)]);

/** A symbol as it looks: small Latin letters and digits alone, without accents and what nobody sees. */
function skeleton(symbol: string, digits: Readonly<Record<string, string>>): string {
	const plain = [
		...symbol
			.slice(0, MOST_READ)
			.normalize("NFKD")
			.replace(/\p{M}+/gu, ""),
	].map((one) => {
		const letter = LARGE.get(one) ?? one.toLowerCase();
		return digits[one] ?? SMALL.get(letter) ?? letter;
	});
	return plain.join("").replace(/[^\p{L}\p{N}]+/gu, "");
}
const MOST_READ = 200;
const AS_WRITTEN = {};
/** Digits and signs as the letters that they stand for; a small L and a one may be either. */
const AS_LETTERS: readonly Readonly<Record<string, string>>[] = [
	{ "0": "o", "1": "l", "|": "l", "5": "s" },
	{ "0": "o", "1": "i", "|": "i", l: "i", "5": "s" },
];

/** True for a coin, its wrapped form and a well-known token, by their contracts. */
function isOriginal(asset: string): boolean {
	const chain = assetChain(asset as AssetId);
	if (isNative(asset as AssetId) || KNOWN_TOKENS.has(asset) || wrappedCoin(chain)?.asset === asset) return true;
	return COIN_CONTRACTS.get(chain) === contractOf(asset);
}

/** What a token passes itself off as: `symbol` of a coin, where `contract` is undefined, or of the token of that contract. */
export interface Imitated {
	readonly symbol: string;
	readonly contract: string | undefined;
}

/** A chain's own coin, its wrapped coin and its well-known tokens, by how their symbols look. */
function knownOf(chain: ChainId): ReadonlyMap<string, Imitated> {
	const held = KNOWN.get(chain);
	if (held !== undefined) return held;
	const named = new Map<string, Imitated>();
	const add = (symbol: string, contract: string | undefined, as = symbol) => {
		const look = skeleton(as, AS_WRITTEN);
		if (!named.has(look)) named.set(look, { symbol, contract });
	};
	const coin = knownFamily(chain)?.coin(chain);
	if (coin?.known) for (const as of [coin.symbol, ...(coin.otherSymbols ?? [])]) add(coin.symbol, undefined, as);
	for (const [asset, symbol] of KNOWN_TOKENS) if (asset.startsWith(`${chain}/`)) add(symbol, contractOf(asset));
	const wrapped = wrappedCoin(chain);
	if (wrapped !== undefined && coin?.known) add(`W${coin.symbol}`, contractOf(wrapped.asset));
	KNOWN.set(chain, named);
	return named;
}
const KNOWN = new Map<ChainId, ReadonlyMap<string, Imitated>>();

const contractOf = (asset: string): string => asset.slice(asset.lastIndexOf(":") + 1);

/** A contract, shortened; whole it stands beside, or in the data. */
function shortOf(asset: string): string {
	const contract = contractOf(asset);
	return contract.length > 12 ? `${contract.slice(0, 6)}…${contract.slice(-4)}` : contract;
}

/**
 * The coin or well-known token of its chain whose symbol an asset bears, or one that looks like it (large or small letters, look-alikes,
 * invisible characters, other widths), without being it. Undefined for any other, and where Clew knows none of that name.
 */
export function imitatedBy(asset: string, symbol: string): Imitated | undefined {
	if (isOriginal(asset)) return undefined;
	const chain = assetChain(asset as AssetId);
	const known = knownOf(chain);
	for (const digits of [AS_WRITTEN, ...AS_LETTERS]) {
		const found = known.get(skeleton(symbol, digits));
		if (found !== undefined) return found;
	}
	return undefined;
}

type Assets = Readonly<Record<string, { readonly symbol: string }>>;

/** The assets of one output whose symbol another of them bears, too. */
function sharedIn(assets: Assets): ReadonlySet<string> {
	const held = SHARED.get(assets);
	if (held !== undefined) return held;
	const groups = groupBy(Object.entries(assets), ([, { symbol }]) => skeleton(symbol, AS_WRITTEN));
	const shared = new Set([...groups.values()].flatMap((alike) => (alike.length > 1 ? alike.map(([asset]) => asset) : [])));
	SHARED.set(assets, shared);
	return shared;
}
const SHARED = new WeakMap<Assets, ReadonlySet<string>>();

/** A symbol that is marked is shown up to here. */
const MOST_MARKED = 40;

/**
 * What an asset is called in words, safe to show; empty where nobody gave it a symbol. A token that passes itself off as its chain's coin
 * or
 * as a well-known token is marked, as `"USDT" (not the known USDT: 0x9999…9999)`. Of unknown ones with one symbol among `assets`, those of
 * the same output, each is shown with its contract.
 */
export function shownSymbol(asset: string, symbol: string, assets: Assets = {}): string {
	const shown = defang(symbol).trim();
	if (shown === "") return "";
	const cut = shown.length > MOST_MARKED ? `${shown.slice(0, MOST_MARKED - 1)}…` : shown;
	const imitated = imitatedBy(asset, symbol);
	if (imitated !== undefined)
		return `"${cut}" (not the ${imitated.contract === undefined ? "coin" : "known"} ${imitated.symbol}: ${shortOf(asset)})`;
	if (isOriginal(asset) || !sharedIn(assets).has(asset)) return shown;
	return `${cut} (${shortOf(asset)})`;
}
