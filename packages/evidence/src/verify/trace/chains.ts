import type { VerifiedFamily } from "../chain-family/family.js";
import { familyOf, isAsset } from "../chain-family/registry.js";
import { checkTokens } from "../chain-family/tokens.js";
import type { Fail } from "../failure.js";

const MAX_SHOWN = 100;
const COIN = /^([-a-z0-9]{3,8}:[-_a-zA-Z0-9]{1,32})\/slip44:/;

function known(chain: string, family: VerifiedFamily | undefined): readonly [name: string, symbol: string] | undefined {
	const reference = chain.slice(chain.indexOf(":") + 1);
	return family !== undefined && Object.hasOwn(family.chains, reference) ? family.chains[reference] : undefined;
}

/** The chain whose coin an asset is, and its family; undefined for tokens, and for chains that this verifier does not know. */
function coin(asset: string): { readonly chain: string; readonly family: VerifiedFamily } | undefined {
	const chain = COIN.exec(asset)?.[1];
	const family = chain === undefined ? undefined : familyOf(chain);
	return chain === undefined || family === undefined ? undefined : { chain, family };
}

/** What a chain is called in words. */
export function nameOfChain(chain: string): string {
	return known(chain, familyOf(chain))?.[0] ?? `chain ${chain}`;
}

/**
 * The coins among these assets have the decimals and the symbol of their chain: "native coin of CHAIN" where the table has none. Each
 * coin in `named` is described, so that its amounts can be read. Well-known tokens are as their makers publish them.
 */
export function checkCoins(
	assets: Readonly<Record<string, { readonly symbol: string; readonly decimals: number }>>,
	named: readonly string[],
	where: string,
	fail: Fail,
): void {
	for (const [asset, { symbol, decimals }] of Object.entries(assets)) {
		const { chain, family } = coin(asset) ?? {};
		if (chain === undefined || family === undefined) continue;
		const expected = family.decimals;
		if (decimals !== expected) fail(where, `${asset} has ${expected} decimals, not ${decimals}`);
		const symbols = [known(chain, family)?.[1] ?? [], `native coin of ${chain}`].flat();
		if (!symbols.includes(symbol)) fail(where, `${asset} is called ${JSON.stringify(symbol.slice(0, 40))}, and not ${symbols[0]}`);
	}
	checkTokens(assets, where, fail);
	for (const asset of new Set([...Object.keys(assets), ...named]))
		if (!isAsset(asset)) fail(where, `names ${JSON.stringify(asset.slice(0, MAX_SHOWN))}, which is no asset of its chain`);
	for (const asset of new Set(named))
		if (coin(asset) !== undefined && !Object.hasOwn(assets, asset)) fail(where, `does not say what ${asset} is, of which it tells amounts`);
}
