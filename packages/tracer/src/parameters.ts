import { ledgerOf, whatIfOf } from "@clew/core";
import type { TraceRun } from "./trace.js";

/** What stands for passages where nobody looked for any. */
export const PASSAGES_NOT_SOUGHT = "not looked for";
/** Passages one after the other that are followed; what goes further is said, not followed. */
export const MOST_PASSAGES = 64;

/** The parameters, and in words what makes the trace a what-if. */
export function statedParameters(run: TraceRun): Record<string, string> {
	const whatIf = whatIfWords(run);
	return { ...parametersOf(run), ...(whatIf === undefined ? {} : { whatIf }) };
}

/** What makes a run a what-if, in words; undefined for a plain one. */
export function whatIfWords(run: TraceRun): string | undefined {
	const { chain, rules } = run.request;
	return whatIfOf({ chain, rules: [...rules], parameters: parametersOf(run) });
}

function parametersOf({ request, budgetBound, passages, passagesCut }: TraceRun): Record<string, string> {
	const [seed] = request.seeds;
	const backward = request.direction === "backward";
	return {
		...(backward ? { direction: "backward" } : {}),
		seedAsset: seed?.asset ?? "any",
		seedLimit: seed?.limit?.toString() ?? "none",
		seedSince: seed?.kind === "account" ? seed.since.height.toString() : "0",
		rankBy: request.rankBy,
		maxAccounts: request.maxAccounts.toString(),
		budgetBound: budgetBound ? "yes" : "no",
		...(backward ? { readFrom: request.until?.toString() ?? "start of data" } : { until: request.until?.toString() ?? "end of data" }),
		dust: [...request.dust].map(([asset, amount]) => `${amount} of ${asset}`).join(", ") || "none",
		...(ledgerOf(request.chain) === "outputs"
			? {
					fee: request.fee,
					throughCoinJoins: request.throughCoinJoins ? "yes" : "no",
					wasabi2Inputs: request.coinJoin.wasabi2Inputs.toString(),
				}
			: { conversions: request.conversions ? "net" : "off" }),
		...(passages === undefined ? { passages: PASSAGES_NOT_SOUGHT } : {}),
		...(passagesCut ? { passages: `more than ${MOST_PASSAGES} in a row: the last are not followed` } : {}),
		...(request.elsewhere === undefined ? {} : { seedsWhatIf: request.elsewhere }),
		minLabelConfidence: request.stops.minLabelConfidence.toString(),
		serviceTransfers: request.stops.serviceTransfers.toString(),
		minDetectionScore: request.stops.minDetectionScore.toString(),
	};
}
