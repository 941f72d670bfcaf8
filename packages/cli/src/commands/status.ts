import { countOf, defang, type GraphStore } from "@clew/core";
import { JOB_KINDS, openQueue } from "@clew/workers";
import { Command } from "@commander-js/extra-typings";
import { collect, positive } from "../arguments.js";
import { CASE_OPTION, withCase } from "../case-file.js";
import type { Context, Finding } from "../context.js";
import { openNode, RPC_OPTION } from "../node.js";
import { json, moved, showAccount } from "../output.js";
import { auditBalances, auditFinding, printAudits } from "./status-audit.js";

/** `clew status`: what a case has fetched, and from where. */
export function statusCommand(context: Context, found: Finding) {
	return new Command("status")
		.description("what a case holds: sizes, heights, coverage, sources, gaps, traces")
		.option(...CASE_OPTION)
		.option("--queue <url>", "also what workers have before them: jobs, rate, dead letters")
		.option(...RPC_OPTION, collect, [])
		.option(
			"--audit",
			"compare what the case derives of every account's balances with the node: equal, short by, over by, not asked",
			false,
		)
		.option("--account <account>", "with --audit: this account alone, may be repeated", collect, [])
		.option("--limit <n>", "with --audit: at most this many accounts", positive, 1_000)
		.option("--json", "as one JSON object", false)
		.action((options) =>
			withCase(options, async (store) => {
				const { chain } = store.info;
				const chains = [...new Set([chain, ...(await store.chains())])];
				const audit = options.audit ? await auditBalances(context, store, chains, options) : undefined;
				const finding = auditFinding(audit ?? []);
				if (finding !== undefined) found(finding);
				const status = {
					...store.info,
					counts: await store.counts(),
					head: (await store.head(chain)) ?? null,
					coverage: (await Promise.all(chains.map((one) => store.coverage(one)))).flat(),
					gaps: (await Promise.all(chains.map(async (one) => (await store.blockGaps(one)).map((gap) => ({ ...gap, chain: one }))))).flat(),
					otherHeads: await Promise.all(chains.slice(1).map(async (one) => ({ chain: one, head: (await store.head(one)) ?? null }))),
					sources: await store.sources(),
					traces: await store.traceIds(),
					...(options.rpc.length > 0 ? { node: await lagOf(context, store, options.rpc) } : {}),
					...(options.queue === undefined ? {} : { queue: await jobsOf(store, options.queue) }),
					...(audit === undefined ? {} : { audit }),
				};
				if (options.json) return context.print(json({ schema: "clew.status/1", ...status }));
				const { counts, head, coverage, gaps } = status;
				const on = (one: string) => (chains.length === 1 ? "" : `${one}: `);
				context.print(`${defang(status.title)}: case ${status.id} on ${chains.join(", ")}`);
				context.print(
					`${moved(counts)}, ${counts.transactions} transactions, ${counts.blocks} blocks, ${counts.accounts} accounts, ${counts.labels} labels`,
				);
				for (const one of [{ chain, head }, ...status.otherHeads])
					context.print(
						one.head
							? `${on(one.chain)}highest ingested block ${one.head.height} ${one.head.hash}`
							: `${on(one.chain)}no block was ingested from a node`,
					);
				for (const c of coverage.filter((x) => x.account === undefined))
					context.print(`${on(c.chain)}every account: ${c.kinds.join(", ")}, blocks ${c.fromHeight} to ${c.toHeight}, ${defang(c.source)}`);
				for (const one of chains) {
					const own = coverage.filter((c) => c.chain === one && c.account !== undefined);
					const accounts = new Set(own.map((c) => c.account)).size;
					const last = own.reduce((most, c) => Math.max(most, c.toHeight), 0);
					if (accounts > 0) context.print(`${on(one)}${accounts} accounts fetched one by one, up to block ${last}`);
				}
				for (const g of gaps) {
					const whose = g.account === undefined ? "" : ` of ${showAccount(g.account)}`;
					context.print(`${on(g.chain)}gap: blocks ${g.fromHeight} to ${g.toHeight}${whose}: ${defang(g.gap)}`);
				}
				if (status.node !== undefined)
					context.print(
						`node ${status.node.name}: block ${status.node.height}, ${status.node.ahead > 0 ? `behind the case by ${countOf(status.node.ahead, "block")}` : `the case is ${countOf(status.node.lag, "block")} behind`}`,
					);
				for (const { kind, waiting, active, delayed, dead, lastMinute } of status.queue ?? [])
					context.print(
						`jobs ${kind}: ${waiting} waiting, ${active} active, ${delayed} delayed, ${dead} dead, ${lastMinute} done in the last minute`,
					);
				if (audit !== undefined) await printAudits(context, store, audit);
				context.print(`${status.sources.length} sources; traces: ${status.traces.join(", ") || "none"}`);
			}),
		);
}

/** How far the case is behind its node. */
async function lagOf(context: Context, store: GraphStore, rpc: readonly string[]) {
	const node = await openNode(context, store.info.chain, { rpc });
	try {
		const { height } = await node.head();
		const stored = (await store.head(store.info.chain))?.height ?? -1;
		return { name: node.name, height, lag: Math.max(0, height - stored), ahead: Math.max(0, stored - height) };
	} finally {
		node.close();
	}
}

/** Jobs of every kind, and how many ended in the last whole minute. */
async function jobsOf(store: GraphStore, url: string) {
	const queue = await openQueue(url, store);
	try {
		return await Promise.all(
			JOB_KINDS.map(async (kind) => ({ kind, ...(await queue.counts(kind)), lastMinute: (await queue.perMinute(kind))[0] ?? 0 })),
		);
	} finally {
		await queue.close();
	}
}
