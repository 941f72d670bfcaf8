import {
	type AccountId,
	type AssetId,
	countedOf,
	formatPosition,
	goesForward,
	InputError,
	keptDetections,
	ledgerOf,
	parseAccountOn,
	parseAssetOn,
	rangeOfLeaves,
	type TraceLeaf,
} from "@clew/core";
import {
	clusterAccounts,
	DEFAULT_ACCOUNT_CLUSTER_PARAMETERS,
	DEFAULT_ACCOUNT_HEURISTICS,
	DEFAULT_STOP_PARAMETERS,
	findPaths,
	fundersOf,
} from "@clew/tracer";
import { findVictims } from "@clew/workers/victims";
import type { Told } from "../facts.js";
import { outside } from "../outside.js";
import { GAP_WORDS, type Note, OTHER_GAP } from "../own-words.js";
import { type Answer, type Served, traceAsked } from "../served.js";
import type { Arguments } from "../tools.js";
import { Amounts, labelFact, transferFacts } from "./parts.js";

/** A kept trace in short, with its end points. */
export async function traceSummary(served: Served, { trace: wanted, top, skip }: Arguments<"trace_summary">): Promise<Answer> {
	const whole = await traceAsked(served, wanted);
	const { counted } = countedOf(whole);
	const amounts = new Amounts(served.store);
	const { id: trace, chain, rules, parameters, coverage, edges, leaves, seeds } = counted;
	const facts: Told[] = [
		{
			kind: "trace",
			data: {
				trace: whole.id,
				chain,
				direction: goesForward(whole) ? "forward" : "backward",
				rules: [...rules],
				parameters: Object.fromEntries(Object.entries(parameters).filter(([, value]) => /^[-a-zA-Z0-9., ]{1,60}$/.test(value))),
				cutoff: coverage.cutoff,
				rows: edges.length,
				endPoints: leaves.length,
				gaps: coverage.gaps.length,
			},
		},
	];
	for (const { spec, seeded } of seeds)
		for (const [asset, byRule] of Object.entries(seeded)) {
			const most = Object.values(byRule).reduce((sum, one) => (BigInt(one ?? 0) > sum ? BigInt(one ?? 0) : sum), 0n);
			facts.push({
				kind: "seed",
				data: { trace: whole.id, spec, asset, seeded: byRule, amount: await amounts.of(most, asset as AssetId) },
			});
		}
	const sums = new Map<string, bigint>();
	for (const leaf of leaves) for (const asset of Object.keys(leaf.amounts)) sums.set(asset, (sums.get(asset) ?? 0n) + BigInt(leaf.agreed));
	for (const [asset, sum] of sums)
		facts.push({ kind: "agreed", data: { trace: whole.id, amount: await amounts.of(sum, asset as AssetId) } });
	const named: Told[] = [];
	for (const leaf of leaves.slice(skip, skip + top)) {
		facts.push(await endPoint(whole.id, leaf, amounts));
		const { labels } = leaf;
		named.push(...labels.map((label) => labelFact({ ...label, account: leaf.account as AccountId } as Parameters<typeof labelFact>[0])));
	}
	const asOf = served.about.traces.find((one) => one.trace === trace)?.asOf;
	const notes: Note[] = [
		...(leaves.length > skip + top ? (["more"] as const) : []),
		...(asOf === "written" ? (["oldTrace"] as const) : []),
	];
	return { facts: [...facts, ...named, ...amounts.list()], notes };
}

async function endPoint(trace: string, leaf: TraceLeaf, amounts: Amounts): Promise<Told> {
	const [asset = ""] = Object.keys(leaf.amounts);
	const of = (units: bigint) => amounts.of(units, asset as AssetId);
	const bounds = rangeOfLeaves([leaf], asset) ?? { least: BigInt(leaf.range[0]), most: BigInt(leaf.range[1]) };
	return {
		kind: "end-point",
		data: {
			trace,
			account: leaf.account,
			stop: leaf.stop.reason,
			agreed: await of(BigInt(leaf.agreed)),
			least: await of(bounds.least),
			most: await of(bounds.most),
			byRule: leaf.amounts[asset] ?? {},
			lastArrival: leaf.arrivals.last,
			arrivals: leaf.arrivals.count,
		},
	};
}

/** What a trace could not read or decide. */
export async function gaps(served: Served, { trace: wanted, limit, skip }: Arguments<"gaps">): Promise<Answer> {
	const { id, coverage } = await traceAsked(served, wanted);
	const page = coverage.gaps.slice(skip, skip + limit);
	return {
		facts: page.map(({ kind, text, account, asset, amount, uncertain, fromHeight, toHeight }) => ({
			kind: "gap",
			data: {
				...{ trace: id, kind, meaning: GAP_WORDS[kind] ?? OTHER_GAP, detail: outside(text) },
				...Object.fromEntries(
					Object.entries({ account, asset, amount, uncertain, fromHeight, toHeight }).filter(([, value]) => value !== undefined),
				),
			},
		})),
		notes: coverage.gaps.length > skip + limit ? ["more"] : [],
	};
}

/** Transfers that are looked at before a search gives up. */
const MAX_TRANSFERS = 200_000;

/** Which transfers link two accounts. */
export async function path(served: Served, args: Arguments<"path">, signal: AbortSignal): Promise<Answer> {
	const { store } = served;
	const chain = accountsOnly(served);
	const [from, to] = [parseAccountOn(chain, args.from), parseAccountOn(chain, args.to)];
	const { paths, complete } = await findPaths(store, {
		...{ from, to, maxPaths: args.max_paths, maxHops: args.max_hops, maxTransfers: MAX_TRANSFERS, signal },
		...(args.asset === undefined ? {} : { asset: parseAssetOn(chain, args.asset) }),
	});
	const amounts = new Amounts(store);
	const facts: Told[] = [];
	for (const { asset, value, transfers } of paths) {
		facts.push({ kind: "path", data: { from, to, value: await amounts.of(value, asset), transfers: transfers.length, complete } });
		facts.push(...(await transferFacts(store, transfers, amounts)));
	}
	const notes: Note[] = [...(paths.length === 0 ? (["noPath"] as const) : []), ...(complete ? [] : (["notComplete"] as const))];
	return { facts: [...facts, ...amounts.list()], notes };
}

function accountsOnly({ store }: Served) {
	const { chain } = store.info;
	if (ledgerOf(chain) === "outputs") throw new InputError("this tool knows chains of accounts only", { code: "USAGE" });
	return chain;
}

/** Leads to accounts of the same owner. */
export async function cluster(served: Served, { account }: Arguments<"cluster">, signal: AbortSignal): Promise<Answer> {
	const { store } = served;
	const chain = accountsOnly(served);
	const one = parseAccountOn(chain, account);
	const clusters = await clusterAccounts(store, chain, await store.coverage(chain), {
		heuristics: DEFAULT_ACCOUNT_HEURISTICS,
		parameters: DEFAULT_ACCOUNT_CLUSTER_PARAMETERS,
		cuts: await store.clusterCuts(),
		detections: await keptDetections(store, chain),
		signal,
	});
	const inside = new Set(clusters.clusterOf(one));
	const facts = clusters.reasons
		.filter(({ accounts: [first] }) => inside.size > 1 && first !== undefined && inside.has(first))
		.slice(0, MAX_REASONS)
		.map(
			({ heuristic, version, accounts, evidence }): Told => ({
				kind: "same-owner",
				data: { heuristic, version, accounts: accounts.slice(0, MAX_ACCOUNTS), evidence: [...evidence] },
			}),
		);
	return { facts, notes: ["leads", ...(clusters.unread > 0 ? (["unread"] as const) : [])] };
}

const MAX_REASONS = 100;
const MAX_ACCOUNTS = 50;

/** Who paid an account its first coins. */
export async function funder(served: Served, { account, max_steps }: Arguments<"funder">): Promise<Answer> {
	const { store } = served;
	const { steps } = await fundersOf(store, parseAccountOn(accountsOnly(served), account), DEFAULT_STOP_PARAMETERS, max_steps);
	const amounts = new Amounts(store);
	const facts: Told[] = [];
	for (const { account: of, payment, open } of steps) {
		const amount = await amounts.of(payment.amount, payment.asset);
		facts.push({
			kind: "funding",
			data: {
				...{ account: of, funder: payment.from, position: formatPosition(payment.position), txHash: payment.txHash },
				...{ amount, knownFirst: open.length === 0 },
			},
		});
	}
	return { facts: [...facts, ...amounts.list()], notes: ["leads"] };
}

/** Payments of a collector that are read. */
const MAX_PAYMENTS = 20_000;

/** Who paid a collector. */
export async function victims(served: Served, { account, limit }: Arguments<"victims">, signal: AbortSignal): Promise<Answer> {
	const { store } = served;
	const collector = parseAccountOn(accountsOnly(served), account);
	const found = await findVictims(store, { collectors: [collector], stops: DEFAULT_STOP_PARAMETERS, most: MAX_PAYMENTS, signal });
	const amounts = new Amounts(store);
	const facts: Told[] = [];
	for (const one of found.victims.slice(0, limit)) {
		const paid = await amounts.of(one.paid, one.asset);
		facts.push({
			kind: "payer",
			data: {
				...{ collector: [collector], account: one.account, paid, returned: one.returned.toString() },
				...{ payments: one.payments.length, lures: [...new Set(one.payments.map(({ lure }) => lure))], historyRead: one.isRead },
			},
		});
	}
	const notes: Note[] = [
		...(found.victims.length > limit ? (["more"] as const) : []),
		...(found.cut.length > 0 ? (["cutPayers"] as const) : []),
	];
	return { facts: [...facts, ...amounts.list()], notes };
}
