import { type AccountId, type AsOf, addressOf, type TracePassage, type TraceResult, whatIfOf } from "@clew/core";
import { askedFor } from "./as-of.js";

/** What one trace leaves open behind bridges and pools. */
export interface OpenLeads {
	/** Whether it is a full trace of the case as it stands. */
	readonly standing: boolean;
	readonly specs: readonly string[];
	readonly words: readonly string[];
}

/** Leads whose transfers that fit pay one of the accounts, or whose events name it. */
export function openLeads(result: TraceResult, accounts: readonly AccountId[], asOf: AsOf): OpenLeads {
	const { id, passages = [] } = result;
	const names = ({ alternatives = [], detail }: TracePassage) =>
		accounts.some((one) => alternatives.some(({ to }) => to === one) || detail.includes(addressOf(one)));
	return {
		standing: asOf === "now" && whatIfOf(result) === undefined,
		specs: askedFor(result),
		words: passages
			.filter((passage) => passage.tier === "lead" && names(passage))
			.map(
				({ kind, protocol, paid, key, detail }) =>
					`trace ${id}: what went into ${kind} ${protocol} at ${paid.position} may have come out here (${key}): ${detail}. Nobody followed it.`,
			),
	};
}

/** Those of traces of now, and those of before or of a part that no trace of now stands for, in words and each once. */
export function leadsThatStand(leads: readonly OpenLeads[]): string[] {
	const now = leads.filter(({ standing }) => standing);
	const kept = leads.filter((one) => one.standing || !now.some(({ specs }) => one.specs.every((spec) => specs.includes(spec))));
	return [...new Set(kept.flatMap(({ words }) => words))];
}
