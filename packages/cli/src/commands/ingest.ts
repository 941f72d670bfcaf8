import { openBitcoinSource, openEvmSource, type RpcOptions } from "@clew/chains";
import { type BlockHeader, type BlockSource, type ChainId, type GraphStore, InputError, isUtxoChain } from "@clew/core";
import { type IngestReport, type IngestRequest, ingestRange, ingestUtxoRange } from "@clew/workers";
import { Command } from "@commander-js/extra-typings";
import { height, positive } from "../arguments.js";
import { CASE_OPTION, withCase } from "../case-file.js";
import type { Context } from "../context.js";
import { json } from "../output.js";

/** Text of the option that names a node. */
const RPC_OPTION = [
	"--rpc <url>",
	"JSON-RPC endpoint; for Bitcoin also …/rest (Bitcoin Core) or …/api (Esplora) (default: $CLEW_EVM_RPC or $CLEW_BTC_RPC)",
] as const;

/** The node's URL from the option or the environment. Throws InputError (USAGE). */
function rpcUrl(option: string | undefined, chain: ChainId): string {
	const variable = isUtxoChain(chain) ? "CLEW_BTC_RPC" : "CLEW_EVM_RPC";
	const url = option ?? process.env[variable];
	if (!url) throw new InputError("no node is named", { code: "USAGE", hint: `Give --rpc URL, or set ${variable}.` });
	return url;
}

/** `clew ingest`: blocks from a live node. */
export function ingestCommand(context: Context) {
	return new Command("ingest")
		.description("fetch blocks from a node, recompute their roots and hashes, and store them; can be interrupted and goes on")
		.option(...CASE_OPTION)
		.option(...RPC_OPTION)
		.requiredOption("--from <height>", "first block", height)
		.requiredOption("--to <height>", "last block, or tip")
		.option("--concurrency <n>", "blocks under way at once", positive, 8)
		.option("--batch <n>", "calls in one HTTP request", positive, 32)
		.option("--checkpoint <n>", "blocks stored in one transaction", positive, 100)
		.option("--timeout <seconds>", "wait for an answer", positive, 30)
		.option("--json", "as one JSON object", false)
		.action((options) =>
			withCase(options, async (store) => {
				const { chain } = store.info;
				const url = rpcUrl(options.rpc, chain);
				const wait = { timeoutMs: options.timeout * 1000, signal: context.signal };
				const run = async <S extends BlockSource<{ readonly header: BlockHeader }>>(source: S, ingest: Ingest<S>) => {
					try {
						await ingestFrom(context, store, source, ingest, options);
					} finally {
						source.close();
					}
				};
				if (isUtxoChain(chain)) return run(await openBitcoinSource(url, chain, wait), ingestUtxoRange);
				const rpc: RpcOptions = { concurrency: options.concurrency, batch: options.batch, ...wait };
				return run(await openEvmSource(url, chain, rpc), ingestRange);
			}),
		);
}

type Ingest<S> = (store: GraphStore, source: S, request: IngestRequest) => Promise<IngestReport>;

async function ingestFrom<S extends BlockSource<{ readonly header: BlockHeader }>>(
	context: Context,
	store: GraphStore,
	source: S,
	ingest: Ingest<S>,
	options: { from: number; to: string; concurrency: number; checkpoint: number; json: boolean },
): Promise<void> {
	const what = isUtxoChain(store.info.chain) ? "transactions" : "transfers";
	const to = options.to === "latest" || options.to === "tip" ? (await source.head()).height : height(options.to);
	if (to < options.from) throw new InputError(`the range ends (${to}) before it starts (${options.from})`, { code: "USAGE" });
	const report = await ingest(store, source, {
		from: options.from,
		to,
		concurrency: options.concurrency,
		batch: options.checkpoint,
		signal: context.signal,
		onProgress: (p) => context.progress(`block ${p.height} of ${p.to}, ${p.added} ${what}`),
	});
	const capabilities = await source.capabilities();
	await store.appendCustody(
		context.now(),
		"blocks ingested",
		`${report.from} to ${report.to} from ${source.name}, ${report.added} ${what}`,
	);
	context.clearProgress();
	if (options.json) return context.print(json({ schema: "clew.ingest/1", node: source.name, capabilities, ...report }));
	context.print(`blocks ${report.from} to ${report.to}: ${report.blocks} fetched, ${report.added} ${what} added from ${source.name}`);
	for (const at of report.reorganisedAt) context.note(`the chain had reorganised: rolled back to block ${at - 1} and fetched again`);
	for (const gap of report.gaps) context.note(`gap: ${gap}`);
}
