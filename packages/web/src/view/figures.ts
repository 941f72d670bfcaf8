import { InputError, type TraceResult } from "@clew/core";
import type { Figure } from "./model.js";

/** The figures that a trace has. */
export function figuresOf({ rules }: Pick<TraceResult, "rules">): readonly Figure[] {
	return [...rules, "agreed", "at-most"];
}

/** The one that was asked for, else haircut, else the trace's first. Throws InputError for a rule that was not run. */
export function figureOf(result: Pick<TraceResult, "rules">, wanted: Figure | undefined): Figure {
	if (wanted === undefined) return result.rules.includes("haircut") ? "haircut" : (result.rules[0] ?? "agreed");
	if (!figuresOf(result).includes(wanted)) throw new InputError(`the trace was not run under ${wanted}`);
	return wanted;
}
