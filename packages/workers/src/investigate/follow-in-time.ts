import {
	type AccountHistory,
	type ChainNode,
	type GraphStore,
	InterruptedError,
	NodeError,
	type Revisions,
	revisionsOf,
	type TraceResult,
} from "@clew/core";
import { type TraceRequest, traceCase } from "@clew/tracer";
import { type FollowOptions, type FollowReport, followMoney } from "../follow/follow.js";
import { followOutputs } from "../follow/follow-outputs.js";

/** A node, and what finds accounts' blocks; on Bitcoin nothing has to. */
export interface Access {
	readonly node: ChainNode;
	readonly history?: AccountHistory | undefined;
}

/** How long a follow may take, and what else bounds it. */
export interface TimedOptions extends Omit<FollowOptions, "enough" | "until"> {
	readonly milliseconds: number;
	/** Milliseconds of a clock that runs forward. */
	readonly clock: () => number;
}

/** The best answer within the time. `open` and `head` are undefined where no node was asked. */
export interface TimedReport {
	readonly result: TraceResult;
	/** What the case held when the trace began. */
	readonly asOf: Revisions;
	readonly requests: number;
	readonly head: number | undefined;
	readonly open: FollowReport["open"] | undefined;
	/** Why the node was not asked to the end of the time, in words. */
	readonly stopped?: string;
	/** True where the person ended it. */
	readonly interrupted: boolean;
}

/** A step that runs on after the time is cut off this much later, as a part of it, and never sooner than the least. */
const GRACE_PART = 0.25;
const LEAST_GRACE_MS = 5_000;

/** Milliseconds by which an answer may come later than it was asked for: as long as a step under way may run on. */
export function graceOf(milliseconds: number): number {
	return Math.max(LEAST_GRACE_MS, milliseconds * GRACE_PART);
}

/**
 * Follows money through a node for so long, and gives the trace of what is known by then; also where the node fails on the way or the
 * signal fires, with what was fetched until then, all of which stays in the case. Without a node the trace of the case alone. Throws what
 * the failure was where nothing is known of the seeds, and InputError for seeds that move nothing.
 */
export async function followInTime(
	store: GraphStore,
	access: Access | undefined,
	request: TraceRequest,
	{ milliseconds, clock, ...options }: TimedOptions,
): Promise<TimedReport> {
	if (access === undefined) return { ...(await traceAlone(store, request, options)), open: undefined, head: undefined, interrupted: false };
	const { node, history } = access;
	const end = clock() + milliseconds;
	const sent = () => node.requests() + (history?.requests?.() ?? 0);
	const before = sent();
	const late = AbortSignal.timeout(Math.ceil(milliseconds + graceOf(milliseconds)));
	const bounded = { ...options, signal: AbortSignal.any([options.signal, late]), enough: () => clock() >= end };
	try {
		if (node.ledger === "outputs") return { ...(await followOutputs(store, node, request, bounded)), interrupted: false };
		return { ...(await followMoney(store, node, history ?? (await node.history()), request, bounded)), interrupted: false };
	} catch (error) {
		if (!(error instanceof NodeError || error instanceof InterruptedError)) throw error;
		const known = await traceAlone(store, request, { signal: new AbortController().signal }).catch(() => undefined);
		if (known === undefined || known.result.edges.length + known.result.leaves.length === 0) throw error;
		const interrupted = options.signal.aborted;
		const stopped = interrupted ? "it was interrupted" : late.aborted ? "the time was over in the middle of a step" : error.message;
		return { ...known, requests: sent() - before, open: [], head: undefined, stopped, interrupted };
	}
}

/** The trace of the case as it is, once nothing more is learnt of its accounts. */
async function traceAlone(
	store: GraphStore,
	request: TraceRequest,
	{ signal, learn }: Pick<FollowOptions, "signal" | "learn">,
): Promise<Pick<TimedReport, "result" | "asOf" | "requests">> {
	for (;;) {
		const asOf = await revisionsOf(store);
		const [result] = await traceCase(store, request, { signal });
		if (result === undefined) throw new Error("a trace gives a result");
		if (!(await learn?.(result, true))) return { result, asOf, requests: 0 };
	}
}
