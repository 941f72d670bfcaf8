import {
	type AccountId,
	type AssetId,
	CONSERVING_RULES,
	type Detection,
	type DetectionKind,
	type LedgerSource,
	nativeAsset,
	type Rule,
	type TraceResult,
} from "@clew/core";
import { buildResult } from "../result.js";
import { parseSeed } from "../seeds.js";
import { defaultRequest, runTrace } from "../trace.js";
import { WEI_PER_TOKEN } from "./people.js";
import { SIMULATED_CHAIN } from "./simulate.js";
import type { Playbook, Truth } from "./truth.js";

/** How a heuristic did against the truth. Rates are in thousandths, so that figures are whole numbers everywhere; undefined where nothing was there to find. */
export interface HeuristicError {
	readonly heuristic: DetectionKind;
	readonly found: number;
	readonly right: number;
	readonly there: number;
	readonly precision: number | undefined;
	readonly recall: number | undefined;
	/** Of the claims with a score in [from, from + 20): how many, and how many were right. */
	readonly calibration: readonly { readonly from: number; readonly claims: number; readonly right: number }[];
}

/** How traces of one playbook did, by rule: of what they found where it really is, and of what is really somewhere, in thousandths of the amount. */
export interface PlaybookError {
	readonly playbook: Playbook;
	readonly thefts: number;
	/** True when detections stopped the traces. */
	readonly detections: boolean;
	readonly byRule: Readonly<Record<string, { readonly precision: number; readonly recall: number }>>;
	/** Of the money at the true ends that were found: how much had the right reason, in thousandths. */
	readonly stops: number;
	/** Accounts that did not take part and that some conserving rule calls tainted, a theft, rounded up. */
	readonly accused: number;
}

/** All figures of a world. */
export interface Evaluation {
	readonly schema: "clew.evaluation/1";
	readonly world: { readonly seed: number; readonly size: number; readonly thefts: number };
	readonly heuristics: readonly HeuristicError[];
	readonly playbooks: readonly PlaybookError[];
}

const THOUSAND = 1_000n;
const BUCKET = 20;
/** Thefts of a playbook that are traced: without stops a trace reaches much of the world. The first ones, so that figures do not depend on chance. */
const TRACED = 4;
const NEVER = 101;

/** Compares detections with the truth, and traces every theft with and without them as stops. The source must hold the detections. Throws what the source throws. */
export async function evaluate(
	source: LedgerSource,
	truth: Truth,
	detections: readonly Detection[],
	onProgress?: (done: number, of: number) => void,
): Promise<Evaluation> {
	const playbooks: PlaybookError[] = [];
	const kinds = [...new Set(truth.thefts.map((theft) => theft.playbook))].sort();
	let done = 0;
	for (const playbook of kinds) {
		const thefts = truth.thefts.filter((theft) => theft.playbook === playbook).slice(0, TRACED);
		for (const stops of [true, false]) {
			const results: { theft: Theft; result: TraceResult }[] = [];
			for (const theft of thefts) {
				results.push({ theft, result: await traceTheft(source, theft, stops) });
				onProgress?.(++done, kinds.length * TRACED * 2);
			}
			playbooks.push(playbookError(playbook, results, stops));
		}
	}
	const { seed, size } = truth;
	return {
		schema: "clew.evaluation/1",
		world: { seed, size, thefts: truth.thefts.length },
		heuristics: heuristicErrors(truth, detections),
		playbooks,
	};
}

type Theft = Truth["thefts"][number];

async function traceTheft(source: LedgerSource, theft: Theft, stops: boolean): Promise<TraceResult> {
	const request = defaultRequest(SIMULATED_CHAIN, [parseSeed(`tx:${theft.transaction}`, SIMULATED_CHAIN, {})]);
	const run = await runTrace(
		{ ...request, maxAccounts: 2_000, stops: stops ? request.stops : { ...request.stops, minDetectionScore: NEVER } },
		{ source },
	);
	return buildResult(run, source, { id: "evaluation", title: "", cutoff: 0, sources: [] });
}

function playbookError(playbook: Playbook, results: readonly { theft: Theft; result: TraceResult }[], detections: boolean): PlaybookError {
	const byRule: Record<string, { precision: number; recall: number }> = {};
	for (const rule of CONSERVING_RULES) {
		let [right, found, there] = [0n, 0n, 0n];
		for (const { theft, result } of results) {
			if (!result.rules.includes(rule)) continue;
			const ends = foundEnds(result, rule);
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
	for (const { theft, result } of results) {
		const involved = new Set([...Object.keys(theft.ends), theft.thief]);
		const strangers = new Set<string>();
		for (const leaf of result.leaves) {
			if (involved.has(leaf.account)) {
				met += BigInt(leaf.range[1]);
				if (leaf.stop.reason === theft.stops[leaf.account]) rightStop += BigInt(leaf.range[1]);
			} else if (leaf.range[1] !== "0") strangers.add(leaf.account);
		}
		accused += strangers.size;
	}
	return {
		playbook,
		thefts: results.length,
		detections,
		byRule,
		stops: thousandths(rightStop, met) ?? 0,
		accused: Math.ceil(accused / Math.max(1, results.length)),
	};
}

/** Amounts at end points in wei: the world's one token has a fixed price. */
function foundEnds(result: TraceResult, rule: Rule): Map<AccountId, bigint> {
	const native = nativeAsset(SIMULATED_CHAIN);
	const ends = new Map<AccountId, bigint>();
	for (const leaf of result.leaves) {
		for (const [asset, amounts] of Object.entries(leaf.amounts)) {
			const units = BigInt(amounts[rule] ?? "0") * ((asset as AssetId) === native ? 1n : WEI_PER_TOKEN);
			if (units > 0n) ends.set(leaf.account as AccountId, (ends.get(leaf.account as AccountId) ?? 0n) + units);
		}
	}
	return ends;
}

function heuristicErrors(truth: Truth, detections: readonly Detection[]): HeuristicError[] {
	const pair = (a: string, b: string) => `${a} ${b}`;
	// Its contracts log no events, so bridges and pools, which rest on events, are not measured here.
	const there: Readonly<Record<Exclude<DetectionKind, "bridge" | "dex-pool">, ReadonlySet<string>>> = {
		"deposit-address": new Set(Object.keys(truth.depositAddresses)),
		"custodial-service": new Set(truth.services),
		"mixer-pool": new Set(truth.mixers),
		"mixer-link": new Set(truth.mixerLinks.map((link) => pair(link.receiver, link.depositor))),
		"address-poisoning": new Set(truth.poisonings.map((p) => p.imitator)),
		drainer: new Set(truth.drainers),
		airdrop: new Set(truth.airdrops),
	};
	return (Object.keys(there) as (keyof typeof there)[]).map((heuristic) => {
		const own = new Map(
			detections
				.filter((detection) => detection.kind === heuristic && (heuristic === "mixer-link" || detection.tier === "structural"))
				.map((detection) => [
					heuristic === "mixer-link" ? pair(detection.account, detection.counterpart ?? "") : detection.account,
					detection.score,
				]),
		);
		const all = there[heuristic];
		const right = [...own.keys()].filter((key) => all.has(key)).length;
		const calibration = [0, 20, 40, 60, 80].flatMap((from) => {
			const claims = [...own].filter(([, score]) => score >= from && (score < from + BUCKET || (from === 80 && score === 100)));
			return claims.length === 0 ? [] : [{ from, claims: claims.length, right: claims.filter(([key]) => all.has(key)).length }];
		});
		return {
			heuristic,
			found: own.size,
			right,
			there: all.size,
			precision: thousandths(BigInt(right), BigInt(own.size)),
			recall: thousandths(BigInt(right), BigInt(all.size)),
			calibration,
		};
	});
}

function thousandths(part: bigint, whole: bigint): number | undefined {
	return whole === 0n ? undefined : Number((part * THOUSAND) / whole);
}
