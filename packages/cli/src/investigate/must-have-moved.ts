import { type AccountHistory, type GraphStore, type Hash, InputError, ledgerOf, NodeError, nativeAsset } from "@clew/core";
import { mayHaveMovedMore } from "@clew/workers";
import { howToTellCalls, movedNothing, whatMoved } from "../empty.js";
import { nativeInfo } from "../native-info.js";
import { showAccount, showAmount } from "../output.js";

/** Calls that an index tells of and that are named. */
const NAMED = 5;

/**
 * Throws InputError for a transaction that the case holds, and of which it holds nothing but the fee: that nothing moved where that is
 * known; else what is not, with what an index says of it in words, since no source that is stored tells it. `allowed` is what it let whom
 * take, in words, and what to do about that.
 */
export async function mustHaveMoved(
	store: GraphStore,
	hash: Hash,
	history: AccountHistory | undefined,
	allowed: { readonly words: readonly string[]; readonly hint: string } = { words: [], hint: "" },
): Promise<void> {
	const { chain } = store.info;
	const moved = ledgerOf(chain) === "accounts" ? await whatMoved(store, hash).catch(() => undefined) : undefined;
	if (!moved?.isFeeAlone) return;
	const what = [movedNothing(hash, moved), ...allowed.words].join("; ");
	if (!mayHaveMovedMore(moved))
		throw new InputError(`nothing moved: ${what}${moved.status === "failed" ? "" : ", and its fee"}`, {
			hint: "If money was taken, another transaction took it: look at those after it, or give the address.",
		});
	const { said, receiver } = await toldByIndex(store, hash, history);
	const next = receiver === undefined ? "" : ` To follow all that came to who got it: clew investigate ${receiver}`;
	throw new InputError(`${what}${said}`, {
		hint: [`${howToTellCalls(chain)}${next}`, allowed.hint].filter((text) => text !== "").join("\n"),
	});
}

async function toldByIndex(
	{ info: { chain } }: GraphStore,
	hash: Hash,
	history: AccountHistory | undefined,
): Promise<{ readonly said: string; readonly receiver?: string | undefined }> {
	if (history?.callsOf === undefined) return { said: "" };
	try {
		const calls = [...(await history.callsOf(hash))].sort((a, b) => (a.amount > b.amount ? -1 : 1));
		if (calls.length === 0) return { said: `; the ${history.method} lists none, which nothing proves` };
		const show = ({ from, to, amount }: (typeof calls)[number]) =>
			`${showAmount(amount, nativeInfo(chain), nativeAsset(chain))} from ${showAccount(from)} to ${to === undefined ? "a new contract" : showAccount(to)}`;
		const more = calls.length > NAMED ? ` and ${calls.length - NAMED} more` : "";
		const receiver = calls.find(({ to }) => to !== undefined)?.to;
		return {
			said: `. By the word of the ${history.method}: ${calls.slice(0, NAMED).map(show).join(", ")}${more}`,
			receiver: receiver === undefined ? undefined : showAccount(receiver),
		};
	} catch (error) {
		if (!(error instanceof NodeError)) throw error;
		return { said: `; the ${history.method} did not tell (${error.message})` };
	}
}
