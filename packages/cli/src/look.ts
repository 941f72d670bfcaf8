import { chainOf, type GraphStore, InputError, parseAccount, parseFollowedChain, quote } from "@clew/core";
import { withCase } from "./case-file.js";
import type { Context } from "./context.js";
import { type Looked, lookAtAccount, lookAtSite } from "./risk-facts.js";
import { subjectOf } from "./subject.js";

/** What is known besides the subject; `chain` is that of a bare address, which else picks its own. */
export interface LookOptions {
	readonly from?: string | undefined;
	readonly chain?: string | undefined;
	readonly case?: string | undefined;
	readonly labels?: string | undefined;
	readonly rpc?: string | undefined;
}

/** Looks at what a user typed: an account, or a site. Throws InputError and what the sources throw. */
export async function look(what: string, options: LookOptions, context: Context): Promise<Looked> {
	return withNamedCase(options, async (store) => {
		const subject = subjectOf(what, options.chain === undefined ? undefined : parseFollowedChain(options.chain), store?.info.chain);
		if (subject.kind === "site") return lookAtSite(subject.site, options);
		const named = subject.kind === "ens" ? await resolved(subject.name, options.rpc, context) : undefined;
		const account = named?.account ?? (subject as Extract<typeof subject, { kind: "account" }>).account;
		const from = options.from === undefined ? undefined : parseAccount(options.from, chainOf(account));
		const looked = await lookAtAccount(account, { ...options, from, store }, context);
		return named === undefined ? looked : { ...looked, name: named };
	});
}

/** The account of an ENS name. Throws InputError when no node can be asked, or the name stands for nothing. */
async function resolved(name: string, rpc: string | undefined, { signal }: Context): Promise<NonNullable<Looked["name"]>> {
	if (rpc === undefined)
		throw new InputError(`${quote(name)} is an ENS name, which stands for an address: without a node nobody knows which`, {
			code: "USAGE",
			hint: "Give --rpc URL of a node of Ethereum mainnet, or give the address.",
		});
	const { resolveEnsName } = await import("@clew/chains");
	return { name, ...(await resolveEnsName(rpc, name, { signal })) };
}

/** Runs the work with the case, if one is named. */
export async function withNamedCase<T>(
	options: { readonly case?: string | undefined },
	work: (store: GraphStore | undefined) => Promise<T>,
): Promise<T> {
	const named = options.case ?? process.env["CLEW_CASE"];
	return named === undefined || named === "" ? work(undefined) : withCase(options, work);
}
