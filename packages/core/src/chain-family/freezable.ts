import { type AssetId, assetChain, type ChainId } from "../ids.js";
import { EVM_FREEZABLE } from "./evm/freezable-tokens.js";
import type { FreezableToken } from "./freeze-forms.js";
import { TRON_FREEZABLE } from "./tron/freezable-tokens.js";

/** Every token that its issuer can freeze and that the tables hold. */
export const FREEZABLE_TOKENS: readonly FreezableToken[] = [...EVM_FREEZABLE, ...TRON_FREEZABLE];

const BY_ASSET: ReadonlyMap<AssetId, FreezableToken> = new Map(FREEZABLE_TOKENS.map((token) => [token.asset, token]));

/** The tokens of a chain that their issuers can freeze and that the tables hold, in the order of these. */
export function freezableTokens(chain: ChainId): readonly FreezableToken[] {
	return FREEZABLE_TOKENS.filter(({ asset }) => assetChain(asset) === chain);
}

/** Who can freeze a token, and how; undefined for one that the tables do not hold. */
export function freezableToken(asset: AssetId): FreezableToken | undefined {
	return BY_ASSET.get(asset);
}
