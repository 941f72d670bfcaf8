import type { AssetInfo } from "../claims.js";
import { type AssetId, assetChain, tokenContract } from "../ids.js";
import { EVM_TOKENS, REBASING_TOKENS } from "./evm/known-tokens.js";
import { wrappedCoin } from "./evm/wrapped.js";
import { TRON_TOKENS } from "./tron/known-tokens.js";

/** What a token's makers publish of it: its symbol in capitals, and its decimals. */
export interface PublishedToken {
	readonly symbol: string;
	readonly decimals: number;
}

const TOKENS: ReadonlyMap<string, PublishedToken> = new Map([...EVM_TOKENS, ...TRON_TOKENS]);

/** What a token's makers publish of it; undefined for one that the tables do not hold. */
export function publishedToken(asset: AssetId): PublishedToken | undefined {
	return TOKENS.get(asset);
}

/** What the makers of these tokens publish of them; those that the tables do not hold are left out. */
export function publishedAssets(assets: Iterable<AssetId>): AssetInfo[] {
	return [...assets].flatMap((asset) => {
		const published = TOKENS.get(asset);
		return published === undefined ? [] : [{ asset, ...published }];
	});
}

/** Asset ids (CAIP-19) of tokens whose contract is known, with the symbol that their makers publish, in capitals. */
export const KNOWN_TOKENS: ReadonlyMap<string, string> = new Map([...TOKENS].map(([asset, { symbol }]) => [asset, symbol]));

/**
 * True of what the chain itself moves, and of tokens whose code is known to log what it moves, and to change balances by nothing else;
 * wrapped coins are among them.
 */
export function logsWhatItMoves(asset: AssetId): boolean {
	if (tokenContract(asset) === undefined) return true;
	return (TOKENS.has(asset) && !REBASING_TOKENS.has(asset)) || wrappedCoin(assetChain(asset))?.asset === asset;
}

/** What a contract itself calls a token that people know by another symbol. */
const OWN_SYMBOLS: Readonly<Record<string, string>> = { SAI: "DAI" };
/** How a symbol may be written. */
const WRITTEN = /^[A-Z0-9₮][A-Z0-9₮. _-]*$/;
/** Letters that another spelling of a symbol shares with it, from the first on. */
const SHARED = 3;

/** Whether a symbol can be meant for a token: its own, without the mark of a bridge, or written in another way; not another token's. */
function isCalled(told: string, { symbol }: PublishedToken): boolean {
	if (told === "") return true;
	// What begins with a sign is a formula to a spreadsheet, and no symbol.
	if (!WRITTEN.test(told)) return false;
	if (told === symbol || OWN_SYMBOLS[symbol] === told || symbol.startsWith(`${told}.`)) return true;
	const begin = (text: string) => text.replace(/[^A-Z0-9]/g, "").slice(0, SHARED);
	return begin(told) === begin(symbol) && ![...TOKENS.values()].some((token) => token.symbol === told);
}

/**
 * What the makers of a known token publish otherwise than somebody tells of it: its decimals, or its symbol. Symbols that are written in
 * another way are no contradiction. Undefined where there is none.
 */
export function publishedOtherwise({ asset, decimals, symbol }: AssetInfo): PublishedToken | undefined {
	const known = TOKENS.get(asset);
	if (known === undefined) return undefined;
	return decimals !== known.decimals || !isCalled(symbol.toUpperCase(), known) ? known : undefined;
}
