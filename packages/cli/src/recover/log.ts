import { readFileSync } from "node:fs";
import {
	type AccountId,
	type AssetId,
	type ChainId,
	formatPosition,
	type GraphStore,
	type Hash,
	InputError,
	parseAccountOn,
	parseAmount,
	parseAssetOn,
	quote,
	type Rule,
	type TraceResult,
	type Transfer,
} from "@clew/core";
import { deskOf, readKey } from "@clew/evidence";
import {
	type DeadlineRule,
	daysAfter,
	type EntryKind,
	type RecoveryEntry,
	type RequestState,
	shippedDeadlines,
	withOwnDeadlines,
} from "@clew/recovery";
import type { Context } from "../context.js";
import { forwardTrace } from "../stored-trace.js";
import { appendEntries, type KeptLedger, type NewEntry, readLedger } from "./ledger.js";
import { paperOf } from "./paper.js";

/** Options of `clew recover log`, as typed. */
export interface LogOptions {
	readonly request?: string | undefined;
	readonly party?: string | undefined;
	readonly account?: string | undefined;
	readonly asset?: string | undefined;
	readonly amount?: string | undefined;
	readonly victim?: string | undefined;
	readonly document?: string | undefined;
	readonly part?: string | undefined;
	readonly transfer?: string | undefined;
	readonly trace: string;
	readonly rule?: Rule | undefined;
	readonly on?: string | undefined;
	readonly deadline: readonly string[];
	readonly deadlines?: string | undefined;
	readonly due?: string | undefined;
	readonly corrects?: number | undefined;
	readonly note?: string | undefined;
	readonly sign?: string | undefined;
	readonly by?: string | undefined;
}

/** The table of deadlines, with the user's own. Throws InputError. */
export function deadlineRules(path: string | undefined): readonly DeadlineRule[] {
	const own = path ?? process.env["CLEW_DEADLINES"];
	return own ? withOwnDeadlines(readFileSync(own, "utf8"), own) : shippedDeadlines();
}

/** Logs one entry, or refuses it whole. Throws InputError. */
export async function logEntry(context: Context, store: GraphStore, kind: EntryKind, options: LogOptions): Promise<RecoveryEntry> {
	const ids = await store.traceIds();
	const trace = ids.length === 0 ? undefined : await forwardTrace(store, options.trace, "recover");
	const ledger = await readLedger(store, trace === undefined ? [] : [trace]);
	const request = requestOf(ledger, kind, options);
	const begins = request.state === undefined && options.corrects === undefined;
	if (begins && trace === undefined)
		throw new InputError("the case holds no trace that says what can be asked back", { code: "USAGE", hint: "Run clew trace first." });
	const of = begins ? trace : ledger.traces.find(({ id }) => id === request.state?.trace);
	const shown = options.transfer === undefined ? undefined : await transferOf(store, ledger, of, options);
	const said = about(ledger, of, request.state, options, shown);
	const paper = options.document === undefined ? undefined : paperOf(options.document, options.part);
	if (paper === undefined && shown === undefined && kind !== "draft" && kind !== "void")
		throw new InputError(`${kind} is somebody's word`, {
			code: "USAGE",
			hint: "Name the paper that says so: --document FILE; of a transfer in the case --transfer HASH.",
		});
	const today = context.now().slice(0, 10);
	const on = dayOf("--on", options.on ?? today);
	if (on > today) throw new InputError(`--on ${on} is after today, ${today}: the ledger says what happened`, { code: "USAGE" });
	const rule = options.rule ?? (begins ? undefined : request.state?.rule);
	const desk = said.party === undefined ? undefined : deskOf(said.party)?.entity;
	const deadlines = deadlinesFor(kind, on, options);
	const entry: NewEntry = {
		...{ on, kind, request: request.id, tier: shown === undefined || shown.provenance === "imported" ? "attribution" : "node" },
		...defined({ ...said, desk, rule, document: paper, note: options.note, by: options.by, corrects: options.corrects }),
		...(begins && trace !== undefined ? { trace: trace.id } : {}),
		...(request.state?.trace === undefined || begins ? {} : { trace: request.state.trace }),
		...(shown === undefined ? {} : { transaction: { chain: shown.chain, hash: shown.txHash, position: formatPosition(shown.position) } }),
		...(deadlines.length === 0 ? {} : { deadlines: [...deadlines] }),
	};
	const key = options.sign === undefined ? undefined : readKey(options.sign);
	const [added] = await appendEntries(store, [entry], { at: context.now(), trace, key });
	return added as RecoveryEntry;
}

/** The fields that are there. */
function defined<T extends object>(fields: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
	return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as {
		[K in keyof T]?: Exclude<T[K], undefined>;
	};
}

interface Named {
	readonly id: string;
	/** As it is; undefined for a new one. */
	readonly state: RequestState | undefined;
}

/** The request that is meant: the one named, that of the entry to be corrected, the only one of the party; a new one where it is sent. */
function requestOf({ state, entries }: KeptLedger, kind: EntryKind, { request, party, corrects }: LogOptions): Named {
	const of = (id: string): Named => ({ id, state: state.requests.find((one) => one.id === id) });
	if (corrects !== undefined) {
		const old = entries.find(({ sequence }) => sequence === corrects);
		if (old === undefined) throw new InputError(`the ledger has no entry ${corrects}`, { code: "USAGE" });
		return of(old.request);
	}
	if (request !== undefined) return of(request);
	const mine = state.requests.filter((one) => party === undefined || one.party === party || one.desk === party);
	if (kind !== "draft" && kind !== "sent") {
		const [only, ...more] = mine;
		if (only !== undefined && more.length === 0) return of(only.id);
		if (only !== undefined)
			throw new InputError(`which request: ${mine.map(({ id }) => id).join(", ")}?`, { code: "USAGE", hint: "Name it with --request." });
	}
	let number = state.requests.length + 1;
	while (state.requests.some(({ id }) => id === `r${number}`)) number++;
	return of(`r${number}`);
}

/** Party, account, asset, amount and victim, as typed or as the request and the transfer have them. */
function about(
	ledger: KeptLedger,
	trace: TraceResult | undefined,
	request: RequestState | undefined,
	options: LogOptions,
	shown: Transfer | undefined,
) {
	const chain = trace?.chain as ChainId | undefined;
	const account = options.account === undefined || chain === undefined ? request?.account : parseAccountOn(chain, options.account);
	const asset = (shown?.asset ??
		(options.asset === undefined || chain === undefined ? undefined : parseAssetOn(chain, options.asset)) ??
		request?.asset ??
		onlyAsset(trace, account)) as AssetId | undefined;
	const amount = options.amount === undefined || asset === undefined ? shown?.amount : parseAmount(options.amount, asset);
	if (shown !== undefined && amount !== undefined && amount > shown.amount)
		throw new InputError(`the transfer moved ${shown.amount}, and not ${amount}`, { code: "CONFLICT" });
	const victim = options.victim === undefined ? undefined : victimOf(ledger, chain, options.victim);
	return { party: options.party ?? request?.party, account, asset, amount: amount?.toString(), victim };
}

function onlyAsset(trace: TraceResult | undefined, account: string | undefined): string | undefined {
	const found = new Set(trace?.leaves.filter((leaf) => leaf.account === account).flatMap(({ amounts }) => Object.keys(amounts)));
	return found.size === 1 ? [...found][0] : undefined;
}

function victimOf({ limits }: KeptLedger, chain: ChainId | undefined, text: string): string {
	if (chain === undefined || limits.taken.some(({ victim }) => victim === text)) return text;
	return parseAccountOn(chain, text);
}

/** A transfer of the case to the victim, by its transaction. Throws InputError where it is none, or several. */
async function transferOf(
	store: GraphStore,
	ledger: KeptLedger,
	trace: TraceResult | undefined,
	{ transfer = "", victim, asset }: LogOptions,
): Promise<Transfer> {
	const chain = (trace?.chain ?? store.info.chain) as ChainId;
	const hash = transfer.toLowerCase() as Hash;
	const place = await store.placeOf(chain, hash);
	if (place === undefined)
		throw new InputError(`the case holds no transaction ${quote(transfer)}`, {
			code: "USAGE",
			hint: "Ingest its block first: clew ingest.",
		});
	if (victim === undefined) throw new InputError("to whom?", { code: "USAGE", hint: "Give --victim." });
	const to = victimOf(ledger, chain, victim) as AccountId;
	const wanted = asset === undefined ? {} : { asset: parseAssetOn(chain, asset) };
	const { transfers } = await store.transfersOf(to, { ...wanted, direction: "in", fromHeight: place.height, toHeight: place.height });
	const [one, ...more] = transfers.filter(({ txHash, kind }) => txHash === hash && kind !== "fee");
	if (one === undefined) throw new InputError(`transaction ${quote(transfer)} moves nothing to ${quote(victim)}`, { code: "USAGE" });
	if (more.length > 0)
		throw new InputError(`transaction ${quote(transfer)} pays ${quote(victim)} ${more.length + 1} times`, {
			code: "USAGE",
			hint: "Log its parts with --document, each with --part.",
		});
	return one;
}

const DAY = /^\d{4}-\d{2}-\d{2}$/;

/** A day of the calendar. Throws InputError (USAGE). */
function dayOf(option: string, text: string): string {
	const time = DAY.test(text) ? Date.parse(`${text}T00:00:00Z`) : Number.NaN;
	if (Number.isNaN(time) || new Date(time).toISOString().slice(0, text.length) !== text)
		throw new InputError(`${option} ${quote(text)} is no day such as 2026-12-24`, { code: "USAGE" });
	return text;
}

function deadlinesFor(
	kind: EntryKind,
	on: string,
	{ deadline, deadlines, due, document }: LogOptions,
): NonNullable<RecoveryEntry["deadlines"]> {
	const rules = deadlineRules(deadlines);
	const known = deadline.map((id) => {
		const rule = rules.find((one) => one.id === id);
		if (rule === undefined)
			throw new InputError(`no deadline ${quote(id)} is known`, {
				code: "USAGE",
				hint: `Known: ${rules.map((one) => one.id).join(", ")}. Another: --due DATE, or --deadlines FILE.`,
			});
		if (rule.begins !== kind) throw new InputError(`deadline ${id} begins with ${rule.begins}, not with ${kind}`, { code: "USAGE" });
		return { id, on: daysAfter(on, rule.days), what: rule.what, source: rule.source };
	});
	if (due === undefined) return known;
	return [
		...known,
		{
			id: "own",
			on: dayOf("--due", due),
			what: `as the ${document === undefined ? "entry" : "document"} says`,
			source: "the document of this entry",
		},
	];
}
