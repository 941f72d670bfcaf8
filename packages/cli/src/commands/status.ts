import { defang } from "@clew/core";
import { Command } from "@commander-js/extra-typings";
import { CASE_OPTION, withCase } from "../case-file.js";
import type { Context } from "../context.js";
import { json, moved } from "../output.js";

/** `clew status`: what a case has fetched, and from where. */
export function statusCommand(context: Context) {
	return new Command("status")
		.description("what a case holds: sizes, heights, coverage, sources, gaps, traces")
		.option(...CASE_OPTION)
		.option("--json", "as one JSON object", false)
		.action((options) =>
			withCase(options, async (store) => {
				const { chain } = store.info;
				const status = {
					...store.info,
					counts: await store.counts(),
					head: (await store.head(chain)) ?? null,
					coverage: await store.coverage(chain),
					gaps: await store.blockGaps(chain),
					sources: await store.sources(),
					traces: await store.traceIds(),
				};
				if (options.json) return context.print(json({ schema: "clew.status/1", ...status }));
				const { counts, head, coverage, gaps } = status;
				context.print(`${defang(status.title)}: case ${status.id} on ${chain}`);
				context.print(
					`${moved(counts)}, ${counts.transactions} transactions, ${counts.blocks} blocks, ${counts.accounts} accounts, ${counts.labels} labels`,
				);
				context.print(head ? `highest ingested block ${head.height} ${head.hash}` : "no block was ingested from a node");
				for (const c of coverage.filter((x) => x.account === undefined))
					context.print(`every account: ${c.kinds.join(", ")}, blocks ${c.fromHeight} to ${c.toHeight}, ${defang(c.source)}`);
				const accounts = new Set(coverage.flatMap((c) => (c.account ? [c.account] : [])));
				if (accounts.size > 0)
					context.print(`${accounts.size} accounts fetched one by one, up to block ${Math.max(...coverage.map((c) => c.toHeight))}`);
				for (const g of gaps) context.print(`gap: blocks ${g.fromHeight} to ${g.toHeight}: ${defang(g.gap)}`);
				context.print(`${status.sources.length} sources; traces: ${status.traces.join(", ") || "none"}`);
			}),
		);
}
