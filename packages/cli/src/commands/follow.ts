import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { allDenials, DEFAULT_CHAIN, defang, type GraphStore, parseFollowedChain, RULES } from "@clew/core";
import { createCase } from "@clew/graph-store";
import { defaultRequest, parseSeed } from "@clew/tracer";
import {
	type DeniedWords,
	deniedLine,
	deniedSince,
	type FollowReport,
	followMoney,
	followOutputs,
	followSeed,
	orphanLines,
	takeBackOrphans,
} from "@clew/workers";
import { Command } from "@commander-js/extra-typings";
import { amountOfAsset, chainRules, collect, height, positive, ruleList } from "../arguments.js";
import { CASE_OPTION, openStore } from "../case-file.js";
import type { Context, Finding } from "../context.js";
import { orWhyNothing } from "../empty.js";
import { historyOf, indexAt, noteSpent } from "../histories.js";
import { keepTrace } from "../keep-trace.js";
import { takeLabels } from "../label-file.js";
import { nativeInfo } from "../native-info.js";
import { openNode, QUORUM_OPTION, RPC_OPTION, TRUST_OPTION } from "../node.js";
import { json } from "../output.js";
import { RECORD_OPTION, recording } from "../recording.js";
import { printTrace } from "../trace-table.js";

/** What kept a follow from going on. */
const WHY = {
	blocks: "--blocks-per-account",
	requests: "--requests",
	time: "the time is over",
	"no answer": "the node cannot tell",
	"not told": "not all of its history was told: a node that traces, an archive or --history may, docs/providers.md",
} as const;

/** `clew follow`: an answer from one transaction hash and one node, without ingesting a chain. */
export function followCommand(context: Context, finding: Finding) {
	return new Command("follow")
		.description("follow money from a transaction through a node, fetching only what it touches, the most valuable first")
		.argument("<seed>", "a transaction hash, or a seed as clew trace takes it")
		.option(...CASE_OPTION)
		.option("--chain <id>", "without --case: the chain", DEFAULT_CHAIN)
		.option(...RPC_OPTION, collect, [])
		.option(...TRUST_OPTION)
		.option(...QUORUM_OPTION, positive)
		.option(
			"--history <url>",
			"find accounts' blocks by an index instead of the node: the name of one of clew endpoints, an Etherscan-compatible API (https://host/api?chainid=1&apikey=…), for Tron TronGrid (https://KEY@api.trongrid.io) (default: clew endpoints, else the node)",
		)
		.option("--labels <file>", "CSV of labels; services stop the trail")
		.option("--requests <n>", "calls to the node at most", positive, 2_000)
		.option("--blocks-per-account <n>", "blocks fetched for one account at most", positive, 200)
		.option("--until <height>", "look at no block after this one", height)
		.option("--rule <rules>", `all, or some of ${RULES.join(",")}`, ruleList, RULES)
		.option("--dust <amount>", "do not follow smaller arrivals: AMOUNT (native) or AMOUNT:ASSET; may come several times", collect, [])
		.option("--top <n>", "rows of the table of end points", positive, 30)
		.option(...RECORD_OPTION)
		.option("--json", "as one JSON object", false)
		.action((seed, options) =>
			recording(context, options.record, async (recorder) => {
				const place = options.case ?? process.env["CLEW_CASE"];
				const folder = place === undefined ? mkdtempSync(join(tmpdir(), "clew-follow-")) : undefined;
				const store =
					place === undefined ? await scratchCase(join(folder as string, "follow.clew"), options.chain, context) : await openStore(place);
				try {
					const { chain } = store.info;
					if (options.history !== undefined) indexAt(chain);
					if (options.labels !== undefined) await takeLabels(context, store, options.labels);
					const node = await openNode(context, chain, { ...options, ...recorder });
					try {
						const request = {
							...defaultRequest(chain, [parseSeed(followSeed(seed), chain)]),
							rules: chainRules(options.rule, chain),
							...(options.until === undefined ? {} : { until: options.until }),
							dust: new Map(options.dust.map((text) => amountOfAsset(text, chain))),
						};
						const limits = {
							requests: options.requests,
							blocksPerAccount: options.blocksPerAccount,
							...(options.until === undefined ? {} : { until: options.until }),
							signal: context.signal,
							onProgress: (p: { requests: number; edges: number; account: string }) =>
								context.progress(`following: ${p.requests} requests, ${p.edges} edges, at ${p.account}`),
						};
						const reorganised = await takeBackOrphans(store, node, context.now());
						for (const line of orphanLines(reorganised)) context.note(line);
						const deniedBefore = await allDenials(store);
						const followed = async (): Promise<FollowReport> => {
							if (node.ledger === "outputs") return followOutputs(store, node, request, limits);
							const history = await historyOf(context, store, node, options.history, recorder);
							const report = await orWhyNothing(store, request.seeds, followMoney(store, node, history, request, limits));
							context.clearProgress();
							noteSpent(context, history);
							return report;
						};
						const report = await followed();
						context.clearProgress();
						await keepTrace(context, store, report, "money followed");
						print(context, report, await deniedSince(store, deniedBefore), { ...options, reorganisedAt: reorganised.from });
						if (report.stopped !== undefined) finding("not-checked");
					} finally {
						node.close();
					}
				} finally {
					await store.close();
					if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
				}
			}),
		);
}

async function scratchCase(path: string, chainId: string, context: Context): Promise<GraphStore> {
	const chain = parseFollowedChain(chainId);
	const store = await createCase(path, { title: "follow", chain, at: context.now() });
	await store.putAssets([nativeInfo(chain)]);
	return store;
}

function print(
	context: Context,
	{ result, requests, head, open: left, stopped }: FollowReport,
	denied: DeniedWords | undefined,
	options: { json: boolean; top: number; reorganisedAt: number | undefined },
): void {
	const open = [...left, ...untold(result, left)];
	const perEdge = result.edges.length === 0 ? 0 : requests / result.edges.length;
	if (options.json) {
		const { reorganisedAt } = options;
		const also = {
			...(stopped === undefined ? {} : { stopped }),
			...(denied === undefined ? {} : { denied }),
			...(reorganisedAt === undefined ? {} : { reorganisedAt }),
		};
		context.print(json({ schema: "clew.follow/1", requests, requestsPerEdge: perEdge, head, open, ...also, result }));
		return;
	}
	printTrace(context, result, options.top);
	context.print(`${result.edges.length} edges up to block ${head} with ${requests} requests: ${perEdge.toFixed(1)} a resolved edge`);
	if (denied !== undefined) context.note(deniedLine(denied));
	if (stopped !== undefined) context.note(`the node went silent, and the rest was not looked at: ${defang(stopped)}`);
	for (const { account, why } of open) context.note(`not followed to the end: ${account} (${WHY[why]})`);
}

const UNTOLD: ReadonlySet<string> = new Set(["unfetched", "contract-unknown"]);

/** End points that were asked for and of which not everything was told, so that the money may have gone on. */
function untold({ leaves }: FollowReport["result"], left: FollowReport["open"]) {
	const named = new Set<string>(left.map(({ account }) => account));
	const ends = leaves.filter(({ account, stop, range }) => UNTOLD.has(stop.reason) && range[1] !== "0" && !named.has(account));
	return [...new Set(ends.map(({ account }) => account))].map((account) => ({ account, why: "not told" as const }));
}
