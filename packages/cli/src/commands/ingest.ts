import { openEvmSource, type RpcOptions } from "@clew/chains";
import { InputError } from "@clew/core";
import { ingestRange } from "@clew/workers";
import { Command } from "@commander-js/extra-typings";
import { height, positive } from "../arguments.js";
import { CASE_OPTION, withCase } from "../case-file.js";
import type { Context } from "../context.js";
import { json } from "../output.js";

/** Text of the option that names a node. */
export const RPC_OPTION = ["--rpc <url>", "JSON-RPC endpoint (default: $CLEW_EVM_RPC)"] as const;

/** The node's URL from the option or the environment. Throws InputError (USAGE). */
export function rpcUrl(option: string | undefined): string {
	const url = option ?? process.env["CLEW_EVM_RPC"];
	if (!url) throw new InputError("no node is named", { code: "USAGE", hint: "Give --rpc URL, or set CLEW_EVM_RPC." });
	return url;
}

/** `clew ingest`: blocks from a live node. */
export function ingestCommand(context: Context) {
	return new Command("ingest")
		.description("fetch blocks from a node, recompute their roots and hashes, and store their transfers; can be interrupted and goes on")
		.option(...CASE_OPTION)
		.option(...RPC_OPTION)
		.requiredOption("--from <height>", "first block", height)
		.requiredOption("--to <height>", "last block, or latest")
		.option("--concurrency <n>", "blocks under way at once", positive, 8)
		.option("--batch <n>", "calls in one HTTP request", positive, 32)
		.option("--checkpoint <n>", "blocks stored in one transaction", positive, 100)
		.option("--timeout <seconds>", "wait for an answer", positive, 30)
		.option("--json", "as one JSON object", false)
		.action((options) =>
			withCase(options, async (store) => {
				const rpc: RpcOptions = {
					concurrency: options.concurrency,
					batch: options.batch,
					timeoutMs: options.timeout * 1000,
					signal: context.signal,
				};
				const source = await openEvmSource(rpcUrl(options.rpc), store.info.chain, rpc);
				try {
					const to = options.to === "latest" || options.to === "tip" ? (await source.head()).height : height(options.to);
					if (to < options.from) throw new InputError(`the range ends (${to}) before it starts (${options.from})`, { code: "USAGE" });
					const report = await ingestRange(store, source, {
						from: options.from,
						to,
						concurrency: options.concurrency,
						batch: options.checkpoint,
						signal: context.signal,
						onProgress: (p) => context.progress(`block ${p.height} of ${p.to}, ${p.transfers} transfers`),
					});
					const capabilities = await source.capabilities();
					await store.appendCustody(
						context.now(),
						"blocks ingested",
						`${report.from} to ${report.to} from ${source.name}, ${report.transfers} transfers`,
					);
					context.clearProgress();
					if (options.json) return context.print(json({ schema: "clew.ingest/1", node: source.name, capabilities, ...report }));
					context.print(
						`blocks ${report.from} to ${report.to}: ${report.blocks} fetched, ${report.transfers} transfers added from ${source.name}`,
					);
					for (const at of report.reorganisedAt)
						context.note(`the chain had reorganised: rolled back to block ${at - 1} and fetched again`);
					for (const gap of report.gaps) context.note(`gap: ${gap}`);
				} finally {
					source.close();
				}
			}),
		);
}
