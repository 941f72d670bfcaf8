import { type ChainId, chainName, defang, type GraphStore, InputError, NodeError, type TraceResult, whatIfOf } from "@clew/core";
import type { Recipient } from "@clew/evidence";
import { type Answer, answerOf, givenIn } from "@clew/workers";
import { cameFromElsewhere, traceAsOf } from "../as-of.js";
import { onChain } from "../case-file.js";
import type { Context } from "../context.js";
import { traceLog } from "../kept-trace.js";
import { hasNode } from "../node.js";
import { keptTraces } from "../over-chains.js";
import type { Papers } from "./screen.js";
import { type SeedWord, seedWord } from "./seed-words.js";

/** What is known on one of the other chains of a case. */
export interface Elsewhere {
	readonly chain: ChainId;
	readonly answer: Answer;
	readonly result: TraceResult;
	/** What was asked, or as of when it is, in words. */
	readonly asked: string;
	readonly papers: Papers;
}

/** Papers are written once the case is closed. */
const NONE_YET: Papers = { report: undefined, picture: undefined, packets: [], why: [] };

/** What goes on with a chain's seeds; gives what it found. Throws what an investigation throws. */
type GoOn = (store: GraphStore, seeds: readonly SeedWord[]) => Promise<Pick<Elsewhere, "answer" | "result" | "asked">>;

/** What is looked at on other chains. */
export interface ElsewhereAsking {
	readonly recipients: readonly Recipient[];
	/** Goes on with a chain, while there is time; it is not asked where no node of the chain is known. */
	readonly goOn: GoOn;
	readonly isTime: () => boolean;
}

/**
 * What the case holds on other chains than the one that is looked at: of each the newest trace forward that was kept, gone on with where a
 * node of the chain is known and time is left, else as it was kept. `untraced` are chains of which none was, in words.
 */
export async function elsewhere(
	context: Context,
	store: GraphStore,
	place: string,
	asking: ElsewhereAsking,
): Promise<{ readonly others: readonly Elsewhere[]; readonly untraced: readonly string[] }> {
	const chains = (await store.chains()).filter((chain) => chain !== store.info.chain);
	const kept = chains.length === 0 ? [] : await keptTraces(store);
	const { run } = await traceLog(store);
	const others: Elsewhere[] = [];
	const untraced: string[] = [];
	for (const chain of chains) {
		const view = onChain(store, chain);
		const found = await lastAnswered(
			kept.filter((one) => one.chain === chain && whatIfOf(one) === undefined),
			(result) => asKept(view, result, run.get(result.id), asking.recipients),
		);
		if (found === undefined) {
			untraced.push(
				`what the case holds on ${chainName(chain) ?? chain}, which nobody traced: clew investigate SEED --chain ${chain} --case ${place}`,
			);
			continue;
		}
		const now = (await goneOn(context, view, found.result, asking)) ?? found;
		others.push({ chain, ...now, papers: NONE_YET });
	}
	return { others, untraced };
}

/** Undefined where it cannot be gone on with: its money came from another chain, no node is known, or none answers. */
async function goneOn(context: Context, store: GraphStore, result: TraceResult, { goOn, isTime }: ElsewhereAsking) {
	const { chain } = store.info;
	if (cameFromElsewhere(result) || !hasNode([], chain) || !isTime()) return undefined;
	const seeds = result.seeds.flatMap(({ spec }) => {
		const word = seedWord(spec, { chain, usual: chain });
		return "spec" in word ? [word] : [];
	});
	if (seeds.length < result.seeds.length) return undefined;
	try {
		return await goOn(store, seeds);
	} catch (error) {
		if (!(error instanceof NodeError || error instanceof InputError)) throw error;
		context.note(`${chainName(chain) ?? chain}: not gone on with: ${defang(error.message)}`);
		return undefined;
	}
}

async function asKept(store: GraphStore, result: TraceResult, made: string | undefined, recipients: readonly Recipient[]) {
	const given = await givenIn(store, result);
	const answer = answerOf(result, { recipients: recipients, given, open: undefined, frozen: new Map() });
	const over = cameFromElsewhere(result) ? "what came over from another chain, " : "";
	const old = (await traceAsOf(store, result)) === "now" ? "" : ", before data or labels came to the case that it does not know";
	const asked = `${over}as trace ${result.id} has it${made === undefined ? "" : `, made ${made}`}${old}; no node was asked again`;
	return { answer, result, asked };
}

/** The answer by the newest of these traces that has one: it needs every rule. */
async function lastAnswered<T>(traces: readonly TraceResult[], answer: (result: TraceResult) => Promise<T>): Promise<T | undefined> {
	for (const result of [...traces].reverse())
		try {
			return await answer(result);
		} catch (error) {
			if (!(error instanceof InputError)) throw error;
		}
	return undefined;
}
