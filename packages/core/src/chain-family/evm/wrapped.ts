import { type AccountId, type AssetId, type ChainId, erc20Asset, trustedAccountId } from "../../ids.js";
import type { TransferRecord } from "../../transfer.js";
import { nativeAsset, nullAccount } from "../accounts.js";
import { evmChain } from "./chains.js";

/**
 * Chains whose wrapped coin has other code than WETH9: it logs a Transfer for what it mints and burns, or lets a payer name another
 * receiver, or nobody compared its code. A payment to or from it alone does not tell who got, or gave, the tokens.
 */
const OTHER_CODE: ReadonlySet<string> = new Set([250, 324, 5000, 42161, 42170, 81457, 534352].map((id) => `eip155:${id}`));

/** The contract that wraps a chain's native coin. */
export interface WrappedCoin {
	readonly contract: AccountId;
	readonly asset: AssetId;
	/**
	 * True where it has the code of WETH9: every call that pays it mints as much to the caller, and it pays out only what its caller burns.
	 */
	readonly weth9: boolean;
}

/** The wrapped coin of a chain; undefined where none is known. */
export function wrappedCoin(chain: ChainId): WrappedCoin | undefined {
	const address = evmChain(chain)?.wrapped;
	if (address === undefined) return undefined;
	return { contract: trustedAccountId(chain, address), asset: erc20Asset(chain, address), weth9: !OTHER_CODE.has(chain) };
}

/**
 * The other side of a payment of native coin by a call to or from the wrapped coin's contract, which logs no Transfer for it: the mint to
 * who paid, or the burn of who was paid. Undefined for every other payment, and where the contract's code is not WETH9's. Not for the rest
 * of a destroyed contract, which runs no code.
 */
export function otherSideOfWrapping(chain: ChainId, { kind, from, to, amount }: TransferRecord): TransferRecord | undefined {
	const coin = wrappedCoin(chain);
	if (coin === undefined || !coin.weth9 || amount === 0n || from === to || (kind !== "native" && kind !== "internal")) return undefined;
	if (to === coin.contract) return { kind: "mint", from: nullAccount(chain), to: from, asset: coin.asset, amount };
	return from === coin.contract ? { kind: "burn", from: to, to: nullAccount(chain), asset: coin.asset, amount } : undefined;
}

/** What the wrapped coin's contract pays to who unwraps: the other side of its Withdrawal event, or of a call of `withdraw`. */
export function unwrappedPayment(chain: ChainId, contract: AccountId, to: AccountId, amount: bigint): TransferRecord {
	return { kind: "internal", from: contract, to, asset: nativeAsset(chain), amount };
}
