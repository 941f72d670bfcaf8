import { type AccountId, chainOf, type GraphStore, InputError, parseAccount, parseFollowedChain, quote } from "@clew/core";
import { assess } from "@clew/risk";
import { withCase } from "./case-file.js";
import type { Context } from "./context.js";
import { showAccount } from "./output.js";
import { type Looked, lookAtAccount, lookAtSite } from "./risk-facts.js";
import { pointedAt, subjectOf } from "./subject.js";

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
		const chain = options.chain === undefined ? undefined : parseFollowedChain(options.chain);
		const subject = subjectOf(what, chain, store?.info.chain);
		if (subject.kind === "site") {
			const site = lookAtSite(subject.site, options, context);
			const { account, transaction } = pointedAt(what, chain, store?.info.chain);
			if (account !== undefined)
				return together(site, await lookAtAccount(account, { ...options, from: payer(options, account), store }, context), account);
			return transaction === undefined ? site : onlySite(site, transaction);
		}
		const named = subject.kind === "ens" ? await resolved(subject.name, options.rpc, context) : undefined;
		const account = named?.account ?? (subject as Extract<typeof subject, { kind: "account" }>).account;
		const looked = await lookAtAccount(account, { ...options, from: payer(options, account), store }, context);
		return named === undefined ? looked : { ...looked, name: named };
	});
}

function payer({ from }: LookOptions, account: AccountId): AccountId | undefined {
	return from === undefined ? undefined : parseAccount(from, chainOf(account));
}

/** A site and the account that its URL points to: what speaks against either speaks against the URL. */
function together(site: Looked, of: Looked, account: AccountId): Looked {
	const { subject, reasons, open } = site.assessment;
	const { assessment } = of;
	return {
		assessment: assess(subject, [...reasons, ...assessment.reasons], [...new Set([...open, ...assessment.open])]),
		notLookedAt: [...site.notLookedAt, ...of.notLookedAt, `the URL points to ${showAccount(account)}, which was looked at, too`],
		lists: site.lists,
	};
}

/** A site whose URL points to something that is not judged here. */
function onlySite(site: Looked, transaction: string): Looked {
	const { subject, reasons, open } = site.assessment;
	return {
		assessment: assess(subject, reasons, [...open, "pointed-at"]),
		notLookedAt: [...site.notLookedAt, `only the site was judged, not transaction ${transaction}: give the addresses that it pays`],
		lists: site.lists,
	};
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
