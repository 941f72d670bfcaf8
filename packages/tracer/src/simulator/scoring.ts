import { type AccountId, type AssetId, CONSERVING_RULES, type Rule, type TracePassage, type TraceResult } from "@clew/core";
import type { Playbook, Theft } from "./truth.js";

/**
 * How a heuristic did against the truth. Rates are in thousandths, so that figures are whole numbers everywhere; undefined where nothing
 * was there to find.
 */
export interface HeuristicError {
	readonly heuristic: string;
	readonly found: number;
	readonly right: number;
	readonly there: number;
	readonly precision: number | undefined;
	readonly recall: number | undefined;
	/** Of the claims with a score in [from, from + 20): how many, and how many were right. Empty for heuristics that give no score. */
	readonly calibration: readonly { readonly from: number; readonly claims: number; readonly right: number }[];
}

/**
 * How traces of one playbook did, by rule: of what they found where it really is, and of what is really somewhere, in thousandths of the
 * amount.
 */
export interface PlaybookError {
	readonly playbook: Playbook;
	readonly thefts: number;
	/** True when services were known (by detections, or by labels on the cluster of one address of theirs) and stopped the traces. */
	readonly known: boolean;
	readonly byRule: Readonly<Record<string, { readonly precision: number; readonly recall: number }>>;
	/** Of the money at the true ends that were found: how much had the right reason, in thousandths. */
	readonly stops: number;
	/** Accounts that did not take part and that some conserving rule calls tainted, a theft, rounded up. */
	readonly accused: number;
}

/** All figures of a world. */
export interface Evaluation {
	readonly schema: "clew.evaluation/1";
	readonly world: { readonly chain: string; readonly seed: number; readonly size: number; readonly thefts: number };
	readonly heuristics: readonly HeuristicError[];
	readonly playbooks: readonly PlaybookError[];
}

const THOUSAND = 1_000n;
const BUCKET = 20;
const BUCKETS = [0, 20, 40, 60, 80];
/**
 * Thefts of a playbook that are traced: without stops a trace reaches much of the world. The first ones, so that figures do not depend on
 * chance.
 */
const TRACED = 4;

/** One claim of a heuristic. */
export interface Claim {
	readonly right: boolean;
	/** 0 to 100, where the heuristic gives one. */
	readonly score?: number;
}

/** The figures of a heuristic from all its claims, and how much there was to find. */
export function heuristicError(heuristic: string, claims: readonly Claim[], there: number): HeuristicError {
	const calibration = BUCKETS.flatMap((from) => {
		const own = claims.filter(
			({ score }) => score !== undefined && score >= from && (score < from + BUCKET || (from === 80 && score === 100)),
		);
		return own.length === 0 ? [] : [{ from, claims: own.length, right: countRight(own) }];
	});
	return { ...heuristicRates(heuristic, claims.length, countRight(claims), there), calibration };
}

/** The figures of a heuristic whose claims were only counted. */
export function heuristicRates(heuristic: string, found: number, right: number, there: number): HeuristicError {
	const precision = thousandths(BigInt(right), BigInt(found));
	return { heuristic, found, right, there, precision, recall: thousandths(BigInt(right), BigInt(there)), calibration: [] };
}

function countRight(claims: readonly Claim[]): number {
	return claims.filter(({ right }) => right).length;
}

/**
 * Traces the first thefts of every playbook with services known and unknown; a trace has a result a chain. `worth` gives the units in which
 * the truth counts. Throws what the trace throws.
 */
export async function playbookErrors(
	thefts: readonly Theft[],
	trace: (theft: Theft, known: boolean) => Promise<readonly TraceResult[]>,
	worth: (asset: AssetId, units: bigint) => bigint,
	onProgress?: (done: number, of: number) => void,
): Promise<PlaybookError[]> {
	const errors: PlaybookError[] = [];
	const kinds = [...new Set(thefts.map((theft) => theft.playbook))].sort();
	let done = 0;
	for (const playbook of kinds) {
		const own = thefts.filter((theft) => theft.playbook === playbook).slice(0, TRACED);
		for (const known of [true, false]) {
			const traced: TracedTheft[] = [];
			for (const theft of own) {
				traced.push({ theft, results: await trace(theft, known) });
				onProgress?.(++done, kinds.length * TRACED * 2);
			}
			errors.push(playbookError(playbook, traced, known, worth));
		}
	}
	return errors;
}

interface TracedTheft {
	readonly theft: Theft;
	readonly results: readonly TraceResult[];
}

function playbookError(
	playbook: Playbook,
	traced: readonly TracedTheft[],
	known: boolean,
	worth: (asset: AssetId, units: bigint) => bigint,
): PlaybookError {
	const byRule: Record<string, { precision: number; recall: number }> = {};
	for (const rule of CONSERVING_RULES) {
		let [right, found, there] = [0n, 0n, 0n];
		for (const { theft, results } of traced) {
			if (results.some((result) => !result.rules.includes(rule))) continue;
			const ends = foundEnds(results, rule, worth);
			for (const [account, amount] of ends) {
				found += amount;
				const really = BigInt(theft.ends[account] ?? "0");
				right += amount < really ? amount : really;
			}
			for (const amount of Object.values(theft.ends)) there += BigInt(amount);
		}
		if (there > 0n) byRule[rule] = { precision: thousandths(right, found) ?? 0, recall: thousandths(right, there) ?? 0 };
	}
	let [rightStop, met, accused] = [0n, 0n, 0];
	for (const { theft, results } of traced) {
		const doors = new Set<string>(results.flatMap(followedPassages).map(({ paid }) => paid.to));
		const involved = new Set([...Object.keys(theft.ends), theft.thief]);
		const strangers = new Set<string>();
		for (const leaf of results.flatMap(({ leaves }) => leaves)) {
			if (doors.has(leaf.account)) continue;
			if (involved.has(leaf.account)) {
				met += BigInt(leaf.range[1]);
				if (leaf.stop.reason === theft.stops[leaf.account]) rightStop += BigInt(leaf.range[1]);
			} else if (leaf.range[1] !== "0") strangers.add(leaf.account);
		}
		accused += strangers.size;
	}
	return {
		playbook,
		thefts: traced.length,
		known,
		byRule,
		stops: thousandths(rightStop, met) ?? 0,
		accused: Math.ceil(accused / Math.max(1, traced.length)),
	};
}

/** What a rule says is at each end point, in the units of the truth. What a passage carried on is counted where it came out. */
function foundEnds(results: readonly TraceResult[], rule: Rule, worth: (asset: AssetId, units: bigint) => bigint): Map<AccountId, bigint> {
	const ends = new Map<AccountId, bigint>();
	const add = (account: string, asset: string, units: bigint) => {
		const sum = (ends.get(account as AccountId) ?? 0n) + worth(asset as AssetId, units);
		if (sum > 0n) ends.set(account as AccountId, sum);
		else ends.delete(account as AccountId);
	};
	for (const { leaves } of results)
		for (const { account, amounts } of leaves)
			for (const [asset, byRule] of Object.entries(amounts)) add(account, asset, BigInt(byRule[rule] ?? "0"));
	for (const { paid, got, into } of results.flatMap(followedPassages))
		if (got !== undefined) add(paid.to, paid.asset, -(BigInt(into?.[rule] ?? "0") * BigInt(paid.amount)) / BigInt(got.amount));
	return ends;
}

function followedPassages({ passages = [] }: TraceResult): readonly TracePassage[] {
	return passages.filter(({ tier }) => tier === "structural");
}

function thousandths(part: bigint, whole: bigint): number | undefined {
	return whole === 0n ? undefined : Number((part * THOUSAND) / whole);
}
