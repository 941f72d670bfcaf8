import { type AssetId, assetChain, isNative, type TraceResult } from "@clew/core";
import { cutAmount } from "@clew/evidence";
import type { Sum } from "@clew/workers";
import { nativeInfo } from "../native-info.js";
import { publishedInfo } from "../output.js";

/** The trace whose assets are shown. */
type Assets = { readonly result: Pick<TraceResult, "assets"> };

/** Of a token that the case does not describe, as its makers publish it; of a coin that the trace did not meet, as its chain has it. */
export function shortAmount({ result }: Assets, asset: string, units: bigint): string {
	const told = result.assets[asset];
	const coin = isNative(asset as AssetId) ? nativeInfo(assetChain(asset as AssetId)) : undefined;
	const published = told === undefined || told.symbol === "" ? (coin ?? publishedInfo(asset as AssetId)) : undefined;
	return cutAmount(published === undefined ? result : { assets: { ...result.assets, [asset]: published } }, asset, units);
}

/** What is agreed, and at most where that differs. */
export function rangeWords(facts: Assets, { asset, agreed, most }: Sum): string {
	const [least, much] = [shortAmount(facts, asset, agreed), shortAmount(facts, asset, most)];
	return agreed === most ? least : `${least} (at most ${much})`;
}
