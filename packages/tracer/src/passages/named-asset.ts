import { isNative, type Transfer, tokenContract, trustedAccountId, wrappedCoin, ZERO_ADDRESS } from "@clew/core";

/**
 * Whether a transfer moves the token that an event of its chain names by address: that token; or the native coin, where the event names no
 * contract (the zero address) or the chain's wrapped coin, which bridges wrap and unwrap on the way. Undefined where the event names none.
 */
export function movesNamed(token: string | undefined, { chain, asset }: Pick<Transfer, "chain" | "asset">): boolean | undefined {
	if (token === undefined) return undefined;
	if (isNative(asset)) return token === ZERO_ADDRESS || trustedAccountId(chain, token) === wrappedCoin(chain)?.contract;
	return tokenContract(asset) === trustedAccountId(chain, token);
}
