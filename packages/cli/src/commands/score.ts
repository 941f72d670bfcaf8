import { type AccountId, chainOf, defang, defangLong, type GraphStore, InputError, nullAccount, quote } from "@clew/core";
import { Command } from "@commander-js/extra-typings";
import { positive } from "../arguments.js";
import { CASE_OPTION } from "../case-file.js";
import type { Context } from "../context.js";
import { LABELS_OPTION } from "../label-library-file.js";
import { MAX_AGE_OPTION } from "../list-age.js";
import { type LookOptions, look, withNamedCase } from "../look.js";
import { json } from "../output.js";
import { type Looked, lookAtAccount } from "../risk-facts.js";
import { forwardTrace } from "../stored-trace.js";
import { displaySubject } from "../subject.js";
import { printTable } from "../table.js";

const TRACE_ID = /^(?:[0-9a-f]{16}|last)$/;
const TAKES =
	"Give an address, a CAIP-10 account, a site, an ENS name with --rpc, or a trace of the case: the id that clew trace printed, or last.";

/** `clew score`: the same reasons with their points; for a trace, of its end points. */
export function scoreCommand(context: Context) {
	return new Command("score")
		.description("how risky is an account, or where a trace ends: every point with its reason and tier")
		.argument("<address|trace>", "address, CAIP-10 account, site, or a trace in the case: its id, or 'last'")
		.option(...CASE_OPTION)
		.option(...LABELS_OPTION)
		.option(...MAX_AGE_OPTION, positive)
		.option("--chain <chain>", "chain of a bare address (default: the one that the address or the case is of)")
		.option("--rpc <url>", "ask this node about the account, a URL or the name of one of clew endpoints")
		.option("--explain", "every point", false)
		.option("--learned", "also ask the trained model: an experiment worth no points (docs/model-card.md)", false)
		.option("--top <n>", "end points of a trace", positive, 20)
		.option("--json", "as one JSON object (schema clew.score/1)", false)
		.action((what, options) =>
			withNamedCase(options, async (store) => {
				const looked: Looked[] = [];
				const accounts = TRACE_ID.test(what) ? await endsOf(store, what, options.top) : undefined;
				if (accounts === undefined) looked.push(await lookOrSayWhat(what, options, context));
				else for (const account of accounts) looked.push(await lookAtAccount(account, { ...options, store }, context));
				if (options.json)
					return context.print(
						json({ schema: "clew.score/1", subjects: looked.map(({ assessment, notLookedAt }) => ({ ...assessment, notLookedAt })) }),
					);
				for (const one of looked) printScore(context, one, options.explain || looked.length === 1);
				for (const words of new Set(looked.flatMap(({ notLookedAt }) => notLookedAt))) context.note(words);
			}),
		);
}

/** The same as {@link look}; what is no address at all is told what can be scored. */
async function lookOrSayWhat(what: string, options: LookOptions, context: Context): Promise<Looked> {
	try {
		return await look(what, options, context);
	} catch (error) {
		if (!(error instanceof InputError && error.code === "BAD_ADDRESS" && error.hint === undefined)) throw error;
		throw new InputError(error.message, { code: error.code, cause: error, hint: TAKES });
	}
}

/** Throws InputError (USAGE) where no case is named that may hold the trace. */
async function endsOf(store: GraphStore | undefined, id: string, top: number): Promise<AccountId[]> {
	if (store === undefined)
		throw new InputError(`${quote(id)} is a trace, and no case is named that may hold it`, { code: "USAGE", hint: TAKES });
	const { leaves } = await forwardTrace(store, id, "score");
	const accounts = new Set(leaves.map((leaf) => leaf.account as AccountId));
	// What nobody holds is nobody's risk.
	return [...accounts].filter((account) => account !== nullAccount(chainOf(account))).slice(0, top);
}

function printScore(context: Context, { assessment }: Looked, explain: boolean): void {
	const { subject, score, verdict, reasons } = assessment;
	context.print(context.colours.bold(`${displaySubject(subject)}: ${score} of 100, ${verdict}`));
	if (assessment.open.length > 0) context.print(`not looked at: ${assessment.open.join(", ")}`);
	if (!explain || reasons.length === 0) return;
	printTable(
		context,
		[
			{ title: "points", right: true },
			{ title: "tier" },
			{ title: "reason" },
			{ title: "facts", optional: true },
			{ title: "where", optional: true },
		],
		reasons.map((one) => [
			String(one.points),
			one.tier,
			one.code,
			Object.entries(one.facts)
				.filter(([, value]) => value !== "")
				.map(([name, value]) => `${name}: ${one.code === "conflicting-labels" ? defangLong(value) : defang(value)}`)
				.join("; "),
			evidenceOf(one.evidence),
		]),
	);
}

/** Places that are named; what is beyond is counted. */
const NAMED_PLACES = 5;

function evidenceOf(places: readonly string[]): string {
	const rest = places.length - NAMED_PLACES;
	return [...places.slice(0, NAMED_PLACES).map(defang), ...(rest > 0 ? [`and ${rest} more`] : [])].join(", ");
}
