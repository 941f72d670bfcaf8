import { InputError, quote } from "@clew/core";
import { CHANGE_HEURISTICS, type ChangeHeuristic } from "./change.js";

/** A change heuristic in an expression; `not` takes the outputs that it rules out. */
export interface ChangeTerm {
	readonly heuristic: ChangeHeuristic;
	readonly not: boolean;
}

/** Several change heuristics that must agree on one output. `name` is as the user wrote it. */
export interface ChangeExpression {
	readonly name: string;
	readonly terms: readonly ChangeTerm[];
	/** True when a term looks at spenders. */
	readonly fromSpenders: boolean;
}

/** Which heuristics join addresses. */
export interface Heuristics {
	readonly coSpend: boolean;
	readonly change: readonly ChangeExpression[];
}

/** The name of the co-spend heuristic in reasons, cuts and on the command line. */
export const CO_SPEND = "co-spend";
export const CO_SPEND_VERSION = 1;
const CHANGE = "change:";

/** Co-spend alone, the default of careful tools. */
export const DEFAULT_HEURISTICS: Heuristics = { coSpend: true, change: [] };

/**
 * Parses a list such as `co-spend,change:optimal,change:fresh-address+!power-of-ten`: commas are or, `+` is and (the heuristics must leave
 * one output together), `!` is not. Throws InputError (USAGE).
 */
export function parseHeuristics(text: string): Heuristics {
	const change: ChangeExpression[] = [];
	let coSpend = false;
	for (const item of text.split(",")) {
		if (item === CO_SPEND) coSpend = true;
		else if (item.startsWith(CHANGE)) change.push(parseChange(item));
		else throw unknown(item);
	}
	return { coSpend, change };
}

function parseChange(name: string): ChangeExpression {
	const terms = name
		.slice(CHANGE.length)
		.split("+")
		.map((term): ChangeTerm => {
			const not = term.startsWith("!");
			const heuristic = CHANGE_HEURISTICS.find((h) => h.name === (not ? term.slice(1) : term));
			if (heuristic === undefined) throw unknown(term);
			return { heuristic, not };
		});
	return { name, terms, fromSpenders: terms.some(({ heuristic }) => heuristic.fromSpenders !== undefined) };
}

function unknown(text: string): InputError {
	return new InputError(`${quote(text)} is no heuristic`, {
		code: "USAGE",
		hint: `Write ${CO_SPEND} and ${CHANGE}NAME, joined by commas; names are ${CHANGE_HEURISTICS.map((h) => h.name).join(", ")}; + is and, ! is not.`,
	});
}

/** The version of an expression: that of each of its heuristics. */
export function versionOf({ terms }: ChangeExpression): string {
	return terms.map(({ heuristic }) => heuristic.version).join("+");
}
