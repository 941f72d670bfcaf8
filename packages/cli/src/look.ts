import {
	type AccountId,
	chainOf,
	chainOfAddress,
	DEFAULT_CHAIN,
	defang,
	familyOf,
	type GraphStore,
	InputError,
	NodeError,
	parseAccount,
	parseFollowedChain,
	quote,
} from "@clew/core";
import { assess, worstOf } from "@clew/risk";
import { withCase } from "./case-file.js";
import type { Context } from "./context.js";
import { showAccount } from "./output.js";
import { type PointedAt, pointedAt } from "./pointed-at.js";
import { type Looked, lookAtAccount, lookAtSite } from "./risk-facts.js";
import { subjectOf } from "./subject.js";

/** What is known besides the subject; `chain` is that of a bare address, which else picks its own. */
export interface LookOptions {
	readonly from?: string | undefined;
	readonly chain?: string | undefined;
	readonly case?: string | undefined;
	readonly labels?: string | undefined;
	readonly rpc?: string | undefined;
	readonly maxAge?: number | undefined;
}

/** Looks at what a user typed: an account, or a site. Throws InputError and what the sources throw. */
export async function look(what: string, options: LookOptions, context: Context): Promise<Looked> {
	return withNamedCase(options, async (store) => {
		const chain = options.chain === undefined ? undefined : parseFollowedChain(options.chain);
		const subject = subjectOf(what, chain, store?.info.chain);
		if (subject.kind === "site") {
			const site = lookAtSite(subject.site, options, context);
			const parts: Looked[] = [];
			for (const one of pointedAt(what, chain, store?.info.chain)) parts.push(await lookAtPointed(one, options, store, context));
			return parts.length === 0 ? site : together(site, parts);
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

/** Looks at what stands in a URL. What cannot be looked at is an open question, never an error: the rest of the URL may be dangerous. */
async function lookAtPointed(one: PointedAt, options: LookOptions, store: GraphStore | undefined, context: Context): Promise<Looked> {
	if (one.kind === "not-looked") return unlooked(one.what, one.why);
	const named = one.kind === "ens" ? await resolvedOrNot(one.name, options.rpc, context) : undefined;
	if (named !== undefined && "why" in named) return unlooked(defang(named.name), named.why);
	const account = named?.account ?? (one as Extract<PointedAt, { kind: "account" }>).account;
	const { from, rpc, ...others } = options;
	const own = from === undefined ? undefined : chainOfAddress(addressIn(from), chainOf(account));
	// Your own address is of one kind of chain; nobody paid an account of another kind from it.
	const comparable = own === undefined || familyOf(own) === familyOf(chainOf(account));
	const looked = await lookAtAccount(
		account,
		{
			...others,
			from: comparable ? payer(options, account) : undefined,
			rpc: rpc !== undefined && (await isAskedOf(account)) ? rpc : undefined,
			store,
		},
		context,
	);
	const { assessment } = looked;
	const shown = showAccount(account);
	const stands = named === undefined ? "" : `, for which ${defang(named.name)} stands by the word of ${named.node}`;
	const open = assessment.open.length === 0 ? "" : `; open of it: ${assessment.open.join(", ")}`;
	return {
		...looked,
		assessment: { ...assessment, reasons: assessment.reasons.map((reason) => ({ ...reason, about: account })) },
		notLookedAt: [...looked.notLookedAt, `the URL points to ${shown}${stands}, which was looked at, too${open}`],
	};
}

/** Whether nodes are asked about such an account. */
async function isAskedOf(account: AccountId): Promise<boolean> {
	const { readerOf } = await import("@clew/chains");
	return readerOf(chainOf(account)).accountFacts !== undefined;
}

const addressIn = (text: string) => text.slice(text.lastIndexOf(":") + 1);

/** What stands in a URL and was not looked at. */
function unlooked(what: string, why: string): Looked {
	return { assessment: assess(what, [], ["pointed-at"]), notLookedAt: [`in the URL, ${what} ${why}, and was not looked at`], lists: [] };
}

/** A site and what stands in its URL: what speaks against any speaks against the URL. */
function together(site: Looked, parts: readonly Looked[]): Looked {
	const all = [site, ...parts];
	return {
		assessment: worstOf(
			site.assessment.subject,
			all.map(({ assessment }) => assessment),
		),
		notLookedAt: [...new Set(all.flatMap(({ notLookedAt }) => notLookedAt))],
		lists: site.lists,
	};
}

/** The same as {@link resolved}, or why a name in a URL was not. */
async function resolvedOrNot(name: string, rpc: string | undefined, context: Context) {
	try {
		return await resolved(name, rpc, context);
	} catch (error) {
		if (!(error instanceof InputError || error instanceof NodeError)) throw error;
		const why =
			rpc === undefined ? "is an ENS name, for which a node has to be asked (--rpc)" : `is a name that was not resolved (${error.message})`;
		return { name, why };
	}
}

/** The account of an ENS name. Throws InputError when no node can be asked, or the name stands for nothing. */
export async function resolved(name: string, rpc: string | undefined, { signal }: Context): Promise<NonNullable<Looked["name"]>> {
	if (rpc === undefined)
		throw new InputError(`${quote(name)} is an ENS name, which stands for an address: without a node nobody knows which`, {
			code: "USAGE",
			hint: "Give --rpc URL of a node of Ethereum mainnet, or give the address.",
		});
	const [{ resolveEnsName }, { placeOf }] = await Promise.all([import("@clew/chains"), import("./endpoint-book.js")]);
	return { name, ...(await resolveEnsName(placeOf(rpc, DEFAULT_CHAIN, "blocks").url, name, { signal })) };
}

/** Runs the work with the case, if one is named. */
export async function withNamedCase<T>(
	options: { readonly case?: string | undefined },
	work: (store: GraphStore | undefined) => Promise<T>,
): Promise<T> {
	const named = options.case ?? process.env["CLEW_CASE"];
	return named === undefined || named === "" ? work(undefined) : withCase(options, work);
}
