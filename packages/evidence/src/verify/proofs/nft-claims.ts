import { FACTS } from "../bundle/files.js";
import { publishedToken } from "../chain-family/tokens.js";
import { OLD_NFTS } from "../evm/family.js";
import { isWrappedCoin } from "../evm/wrapped-coins.js";
import type { Fail } from "../failure.js";
import type { ProvenBlocks } from "./proofs.js";
import { shownOf } from "./shown.js";

/** Contracts that are named one by one; a line of a verdict holds no more. */
const MAX_NAMED = 10;

/**
 * Contracts whose numbers `facts.json` calls ids (`nfts`), so that what they move is no money. Refused of well-known tokens and of wrapped
 * coins, and of a contract for which a proven receipt logs an amount as ERC-20 does, in its data: ERC-721 indexes its ids. Contracts from
 * before that which are known to log ids so are none of the maker's claims. Gives the other claims in words: nothing in a bundle shows
 * them.
 */
export function checkNfts(claims: readonly { readonly id: string }[], blocks: ProvenBlocks, fail: Fail): string[] {
	const known = new Set(OLD_NFTS);
	const claimed = [...new Set(claims.map(({ id }) => id))].filter((id) => !known.has(id)).sort();
	if (claimed.length === 0) return [];
	const logged = loggedAmounts(blocks);
	for (const id of claimed) {
		const is = isWrappedCoin(id) ? "the wrapped coin of its chain" : publishedToken(id)?.[0];
		if (is !== undefined) fail(FACTS, `calls the numbers of ${id} ids of NFTs, which is ${is}`);
		else if (logged.has(id)) fail(FACTS, `calls the numbers of ${id} ids of NFTs, and transaction ${logged.get(id)} logs them as amounts`);
	}
	return [nftsInWords(claimed)];
}

/** That numbers of these assets are ids, in words, with the addresses of the first contracts. */
function nftsInWords(assets: readonly string[]): string {
	const named = assets.slice(0, MAX_NAMED).map((asset) => asset.slice(asset.lastIndexOf(":") + 1));
	const more = assets.length > MAX_NAMED ? ` and ${assets.length - MAX_NAMED} more in ${FACTS}` : "";
	return `that numbers of ${assets.length === 1 ? "this contract" : "these contracts"} are ids of NFTs, and no amounts that count: ${named.join(", ")}${more}`;
}

/** Assets of which a proven receipt logs an amount in the form of ERC-20, with the first transaction that does. */
function loggedAmounts(blocks: ProvenBlocks): ReadonlyMap<string, string> {
	const found = new Map<string, string>();
	for (const block of blocks.values())
		for (const txHash of block.transactions)
			for (const { asset, asAmount } of shownOf(block, txHash)?.moves ?? []) if (asAmount && !found.has(asset)) found.set(asset, txHash);
	return found;
}
