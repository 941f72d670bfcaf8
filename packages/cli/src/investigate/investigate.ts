import { basename, resolve } from "node:path";
import {
	type AccountId,
	type ChainId,
	type ChainNode,
	type Currency,
	DEFAULT_CHAIN,
	type GraphStore,
	InputError,
	type Rule,
	type TraceResult,
} from "@clew/core";
import { defaultRequest, parseSeed, type TraceRequest } from "@clew/tracer";
import {
	type Access,
	answerOf,
	followInTime,
	givenIn,
	graceOf,
	orphanLines,
	type TimedReport,
	takeBackOrphans,
	untoldIn,
} from "@clew/workers";
import { chainRules } from "../arguments.js";
import { onChain, openStore } from "../case-file.js";
import { starterWhereNone } from "../commands/label-starter.js";
import type { Context } from "../context.js";
import { mustHoldData, mustKnow } from "../empty.js";
import { historyOf, indexAt, noteSpent } from "../histories.js";
import { keepTrace } from "../keep-trace.js";
import { takeLabels } from "../label-file.js";
import { hasNode, type NodeOptions, nodePlaces, openNode } from "../node.js";
import { valuingOf } from "../unit-option.js";
import { followOrSpender } from "./allowance.js";
import { askedWords, callsInWords } from "./asked-words.js";
import { chainOfCase, dropIfEmpty, isFilePlace, makeCase } from "./case-of.js";
import { type Elsewhere, elsewhere } from "./elsewhere.js";
import { fetchAddresses, importFolder, importIntoCase, labelsOfFolder, seedOfFolder } from "./folder.js";
import { frozenAt } from "./frozen-at.js";
import { type HeadAge, headAge, lateWords } from "./head-age.js";
import { labelAccounts, learner } from "./learner.js";
import { writePapers } from "./papers.js";
import { recipientsOf } from "./recipients-of.js";
import { refuseService } from "./refuse.js";
import type { ScreenFacts } from "./screen.js";
import { caseNameOf, chainOfSeeds, isPath, type SeedWord } from "./seed-words.js";
import { seedsOf } from "./seeds-of.js";
import { tellingSoFar } from "./so-far.js";
import { victimSeeds } from "./victim.js";
import { valuedPapers, worthOf } from "./worth.js";

/** What `clew investigate` was asked. */
export interface InvestigateOptions extends NodeOptions {
	readonly chain: ChainId | undefined;
	readonly minutes: number;
	/** The address is the victim's own: what others' hands took out of it is followed. */
	readonly victim: boolean;
	readonly case?: string | undefined;
	readonly out?: string | undefined;
	readonly history?: string | undefined;
	readonly labels?: string | undefined;
	readonly recipients?: string | undefined;
	readonly requests: number;
	readonly blocksPerAccount: number;
	readonly rules: readonly Rule[];
	readonly unit?: readonly Currency[] | undefined;
	readonly priceAge: number;
}

/** What was found, for a screen or a program. */
export interface Investigation extends ScreenFacts {
	readonly result: TraceResult;
	readonly node:
		| { readonly name: string; readonly height: number | undefined; readonly requests: number; readonly newest: HeadAge | undefined }
		| undefined;
	readonly stopped: string | undefined;
	readonly interrupted: boolean;
}

const MINUTE_MS = 60_000;
const SECOND_MS = 1_000;
/** Another chain of a case is given at least so long. */
const LEAST_MINUTES = 0.05;
const THIEVES = "all that came to an address named as seed counts as stolen; if it is the victim's own, add --victim";

/**
 * From seeds to a decision: makes or continues the case, imports or follows, labels and detects on the way, asks what is frozen, and writes
 * the papers. Throws InputError for seeds that are none, that are a service's, or that moved nothing, and NodeError where nothing is known
 * without the node.
 */
export async function investigate(context: Context, words: readonly string[], asked: InvestigateOptions): Promise<Investigation> {
	const [first = ""] = words;
	const folder = isPath(first) && !first.startsWith("@") ? first : undefined;
	const given = asked.case ?? (process.env["CLEW_CASE"] || undefined);
	const usual = given === undefined ? undefined : await chainOfCase(given);
	const { seeds, rpc } = await seedsOf(folder === undefined ? words : words.slice(1), usual, asked, context);
	const options: InvestigateOptions = { ...asked, rpc };
	const [named] = seeds;
	const place = given ?? (named === undefined ? `${basename(resolve(folder ?? ""))}.clew` : caseNameOf(named));
	const own = usual ?? (await chainOfCase(place));
	const said = chainOfSeeds(seeds) ?? options.chain;
	const on = said ?? own ?? DEFAULT_CHAIN;
	const take = said === undefined && own !== undefined ? importIntoCase : importFolder;
	if (own === undefined) await makeCase(context, place, on, folder ?? named?.spec ?? "");
	try {
		return await answered({ context, place, on, folder, seeds, take, options });
	} catch (error) {
		if (own === undefined) await dropIfEmpty(place);
		throw error;
	}
}

/** An investigation whose case is there. */
interface Begun {
	readonly context: Context;
	readonly place: string;
	readonly on: ChainId;
	readonly folder: string | undefined;
	readonly seeds: readonly SeedWord[];
	readonly take: typeof importFolder;
	readonly options: InvestigateOptions;
}

async function answered({ context, place, on, folder, seeds, take, options }: Begun): Promise<Investigation> {
	const files = folder === undefined ? [] : await take(context, on, folder, place);
	if (folder === undefined) await fetchAddresses(context, on, seeds, options.rpc, place);
	const notLooked = [...takeLibrary(context)];
	const labels = notLooked.length === 0;
	const begun = performance.now();
	const out = options.out ?? `${isFilePlace(place) ? place.replace(/\.clew$/, "") : "clew"}-papers`;
	const store = await openStore(place);
	let found: Found;
	let others: readonly Elsewhere[];
	let valued: Awaited<ReturnType<typeof valuedPapers>> | undefined;
	try {
		const view = onChain(store, on);
		const taken = folder === undefined ? [] : await labelsOfFolder(context, view, folder);
		for (const { words } of taken) context.note(words);
		const unread = files.filter(({ file }) => taken.every((one) => one.file !== basename(file)));
		notLooked.push(...unread.map(({ file, why }) => `${file}, which is no known export${why === "" ? "" : ` (${why})`}`));
		if (options.labels !== undefined) await takeLabels(context, view, options.labels);
		found = await look(context, view, seeds, { ...options, folder }, labels);
		const left = () => options.minutes - (performance.now() - begun) / MINUTE_MS;
		const own = { rpc: [], history: undefined, victim: false, folder: undefined };
		const beside = await elsewhere(context, view, place, {
			recipients: recipientsOf(options.recipients),
			isTime: () => !found.interrupted && left() > 0,
			goOn: (on, seeds) => look(context, on, seeds, { ...options, ...own, minutes: Math.max(left(), LEAST_MINUTES) }, labels),
		});
		others = beside.others;
		notLooked.push(...beside.untraced);
		const valuing = await valuingOf(context, view, options);
		if (valuing !== undefined) {
			found = { ...found, worth: worthOf(found.answer, found.result, valuing) };
			valued = await valuedPapers(view, valuing.request);
		}
	} finally {
		await store.close();
	}
	const { answer, result } = found;
	context.progress("writing the report and the packets");
	// An interruption ended the search, not the answer.
	const writing: Context = { ...context, signal: found.interrupted ? new AbortController().signal : context.signal };
	const papers = await writePapers(writing, result, {
		place,
		out,
		recipients: options.recipients,
		requests: answer.groups.freeze.length > 0,
		rpc: answer.groups.freeze.some(({ unread }) => unread !== undefined) && !found.interrupted ? options.rpc : [],
		valued,
	});
	const besides: Elsewhere[] = [];
	for (const one of others) {
		const requests = one.answer.groups.freeze.length > 0;
		const written = await writePapers(writing, one.result, { place, out, recipients: options.recipients, requests, valued: undefined });
		besides.push({ ...one, papers: written });
	}
	context.clearProgress();
	return { ...found, answer, others: besides, casePlace: place, papers, notLooked: [...found.notLooked, ...notLooked, ...papers.why] };
}

type Found = Omit<Investigation, "papers" | "casePlace">;

/** Fills a library that is not there with the lists that ship with Clew; gives what could not be looked at for want of one. */
function takeLibrary(context: Context): readonly string[] {
	try {
		starterWhereNone(context, {});
		return [];
	} catch (error) {
		return [`no list of labels was looked at (${error instanceof Error ? error.message : String(error)})`];
	}
}

type LookOptions = InvestigateOptions & { readonly folder: string | undefined };

async function look(
	context: Context,
	store: GraphStore,
	typed: readonly SeedWord[],
	options: LookOptions,
	labels: boolean,
): Promise<Found> {
	const { chain } = store.info;
	const guess = typed.length === 0 ? await seedOfFolder(store) : undefined;
	const seeds = guess === undefined ? typed : [guess.seed];
	const accounts = seeds.flatMap(({ account }): AccountId[] => (account === undefined ? [] : [account]));
	if (labels) await labelAccounts(context, store, accounts, new Set());
	for (const account of accounts) await refuseService(store, account, context.now());
	const begun = performance.now();
	const budget = options.minutes * MINUTE_MS;
	// Nobody waits for a node that has no time for us, nor asks it once the time and what a step may run on are over.
	const leftMs = () => begun + budget + graceOf(budget) - performance.now();
	const asking = { ...options, leftMs };
	const wanted = options.folder === undefined ? hasNode(options.rpc, chain) : options.rpc.length > 0;
	const node = wanted ? await openNode(context, chain, asking) : undefined;
	try {
		if (node !== undefined) for (const line of orphanLines(await takeBackOrphans(store, node, context.now()))) context.note(line);
		if (node === undefined) await mustBeThere(context, store, accounts, options);
		const tip = node && (await headAge(node, context.now()));
		const access = node && (await accessTo(context, store, node, asking));
		const enough = () => performance.now() - begun >= budget;
		const limits = { blocks: options.blocksPerAccount, signal: context.signal, enough };
		const victim = options.victim ? await victimSeeds(store, access, onlyAccount(accounts), limits) : undefined;
		const left = Math.max(1, budget - (performance.now() - begun));
		const timed = { ...options, milliseconds: left };
		const asked = requestOf(victim?.seeds ?? seeds, options, chain);
		const run = (request: TraceRequest) => follow(context, store, access, request, timed, labels);
		const { allowed, request, report } = await followOrSpender(store, access, asked, limits, run);
		await keepTrace(context, store, report, node === undefined ? "trace run" : "money followed");
		context.clearProgress();
		noteSpent(context, access?.history);
		const recipients = recipientsOf(options.recipients);
		const { frozen, notLooked } = await frozenAt(context, report.interrupted ? undefined : node, report.result);
		const { result, open, stopped, interrupted, requests, head } = report;
		const untold = await untoldIn(store, interrupted || stopped !== undefined ? undefined : node, request, result, head);
		const given = await givenIn(store, result);
		const answer = answerOf(result, { recipients, given, open, stopped, frozen, untold, late: tip?.late ?? false });
		const seconds = Math.round((performance.now() - begun) / SECOND_MS);
		return {
			answer,
			result,
			about: seeds.map(({ spec }) => spec),
			asked: askedWords(node, report, seconds, tip),
			chosen: guess?.chosen ?? (accounts.length > 0 && victim === undefined ? THIEVES : undefined),
			wallet: [...(victim?.wallet ?? []), ...(allowed?.wallet ?? [])],
			notLooked: [
				...(tip?.late ? [lateWords(tip)] : []),
				...callsInWords(chain, untold.calls),
				...(victim?.notLooked ?? []),
				...(allowed?.notLooked ?? []),
				...notLooked,
			],
			node: node === undefined ? undefined : { name: node.name, height: head, requests, newest: tip },
			stopped,
			interrupted,
		};
	} finally {
		node?.close();
	}
}

/** Throws InputError where neither a node nor the case can tell anything of the seeds. */
async function mustBeThere(
	context: Context,
	store: GraphStore,
	accounts: readonly AccountId[],
	{ rpc, folder }: LookOptions,
): Promise<void> {
	try {
		await mustHoldData(store);
		for (const account of accounts) await mustKnow(store, account);
	} catch (error) {
		if (!(error instanceof InputError) || folder !== undefined) throw error;
		nodePlaces(context, rpc, store.info.chain);
		throw error;
	}
}

function requestOf(seeds: readonly SeedWord[], { rules }: LookOptions, chain: ChainId): TraceRequest {
	const parsed = seeds.map(({ spec }) => parseSeed(spec, chain));
	return { ...defaultRequest(chain, parsed), rules: chainRules(rules, chain) };
}

async function follow(
	context: Context,
	store: GraphStore,
	access: Access | undefined,
	request: TraceRequest,
	options: LookOptions & { readonly milliseconds: number },
	labels: boolean,
): Promise<TimedReport> {
	return followInTime(store, access, request, {
		milliseconds: options.milliseconds,
		clock: () => performance.now(),
		requests: options.requests,
		blocksPerAccount: options.blocksPerAccount,
		signal: context.signal,
		learn: tellingSoFar(context, learner(context, store, labels)),
		onProgress: ({ requests, edges, account }) => context.progress(`following: ${requests} requests, ${edges} edges, at ${account}`),
	});
}

/** The one address that is the victim's. Throws InputError (USAGE). */
function onlyAccount(accounts: readonly AccountId[]): AccountId {
	const [account, ...others] = accounts;
	if (account !== undefined && others.length === 0) return account;
	throw new InputError("--victim takes one address, the wallet that was drained", { code: "USAGE" });
}

async function accessTo(context: Context, store: GraphStore, node: ChainNode, options: InvestigateOptions): Promise<Access> {
	if (node.ledger === "outputs") {
		if (options.history !== undefined) indexAt(node.chain);
		return { node };
	}
	return { node, history: await historyOf(context, store, node, options.history, { ...options, orNothing: true }) };
}
