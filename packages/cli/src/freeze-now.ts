import {
	type AccountId,
	type AssetId,
	type ChainSource,
	freezableToken,
	type GraphStore,
	isNative,
	NodeError,
	parsePosition,
	type TraceGap,
	type TraceResult,
} from "@clew/core";
import { type CurrentBalance, type FreezeRequest, type FrozenNow, wayOf } from "@clew/evidence";
import { askFrozen, compareEndPoints, type Freezable } from "@clew/workers";
import type { Context } from "./context.js";
import { openNode } from "./node.js";

/**
 * What the end points hold at the node's newest block, native balances with proof where the node gives one; and where that is other than
 * the trace says.
 */
export async function askNode(
	context: Context,
	store: GraphStore,
	result: TraceResult,
	request: FreezeRequest,
	rpc: readonly string[],
): Promise<{ balances: CurrentBalance[]; differences: TraceGap[]; frozen: FrozenNow[] }> {
	const node = await openNode(context, store.info.chain, { rpc });
	try {
		const head = await node.head();
		const last = Math.max(
			...[...request.points, ...request.leads].flatMap(({ rows }) => rows.map(({ position }) => parsePosition(position).height)),
		);
		if (head.height < last)
			throw new NodeError(
				"NODE_UNSUPPORTED",
				node.name,
				`its newest block is ${head.height}, and money came to the end points up to block ${last}`,
				{ hint: "Wait until the node has that block, or ask another." },
			);
		const leaves = [...request.points, ...request.leads].map(({ leaf }) => leaf);
		const differences = await compareEndPoints(store, node, { ...result, leaves }, head.height, context.signal);
		const balances: CurrentBalance[] = [];
		if (node.ledger === "outputs") return { balances, differences, frozen: [] };
		const ends = [...request.points, ...request.leads].map(({ leaf, asset }) => ({ account: leaf.account, asset }));
		for (const one of [...ends, ...wayOf(result, request).deposits]) {
			const [account, of] = [one.account as AccountId, one.asset as AssetId];
			const common = { account, asset: of, height: head.height, blockHash: head.hash ?? "" };
			const proof = isNative(of) ? await balanceProof(node, account, head.height) : undefined;
			balances.push(
				proof === undefined
					? { ...common, amount: await node.balance(account, of, head.height) }
					: { ...common, amount: BigInt(proof.balance), blockHash: proof.hash, proof },
			);
		}
		return { balances, differences, frozen: await frozenAt(node, request, context.signal) };
	} finally {
		node.close();
	}
}

/** Of an issuer's end points, whether its contract has frozen them; of tokens whose contract is not known nothing is asked. */
async function frozenAt(node: ChainSource, { kind, points }: FreezeRequest, signal: AbortSignal): Promise<FrozenNow[]> {
	const asked = points.flatMap(({ leaf, asset }): Freezable[] => {
		const token = kind === "issuer" ? freezableToken(asset as AssetId) : undefined;
		return token === undefined ? [] : [{ account: leaf.account as AccountId, token }];
	});
	if (asked.length === 0) return [];
	const { head, facts } = await askFrozen(node, asked, signal);
	return facts.map(({ account, token, frozen }) => ({ account, asset: token.asset, frozen, height: head.height }));
}

async function balanceProof(node: ChainSource, account: AccountId, height: number) {
	try {
		return await node.balanceProof(account, height);
	} catch (error) {
		if (error instanceof NodeError && error.code === "NODE_UNSUPPORTED") return undefined;
		throw error;
	}
}
