import { type FamilyReader, type Recorder, readerOf } from "@clew/chains";
import { type AccountHistory, type ChainId, type ChainSource, defang, type GraphStore, InputError, NodeError } from "@clew/core";
import { againstNode, isAway } from "@clew/workers";
import type { Context } from "./context.js";
import { placeOf } from "./endpoint-book.js";
import { type NodeOptions, ownEndpoints } from "./node.js";

/** The indexes of a chain. Throws InputError (USAGE) for a chain of outputs. */
export function indexAt(chain: ChainId): NonNullable<FamilyReader["history"]> {
	const { history, family } = readerOf(chain);
	if (history === undefined)
		throw new InputError(`--history is for accounts; on ${family.name} outputs name what spends them`, { code: "USAGE" });
	return history;
}

/**
 * How a history is asked: whom exchanges are told, how long it may take, and `orNothing`: of a node without any index, one that finds
 * nothing.
 */
type HistoryAsking = Pick<NodeOptions, keyof Recorder | "leftMs"> & { readonly orNothing?: boolean };

/**
 * How accounts' blocks are found: by the index that was named, else by one of the user's endpoints, else by the node; with `orNothing`, of
 * a node that has no index at all, a history that finds nothing and tells no kind of movement. Throws NodeError.
 */
export async function historyOf(
	context: Context,
	store: GraphStore,
	node: ChainSource,
	named: string | undefined,
	{ onExchange, onUnanswered, leftMs, orNothing = false }: HistoryAsking = {},
): Promise<AccountHistory> {
	const byNode = () => (orNothing ? nodeOrNothing(context, node) : node.history());
	const [own] = named === undefined && readerOf(node.chain).history !== undefined ? ownEndpoints(context, node.chain, "histories") : [];
	const place = named === undefined ? own : placeOf(named, node.chain, "histories");
	const history =
		place === undefined
			? await byNode()
			: orNode(
					context,
					store,
					node,
					byNode,
					await indexAt(node.chain)(place.url, node.chain, { signal: context.signal, onExchange, onUnanswered, leftMs }),
				);
	const spoken = history.terms === undefined ? "" : `; ${history.terms}`;
	context.note(`histories by ${own === undefined ? "" : `${own.endpoint.name} of clew endpoints: `}${history.method}${spoken}`);
	return history;
}

/** Says what finding accounts' blocks cost, where the count of requests does not. */
export function noteSpent(context: Context, history: AccountHistory | undefined): void {
	const spent = history?.spent?.();
	if (spent !== undefined) context.note(spent);
}

async function nodeOrNothing(context: Context, node: ChainSource): Promise<AccountHistory> {
	try {
		return await node.history();
	} catch (error) {
		if (!(error instanceof NodeError) || error.code !== "NODE_UNSUPPORTED") throw error;
		context.note(`histories: ${defang(error.message)}${error.hint === undefined ? "" : `. ${error.hint}`}`);
		return {
			method: "nothing: only transactions that are named are read",
			activity: async (_, __, to) => ({ heights: [], through: to, kinds: [] }),
		};
	}
}

/**
 * An index, and the node once the index goes silent, or refuses for good (a plan that does not have the chain, say), or its first answer
 * is none: what it told until then stands.
 */
function orNode(
	context: Context,
	store: GraphStore,
	node: ChainSource,
	byNode: () => Promise<AccountHistory>,
	index: AccountHistory,
): AccountHistory {
	let own: AccountHistory | undefined;
	let hasTold = false;
	const say = (words: string) => context.note(`histories: ${words}`);
	const held = againstNode(store, node, index, byNode, say);
	const isOver = (error: unknown): error is NodeError =>
		isAway(error) || (error instanceof NodeError && (error.code === "NODE_UNSUPPORTED" || (!hasTold && error.code === "NODE_BAD_ANSWER")));
	return {
		...held,
		spent: () => (own ?? held).spent?.(),
		async activity(account, from, to) {
			if (own !== undefined) return own.activity(account, from, to);
			try {
				const told = await held.activity(account, from, to);
				hasTold = true;
				return told;
			} catch (error) {
				if (!isOver(error)) throw error;
				own = await byNode();
				say(`turned from the index to ${own.method}: ${defang(error.message)}`);
				return own.activity(account, from, to);
			}
		},
	};
}
