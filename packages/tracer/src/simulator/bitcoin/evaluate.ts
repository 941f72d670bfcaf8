import {
	type AccountId,
	FIRST_OUTPUT,
	type Label,
	type LedgerReader,
	type OutputReader,
	throwIfAborted,
	transactionPages,
	type UtxoTransaction,
} from "@clew/core";
import { CHANGE_HEURISTICS } from "../../clustering/change.js";
import { findChange } from "../../clustering/change-context.js";
import { clusterChain } from "../../clustering/cluster-chain.js";
import type { Clusters } from "../../clustering/cluster-index.js";
import { CO_SPEND, parseHeuristics } from "../../clustering/heuristics.js";
import { Cuts, DEFAULT_CLUSTER_OPTIONS, ownersOf } from "../../clustering/reasons.js";
import { EQUAL_OUTPUT, findCoinJoins } from "../../patterns/coinjoin.js";
import { payJoin } from "../../patterns/shapes.js";
import { type Claim, type Evaluation, type HeuristicError, heuristicError, heuristicRates, playbookErrors } from "../scoring.js";
import { traceTheft } from "../trace-theft.js";
import { simulatedLabel } from "../truth.js";
import { SIMULATED_BITCOIN } from "./chain.js";
import { type BitcoinTruth, MIX_FAMILIES } from "./truth.js";

/** The name of the claim that a transaction is a mix of some named family: what ends a trace. */
export const COINJOIN = "coinjoin";
const PAYJOIN = "payjoin-possible";

type Source = LedgerReader & OutputReader;

/** How long work is told of and stopped. */
export interface EvaluateRun {
	readonly signal?: AbortSignal;
	readonly onProgress?: (done: number, of: number) => void;
}

/**
 * Compares what the Bitcoin heuristics say of a made-up chain with its truth: co-spend and every change heuristic by transaction and by
 * pairs of addresses, every CoinJoin rule by family, and traces with and without the labels of {@link serviceLabels}, which the source must
 * hold. Throws InterruptedError and what the source throws.
 */
export async function evaluateBitcoin(source: Source, truth: BitcoinTruth, run: EvaluateRun = {}): Promise<Evaluation> {
	const claims = new Claims();
	for await (const page of transactionPages(source, SIMULATED_BITCOIN, FIRST_OUTPUT)) {
		throwIfAborted(run.signal);
		for (const tx of page) await judge(source, truth, tx, claims);
	}
	const pairs: HeuristicError[] = [];
	for (const heuristics of [CO_SPEND, ...CHANGE_HEURISTICS.map(({ name }) => `${CO_SPEND},change:${name}`)])
		pairs.push(pairError(heuristics, await clustersOf(source, heuristics, run.signal), truth));
	const { chain, seed, size, thefts } = truth;
	return {
		schema: "clew.evaluation/1",
		world: { chain, seed, size, thefts: thefts.length },
		heuristics: [...claims.errors(), ...pairs],
		playbooks: await playbookErrors(
			thefts,
			(theft, known) => traceTheft(source, SIMULATED_BITCOIN, `outpoint:${theft.transaction}:0`, known, run.signal),
			(_, units) => units,
			run.onProgress,
		),
	};
}

/** Claims of every heuristic and how much there was to find, as transactions go by. */
class Claims {
	private readonly claims = new Map<string, Claim[]>();
	private readonly there = new Map<string, number>();

	constructor() {
		const names = [CO_SPEND, ...CHANGE_HEURISTICS.map(({ name }) => `change:${name}`), COINJOIN, ...MIX_FAMILIES, EQUAL_OUTPUT, PAYJOIN];
		for (const name of names) this.claims.set(name, []);
	}

	claim(heuristic: string, right: boolean, score?: number): void {
		this.claims.get(heuristic)?.push(score === undefined ? { right } : { right, score });
	}

	exists(heuristic: string): void {
		this.there.set(heuristic, (this.there.get(heuristic) ?? 0) + 1);
	}

	errors(): HeuristicError[] {
		return [...this.claims].map(([name, claims]) => heuristicError(name, claims, this.there.get(name) ?? 0));
	}
}

async function judge(source: Source, truth: BitcoinTruth, tx: UtxoTransaction, claims: Claims): Promise<void> {
	if (tx.coinbase) return;
	const time = (await source.header(SIMULATED_BITCOIN, tx.height))?.time;
	const accounts = new Set(tx.inputs.flatMap(({ previous }) => (previous === undefined ? [] : [previous.account])));
	const oneOwner = new Set([...accounts].map((account) => truth.owners[account])).size === 1;
	if (accounts.size > 1 && oneOwner) claims.exists(CO_SPEND);
	const view = ownersOf(tx, DEFAULT_CLUSTER_OPTIONS, new Cuts([]), time);
	if (view.owners.length > 1 && view.exception === undefined) claims.claim(CO_SPEND, oneOwner);

	const change = truth.change[tx.txid];
	for (const { name, output } of await findChange(source, SIMULATED_BITCOIN, tx)) claims.claim(`change:${name}`, output === change);
	if (change !== undefined) for (const { name } of CHANGE_HEURISTICS) claims.exists(`change:${name}`);

	judgeMix(truth, tx, time, claims);
}

function judgeMix(truth: BitcoinTruth, tx: UtxoTransaction, time: number | undefined, claims: Claims): void {
	const family = truth.mixes[tx.txid];
	const mixes = family !== undefined && family !== "whirlpool-tx0";
	const found = findCoinJoins(tx);
	const named = found.find((finding) => finding.mixes && finding.name !== EQUAL_OUTPUT);
	const tx0 = found.find((finding) => finding.name === "whirlpool-tx0");
	const equal = found.find((finding) => finding.name === EQUAL_OUTPUT);
	if (named !== undefined) {
		claims.claim(COINJOIN, mixes, named.score);
		claims.claim(named.name, named.name === family, named.score);
	}
	if (tx0 !== undefined) claims.claim(tx0.name, tx0.name === family, tx0.score);
	if (equal !== undefined) claims.claim(EQUAL_OUTPUT, mixes, equal.score);
	if (family !== undefined) claims.exists(family);
	if (mixes) for (const name of [COINJOIN, EQUAL_OUTPUT]) claims.exists(name);
	const joined = truth.payJoins.includes(tx.txid);
	const possible = payJoin(tx, time);
	if (possible !== undefined) claims.claim(PAYJOIN, joined, possible.score);
	if (joined) claims.exists(PAYJOIN);
}

async function clustersOf(source: Source, heuristics: string, signal: AbortSignal | undefined): Promise<Clusters> {
	const options = { ...DEFAULT_CLUSTER_OPTIONS, heuristics: parseHeuristics(heuristics) };
	return (await clusterChain(source, SIMULATED_BITCOIN, options, signal === undefined ? {} : { signal })).clusters();
}

/** Of all pairs of addresses in one cluster, how many have one owner; of all pairs with one owner, how many are in one cluster. */
function pairError(heuristics: string, clusters: Clusters, truth: BitcoinTruth): HeuristicError {
	const [byCluster, byOwner, byBoth] = [new Map<number, number>(), new Map<string, number>(), new Map<string, number>()];
	const count = <K>(map: Map<K, number>, key: K) => map.set(key, (map.get(key) ?? 0) + 1);
	for (const [account, owner] of Object.entries(truth.owners)) {
		const cluster = clusters.clusterOf(account as AccountId);
		if (cluster === undefined) continue;
		count(byCluster, cluster);
		count(byOwner, owner);
		count(byBoth, `${cluster} ${owner}`);
	}
	const pairs = (map: ReadonlyMap<unknown, number>) => [...map.values()].reduce((total, n) => total + (n * (n - 1)) / 2, 0);
	return heuristicRates(`pairs by ${heuristics}`, pairs(byCluster), pairs(byBoth), pairs(byOwner));
}

/**
 * Labels on every address in the co-spend cluster of one deposit address of each exchange: what an investigator has who paid in once.
 * Throws what the source throws.
 */
export async function serviceLabels(source: Source, truth: BitcoinTruth, signal?: AbortSignal): Promise<readonly Label[]> {
	const clusters = await clustersOf(source, CO_SPEND, signal);
	const entities = new Map(Object.entries(truth.services).map(([entity, account]) => [clusters.clusterOf(account as AccountId), entity]));
	return (Object.keys(truth.owners) as AccountId[]).flatMap((account) => {
		const cluster = clusters.clusterOf(account);
		const entity = cluster === undefined ? undefined : entities.get(cluster);
		return entity === undefined ? [] : [simulatedLabel(account, "exchange", entity)];
	});
}
