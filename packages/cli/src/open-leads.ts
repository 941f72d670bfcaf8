import { type AccountId, addressOf, type TracePassage, type TraceResult } from "@clew/core";

/** Leads behind bridges and pools whose transfers that fit pay one of the accounts, or whose events name it; in words. */
export function openLeads({ id, passages = [] }: TraceResult, accounts: readonly AccountId[]): string[] {
	const names = ({ alternatives = [], detail }: TracePassage) =>
		accounts.some((one) => alternatives.some(({ to }) => to === one) || detail.includes(addressOf(one)));
	return passages
		.filter((passage) => passage.tier === "lead" && names(passage))
		.map(
			({ kind, protocol, paid, key, detail }) =>
				`trace ${id}: what went into ${kind} ${protocol} at ${paid.position} may have come out here (${key}): ${detail}. Nobody followed it.`,
		);
}
