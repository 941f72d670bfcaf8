import {
	type AccountId,
	type AssetId,
	type BlockHeader,
	type ChainNode,
	canonicalJson,
	documentOf,
	type GraphStore,
	InputError,
	type Label,
	type Naming,
	namesInWords,
	namingOf,
	type RecordStore,
	standingAt,
	standingInWords,
} from "@clew/core";
import { z } from "zod";
import { ingestChain } from "../ingest-chain.js";
import { beginOf, maybeBefore } from "./begin.js";
import { caveatOf } from "./caveat.js";
import { cachedLabels, factsFor, fulfils, type LabelsOf, type WordedRule } from "./match.js";
import { type Alert, listWatches, type Movement, parseRules, RECORDS, readAlert, shortHash, unserved, type Watch } from "./model.js";
import { movementsIn } from "./movements.js";
import { followTaint, type TaintView } from "./taint.js";
import { retract, tell } from "./tell.js";

/** How watches are evaluated. */
export interface EvaluateOptions {
	readonly signal: AbortSignal;
	/** Blocks on top of an alert's, itself included, from which on it counts as final. */
	readonly confirmations: number;
	/** Where to begin when nothing was evaluated yet; without it, where each watch began. */
	readonly since?: number | undefined;
	readonly concurrency: number;
	readonly batch: number;
	/** Parses amounts of rules, as `--on` takes them. */
	readonly amount: (text: string) => readonly [AssetId, bigint];
}

/** What an evaluation did. */
export interface EvaluateReport {
	readonly from: number;
	readonly to: number;
	readonly alerts: readonly Alert[];
	/** Watches that could not be evaluated, and why; the others were. */
	readonly warnings: readonly string[];
}

/**
 * Where the last evaluation ended, for each watched seed who holds its money, and for each watch (id and when it was added) the height at
 * which it began.
 */
const stateSchema = z.strictObject({
	height: z.number().int(),
	hash: z.string(),
	holders: z.record(z.string(), z.array(z.string())),
	begins: z.record(z.string(), z.number().int()).optional(),
});
type State = z.infer<typeof stateSchema>;

/** Blocks evaluated anew when the block at which the last evaluation ended has gone away. Evaluating twice raises nothing twice. */
const REORG_WINDOW = 1_000;
/** Blocks whose alerts are stored in one transaction. */
const STEP = 200;

/**
 * Ingests what is new at the node, and records an alert, with its deliveries, for everything that a watch asks for. Alerts, deliveries and
 * how far it came are written in one transaction, so an interruption loses and doubles nothing. What happened before a watch was added
 * raises none. A block that went away takes its alerts back; a movement that is in another block by then moves its alert there, and is told
 * anew only when it had been taken back.
 */
export async function evaluateWatches(store: GraphStore, node: ChainNode, options: EvaluateOptions): Promise<EvaluateReport> {
	const { chain } = store.info;
	const head = await node.head();
	const state = await readState(store);
	const warnings = new Set<string>();
	const listed = (await listWatches(store)).map((watch) => ({ watch, rules: wordedRules(watch, options.amount) }));
	const served = listed.filter(({ watch, rules }) => {
		const asked = rules.map(({ rule }) => rule);
		const why = unserved(watch.subject, asked, chain);
		if (why !== undefined) warnings.add(`watch ${watch.id} is not evaluated: ${why}`);
		return why === undefined;
	});
	const watches = await Promise.all(served.map((one) => prepare(store, node, one, head, state, options.since)));
	// A case of before states no beginnings: its watches were evaluated up to the same height.
	const seen = (watch: Watch) => state !== undefined && (state.begins === undefined || state.begins[beginKey(watch)] !== undefined);
	const unseen = watches.filter(({ watch }) => !seen(watch)).map(({ begins }) => begins);
	const next = state === undefined ? head.height + 1 : state.height + 1;
	const begin = Math.max(0, Math.min(next, ...unseen));
	const stands = async () => state === undefined || (await store.header(chain, state.height))?.hash === state.hash;
	const again = Math.max(0, Math.min(begin, next - 1 - REORG_WINDOW));
	// Also when nothing is new: the node may have changed its mind about the newest block. What somebody else took back since is fetched
	// again, too: it would be a hole.
	const from = (await stands()) ? begin : Math.max(again, Math.min(begin, ...watches.map(({ begins }) => begins)));
	await ingestChain(store, node, { from: Math.min(from, head.height), to: head.height, ...options });
	const kept = await stands();
	const first = kept ? begin : again;
	if (state !== undefined && head.height < state.height && first > head.height)
		warnings.add(
			`the node's newest block is ${head.height}, behind block ${state.height} that was evaluated before: nothing new was looked at`,
		);
	const alerts: Alert[] = [];
	// Who held the money at a block that is no longer on the chain says nothing: every seed is traced anew.
	let holders = kept ? (state?.holders ?? {}) : {};
	const range: Range = { first, head: head.height, views: new Map() };
	for (let from = first; from <= head.height; from += STEP) {
		const to = Math.min(head.height, from + STEP - 1);
		const found = await matches(store, node, watches, from, to, range, holders, options.signal, warnings);
		holders = found.holders;
		// Who holds the money is known as of the head: before that is reached, a next run must look anew.
		alerts.push(...(await record(store, found.matched, watches, to, to === head.height ? holders : {})));
	}
	// The first run begins to watch here, also when there is nothing to evaluate.
	if (state === undefined && first > head.height) await record(store, [], watches, head.height, holders);
	alerts.push(...(await retract(store, head.height, options.confirmations, !kept)));
	return { from: first, to: head.height, alerts, warnings: [...warnings] };
}

/** What one evaluation looks at, with what was traced for it: once for each watch, whatever the number of steps. */
interface Range {
	readonly first: number;
	readonly head: number;
	readonly views: Map<string, TaintView | undefined>;
}

/** A watch that is removed and added again begins again. */
const beginKey = ({ id, createdAt, after }: Watch) => `${id} ${createdAt} ${after ?? ""}`;

/** A watch with its rules parsed. */
interface Ruled {
	readonly watch: Watch;
	readonly rules: readonly WordedRule[];
}

interface Prepared extends Ruled {
	readonly taint: boolean;
	/** The first height that is told of. */
	readonly begins: number;
}

const wordedRules = ({ on }: Watch, amount: EvaluateOptions["amount"]): WordedRule[] =>
	on.flatMap((word) => parseRules(word, amount).map((rule) => ({ word, rule })));

async function prepare(
	store: GraphStore,
	node: ChainNode,
	{ watch, rules }: Ruled,
	head: BlockHeader,
	state: State | undefined,
	since: number | undefined,
): Promise<Prepared> {
	const known = state === undefined ? since : state.begins?.[beginKey(watch)];
	const begins = known ?? (await beginOf(store, node, watch, head));
	return { watch, rules, taint: rules.some(({ rule }) => rule.rule === "taint"), begins };
}

/** A movement that a watch asks for. */
interface Match {
	readonly watch: Watch;
	readonly rules: readonly string[];
	readonly movement: Movement;
	readonly direction: "in" | "out";
}

async function matches(
	store: GraphStore,
	node: ChainNode,
	watches: readonly Prepared[],
	from: number,
	to: number,
	range: Range,
	holders: State["holders"],
	signal: AbortSignal,
	warnings: Set<string>,
): Promise<{ matched: Match[]; holders: State["holders"] }> {
	const labelsOf: LabelsOf = cachedLabels(store);
	const bySubject = new Map<string, Prepared[]>();
	for (const w of watches) if (!w.taint) bySubject.set(w.watch.subject, [...(bySubject.get(w.watch.subject) ?? []), w]);
	const held = new Set<string>(watches.filter((w) => w.taint).flatMap((w) => holders[w.watch.id] ?? []));
	const accounts = new Set([...bySubject.keys(), ...held]) as Set<AccountId>;
	const matched: Match[] = [];
	const moved = new Set<string>();
	for await (const movement of movementsIn(store, store.info.chain, from, to, accounts, (account) => moved.add(account))) {
		for (const subject of new Set([movement.from, movement.to])) {
			for (const { watch, rules, begins } of bySubject.get(subject) ?? []) {
				if (movement.height < begins) continue;
				const facts = await factsFor(rules, movement, subject, labelsOf);
				const words = rules.filter(({ rule }) => fulfils(rule, movement, facts)).map(({ word }) => word);
				if (words.length > 0) matched.push({ watch, rules: words, movement, direction: facts.outgoing ? "out" : "in" });
			}
		}
	}
	const next: Record<string, string[]> = {};
	for (const { watch, taint, begins } of watches) {
		if (!taint) continue;
		const known = holders[watch.id];
		// The trace is run again only when somebody who holds the money has sent something, or a seed may have received more.
		const unmoved = known?.some((account) => moved.has(account)) === false && !watch.subject.startsWith("account:");
		if (unmoved && range.first === from && range.head === to) {
			next[watch.id] = known;
			continue;
		}
		if (!range.views.has(watch.id)) range.views.set(watch.id, await taintView(store, node, watch, range.first - 1, signal, warnings));
		const view = range.views.get(watch.id);
		if (view === undefined) continue;
		next[watch.id] = [...view.holders];
		for (const movement of view.movements.filter((m) => m.height >= Math.max(from, begins) && m.height <= to))
			matched.push({ watch, rules: ["taint"], movement, direction: "out" });
	}
	return { matched, holders: next };
}

/** Follows a watch's money; a seed that the case does not hold is a warning. */
async function taintView(
	store: GraphStore,
	node: ChainNode,
	watch: Watch,
	height: number,
	signal: AbortSignal,
	warnings: Set<string>,
): Promise<TaintView | undefined> {
	return followTaint(store, node, watch, height, signal).catch((error: unknown) => {
		if (!(error instanceof InputError)) throw error;
		warnings.add(`watch ${watch.id}: ${error.message}`);
		return undefined;
	});
}

/** Whose label the other side carries, whose others contradict it, and how it stood when the money moved where that must be said. */
function counterpartyOf({ label, standing, against }: Naming<Label>): string {
	const when = standingInWords(label, standing);
	return `${namesInWords(label, against)} (${label.category}${when === "" ? "" : `; ${when}`})`;
}

/** Stores alerts, their deliveries and how far the evaluation came, in one transaction. */
async function record(
	store: GraphStore,
	matched: readonly Match[],
	watches: readonly Prepared[],
	height: number,
	holders: State["holders"],
): Promise<Alert[]> {
	const { chain } = store.info;
	const head = await store.header(chain, height);
	return store.atomically(async (tx) => {
		const labelsOf = cachedLabels(tx);
		const told: Alert[] = [];
		const seen = new Map<string, number>();
		for (const match of matched) {
			const { movement: m, watch } = match;
			const identity = [watch.id, m.txHash, m.kind, m.from, m.to, m.asset, String(m.output ?? m.amount)];
			const nth = seen.get(identity.join()) ?? 0;
			seen.set(identity.join(), nth + 1);
			const header = await tx.header(chain, m.height);
			const id = shortHash(...identity, String(nth));
			const held = await readAlert(tx, id);
			if (held !== undefined && held.blockHash === header?.hash && held.status !== "retracted") continue;
			const other = namingOf(await labelsOf(match.direction === "out" ? m.to : m.from, m.height), (one) => standingAt(one, header?.time));
			const early = header === undefined ? undefined : maybeBefore(watch, header.time);
			const caveat = [await caveatOf(tx, chain, m), early].filter((why) => why !== undefined).join("; ");
			const alert: Alert = {
				schema: "clew.alert/1",
				id,
				watch: watch.id,
				case: tx.info.id,
				rules: [...match.rules],
				status: "seen",
				revision: (held?.revision ?? 0) + 1,
				chain,
				subject: watch.subject,
				from: m.from,
				...(m.spenders === undefined ? {} : { spenders: [...m.spenders] }),
				to: m.to,
				direction: match.direction,
				asset: m.asset,
				amount: m.amount.toString(),
				...(m.output === undefined ? {} : { output: m.output.toString() }),
				...(m.tainted === undefined ? {} : { tainted: m.tainted === "unknown" ? m.tainted : { ...m.tainted } }),
				...(m.range === undefined ? {} : { range: [m.range[0], m.range[1]] as [string, string] }),
				...(m.gaps === undefined ? {} : { gaps: [...m.gaps] }),
				...(caveat === "" ? {} : { caveat }),
				kind: m.kind,
				txHash: m.txHash,
				height: m.height,
				blockHash: header?.hash ?? "",
				time: header?.time ?? 0,
				confirmations: height - m.height + 1,
				counterparty: other === undefined ? "" : counterpartyOf(other),
				...(held?.acknowledged === undefined ? {} : { acknowledged: held.acknowledged }),
			};
			// Told already, and never taken back: the same movement in another block is no news.
			if (held !== undefined && held.status !== "retracted") await tx.putRecord(RECORDS.alert, id, canonicalJson(alert));
			else {
				await tell(tx, alert, watch);
				told.push(alert);
			}
		}
		const begins = Object.fromEntries(watches.map(({ watch, begins: from }) => [beginKey(watch), from]));
		await tx.putRecord(RECORDS.state, "height", canonicalJson({ height, hash: head?.hash ?? "", holders, begins }));
		return told;
	});
}

async function readState(store: RecordStore): Promise<State | undefined> {
	const json = await store.record(RECORDS.state, "height");
	return json === undefined ? undefined : documentOf(RECORDS.state, "height", json, (value) => stateSchema.parse(value));
}
