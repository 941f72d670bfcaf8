import { type AssetId, type ChainId, chainName, isNative } from "@clew/core";
import type { Fact } from "./facts.js";
import { plainNumber } from "./tokens.js";
import { COIN_NAMES, NEUTRAL, ORDINARY } from "./vocabulary.js";

/** What texts may take from facts, by what it is. */
export interface Forms {
	/** Numbers, addresses, hashes, ids, words with digits. */
	readonly figures: ReadonlySet<string>;
	/** A moment and every part of it that begins with its year. */
	readonly dates: ReadonlySet<string>;
	/** Lower case. */
	readonly names: ReadonlySet<string>;
	/** A number and what it counts behind it, or what it is the number of before it. */
	readonly amounts: ReadonlySet<string>;
	/** Names of several words, as they were written: they license themselves as a whole, and no sentence. */
	readonly phrases: ReadonlySet<string>;
}

const TIME = /^(\d{4})-(\d\d)-(\d\d)(?:T(\d\d:\d\d)(:\d\d)?)?/;
const POSITION = /^(\d+)\.\d+\.\d+$/;

interface Amount {
	readonly units: string;
	readonly amount?: string;
	readonly symbol?: string;
	readonly asset: string | object;
}

/** What these facts bear out together. O(their text). */
export function formsOf(facts: readonly Fact[]): Forms {
	const [figures, dates, names, amounts] = [new Set<string>(), new Set<string>(), new Set<string>(), new Set<string>()];
	const phrases = new Set<string>();
	const amount = ({ amount: whole, units, symbol, asset }: Amount) => {
		if (typeof asset !== "string") return;
		// What somebody else called an asset is no unit: it may be another's symbol.
		const reference = asset.slice(asset.lastIndexOf(":") + 1).toLowerCase();
		for (const id of [asset.toLowerCase(), reference]) {
			if (whole !== undefined) amounts.add(`${plainNumber(whole)} ${id}`);
			amounts.add(`${units} base units ${id}`);
		}
		if (symbol === undefined) return;
		amounts.add(`${units} base units`);
		const called = isNative(asset as AssetId) ? COIN_NAMES[symbol] : undefined;
		if (whole !== undefined)
			for (const one of [symbol, ...(called?.whole ?? [])]) amounts.add(`${plainNumber(whole)} ${one.toLowerCase()}`);
		for (const one of [symbol, ...(called?.whole ?? [])]) names.add(one.toLowerCase());
		for (const one of called?.units ?? []) amounts.add(`${units} ${one}`);
	};
	const chain = (id: string) => {
		const name = chainName(id as ChainId);
		if (!/chain ID/i.test(name)) for (const piece of name.split(" ")) names.add(piece.toLowerCase());
	};
	const height = (value: string | number) => {
		for (const one of ["block", "height"]) amounts.add(`${one} ${value}`);
	};
	const text = (value: string) => {
		const [, year, month, day, minute, second = ""] = TIME.exec(value) ?? [];
		if (year !== undefined) {
			for (const part of [year, `${year}-${month}`, `${year}-${month}-${day}`]) dates.add(part);
			if (minute !== undefined) for (const part of [minute, `${minute}${second}`]) dates.add(`${year}-${month}-${day}T${part}`);
			return;
		}
		figures.add(value);
		const at = POSITION.exec(value)?.[1];
		if (at !== undefined) height(at);
		const [, named] = CHAIN.exec(value) ?? [];
		if (named !== undefined) chain(named);
		for (const piece of value.split(/[\s:/,;()&'_+-]+/)) {
			if (/\p{L}/u.test(piece)) names.add(piece.toLowerCase());
			if (/\p{L}/u.test(piece) && /\p{N}/u.test(piece)) figures.add(piece);
		}
		for (const piece of value.split(/[^\p{L}]+/u)) if (piece !== "") names.add(piece.toLowerCase());
	};
	const outside = (preview: string) => {
		if (!preview.includes(" ")) text(preview);
		else if (isName(preview)) phrases.add(preview);
	};
	const count = (key: string, value: number) => {
		if (HEIGHTS.has(key)) return height(value);
		const words = key.replace(/([A-Z])/g, " $1").toLowerCase();
		const last = words.slice(words.lastIndexOf(" ") + 1);
		for (const one of [words, last, ...(value === 1 ? [words.replace(/s$/, ""), last.replace(/s$/, "")] : [])])
			for (const form of [`${value} ${one}`, `${one} ${value}`]) amounts.add(form);
	};
	const walk = (value: unknown, key: string, ownSymbol: boolean): void => {
		if (typeof value === "string" && /^\d+$/.test(value)) {
			if (HEIGHTS.has(key)) height(value);
			else if (ownSymbol) amounts.add(`${value} base units`);
		} else if (typeof value === "string") text(value);
		else if (typeof value === "number") count(key, value);
		else if (Array.isArray(value)) for (const one of value) walk(one, key, ownSymbol);
		else if (typeof value === "object" && value !== null) {
			if ("units" in value && "asset" in value) {
				amount(value as Amount);
				walk((value as Amount).asset, "asset", false);
				return;
			}
			const { ref, preview, flags } = value as { readonly ref?: string; readonly preview?: string; readonly flags?: readonly string[] };
			if (ref !== undefined && preview !== undefined) {
				figures.add(ref);
				// What was withheld names nobody.
				if (flags?.length === 0) outside(preview);
			} else for (const [name, one] of Object.entries(value)) walk(one, name, ownSymbol);
		}
	};
	for (const { id, kind, data } of facts) {
		figures.add(id);
		names.add(kind);
		// The symbol of a token that nobody published is its maker's word: it may be any name.
		const { symbol: _, ...told } = data;
		const ownSymbol = Object.values(data).some((one) => typeof one === "object" && one !== null && "units" in one && "symbol" in one);
		walk(kind === "asset" ? told : data, "", ownSymbol);
		if (kind === "price")
			for (const key of ["value", "low", "high"])
				if (data[key] !== undefined) amounts.add(`${plainNumber(String(data[key]))} ${String(data["unit"]).toLowerCase()}`);
		for (const rule of Object.keys((data["byRule"] ?? data["seeded"] ?? {}) as object)) names.add(rule);
	}
	return { figures, dates, names, amounts, phrases };
}

const CHAIN = /^([-a-z0-9]{3,8}:[-_a-zA-Z0-9]{1,32})(?=$|[:/])/;
const HEIGHTS: ReadonlySet<string> = new Set(["height", "fromHeight", "toHeight", "cutoff"]);

/** Whether a text of several words is a name and no sentence: it begins with a capital and holds no word that sentences are made of. */
function isName(preview: string): boolean {
	const words = preview.split(/[^\p{L}\p{N}]+/u).filter((word) => word !== "");
	const small = words.map((word) => word.toLowerCase());
	return /^\p{Lu}/u.test(preview) && !/\d\s+\p{L}/u.test(preview) && !small.some((word) => ORDINARY.has(word) || NEUTRAL.has(word));
}
