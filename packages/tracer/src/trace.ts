import {
	type AccountId,
	type AssetId,
	type ChainId,
	comparePositions,
	type FeeConvention,
	InputError,
	type LedgerReader,
	ledgerOf,
	type OutputReader,
	type Rule,
	rulesOf,
	type Source,
	type TraceGap,
} from "@clew/core";
import { askedOutputs } from "./backward/asked-outputs.js";
import { checkBalances } from "./backward/balance-seeds.js";
import { mirrorSeed } from "./backward/mirror-seed.js";
import { mirroredLedger } from "./backward/mirrored-ledger.js";
import { sweepBack, sweepOutputsBack } from "./backward/sweep-back.js";
import { type Floors, floorsOf, raised } from "./bounds/floors.js";
import { withOpenArrivals } from "./outputs/open-arrivals.js";
import { planOutputSeeds } from "./outputs/output-seeds.js";
import { sweepOutputs } from "./outputs/output-sweep.js";
import type { Passage } from "./passages/find-passages.js";
import { type CoinJoinParameters, DEFAULT_COINJOIN_PARAMETERS } from "./patterns/coinjoin.js";
import { type Arrival, planSeeds, type Seed, type TraceDirection } from "./seeds.js";
import { DEFAULT_STOP_PARAMETERS, type StopParameters } from "./stops.js";
import { sweep } from "./sweep.js";
import type { StoppedAt, SweepEdge, SweepOptions, SweepOutcome } from "./sweep-options.js";
import { totalOf } from "./tally.js";
import { type TracedEdge, tracedEdge } from "./traced-edge.js";
import { withUnreadWork } from "./unread-work.js";

/** What a trace is asked to do. Heights are inclusive; amounts in base units. */
export interface TraceRequest {
	readonly chain: ChainId;
	readonly seeds: readonly Seed[];
	/** Taint that comes out of bridges and pools on this chain. */
	readonly arrivals?: readonly Arrival[];
	/** On another chain than that of the seeds: what makes the trace there a what-if, in words, see {@link statedParameters}. */
	readonly elsewhere?: string;
	readonly rules: readonly Rule[];
	/** Decides which accounts are inside when the budget binds. */
	readonly rankBy: Rule;
	readonly maxAccounts: number;
	readonly dust: ReadonlyMap<AssetId, bigint>;
	/** Forward the last height that is read; backward the first. */
	readonly until?: number;
	/** Forward where it is not said. */
	readonly direction?: TraceDirection;
	readonly stops: StopParameters;
	readonly conversions: boolean;
	/** Bitcoin: whose money a fee is; see {@link FEE_CONVENTIONS}. */
	readonly fee: FeeConvention;
	/** Bitcoin: go on through CoinJoins. */
	readonly throughCoinJoins: boolean;
	/** Bitcoin: parameters of the families that end a trace. */
	readonly coinJoin: CoinJoinParameters;
}

/** Accounts followed before the budget binds: what a report can still show and a laptop holds in memory. */
export const DEFAULT_MAX_ACCOUNTS = 20_000;

/** A request with the defaults of the command line. */
export function defaultRequest(chain: ChainId, seeds: readonly Seed[]): TraceRequest {
	return {
		chain,
		seeds,
		rules: rulesOf(chain),
		rankBy: "haircut",
		maxAccounts: DEFAULT_MAX_ACCOUNTS,
		dust: new Map(),
		stops: DEFAULT_STOP_PARAMETERS,
		conversions: true,
		fee: "last",
		throughCoinJoins: false,
		coinJoin: DEFAULT_COINJOIN_PARAMETERS,
	};
}

/** What a run needs besides the request. */
export interface TraceContext {
	readonly source: LedgerReader | (LedgerReader & OutputReader);
	readonly signal?: AbortSignal;
	readonly onProgress?: SweepOptions["onProgress"];
}

/** For a sweep whose bounds may reach whom they will. */
const EVERYBODY: NonNullable<SweepOptions["bounds"]> = { known: new Set(), room: Number.POSITIVE_INFINITY };

/** A finished run: the sweep, its edges in position order, and whether the budget bound. */
export interface TraceRun {
	readonly request: TraceRequest;
	readonly outcome: SweepOutcome;
	readonly edges: readonly TracedEdge[];
	/** Account chains: where money was not followed on. */
	readonly stops: readonly StoppedAt[];
	readonly budgetBound: boolean;
	/** Account chains, where money went on through accounts that nobody read: the edges are raised to them already. */
	readonly floors?: Floors;
	/** Bridges and pools that its money went through; absent where nobody looked. */
	readonly passages?: readonly Passage[];
	/** More passages follow one another than are followed: somewhere on the way from the seeds, not always on this chain. */
	readonly passagesCut?: boolean;
	/** Those whose money comes out and is not followed for that. */
	readonly unfollowed?: readonly Passage[];
}

/** A case as far as a result names it. */
export interface CaseReference {
	readonly id: string;
	readonly title: string;
	readonly cutoff: number;
	readonly sources: readonly Source[];
	/** What a node's answers showed besides. */
	readonly nodeGaps?: readonly TraceGap[];
}

/**
 * Runs a trace. While the followed accounts fit the budget, it is one sweep. When they do not, the accounts inside are chosen best-first by
 * traced value under `rankBy`, in batches that double, and the sweep runs on them. Where the books of an account that held tainted money
 * lack some, the sweep gives up there, and another keeps bounds over every placing of what is missing. Throws InputError, InterruptedError,
 * and what the source throws.
 */
export async function runTrace(request: TraceRequest, context: TraceContext): Promise<TraceRun> {
	const pass = await prepare(request, await withUnreadWork(context.source, request.chain));
	const { rules, seeds } = request;
	const edges: TracedEdge[] = [];
	const stops: StoppedAt[] = [];
	const afresh = () => {
		edges.length = 0;
		stops.length = 0;
	};
	const options: SweepOptions = {
		rules: request.rules,
		stops: request.stops,
		dust: request.dust,
		...(request.until === undefined ? {} : { until: request.until }),
		maxAccounts: request.maxAccounts,
		conversions: request.conversions,
		fee: request.fee,
		throughCoinJoins: request.throughCoinJoins,
		coinJoin: request.coinJoin,
		...(context.signal ? { signal: context.signal } : {}),
		...(context.onProgress ? { onProgress: context.onProgress } : {}),
	};
	const collecting = {
		...options,
		onEdge: (edge: SweepEdge) => void edges.push(tracedEdge(edge, rules, seeds.length)),
		onStop: (one: StoppedAt) => void stops.push(one),
	};
	const inOrder = () => edges.sort((a, b) => comparePositions(a.transfer.position, b.transfer.position));
	/** Where money went on unread, one sweep more in which it ends there tells the least; what is dust there may go on, and tells nothing. */
	const withFloors = async ({ throughUnread }: SweepOutcome): Promise<Pick<TraceRun, "edges" | "floors">> => {
		if (throughUnread === undefined || throughUnread.size === 0 || request.dust.size > 0) return { edges: inOrder() };
		const ended: TracedEdge[] = [];
		const onEdge = (edge: SweepEdge) => void ended.push(tracedEdge(edge, rules, seeds.length));
		const outcome = await pass({ ...options, onEdge, bounds: EVERYBODY, unreadEnds: true });
		if (outcome.exceeded) return { edges: inOrder() };
		const floors = floorsOf(outcome, ended, new Set([...throughUnread, ...(outcome.throughUnread ?? [])]), rules);
		return { edges: inOrder().map((edge) => raised(edge, floors)), floors };
	};
	const plain = await pass({ ...collecting, giveUpWhenMissing: true });
	if (!plain.missing && !plain.exceeded) return { request, outcome: plain, edges: inOrder(), stops, budgetBound: false };
	if (!plain.exceeded) {
		// Something is missing in the way of tainted money: another pass finds what holds whatever it was, and follows no fewer accounts.
		afresh();
		// While one account more would fit, none was asked about for which there was no room.
		const outcome = await pass({ ...collecting, bounds: EVERYBODY, maxAccounts: request.maxAccounts - 1 });
		if (!outcome.exceeded) return { request, outcome, ...(await withFloors(outcome)), stops, budgetBound: false };
		// The budget may bind: then what the rules themselves reach comes before what only bounds reach.
		afresh();
	}
	const whole = plain.exceeded ? plain : await pass(options);
	if (!whole.exceeded) {
		const known = new Set(whole.followed.keys());
		const bounds = { known, room: Math.max(0, request.maxAccounts - known.size) };
		const outcome = await pass({ ...collecting, bounds, maxAccounts: Number.POSITIVE_INFINITY });
		return { request, outcome, edges: inOrder(), stops, budgetBound: outcome.leaves.some((leaf) => leaf.stop.reason === "budget") };
	}
	const inside = await chooseInside(request.seeds, pass, { ...options, rules: [request.rankBy] });
	afresh();
	const within = { ...collecting, inside, maxAccounts: Number.POSITIVE_INFINITY };
	const chosen = await pass(within);
	if (!chosen.missing) return { request, outcome: chosen, edges: inOrder(), stops, budgetBound: true };
	afresh();
	const outcome = await pass({ ...within, bounds: { known: inside, room: 0 } });
	return { request, outcome, edges: inOrder(), stops, budgetBound: true };
}

/** One sweep over prepared seeds; may be run several times. */
type Pass = (options: SweepOptions) => Promise<SweepOutcome>;

/** Looks the seeds up, and gives the sweep of the chain's kind. */
async function prepare(request: TraceRequest, source: TraceContext["source"]): Promise<Pass> {
	const { chain, seeds, arrivals, direction } = request;
	if (seeds.length === 0) throw new InputError("a trace needs at least one seed", { code: "USAGE" });
	if (direction === "backward") return prepareBack(request, source);
	if (ledgerOf(chain) === "accounts") {
		const plan = await planSeeds(source, chain, seeds, arrivals);
		return (options) => sweep(source, plan, options);
	}
	if (!("utxoTransaction" in source)) throw new InputError(`${chain} is traced over outputs, and this source has none`, { code: "USAGE" });
	const plan = await planOutputSeeds(source, chain, seeds, arrivals);
	return (options) => withOpenArrivals(seeds, arrivals ?? [], options, (bounded) => sweepOutputs(source, chain, seeds, plan, bounded));
}

/** The same back in time. */
async function prepareBack({ chain, seeds, fee }: TraceRequest, source: TraceContext["source"]): Promise<Pass> {
	if (ledgerOf(chain) === "accounts") {
		const mirrored = mirroredLedger(source);
		const plan = await planSeeds(mirrored, chain, seeds.map(mirrorSeed), [], "backward");
		await checkBalances(plan, mirrored);
		return (options) => sweepBack(mirrored, plan, options);
	}
	if (!("utxoTransaction" in source)) throw new InputError(`${chain} is traced over outputs, and this source has none`, { code: "USAGE" });
	if (fee !== "last")
		throw new InputError(`--fee ${fee} goes with a trace forward: backward a fee is the last of a transaction`, { code: "USAGE" });
	const asked = await askedOutputs(source, chain, seeds);
	return (options) => sweepOutputsBack(source, chain, seeds, asked, options);
}

/** Best-first choice of accounts: each round adds the most valuable accounts at the frontier, as many as are inside already. */
async function chooseInside(seeds: readonly Seed[], pass: Pass, options: SweepOptions): Promise<ReadonlySet<AccountId>> {
	const inside = new Set<AccountId>();
	for (const seed of seeds) if (seed.kind === "account" || seed.kind === "balance") inside.add(seed.account);
	while (inside.size < options.maxAccounts) {
		const { leaves } = await pass({ ...options, inside, maxAccounts: Number.POSITIVE_INFINITY });
		const frontier = leaves
			.filter((leaf) => leaf.stop.reason === "budget")
			.map((leaf) => ({ account: leaf.account, value: totalOf(leaf.tally, options.rules, 0) }))
			.sort((a, b) => (a.value === b.value ? (a.account < b.account ? -1 : 1) : a.value > b.value ? -1 : 1));
		if (frontier.length === 0) break;
		const room = Math.min(Math.max(1, inside.size), options.maxAccounts - inside.size);
		for (const { account } of frontier.slice(0, room)) inside.add(account);
	}
	return inside;
}
