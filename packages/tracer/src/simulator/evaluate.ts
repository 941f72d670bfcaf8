import { type Detection, type DetectionKind, type LedgerSource, nativeAsset, type TraceResult } from "@clew/core";
import { buildResult } from "../result.js";
import { parseSeed } from "../seeds.js";
import { defaultRequest, runTrace } from "../trace.js";
import { WEI_PER_TOKEN } from "./people.js";
import { type Evaluation, type HeuristicError, heuristicError, playbookErrors } from "./scoring.js";
import { SIMULATED_CHAIN } from "./simulate.js";
import type { Theft, Truth } from "./truth.js";

const NEVER = 101;

/** Compares detections with the truth, and traces thefts with and without them as stops. The source must hold the detections. Throws what the source throws. */
export async function evaluate(
	source: LedgerSource,
	truth: Truth,
	detections: readonly Detection[],
	onProgress?: (done: number, of: number) => void,
): Promise<Evaluation> {
	const native = nativeAsset(SIMULATED_CHAIN);
	const { chain, seed, size, thefts } = truth;
	return {
		schema: "clew.evaluation/1",
		world: { chain, seed, size, thefts: thefts.length },
		heuristics: heuristicErrors(truth, detections),
		playbooks: await playbookErrors(
			thefts,
			(theft, known) => traceTheft(source, theft, known),
			// In wei: the world's one token has a fixed price.
			(asset, units) => (asset === native ? units : units * WEI_PER_TOKEN),
			onProgress,
		),
	};
}

async function traceTheft(source: LedgerSource, theft: Theft, stops: boolean): Promise<TraceResult> {
	const request = defaultRequest(SIMULATED_CHAIN, [parseSeed(`tx:${theft.transaction}`, SIMULATED_CHAIN, {})]);
	const run = await runTrace(
		{ ...request, maxAccounts: 2_000, stops: stops ? request.stops : { ...request.stops, minDetectionScore: NEVER } },
		{ source },
	);
	return buildResult(run, source, { id: "evaluation", title: "", cutoff: 0, sources: [] });
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
		return heuristicError(
			heuristic,
			[...own].map(([key, score]) => ({ right: all.has(key), score })),
			all.size,
		);
	});
}
