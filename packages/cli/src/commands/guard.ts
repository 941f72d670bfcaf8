import { Command } from "@commander-js/extra-typings";
import { collect } from "../arguments.js";
import type { Context } from "../context.js";
import { LABELS_OPTION } from "../label-library-file.js";
import { MESSAGES_OPTION, wordsOption } from "../words-option.js";

const LISTEN = "127.0.0.1:8546";

/** `clew guard`: a wallet's node, with somebody looking at what is about to leave. */
export function guardCommand(context: Context) {
	return new Command("guard")
		.description(
			"stand between a wallet and its node: what is about to leave is judged first, and what is dangerous is held back with a reason",
		)
		.requiredOption("--rpc <url>", "the node behind it, or the name of one of clew endpoints")
		.option("--listen <host:port>", "where the wallet finds it, on this machine; port 0: any", LISTEN)
		.option("--case <place>", "a case with your own history: look-alikes of whom you paid, stolen money, behaviour")
		.option(...LABELS_OPTION)
		.option("--chain <chain>", "of the node (default: what it says)")
		.option("--strict", "hold back also what else would be told only", false)
		.option("--max-value <amount>", "of the coin, in all while the guard runs, that may leave without a person; all else is held back")
		.option("--receiver <address>", "who alone may be dealt with without a person; may come several times", collect, [])
		.addOption(wordsOption())
		.option(...MESSAGES_OPTION)
		.action(async (options) => {
			const { standGuard } = await import("../guard-stand.js");
			await standGuard(options, context);
		});
}
