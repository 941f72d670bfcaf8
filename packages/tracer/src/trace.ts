import type { AccountId, AssetId, ChainId, LedgerSource, Rule, Source } from "@clew/core";
import { RULES } from "@clew/core";
import { planSeeds, type Seed, type SeedPlan } from "./seeds.js";
import { DEFAULT_STOP_PARAMETERS, type StopParameters } from "./stops.js";
import { sweep } from "./sweep.js";
import type { SweepEdge, SweepOptions, SweepOutcome } from "./sweep-options.js";
import { totalOf } from "./tally.js";

/** What a trace is asked to do. Heights are inclusive; amounts in base units. */
export interface TraceRequest {
	readonly chain: ChainId;
	readonly seeds: readonly Seed[];
	readonly rules: readonly Rule[];
	/** Decides which accounts are inside when the budget binds. */
	readonly rankBy: Rule;
	readonly maxAccounts: number;
	readonly dust: ReadonlyMap<AssetId, bigint>;
	readonly until?: number;
	readonly stops: StopParameters;
	readonly conversions: boolean;
}

/** Accounts followed before the budget binds: what a report can still show and a laptop holds in memory. */
export const DEFAULT_MAX_ACCOUNTS = 20_000;

/** A request with the defaults of the command line. */
export function defaultRequest(chain: ChainId, seeds: readonly Seed[]): TraceRequest {
	return {
		chain,
		seeds,
		rules: RULES,
		rankBy: "haircut",
		maxAccounts: DEFAULT_MAX_ACCOUNTS,
		dust: new Map(),
		stops: DEFAULT_STOP_PARAMETERS,
		conversions: true,
	};
}

/** What a run needs besides the request. */
export interface TraceContext {
	readonly source: LedgerSource;
	readonly signal?: AbortSignal;
	readonly onProgress?: SweepOptions["onProgress"];
}

/** A finished run: the sweep, its edges in position order, and whether the budget bound. */
export interface TraceRun {
	readonly request: TraceRequest;
	readonly plan: SeedPlan;
	readonly outcome: SweepOutcome;
	readonly edges: readonly SweepEdge[];
	readonly budgetBound: boolean;
}

/** A case as far as a result names it. */
export interface CaseReference {
	readonly id: string;
	readonly title: string;
	readonly cutoff: number;
	readonly sources: readonly Source[];
}

/**
 * Runs a trace. While the followed accounts fit the budget, it is one sweep. When they do not, the accounts inside are
 * chosen best-first by traced value under `rankBy`, in batches that double, and the sweep runs on them.
 * Throws InputError, InterruptedError, and what the source throws.
 */
export async function runTrace(request: TraceRequest, context: TraceContext): Promise<TraceRun> {
	const plan = await planSeeds(context.source, request.chain, request.seeds);
	const edges: SweepEdge[] = [];
	const options: SweepOptions = {
		rules: request.rules,
		stops: request.stops,
		dust: request.dust,
		...(request.until === undefined ? {} : { until: request.until }),
		maxAccounts: request.maxAccounts,
		conversions: request.conversions,
		...(context.signal ? { signal: context.signal } : {}),
		...(context.onProgress ? { onProgress: context.onProgress } : {}),
	};
	const collecting = { ...options, onEdge: (edge: SweepEdge) => void edges.push(edge) };
	const whole = await sweep(context.source, plan, collecting);
	if (!whole.exceeded) return { request, plan, outcome: whole, edges, budgetBound: false };
	const inside = await chooseInside(context.source, plan, { ...options, rules: [request.rankBy] });
	edges.length = 0;
	const outcome = await sweep(context.source, plan, { ...collecting, inside, maxAccounts: Number.POSITIVE_INFINITY });
	return { request, plan, outcome, edges, budgetBound: true };
}

/** Best-first choice of accounts: each round adds the most valuable accounts at the frontier, as many as are inside already. */
async function chooseInside(source: LedgerSource, plan: SeedPlan, options: SweepOptions): Promise<ReadonlySet<AccountId>> {
	const inside = new Set<AccountId>();
	for (const seed of plan.seeds) if (seed.kind === "account") inside.add(seed.account);
	while (inside.size < options.maxAccounts) {
		const { leaves } = await sweep(source, plan, { ...options, inside, maxAccounts: Number.POSITIVE_INFINITY });
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
