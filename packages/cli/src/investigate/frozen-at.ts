import { type AccountId, type AssetId, type ChainNode, countedOf, freezableToken, NodeError, type TraceResult } from "@clew/core";
import { askFrozen, type Freezable } from "@clew/workers";
import type { Context } from "../context.js";

/** End points and tokens that are asked about at most, the first of the list. */
const MOST = 40;

/**
 * What a node says of freezable tokens at the end points of a trace: whether each is frozen, by `account asset`, and what was not asked.
 */
export async function frozenAt(
	context: Context,
	node: ChainNode | undefined,
	result: TraceResult,
): Promise<{ readonly frozen: ReadonlyMap<string, boolean>; readonly notLooked: readonly string[] }> {
	const all = countedOf(result).counted.leaves.flatMap(({ account, amounts, range }): Freezable[] =>
		Object.keys(amounts).flatMap((asset) => {
			const token = freezableToken(asset as AssetId);
			return token === undefined || range[1] === "0" ? [] : [{ account: account as AccountId, token }];
		}),
	);
	const frozen = new Map<string, boolean>();
	if (all.length === 0) return { frozen, notLooked: [] };
	if (node === undefined || node.ledger === "outputs")
		return { frozen, notLooked: [`whether ${all.length} holdings of tokens are frozen was not asked (clew frozen --rpc)`] };
	const notLooked = all.length > MOST ? [`whether ${all.length - MOST} more holdings of tokens are frozen was not asked`] : [];
	try {
		const { facts } = await askFrozen(node, all.slice(0, MOST), context.signal);
		for (const { account, token, frozen: is } of facts) if (is !== undefined) frozen.set(`${account} ${token.asset}`, is);
		return { frozen, notLooked };
	} catch (error) {
		if (!(error instanceof NodeError)) throw error;
		return { frozen, notLooked: [`whether tokens are frozen the node did not tell (${error.message})`] };
	}
}
