import { type ChainId, ERROR_RATES, ledgerOf, MEASURED_IN, type TraceResult } from "@clew/core";

/** A heuristic that a result may rest on: what it assumes, with what parameters, what it leaves out, and how often it is wrong. */
export interface HeuristicNote {
	readonly name: string;
	readonly version: string;
	readonly parameters: string;
	readonly exceptions: string;
	readonly errorRate: string;
	/** Rows or end points of this result that rest on it. */
	readonly used: number;
}

/** An error rate says something of this result only where the heuristic decided something in it. */
const NOT_USED = "not used in this trace";
const UNKNOWN = "unknown: not measured";

/** What was measured of a heuristic, in words; see docs/heuristics.md and docs/clustering.md. */
function measured(heuristic: string): string {
	const rates = ERROR_RATES[heuristic];
	return rates === undefined ? UNKNOWN : `precision ${rates.precision}, recall ${rates.recall} in ${MEASURED_IN[rates.worlds]}`;
}

const BRIDGE_PASSAGE = "passage over a bridge";

/** Detectors that can end a trace. */
const DETECTORS = [
	{ name: "deposit-address", version: "2", reason: "service" },
	{ name: "custodial-service", version: "2", reason: "service" },
	{ name: "hot-wallet", version: "1", reason: "service" },
	{ name: "cold-wallet", version: "1", reason: "service" },
	{ name: "mixer-pool", version: "1", reason: "mixer" },
	{ name: "bridge", version: "2", reason: "bridge" },
	{ name: "dex-pool", version: "1", reason: "swap" },
] as const;

/**
 * Every heuristic that can decide something in a trace of this chain, used or not. Tracing rules are no heuristics: they are conventions,
 * and all are shown.
 */
export function heuristicsOf(result: TraceResult): HeuristicNote[] {
	const { parameters, leaves, edges } = result;
	const stops = (reason: string, detail?: RegExp) =>
		leaves.filter((leaf) => leaf.stop.reason === reason && (detail?.test(leaf.stop.detail) ?? true)).length;
	const notes: HeuristicNote[] = [
		{
			name: "service by label",
			version: "1",
			parameters: `labels of confidence ${parameters["minLabelConfidence"] ?? "?"} and more`,
			exceptions:
				"a label is somebody's claim; its source stands with the end point; one that had ended when money came does not stop it, one listed since later does",
			errorRate: UNKNOWN,
			used: stops("service", /^labelled /),
		},
		{
			name: "service by behaviour",
			version: "1",
			parameters: `${parameters["serviceTransfers"] ?? "?"} transfers and more in the case`,
			exceptions: "seeded accounts are followed whatever their size; each end point that rests on this is a gap of kind behaviour-only",
			errorRate: UNKNOWN,
			used: stops("service", /^behaviour alone: at least/),
		},
	];
	if (ledgerOf(result.chain as ChainId) === "outputs") {
		notes.push({
			name: "CoinJoin",
			version: "3",
			parameters: `families and parameters of docs/clustering.md; Wasabi 2 rounds have ${parameters["wasabi2Inputs"] ?? "20"} inputs or more`,
			exceptions:
				parameters["throughCoinJoins"] === "yes"
					? "followed through, by the letter of each rule"
					: "an end point and a gap of kind behaviour-only, since nobody named it; two equal outputs alone do not make one",
			errorRate: measured("coinjoin"),
			used: stops("mixer", /^pattern alone/),
		});
	} else {
		notes.push(
			...DETECTORS.map(({ name, version, reason }) => ({
				name: `${name} by behaviour`,
				version,
				parameters: `definition in docs/heuristics.md; scores of ${parameters["minDetectionScore"] ?? "?"} and more stop`,
				exceptions:
					"only where clew detect was run on the case; claims that are leads stop nothing; each such end point is a gap of kind behaviour-only",
				errorRate: measured(name),
				used: stops(reason, new RegExp(`^behaviour alone: ${name}`)),
			})),
			{
				name: "exchange inside a transaction",
				version: "2",
				parameters: `conversions: ${parameters["conversions"] ?? "?"}`,
				exceptions:
					"only where one account pays one asset net and receives one other; proceeds to a third account are a passage; what an EntryPoint of account abstraction is paid and pays is gas, and no side of one",
				errorRate: UNKNOWN,
				used: edges.filter((edge) => edge.kind === "conversion").length,
			},
			...(["bridge", "swap"] as const).map((kind) => ({
				name: kind === "bridge" ? BRIDGE_PASSAGE : "passage through a pool",
				version: "2",
				parameters: "definition in docs/heuristics.md",
				exceptions:
					"only where the case holds events of nodes; what has several readings, or a contract that nobody names, is a lead and not followed",
				errorRate: kind === "bridge" ? measured(BRIDGE_PASSAGE) : UNKNOWN,
				used: (result.passages ?? []).filter((passage) => passage.tier === "structural" && passage.kind === kind).length,
			})),
		);
	}
	return notes.map((one) => (one.used > 0 ? one : { ...one, errorRate: NOT_USED }));
}
