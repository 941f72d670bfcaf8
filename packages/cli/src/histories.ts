import { type FamilyReader, type Recorder, readerOf } from "@clew/chains";
import { type AccountHistory, type ChainId, type ChainSource, defang, type GraphStore, InputError } from "@clew/core";
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

/** How accounts' blocks are found: by the index that was named, else by one of the user's endpoints, else by the node. */
export async function historyOf(
	context: Context,
	store: GraphStore,
	node: ChainSource,
	named: string | undefined,
	{ onExchange, onUnanswered, leftMs }: Pick<NodeOptions, keyof Recorder | "leftMs"> = {},
): Promise<AccountHistory> {
	const [own] = named === undefined && readerOf(node.chain).history !== undefined ? ownEndpoints(context, node.chain, "histories") : [];
	const place = named === undefined ? own : placeOf(named, node.chain, "histories");
	const history =
		place === undefined
			? await node.history()
			: orNode(
					context,
					store,
					node,
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

/** An index, held against the node, and the node once the index goes silent: what it told until then stands. */
function orNode(context: Context, store: GraphStore, node: ChainSource, index: AccountHistory): AccountHistory {
	let own: AccountHistory | undefined;
	const say = (words: string) => context.note(`histories: ${words}`);
	const held = againstNode(store, node, index, () => node.history(), say);
	return {
		...held,
		spent: () => (own ?? held).spent?.(),
		async activity(account, from, to) {
			if (own !== undefined) return own.activity(account, from, to);
			try {
				return await held.activity(account, from, to);
			} catch (error) {
				if (!isAway(error)) throw error;
				own = await node.history();
				say(`turned from the index to ${own.method}: ${defang(error.message)}`);
				return own.activity(account, from, to);
			}
		},
	};
}
