import { type AccountId, defang, type GraphStore, parseAccount, parseChainId } from "@clew/core";
import { adviceOf, readMessages } from "@clew/risk";
import { Command } from "@commander-js/extra-typings";
import { amount, positive } from "../arguments.js";
import { CASE_OPTION, withCase } from "../case-file.js";
import type { Context } from "../context.js";
import { LABELS_OPTION } from "../label-library-file.js";
import { json, printTable } from "../output.js";
import { type Looked, lookAtAccount, lookAtSite } from "../risk-facts.js";
import { storedTrace } from "../stored-trace.js";
import { displaySubject, subjectOf } from "../subject.js";

/** `clew check`: a plain warning before the money is gone. */
export function checkCommand(context: Context, finding: () => void) {
	return new Command("check")
		.description("is it dangerous to pay this address, or to trust this site? Exit 1 and plain words when it is")
		.argument("<address|site>", "address, CAIP-10 account or host name")
		.option("--from <address>", "your own address: look-alikes of those you paid, and approvals you gave")
		.option("--amount <amount>", "what you are about to pay, such as 2ETH", amount)
		.option(...LABELS_OPTION)
		.option(...CASE_OPTION)
		.option("--chain <chain>", "chain of a bare address", "eip155:1")
		.option("--rpc <url>", "ask this node about the account; without it nothing leaves this machine")
		.option("--messages <file>", "words of another language, in the form of messages/en.json")
		.option("--json", "as one JSON object (schema clew.check/1)", false)
		.action(async (what, options) => {
			const messages = await readMessages(options.messages);
			const looked = await look(what, options, context);
			const { assessment, notLookedAt } = looked;
			const advice = adviceOf(assessment, messages);
			if (assessment.verdict === "danger") finding();
			if (options.json) {
				const about = options.amount === undefined ? {} : { amount: options.amount };
				return context.print(json({ schema: "clew.check/1", ...about, ...assessment, ...advice, notLookedAt }));
			}
			const { bold } = context.colours;
			context.print(bold(advice.sentence));
			for (const words of advice.reasons.slice(assessment.verdict === "no-warning" ? 0 : 1)) context.print(`- ${words}`);
			context.print("What to do now:");
			for (const words of advice.whatToDo) context.print(`- ${words}`);
			for (const words of notLookedAt) context.note(words);
		});
}

interface LookOptions {
	readonly from?: string | undefined;
	readonly chain: string;
	readonly case?: string | undefined;
	readonly labels?: string | undefined;
	readonly rpc?: string | undefined;
}

async function look(what: string, options: LookOptions, context: Context): Promise<Looked> {
	return withNamedCase(options, (store) => {
		const chain = store?.info.chain ?? parseChainId(options.chain);
		const subject = subjectOf(what, chain);
		if (subject.startsWith("domain:")) return Promise.resolve(lookAtSite(subject, options));
		const from = options.from === undefined ? undefined : parseAccount(options.from, chain);
		return lookAtAccount(subject as AccountId, { ...options, from, store }, context);
	});
}

/** Runs the work with the case, if one is named. */
async function withNamedCase<T>(
	options: { readonly case?: string | undefined },
	work: (store: GraphStore | undefined) => Promise<T>,
): Promise<T> {
	const named = options.case ?? process.env["CLEW_CASE"];
	return named === undefined || named === "" ? work(undefined) : withCase(options, work);
}

const TRACE_ID = /^[0-9a-f]{16}$/;

/** `clew score`: the same reasons with their points; for a trace, of its end points. */
export function scoreCommand(context: Context) {
	return new Command("score")
		.description("how risky is an account, or where a trace ends: every point with its reason and tier")
		.argument("<address|trace>", "address, CAIP-10 account, or the id of a trace in the case")
		.option(...CASE_OPTION)
		.option(...LABELS_OPTION)
		.option("--chain <chain>", "chain of a bare address", "eip155:1")
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
	return [...new Set(leaves.map((leaf) => leaf.account as AccountId))].slice(0, top);
}

function printScore(context: Context, { assessment }: Looked, explain: boolean): void {
	const { subject, score, verdict, reasons } = assessment;
	context.print(context.colours.bold(`${displaySubject(subject)}: ${score} of 100, ${verdict}`));
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
			defang(
				Object.entries(one.facts)
					.filter(([, value]) => value !== "")
					.map(([name, value]) => `${name}: ${value}`)
					.join("; "),
			),
			defang(one.evidence.join(", ")),
		]),
	);
}
