import type { Fact } from "./facts.js";
import { plainNumber } from "./tokens.js";

/** What texts may take from facts, by what it is. */
export interface Forms {
	/** Numbers, addresses, hashes, ids, words with digits. */
	readonly figures: ReadonlySet<string>;
	/** A moment and every part of it that begins with its year. */
	readonly dates: ReadonlySet<string>;
	/** Lower case. */
	readonly names: ReadonlySet<string>;
	/** A number and what it counts. */
	readonly amounts: ReadonlySet<string>;
}

const TIME = /^(\d{4})-(\d\d)-(\d\d)(?:T(\d\d:\d\d)(:\d\d)?)?/;
const POSITION = /^(\d+)\.\d+\.\d+$/;

interface Amount {
	readonly units: string;
	readonly amount?: string;
	readonly symbol?: string;
	readonly asset: string;
}

/** What these facts bear out together. O(their text). */
export function formsOf(facts: readonly Fact[]): Forms {
	const [figures, dates, names, amounts] = [new Set<string>(), new Set<string>(), new Set<string>(), new Set<string>()];
	const symbols = new Map<string, string>();
	for (const { kind, data } of facts) {
		const { asset, symbol } = data as {
			readonly asset?: string;
			readonly symbol?: { readonly preview: string; readonly flags: readonly string[] };
		};
		if (kind === "asset" && asset !== undefined && symbol?.flags.length === 0) symbols.set(asset, symbol.preview);
	}
	const amount = ({ amount: whole, symbol, asset }: Amount) => {
		const called = symbol ?? symbols.get(asset);
		if (whole !== undefined && called !== undefined) amounts.add(`${plainNumber(whole)} ${called.toLowerCase()}`);
	};
	const text = (value: string) => {
		const [, year, month, day, minute, second = ""] = TIME.exec(value) ?? [];
		if (year !== undefined) {
			for (const part of [year, `${year}-${month}`, `${year}-${month}-${day}`]) dates.add(part);
			if (minute !== undefined) for (const part of [minute, `${minute}${second}`]) dates.add(`${year}-${month}-${day}T${part}`);
			return;
		}
		figures.add(plainNumber(value));
		const height = POSITION.exec(value)?.[1];
		if (height !== undefined) figures.add(height);
		for (const piece of value.split(/[\s:/,;()&'_+-]+/)) {
			if (/\p{L}/u.test(piece)) names.add(piece.toLowerCase());
			// Numbers inside of ids of chains and coins count nothing.
			if (/\p{N}/u.test(piece) && !(/^\d+$/.test(piece) && value.includes(":"))) figures.add(plainNumber(piece));
		}
		for (const piece of value.split(/[^\p{L}]+/u)) if (piece !== "") names.add(piece.toLowerCase());
	};
	const walk = (value: unknown): void => {
		if (typeof value === "string") text(value);
		else if (typeof value === "number") figures.add(String(value));
		else if (Array.isArray(value)) value.forEach(walk);
		else if (typeof value === "object" && value !== null) {
			if ("units" in value && "asset" in value) amount(value as Amount);
			const { ref, preview, flags } = value as { readonly ref?: string; readonly preview?: string; readonly flags?: readonly string[] };
			if (ref !== undefined && preview !== undefined) {
				figures.add(ref);
				// What was withheld names nobody.
				if (flags?.length === 0) text(preview);
			} else for (const one of Object.values(value)) walk(one);
		}
	};
	for (const { id, kind, data } of facts) {
		figures.add(id);
		names.add(kind);
		walk(data);
		if (kind === "price")
			for (const key of ["value", "low", "high"])
				if (data[key] !== undefined) amounts.add(`${plainNumber(String(data[key]))} ${String(data["unit"]).toLowerCase()}`);
		for (const rule of Object.keys((data["byRule"] ?? data["seeded"] ?? {}) as object)) names.add(rule);
	}
	return { figures, dates, names, amounts };
}
