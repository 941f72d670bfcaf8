import {
	type AssetId,
	type ChainId,
	InputError,
	nativeAsset,
	parseAmount,
	parseAssetOn,
	quote,
	RULES,
	type Rule,
	rulesOf,
} from "@clew/core";
import { InvalidArgumentError } from "@commander-js/extra-typings";

const MAX_CONFIDENCE = 100;

/** A block height. */
export function height(text: string): number {
	if (!/^[0-9]{1,10}$/.test(text)) throw new InvalidArgumentError("a block number");
	return Number(text);
}

/** A whole number above 0. */
export function positive(text: string): number {
	if (!/^[1-9][0-9]{0,9}$/.test(text)) throw new InvalidArgumentError("a whole number above 0");
	return Number(text);
}

/** `all`, or rules separated by commas, in the order of every table; which of them a chain has says {@link chainRules}. */
export function ruleList(text: string): readonly Rule[] {
	if (text === "all") return RULES;
	const chosen = text.split(",");
	const unknown = chosen.find((rule) => !RULES.includes(rule as Rule));
	if (unknown !== undefined) throw new InvalidArgumentError(`all, or some of ${RULES.join(", ")}`);
	return RULES.filter((rule) => chosen.includes(rule));
}

/** The wanted rules that a chain has. Throws InputError (USAGE) for one named that it has not. */
export function chainRules(wanted: readonly Rule[], chain: ChainId): readonly Rule[] {
	const possible = rulesOf(chain);
	const other = wanted.find((rule) => !possible.includes(rule));
	if (wanted === RULES || other === undefined) return wanted.filter((rule) => possible.includes(rule));
	throw new InputError(`${other} is no rule for ${chain}`, { code: "USAGE", hint: `Its rules are ${possible.join(", ")}.` });
}

/** `AMOUNT` (native coin) or `AMOUNT:ASSET`, for thresholds per asset; see `parseAmount` for the units. */
export function amountOfAsset(text: string, chain: ChainId): [AssetId, bigint] {
	const at = text.indexOf(":");
	const native = nativeAsset(chain);
	if (at < 0) return [native, parseAmount(text, native)];
	if (at === 0) throw new InputError(`${quote(text)} is not AMOUNT or AMOUNT:ASSET`, { code: "USAGE" });
	const asset = parseAssetOn(chain, text.slice(at + 1));
	return [asset, parseAmount(text.slice(0, at), asset)];
}

/** Collects an option that may come several times. */
export function collect(text: string, previous: string[]): string[] {
	return [...previous, text];
}

/** A confidence on GraphSense's scale. */
export function confidence(text: string): number {
	const value = Number(text);
	if (!/^[0-9]{1,3}$/.test(text) || value > MAX_CONFIDENCE) throw new InvalidArgumentError("a whole number from 0 to 100");
	return value;
}

/** An ISO date. */
export function isoDate(text: string): string {
	if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) throw new InvalidArgumentError("a date such as 2018-11-09");
	return text;
}

/** What can be withheld. Throws InputError (USAGE). */
export function redaction(text: string): "victims" {
	if (text !== "victims") throw new InputError(`--redact ${quote(text)}: only victims can be redacted`, { code: "USAGE" });
	return text;
}
