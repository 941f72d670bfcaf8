import { type AccountId, chainOf, DEFAULT_CHAIN, defang, nativeAsset, parseAmount, parseFollowedChain } from "@clew/core";
import { adviceOf } from "@clew/risk";
import { Command } from "@commander-js/extra-typings";
import { positive } from "../arguments.js";
import { CASE_OPTION } from "../case-file.js";
import type { Context, Finding } from "../context.js";
import { LABELS_OPTION } from "../label-library-file.js";
import { MAX_AGE_OPTION } from "../list-age.js";
import { look } from "../look.js";
import { json, showAccount } from "../output.js";
import type { LookedList } from "../risk-facts.js";
import { MESSAGES_OPTION, wordsAsked, wordsOption } from "../words-option.js";

/** `clew check`: a plain warning before the money is gone. */
export function checkCommand(context: Context, finding: Finding) {
	return new Command("check")
		.description(
			"is it dangerous to pay this address, or to trust this site? Exit 1 and plain words when it is, exit 5 when that was not looked at",
		)
		.argument("<address|site>", "address, CAIP-10 account, ENS name (with --rpc), host name or URL")
		.option("--from <address>", "your own address: look-alikes of those you paid, and approvals you gave")
		.option("--amount <amount>", "what you are about to pay, such as 2ETH")
		.option(...LABELS_OPTION)
		.option(...MAX_AGE_OPTION, positive)
		.option(...CASE_OPTION)
		.option("--chain <chain>", "chain of a bare address (default: the one that the address or the case is of)")
		.option(
			"--rpc <url>",
			"ask this node about the account, a URL or the name of one of clew endpoints; without it nothing leaves this machine",
		)
		.addOption(wordsOption())
		.option(...MESSAGES_OPTION)
		.option("--json", "as one JSON object (schema clew.check/1)", false)
		.action(async (what, options) => {
			const messages = await wordsAsked(options, context);
			const { assessment, notLookedAt, lists, name } = await look(what, options, context);
			const { subject } = assessment;
			const chain = subject.startsWith("domain:") ? parseFollowedChain(options.chain ?? DEFAULT_CHAIN) : chainOf(subject as AccountId);
			const amount = options.amount === undefined ? undefined : parseAmount(options.amount, nativeAsset(chain));
			const { sentence, reasons: words, whatToDo, open, heading } = adviceOf(assessment, messages);
			if (assessment.verdict === "danger") finding();
			else if (assessment.open.length > 0) finding("not-checked");
			if (options.json) {
				const about = amount === undefined ? {} : { amount };
				return context.print(
					json({
						schema: "clew.check/1",
						...about,
						...(name ? { name } : {}),
						...assessment,
						notLookedAt,
						lists,
						sentence,
						words,
						whatToDo,
					}),
				);
			}
			const { bold } = context.colours;
			context.print(bold(sentence));
			if (name !== undefined) context.print(`${defang(name.name)} stands for ${showAccount(name.account)}, says ${name.node}`);
			const said = assessment.verdict === "danger" || assessment.verdict === "caution" ? 1 : 0;
			for (const one of words.slice(said)) context.print(`- ${one}`);
			if (said === 1) for (const one of open) context.print(`- ${one}`);
			if (lists.length > 0) context.print(`Lists looked at: ${lists.map(showList).join(", ")}.`);
			context.print(heading);
			for (const one of whatToDo) context.print(`- ${one}`);
			for (const one of notLookedAt) context.note(one);
		});
}

function showList({ list, asOf, dated, rows, answers }: LookedList): string {
	const of = answers === undefined ? "" : `, a list of ${answers}`;
	return `${defang(list)} ${dated ? `of ${asOf}` : `without a date, loaded ${asOf}`} (${rows} ${rows === 1 ? "entry" : "entries"}${of})`;
}
