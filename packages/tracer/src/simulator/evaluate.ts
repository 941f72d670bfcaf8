import { type AccountId, type Detection, type DetectionKind, isNative, type Label, type LedgerReader, type TraceResult } from "@clew/core";
import { WEI_PER_TOKEN } from "./people.js";
import { type Claim, type Evaluation, type HeuristicError, heuristicError, playbookErrors } from "./scoring.js";
import { SIMULATED_CHAIN } from "./simulate.js";
import { traceTheft } from "./trace-theft.js";
import { simulatedLabel, type Truth } from "./truth.js";

const PASSAGE = "passage over a bridge";

/** Labels that somebody could have: the bridge's contracts, which no structural claim names. */
export function bridgeLabels(truth: Truth): readonly Label[] {
	return truth.bridges.map((account) => simulatedLabel(account as AccountId, "bridge", "bridge"));
}

/**
 * Compares detections of all chains with the truth, and traces thefts with and without them and {@link bridgeLabels} as stops. The source
 * must hold both. Throws what the source throws.
 */
export async function evaluate(
	source: LedgerReader,
	truth: Truth,
	detections: readonly Detection[],
	onProgress?: (done: number, of: number) => void,
): Promise<Evaluation> {
	const { chain, seed, size, thefts } = truth;
	const crossed: Claim[] = [];
	let crossings = 0;
	const playbooks = await playbookErrors(
		thefts,
		async (theft, known) => {
			const results = await traceTheft(source, SIMULATED_CHAIN, `tx:${theft.transaction}`, known);
			if (known && theft.playbook === "bridge") {
				crossings++;
				crossed.push(...results.flatMap((result) => passageClaims(result, truth)));
			}
			return results;
		},
		// In wei: each chain's one token has the same fixed price.
		(asset, units) => (isNative(asset) ? units : units * WEI_PER_TOKEN),
		onProgress,
	);
	return {
		schema: "clew.evaluation/1",
		world: { chain, seed, size, thefts: thefts.length },
		heuristics: [...heuristicErrors(truth, detections), heuristicError(PASSAGE, crossed, crossings)],
		playbooks,
	};
}

/** What a result says was brought over a bridge: right where that is who received it. */
function passageClaims({ passages = [] }: TraceResult, { crossings }: Truth): Claim[] {
	return passages
		.filter(({ kind, tier }) => kind === "bridge" && tier === "structural")
		.map(({ key, got }) => ({ right: got !== undefined && crossings[key] === got.to }));
}

const pair = (a: string, b: string) => `${a} ${b}`;

/** Kinds that no world plays: how often they are right was not measured. */
type Unplayed = "sweeper" | "delegated-to-sweeper";

/** What there is to find of every kind that worlds play. */
function thereIs(truth: Truth): Readonly<Record<Exclude<DetectionKind, Unplayed>, ReadonlySet<string>>> {
	return {
		"deposit-address": new Set(Object.keys(truth.depositAddresses)),
		"custodial-service": new Set(truth.services),
		"hot-wallet": new Set(truth.hotWallets),
		"cold-wallet": new Set(Object.entries(truth.coldWallets).map(([cold, hot]) => pair(cold, hot))),
		"mixer-pool": new Set(truth.mixers),
		"mixer-link": new Set(truth.mixerLinks.map((link) => pair(link.receiver, link.depositor))),
		"address-poisoning": new Set(truth.poisonings.map((p) => p.imitator)),
		drainer: new Set(truth.drainers),
		airdrop: new Set(truth.airdrops),
		"dex-pool": new Set(truth.pools),
		bridge: new Set(truth.bridges),
	};
}

/** Kinds whose claim is about two accounts. */
const PAIRS: ReadonlySet<DetectionKind> = new Set(["mixer-link", "cold-wallet"]);

/** Structural claims of every kind, and leads apart where there are any. */
function heuristicErrors(truth: Truth, detections: readonly Detection[]): HeuristicError[] {
	return Object.entries(thereIs(truth)).flatMap(([kind, there]) => {
		const own = detections.filter((detection) => detection.kind === kind);
		const leads = own.filter(({ tier }) => tier === "lead");
		const structural = own.filter(({ tier }) => tier === "structural");
		const errorOf = (name: string, some: readonly Detection[]) => {
			const scores = new Map(
				some.map(({ account, counterpart, score }) => [
					PAIRS.has(kind as DetectionKind) ? pair(account, counterpart ?? "") : account,
					score,
				]),
			);
			return heuristicError(
				name,
				[...scores].map(([key, score]) => ({ right: there.has(key), score })),
				there.size,
			);
		};
		if (kind === "mixer-link") return [errorOf(kind, leads)];
		return [errorOf(kind, structural), ...(leads.length === 0 ? [] : [errorOf(`${kind} (leads)`, leads)])];
	});
}
