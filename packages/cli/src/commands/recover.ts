import { writeFileSync } from "node:fs";
import { InputError, RULES, type Rule } from "@clew/core";
import { ENTRY_KINDS, type EntryKind } from "@clew/recovery";
import { Command, InvalidArgumentError } from "@commander-js/extra-typings";
import { collect, height, isoDate, positive } from "../arguments.js";
import { CASE_OPTION, withCase } from "../case-file.js";
import type { Context, Finding } from "../context.js";
import { BY_OPTION, WHY_OPTION } from "../custody-statement.js";
import { RPC_OPTION } from "../node.js";
import { json } from "../output.js";
import { readLedger } from "../recover/ledger.js";
import { deadlineRules, logEntry } from "../recover/log.js";
import { recoveryPage } from "../recover/page.js";
import { scanChain } from "../recover/scan.js";
import { printShares } from "../recover/shares.js";
import { inJson, printDue, printStatus, standingOf, statusCsv } from "../recover/status.js";

const TRACE_OPTION = ["--trace <id>", "the trace that says what can be asked back: an id, or 'last'", "last"] as const;
const DEADLINES_OPTION = ["--deadlines <file>", "your own periods (default: $CLEW_DEADLINES); see docs/recovery.md"] as const;
const CSV_OPTION = ["--csv", "as CSV, amounts in base units", false] as const;

/** `clew recover`: who was asked, what is frozen, what came back to whom. */
export function recoverCommand(context: Context, finding: Finding) {
	const command = new Command("recover").description(
		"who was asked for the money, what is frozen and until when, what came back to whom, and who gets what share",
	);
	command.addCommand(logCommand(context));
	command.addCommand(
		statusCommand(context, "status", "what was asked for, frozen, seized, destroyed and given back: by request, desk, rule and victim"),
	);
	command.addCommand(
		statusCommand(context, "report", "the same for a court or a victim: with every entry, its document or transaction, and deadlines"),
	);
	command.addCommand(dueCommand(context, finding));
	command.addCommand(scanCommand(context));
	command
		.command("shares")
		.description(
			"how a fund is shared among the victims of a trace: pari passu, rolling charge, first in first out, lowest intermediate balance",
		)
		.option(...CASE_OPTION)
		.option(...TRACE_OPTION)
		.option("--asset <asset>", "of which asset (default: the only one at the end points)")
		.option("--account <address>", "only what lies at this end point")
		.option("--fund <amount>", "how much there is to share (default: what the ledger has frozen, seized or destroyed of it)")
		.option(...CSV_OPTION)
		.option("--json", "as one JSON object (schema clew.shares/1)", false)
		.action((options) => withCase(options, (store) => printShares(context, store, options)));
	return command;
}

function logCommand(context: Context) {
	return new Command("log")
		.description(`add an entry to the ledger, which is never changed: ${ENTRY_KINDS.join(", ")}`)
		.argument("<what>", "what happened; void takes back the entry that --corrects names", entryKind)
		.option(...CASE_OPTION)
		.option("--request <id>", "which request (default: the party's only one; of sent and draft a new one)")
		.option("--party <name>", "who was asked or did it: a desk of clew desks, or another")
		.option("--account <address>", "where the money lies: an end point of the trace")
		.option("--asset <asset>", "of which asset (default: the only one there)")
		.option("--amount <amount>", "how much, in base units, or as 1.5ETH of a chain's own coin")
		.option("--victim <address>", "to whom it came back: who paid a seed of the trace")
		.option("--document <file>", "the paper that says so; its hash is kept, never its content")
		.option("--part <text>", "which part of a document that says several things, such as 'page 2'")
		.option("--transfer <hash>", "the transaction of the case that paid the victim")
		.option(...TRACE_OPTION)
		.option("--rule <rule>", "the rule under which it is asked for", rule)
		.option("--on <date>", "the day on which it happened (default: today)", isoDate)
		.option("--deadline <id>", "a period of docs/recovery.md that begins now; may come several times", collect, [])
		.option("--due <date>", "a deadline that the document sets")
		.option(...DEADLINES_OPTION)
		.option("--corrects <n>", "the entry whose place this one takes", positive)
		.option("--note <text>", "what else is to be said")
		.option("--sign <key>", "sign the entry with a key of clew keys")
		.option("--as <who>", "who logs it: the same as --by")
		.option(...BY_OPTION)
		.option(...WHY_OPTION)
		.option("--json", "the entry, as one JSON object (schema clew.recovery-entry/1)", false)
		.action((kind, options) => {
			const by = options.as ?? options.by ?? process.env["CLEW_BY"];
			const stated = { ...options, ...(by ? { by } : {}) };
			return withCase(stated, async (store) => {
				const entry = await logEntry(context, store, kind, stated);
				context.print(options.json ? json(entry) : `entry ${entry.sequence}: ${entry.kind}, request ${entry.request} (${entry.tier})`);
			});
		});
}

function statusCommand(context: Context, name: "status" | "report", description: string) {
	return new Command(name)
		.description(description)
		.option(...CASE_OPTION)
		.option("--out <file>", "write a page (.html) or a table (.csv) instead")
		.option(...DEADLINES_OPTION)
		.option(...CSV_OPTION)
		.option("--json", "as one JSON object (schema clew.recovery/1)", false)
		.action((options) =>
			withCase(options, async (store) => {
				const today = context.now().slice(0, 10);
				const standing = await standingOf(store, await readLedger(store), deadlineRules(options.deadlines), today);
				if (options.out !== undefined) {
					if (!/\.(html|csv)$/.test(options.out)) throw new InputError("--out names a file that ends in .html or .csv", { code: "USAGE" });
					writeFileSync(options.out, options.out.endsWith(".csv") ? statusCsv(standing) : recoveryPage(store.info, standing, today));
					context.note(`wrote ${options.out}`);
				}
				if (options.json) return context.print(json(inJson(standing)));
				if (options.csv) return context.print(statusCsv(standing).trimEnd());
				if (options.out !== undefined) return;
				printStatus(context, standing);
				if (name === "report") printDue(context, standing.due);
			}),
		);
}

function dueCommand(context: Context, finding: Finding) {
	return new Command("due")
		.description("deadlines that stand; exits 1 when one is over or near, for cron")
		.option(...CASE_OPTION)
		.option("--within <days>", "near is what ends within so many days", height, 7)
		.option(...DEADLINES_OPTION)
		.option("--json", "as one JSON object (schema clew.due/1)", false)
		.action((options) =>
			withCase(options, async (store) => {
				const today = context.now().slice(0, 10);
				const { due } = await standingOf(store, await readLedger(store), deadlineRules(options.deadlines), today);
				if (due.some(({ inDays }) => inDays <= options.within)) finding();
				if (options.json) return context.print(json({ schema: "clew.due/1", today, within: options.within, deadlines: due }));
				printDue(context, due);
			}),
		);
}

function scanCommand(context: Context) {
	return new Command("scan")
		.description("look on the chain for freezes, releases, burns and re-issues by issuers of tokens, of what the case traced, and log them")
		.option(...CASE_OPTION)
		.option(...TRACE_OPTION)
		.option(...RPC_OPTION, collect, [])
		.option("--from <height>", "from this block on (default: where the money arrived)", height)
		.option("--to <height>", "up to this block (default: the node's newest)", height)
		.option("--dry-run", "say what is there, and log nothing", false)
		.option(...BY_OPTION)
		.option(...WHY_OPTION)
		.option("--json", "as one JSON object (schema clew.recovery-scan/1)", false)
		.action((options) => withCase(options, (store) => scanChain(context, store, options)));
}

function entryKind(text: string): EntryKind {
	if (!(ENTRY_KINDS as readonly string[]).includes(text)) throw new InvalidArgumentError(`one of ${ENTRY_KINDS.join(", ")}`);
	return text as EntryKind;
}

function rule(text: string): Rule {
	if (!(RULES as readonly string[]).includes(text)) throw new InvalidArgumentError(`one of ${RULES.join(", ")}`);
	return text as Rule;
}
