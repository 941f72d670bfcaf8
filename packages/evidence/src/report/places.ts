import {
	type AssetId,
	CONSERVING_RULES,
	freezableToken,
	goesForward,
	namesInWords,
	type Rule,
	rangeOfLeaves,
	rulesLacking,
	type TraceLeaf,
	type TraceResult,
} from "@clew/core";
import { leafNamings, pointKey } from "../bundle/leaf-groups.js";
import { withKnownIssuers } from "../freeze/recipients.js";
import { planRequests } from "../freeze/requests.js";

/**
 * What can be done about an end point. `freeze`: every rule agrees on some of it, who can stop it is known, and of what only the issuer of a
 * token can stop the account was read to the end; `records`: it went to or through somebody who may keep records; `gone`: destroyed;
 * `moving`: every other.
 */
export const PLACE_LISTS = ["freeze", "records", "moving", "gone"] as const;
export type PlaceList = (typeof PLACE_LISTS)[number];

const RECORDS: ReadonlySet<string> = new Set(["service", "mixer", "bridge", "swap", "entry-point"]);

/** One end point, or all of one service, with one asset. */
export interface Place {
	readonly asset: string;
	/** By labels, as they were written: hostile text; empty where nobody named it. */
	readonly whose: string;
	readonly leaves: readonly TraceLeaf[];
	/** Numbers of its end points in the exhibit, from 1. */
	readonly numbers: readonly number[];
	/** Who can freeze the token that lies there, by the tables; empty where nobody can, or it is no token's issuer who is asked. */
	readonly issuer: string;
}

interface Placed {
	readonly leaf: TraceLeaf;
	readonly asset: string;
	readonly number: number;
	readonly list: PlaceList;
	readonly whose: string;
	readonly issuer: string;
}

/**
 * The end points of a trace by what can be done about them, each list in the order of the exhibit; end points of one service and asset are
 * one place. End points where neither a conserving rule nor `rule` puts anything are left out.
 */
export function placesOf(result: TraceResult, rule: Rule): Readonly<Record<PlaceList, readonly Place[]>> {
	const stops = stopsOf(result);
	const namingOf = leafNamings(result);
	const placed = result.leaves.flatMap((leaf, i) =>
		Object.entries(leaf.amounts).flatMap(([asset, amounts]): Placed[] => {
			if (leaf.range[1] === "0" && (amounts[rule] ?? "0") === "0") return [];
			const naming = namingOf(leaf);
			const whose = naming === undefined ? "" : namesInWords(naming.label, naming.against);
			const stop = stops.get(pointKey(leaf.account, asset));
			const isKept = RECORDS.has(leaf.stop.reason);
			return [
				{
					leaf,
					asset,
					number: i + 1,
					list: listOf(result, leaf, asset, stop),
					whose: whose === "" && stop !== undefined && stop !== "issuer" ? stop : whose,
					issuer: isKept ? "" : (freezableToken(asset as AssetId)?.issuer ?? ""),
				},
			];
		}),
	);
	const placesIn = (list: PlaceList): Place[] => {
		const found = new Map<string, { readonly first: Placed; readonly leaves: TraceLeaf[]; readonly numbers: number[] }>();
		for (const one of placed) {
			if (one.list !== list) continue;
			const isService = one.whose !== "" && RECORDS.has(one.leaf.stop.reason);
			const key = isService ? `${one.whose.toLowerCase()} ${one.asset}` : `${one.number} ${one.asset}`;
			const known = found.get(key);
			if (known === undefined) found.set(key, { first: one, leaves: [one.leaf], numbers: [one.number] });
			else {
				known.leaves.push(one.leaf);
				known.numbers.push(one.number);
			}
		}
		return [...found.values()].map(({ first: { asset, whose, issuer }, leaves, numbers }) => ({ asset, whose, issuer, leaves, numbers }));
	};
	return { freeze: placesIn("freeze"), records: placesIn("records"), moving: placesIn("moving"), gone: placesIn("gone") };
}

/** Whom requests ask about each end point, by `account asset`: a custodian's name, or the word `issuer`; none where rules are lacking. */
function stopsOf(result: TraceResult): ReadonlyMap<string, string> {
	if (!goesForward(result) || rulesLacking(result).length > 0) return new Map();
	return new Map(
		planRequests(result, withKnownIssuers([])).requests.flatMap(({ kind, entity, points }) =>
			points.map(({ leaf, asset }) => [pointKey(leaf.account, asset), kind === "issuer" ? "issuer" : entity] as const),
		),
	);
}

function listOf({ coverage }: TraceResult, leaf: TraceLeaf, asset: string, stop: string | undefined): PlaceList {
	const { reason } = leaf.stop;
	const isThere =
		reason === "unspent" && !coverage.gaps.some(({ kind, account }) => kind === "balance-differs" && account === leaf.account);
	if (stop !== undefined && (stop === "issuer" ? isThere : true) && BigInt(leaf.agreed) > 0n && asset in leaf.amounts) return "freeze";
	if (RECORDS.has(reason)) return "records";
	return reason === "burned" ? "gone" : "moving";
}

/** What is at some places together: agreed by every conserving rule that was run, under one rule, and at most, in base units. */
export interface PlaceSum {
	readonly asset: string;
	readonly agreed: bigint;
	readonly most: bigint;
	readonly byRule: bigint;
	readonly leaves: number;
}

/** Sums places by asset, in the order of first appearance. */
export function sumPlaces(places: readonly Pick<Place, "asset" | "leaves">[], rule: Rule): PlaceSum[] {
	const assets = [...new Set(places.map(({ asset }) => asset))];
	return assets.map((asset) => {
		const leaves = places.filter((place) => place.asset === asset).flatMap((place) => place.leaves);
		const { least: agreed, most } = rangeOfLeaves(leaves, asset) ?? { least: 0n, most: 0n };
		const byRule = leaves.reduce((sum, { amounts }) => sum + BigInt(amounts[asset]?.[rule] ?? "0"), 0n);
		return { asset, agreed, most, byRule, leaves: leaves.length };
	});
}

/** True where a rule conserves value, so that its amounts add up. */
export const conserves = (rule: Rule): boolean => CONSERVING_RULES.includes(rule);
