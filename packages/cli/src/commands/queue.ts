import { defang } from "@clew/core";
import { JOB_KINDS, type JobQueue, openQueue } from "@clew/workers";
import { Command } from "@commander-js/extra-typings";
import { positive } from "../arguments.js";
import { CASE_OPTION, type CaseOption, withCase } from "../case-file.js";
import type { Context } from "../context.js";
import { json } from "../output.js";
import { printTable } from "../table.js";
import { needQueue, QUEUE_OPTION } from "../work.js";

/** `clew queue`: what workers have before them, and what they gave up. */
export function queueCommand(context: Context) {
	const command = new Command("queue").description("jobs of a case in Redis: how many, which were given up, and again");
	const within = (options: CaseOption & { queue?: string | undefined }, work: (queue: JobQueue) => Promise<void>) =>
		withCase(options, async (store) => {
			const queue = await openQueue(needQueue(options.queue), store);
			try {
				await work(queue);
			} finally {
				await queue.close();
			}
		});
	command
		.command("show")
		.description("how many jobs of each kind stand where")
		.option(...CASE_OPTION)
		.option(...QUEUE_OPTION)
		.option("--json", "as one JSON object", false)
		.action((options) =>
			within(options, async (queue) => {
				const rows = await Promise.all(JOB_KINDS.map(async (kind) => ({ kind, ...(await queue.counts(kind)) })));
				if (options.json) return context.print(json({ schema: "clew.queue/1", queues: rows }));
				const columns = ["kind", "waiting", "active", "delayed", "dead"].map((title, i) => ({ title, right: i > 0 }));
				printTable(
					context,
					columns,
					rows.map((row) => [row.kind, ...[row.waiting, row.active, row.delayed, row.dead].map(String)]),
				);
			}),
		);
	command
		.command("dead")
		.description("jobs that were given up, and why")
		.option(...CASE_OPTION)
		.option(...QUEUE_OPTION)
		.option("--limit <n>", "at most this many of a kind", positive, 50)
		.option("--json", "as one JSON object", false)
		.action((options) =>
			within(options, async (queue) => {
				const letters = await queue.dead(options.limit);
				if (options.json) return context.print(json({ schema: "clew.dead-letters/1", letters }));
				for (const { id, reason, attempts, failedAt } of letters)
					context.print(`${defang(id)}  ${failedAt}  after ${attempts} attempts: ${defang(reason)}`);
				if (letters.length === 0) context.print("no job was given up");
			}),
		);
	for (const [name, description] of [
		["replay", "put a dead job back into its queue, or all of them"],
		["drop", "remove a dead job, or all of them"],
	] as const) {
		command
			.command(name)
			.description(description)
			.argument("<id>", "the job's id, or all")
			.option(...CASE_OPTION)
			.option(...QUEUE_OPTION)
			.action((id, options) =>
				within(options, async (queue) => {
					const count = await queue[name](id === "all" ? undefined : id);
					context.print(`${count} jobs ${name === "replay" ? "put back" : "removed"}`);
				}),
			);
	}
	return command;
}
