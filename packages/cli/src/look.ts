import { type AccountId, type ChainId, chainOf, type GraphStore, parseAccount, parseFollowedChain } from "@clew/core";
import { withCase } from "./case-file.js";
import type { Context } from "./context.js";
import { type Looked, lookAtAccount, lookAtSite } from "./risk-facts.js";
import { subjectOf } from "./subject.js";

/** What is known besides the subject; `chain` is that of a bare address. */
export interface LookOptions {
	readonly from?: string | undefined;
	readonly chain: string;
	readonly case?: string | undefined;
	readonly labels?: string | undefined;
	readonly rpc?: string | undefined;
}

/** Looks at what a user typed: an account, or a site. Throws InputError and what the sources throw. */
export async function look(what: string, options: LookOptions, context: Context): Promise<Looked> {
	return withNamedCase(options, (store) => {
		const chain = store?.info.chain ?? parseFollowedChain(options.chain);
		const subject = subjectOf(what, chain);
		if (subject.startsWith("domain:")) return Promise.resolve(lookAtSite(subject, options));
		const from = options.from === undefined ? undefined : parseAccount(options.from, chain);
		return lookAtAccount(subject as AccountId, { ...options, from, store }, context);
	});
}

/** The chain of what a user typed: its own where it names one, else the case's, else the one that was given. Throws InputError. */
export function chainOfSubject(what: string, options: Pick<LookOptions, "chain" | "case">): Promise<ChainId> {
	return withNamedCase(options, (store) => {
		const chain = store?.info.chain ?? parseFollowedChain(options.chain);
		const subject = subjectOf(what, chain);
		return Promise.resolve(subject.startsWith("domain:") ? chain : chainOf(subject as AccountId));
	});
}

/** Runs the work with the case, if one is named. */
export async function withNamedCase<T>(
	options: { readonly case?: string | undefined },
	work: (store: GraphStore | undefined) => Promise<T>,
): Promise<T> {
	const named = options.case ?? process.env["CLEW_CASE"];
	return named === undefined || named === "" ? work(undefined) : withCase(options, work);
}
