import type { Fail } from "../failure.js";
import { FAMILIES, familyOf } from "./registry.js";

const TOKEN = /^([-a-z0-9]{3,8}:[-_a-zA-Z0-9]{1,32})\/([a-z0-9]+):([0-9A-Za-z]{1,64})$/;

/** Symbol (in capitals) and decimals that a token's makers publish; undefined for one that this verifier does not know. */
export function publishedToken(asset: string): readonly [symbol: string, decimals: number] | undefined {
	const [, chain = "", standard, contract = ""] = TOKEN.exec(asset) ?? [];
	const family = familyOf(chain);
	const reference = chain.slice(chain.indexOf(":") + 1);
	if (family?.tokens === undefined || family.tokens.standard !== standard) return undefined;
	const { published } = family.tokens;
	const tokens = Object.hasOwn(published, reference) ? published[reference] : undefined;
	return tokens !== undefined && Object.hasOwn(tokens, contract) ? tokens[contract] : undefined;
}

/**
 * A token's contract as people read it; undefined for what is no token with a contract, or of a family that this verifier does not know.
 */
export function shownContract(asset: string): string | undefined {
	const [, chain = "", standard, contract = ""] = TOKEN.exec(asset) ?? [];
	const tokens = familyOf(chain)?.tokens;
	return tokens?.standard === standard ? tokens?.shown(contract) : undefined;
}

/** How a token's contract freezes an account, and the account as its calls take it; undefined for a contract that this verifier does not know. */
export function freezingOf(account: string, asset: string): { readonly freezes: string; readonly digits: string } | undefined {
	const [, chain = "", standard, contract = ""] = TOKEN.exec(asset) ?? [];
	const tokens = familyOf(chain)?.tokens;
	if (tokens?.standard !== standard) return undefined;
	const freezes = tokens?.freezes(contract, chain.slice(chain.indexOf(":") + 1));
	const digits = tokens?.digits(account.slice(account.lastIndexOf(":") + 1));
	return freezes === undefined || digits === undefined ? undefined : { freezes, digits };
}

/** What a contract itself calls a token that people know by another symbol. */
const OWN_SYMBOLS: Readonly<Record<string, string>> = { SAI: "DAI" };

/** No well-known token that is described has other decimals than its makers publish, or goes by the symbol of another. */
export function checkTokens(
	assets: Readonly<Record<string, { readonly symbol: string; readonly decimals: number }>>,
	where: string,
	fail: Fail,
): void {
	const symbols = new Set(
		FAMILIES.flatMap(({ tokens }) => Object.values(tokens?.published ?? {}).flatMap((of) => Object.values(of).map(([symbol]) => symbol))),
	);
	for (const [asset, { symbol, decimals }] of Object.entries(assets)) {
		const [published, places] = publishedToken(asset) ?? [];
		if (published === undefined || places === undefined) continue;
		// Nobody described it: its amounts are told in base units.
		if (symbol === "" && decimals === 0) continue;
		if (decimals !== places) fail(where, `${asset} has ${places} decimals, as its makers publish, not ${decimals}`);
		const told = symbol.toUpperCase();
		if (told !== published && OWN_SYMBOLS[published] !== told && !published.startsWith(`${told}.`) && symbols.has(told))
			fail(where, `${asset} is called ${JSON.stringify(symbol.slice(0, 40))}, and its makers call it ${published}`);
	}
}
