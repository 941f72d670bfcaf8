import { type AccountId, chainOf, defang, defangLong, type GraphStore, nullAccount } from "@clew/core";
import { Command } from "@commander-js/extra-typings";
import { positive } from "../arguments.js";
import { CASE_OPTION } from "../case-file.js";
import type { Context } from "../context.js";
import { LABELS_OPTION } from "../label-library-file.js";
import { MAX_AGE_OPTION } from "../list-age.js";
import { look, withNamedCase } from "../look.js";
import { json } from "../output.js";
import { type Looked, lookAtAccount } from "../risk-facts.js";
import { storedTrace } from "../stored-trace.js";
import { displaySubject } from "../subject.js";
import { printTable } from "../table.js";

const TRACE_ID = /^[0-9a-f]{16}$/;

/** `clew score`: the same reasons with their points; for a trace, of its end points. */
export function scoreCommand(context: Context) {
	return new Command("score")
		.description("how risky is an account, or where a trace ends: every point with its reason and tier")
		.argument("<address|trace>", "address, CAIP-10 account, or the id of a trace in the case")
		.option(...CASE_OPTION)
		.option(...LABELS_OPTION)
		.option(...MAX_AGE_OPTION, positive)
		.option("--chain <chain>", "chain of a bare address (default: the one that the address or the case is of)")
		.option("--rpc <url>", "ask this node about the account")
		.option("--explain", "every point", false)
		.option("--learned", "also ask the trained model: an experiment worth no points (docs/model-card.md)", false)
		.option("--top <n>", "end points of a trace", positive, 20)
		.option("--json", "as one JSON object (schema clew.score/1)", false)
		.action((what, options) =>
			withNamedCase(options, async (store) => {
				const accounts = TRACE_ID.test(what) && store !== undefined ? await endsOf(store, what, options.top) : undefined;
				const looked: Looked[] = [];
				if (accounts === undefined) looked.push(await look(what, options, context));
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

async function endsOf(store: GraphStore, id: string, top: number): Promise<AccountId[]> {
	const { leaves } = await storedTrace(store, id);
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
