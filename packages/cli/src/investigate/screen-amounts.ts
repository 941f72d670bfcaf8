import { type AssetId, assetChain, countOf, isNative, type Sum, type TraceResult } from "@clew/core";
import { cutAmount } from "@clew/evidence";
import type { Place } from "@clew/workers";
import { nativeInfo } from "../native-info.js";
import { publishedInfo, showAccount } from "../output.js";

/** The trace whose assets are shown. */
type Assets = { readonly result: Pick<TraceResult, "assets"> };

/** Of a token that the case does not describe, as its makers publish it; of a coin that the trace did not meet, as its chain has it. */
export function shortAmount({ result }: Assets, asset: string, units: bigint): string {
	const told = result.assets[asset];
	const coin = isNative(asset as AssetId) ? nativeInfo(assetChain(asset as AssetId)) : undefined;
	const published = told === undefined || told.symbol === "" ? (coin ?? publishedInfo(asset as AssetId)) : undefined;
	return cutAmount(published === undefined ? result : { assets: { ...result.assets, [asset]: published } }, asset, units);
}

/** The accounts on whose unread balance places rest, in words; empty where they rest on none. */
export function openingWords(places: readonly Place[]): string {
	const accounts = [...new Set(places.flatMap(({ restsOn = [] }) => restsOn))];
	const [first] = accounts;
	if (first === undefined) return "";
	const others = accounts.length > 1 ? ` and ${countOf(accounts.length - 1, "other account")}` : "";
	return `if ${showAccount(first)}${others} held nothing before, which was not read`;
}

/** The sum of places, and where it rests on what was not read no plain figure. */
export function sumWords(facts: Assets, sum: Sum, places: readonly Place[]): string {
	const opening = openingWords(places.filter(({ asset }) => asset === sum.asset));
	return opening === "" ? rangeWords(facts, sum) : `not known; ${rangeWords(facts, sum)} ${opening}`;
}

/** What is agreed, and at most where that differs. */
export function rangeWords(facts: Assets, { asset, agreed, most }: Sum): string {
	const [least, much] = [shortAmount(facts, asset, agreed), shortAmount(facts, asset, most)];
	return agreed === most ? least : `${least} (at most ${much})`;
}
