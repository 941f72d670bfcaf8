import { nativeAsset, parseAmount } from "@clew/core";
import { adviceOf, readMessages } from "@clew/risk";
import { Command } from "@commander-js/extra-typings";
import { CASE_OPTION } from "../case-file.js";
import type { Context } from "../context.js";
import { LABELS_OPTION } from "../label-library-file.js";
import { chainOfSubject, look } from "../look.js";
import { json } from "../output.js";

/** `clew check`: a plain warning before the money is gone. */
export function checkCommand(context: Context, finding: () => void) {
	return new Command("check")
		.description("is it dangerous to pay this address, or to trust this site? Exit 1 and plain words when it is")
		.argument("<address|site>", "address, CAIP-10 account or host name")
		.option("--from <address>", "your own address: look-alikes of those you paid, and approvals you gave")
		.option("--amount <amount>", "what you are about to pay, such as 2ETH")
		.option(...LABELS_OPTION)
		.option(...CASE_OPTION)
		.option("--chain <chain>", "chain of a bare address", "eip155:1")
		.option("--rpc <url>", "ask this node about the account; without it nothing leaves this machine")
		.option("--messages <file>", "words of another language, in the form of messages/en.json")
		.option("--json", "as one JSON object (schema clew.check/1)", false)
		.action(async (what, options) => {
			const messages = await readMessages(options.messages);
			const amount =
				options.amount === undefined ? undefined : parseAmount(options.amount, nativeAsset(await chainOfSubject(what, options)));
			const looked = await look(what, options, context);
			const { assessment, notLookedAt } = looked;
			const advice = adviceOf(assessment, messages);
			if (assessment.verdict === "danger") finding();
			if (options.json) {
				const about = amount === undefined ? {} : { amount };
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
