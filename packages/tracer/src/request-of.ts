import {
	type AssetId,
	type ChainId,
	FEE_CONVENTIONS,
	InputError,
	parsePosition,
	RULES,
	type Rule,
	SEEDED_ELSEWHERE,
	type TraceResult,
} from "@clew/core";
import { DEFAULT_COINJOIN_PARAMETERS } from "./patterns/coinjoin.js";
import { type Arrival, parseSeed, type Seed } from "./seeds.js";
import type { TraceRequest } from "./trace.js";

/**
 * The request that a result answers, read back from its parameters: running it on the same data gives the same result. Throws InputError.
 */
export function requestOf({ chain, seeds, rules, parameters }: TraceResult): TraceRequest {
	const read = (name: string): string => {
		const value = parameters[name];
		if (value === undefined)
			throw new InputError(`the result does not state its parameter ${name}`, {
				hint: "It was made by another version of Clew: run the trace again.",
			});
		return value;
	};
	const number = (name: string): number => {
		const value = read(name);
		if (!/^[0-9]{1,15}$/.test(value)) throw new InputError(`the result's parameter ${name} is not a whole number`);
		return Number(value);
	};
	const chainId = chain as ChainId;
	const [asset, limit, since] = [read("seedAsset"), read("seedLimit"), number("seedSince")];
	const backward = parameters["direction"] === "backward";
	const [until, whole] = backward ? ["readFrom", "start of data"] : ["until", "end of data"];
	const options = {
		...(backward ? { direction: "backward" as const } : {}),
		...(since === 0 ? {} : { since }),
		...(asset === "any" ? {} : { asset: asset as AssetId }),
		...(limit === "none" ? {} : { amount: BigInt(limit) }),
	};
	const dust = [...read("dust").matchAll(/([0-9]+) of ([^,]+)/g)].map(
		([, amount = "0", of = ""]) => [of as AssetId, BigInt(amount)] as const,
	);
	return {
		chain: chainId,
		seeds: seeds.map(
			({ spec }): Seed => (spec.startsWith(SEEDED_ELSEWHERE) ? { kind: "passage", spec } : parseSeed(spec, chainId, options)),
		),
		arrivals: arrivalsOf(seeds),
		...(parameters["seedsWhatIf"] === undefined ? {} : { elsewhere: parameters["seedsWhatIf"] }),
		rules,
		rankBy: RULES.find((rule) => rule === read("rankBy")) ?? "haircut",
		maxAccounts: number("maxAccounts"),
		dust: new Map(dust),
		...(read(until) === whole ? {} : { until: number(until) }),
		...(backward ? { direction: "backward" as const } : {}),
		stops: {
			serviceTransfers: number("serviceTransfers"),
			minLabelConfidence: number("minLabelConfidence"),
			minDetectionScore: number("minDetectionScore"),
		},
		conversions: parameters["conversions"] !== "off",
		fee: FEE_CONVENTIONS.find((fee) => fee === parameters["fee"]) ?? "last",
		throughCoinJoins: parameters["throughCoinJoins"] === "yes",
		coinJoin: {
			...DEFAULT_COINJOIN_PARAMETERS,
			...(parameters["wasabi2Inputs"] === undefined ? {} : { wasabi2Inputs: number("wasabi2Inputs") }),
		},
	};
}

/** What came out of passages, from the rows that name one. */
function arrivalsOf(seeds: TraceResult["seeds"]): Arrival[] {
	return seeds.flatMap(({ origin, rows }) =>
		rows.flatMap(({ position, passage, seeded, range }) =>
			passage === undefined
				? []
				: [
						{
							origin,
							at: parsePosition(position),
							key: passage,
							marks: new Map(Object.entries(seeded).map(([rule, amount]) => [rule as Rule, BigInt(amount)])),
							...(range === undefined ? {} : { range: [BigInt(range[0]), BigInt(range[1])] as const }),
						},
					],
		),
	);
}
