import { DEFAULT_CHAIN, parseFollowedChain, RULES } from "@clew/core";
import { Command, InvalidArgumentError } from "@commander-js/extra-typings";
import { collect, positive } from "../arguments.js";
import type { Context, Finding } from "../context.js";
import { investigate } from "../investigate/investigate.js";
import { isComplete, screenLines } from "../investigate/screen.js";
import { investigationJson } from "../investigate/to-json.js";
import { QUORUM_OPTION, RPC_OPTION, TRUST_OPTION } from "../node.js";
import { json } from "../output.js";
import { RECORD_OPTION, recording } from "../recording.js";
import { PRICE_AGE_OPTION, UNIT_OPTION } from "../unit-option.js";

const MINUTES = 5;

/** `clew investigate`: from an address, a hash or a folder to what to do in the next hour. */
export function investigateCommand(context: Context, finding: Finding) {
	return new Command("investigate")
		.description(
			"from one address, transaction, explorer's URL or folder of exports to a decision: what was taken, where it is, who can stop it, what to do now; makes or continues a case, writes the report and the packets; exit 0 only when all was read, 5 when something stayed open",
		)
		.argument(
			"<seeds...>",
			"addresses, hashes or URLs of one chain; @FILE with one a line; or a folder of exports, and which of its accounts or transactions",
		)
		.option("--chain <id>", `the chain of addresses and hashes that may be of several (default: that of the case, else ${DEFAULT_CHAIN})`)
		.option("--minutes <n>", "time for asking the node; called again, it goes on", minutes, MINUTES)
		.option("--victim", "the address is the victim's own: follow what others' hands took out of it, and say by what", false)
		.option("--case <file>", "the case to make or to continue (default: $CLEW_CASE, else named by the seed, in this folder)")
		.option("--out <folder>", "where report and packets are written (default: beside the case)")
		.option(...RPC_OPTION, collect, [])
		.option(...TRUST_OPTION)
		.option(...QUORUM_OPTION, positive)
		.option("--history <url>", "find accounts' blocks by an index instead of the node, as clew follow does")
		.option("--labels <file>", "CSV of labels of your own, besides those of the library")
		.option("--recipients <file>", "your registry of recipients (default: $CLEW_RECIPIENTS); see docs/freeze.md")
		.option("--requests <n>", "calls to the node at most", positive, 20_000)
		.option("--blocks-per-account <n>", "blocks fetched for one account at most", positive, 200)
		.option(...UNIT_OPTION)
		.option(...PRICE_AGE_OPTION)
		.option(...RECORD_OPTION)
		.option("--json", "as one JSON object (schema clew.investigate/1)", false)
		.action(async (seeds, options) => {
			const chain = options.chain === undefined ? undefined : parseFollowedChain(options.chain);
			const found = await recording(context, options.record, (recorder) =>
				investigate(context, seeds, { ...options, ...recorder, chain, rules: RULES }),
			);
			const { answer, interrupted } = found;
			if (interrupted) finding("interrupted");
			else if (!isComplete(found)) finding("not-checked");
			else if (answer.taken.length === 0) finding("nothing");
			if (options.json) context.print(json(investigationJson(found)));
			else context.print(screenLines(found).join("\n"));
		});
}

/** Minutes above 0, in part too. */
function minutes(text: string): number {
	const value = Number(text);
	if (!/^[0-9]{1,5}(\.[0-9]{1,3})?$/.test(text) || value === 0) throw new InvalidArgumentError("minutes above 0, such as 5 or 0.5");
	return value;
}
