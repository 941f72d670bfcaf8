import { writeFileSync } from "node:fs";
import {
	type ChainId,
	FEE_CONVENTIONS,
	type FeeConvention,
	type GraphStore,
	goesForward,
	InputError,
	ledgerOf,
	nativeAsset,
	parseAmount,
	parseAssetOn,
	RULES,
	type Rule,
	revisionsOf,
	type TraceResult,
} from "@clew/core";
import { toDot, toSvg } from "@clew/evidence";
import {
	DEFAULT_COINJOIN_PARAMETERS,
	DEFAULT_MAX_ACCOUNTS,
	DEFAULT_STOP_PARAMETERS,
	parseSeed,
	type TraceRequest,
	traceCase,
} from "@clew/tracer";
import { compareEndPoints, withOpeningBalances } from "@clew/workers";
import { Command, Option } from "@commander-js/extra-typings";
import { amountOfAsset, chainRules, collect, height, positive, ruleList } from "../arguments.js";
import { CASE_OPTION, CHAIN_OPTION, interruptible, withChain } from "../case-file.js";
import type { Context, Finding } from "../context.js";
import { mustHoldData, mustKnow, mustMove } from "../empty.js";
import { seedsOfFile } from "../investigate/seed-words.js";
import { keepTrace } from "../keep-trace.js";
import { openNode } from "../node.js";
import { jsonPieces } from "../output.js";
import { printTrace } from "../trace-table.js";
import { PRICE_AGE_OPTION, UNIT_OPTION, valuedTrace, valuingOf } from "../unit-option.js";

/** `clew trace`: where the money is now, or where it came from, under every rule. */
export function traceCommand(context: Context, finding: Finding) {
	return new Command("trace")
		.description("follow seeded money through the case under every rule, and rank where it is: freeze first")
		.option(...CASE_OPTION)
		.option(...CHAIN_OPTION)
		.requiredOption(
			"--seed <seed>",
			"account:ADDRESS, tx:HASH, transfer:HEIGHT.TX.EVENT, transfer:HASH:EVENT, or on Bitcoin outpoint:TXID:N; @FILE: one a line, as clew victims writes them; several seeds stay apart",
			collect,
			[],
		)
		.option(
			"--backward",
			"say where it came from: seeds are account:ADDRESS@HEIGHT (a balance), transfer:, tx: or outpoint: (payments)",
			false,
		)
		.option("--rule <rules>", `all, or some of ${RULES.join(",")}`, ruleList, RULES)
		.option("--amount <amount>", "mark at most this much per seed: base units, or for the chain's own coin such as 1.5ETH, 0.2BTC, 3native")
		.option("--asset <asset>", "mark only this asset: native, a token contract or a CAIP-19 id")
		.option("--since <height>", "account seeds: mark arrivals from this block on; backward: read no block before this one", height)
		.option("--until <height>", "read no block after this one", height)
		.option("--max-accounts <n>", "follow at most this many accounts, the most valuable first", positive, DEFAULT_MAX_ACCOUNTS)
		.addOption(
			new Option("--rank-by <rule>", "rule that decides what is valuable when the budget binds").choices(RULES).default("haircut" as Rule),
		)
		.option("--dust <amount>", "do not follow smaller arrivals: AMOUNT (native) or AMOUNT:ASSET; may come several times", collect, [])
		.option("--no-conversions", "do not follow exchanges inside a transaction into the asset received")
		.addOption(new Option("--fee <convention>", "Bitcoin: whose money a fee is").choices(FEE_CONVENTIONS).default("last" as FeeConvention))
		.option("--through-coinjoins", "Bitcoin: follow money through CoinJoins too, by the letter of each rule", false)
		.option(
			"--wasabi2-inputs <n>",
			"Bitcoin: fewest inputs of a Wasabi 2 round that ends a trace; small rounds exist",
			positive,
			DEFAULT_COINJOIN_PARAMETERS.wasabi2Inputs,
		)
		.option(
			"--service-transfers <n>",
			"an account with this many transfers counts as a service",
			positive,
			DEFAULT_STOP_PARAMETERS.serviceTransfers,
		)
		.option(
			"--min-detection <score>",
			"detections (clew detect) with a lower score do not stop a trace; 101: none does",
			height,
			DEFAULT_STOP_PARAMETERS.minDetectionScore,
		)
		.option("--min-confidence <n>", "weaker labels do not stop a trace", height, DEFAULT_STOP_PARAMETERS.minLabelConfidence)
		.option("--top <n>", "rows of the table of end points", positive, 30)
		.option(
			"--rpc <url>",
			"compare the end points with this node (on Bitcoin: who spends their outputs); EVM: read opening balances from it, too",
		)
		.option(...UNIT_OPTION)
		.option(...PRICE_AGE_OPTION)
		.option("--json", "the documented result (schema clew.trace/1) on stdout; with --unit clew.valued-trace/1, which holds it", false)
		.option("--dot", "the picture in Graphviz's language on stdout", false)
		.option("--svg <file>", "write the picture to a file")
		.action((options) =>
			withChain(options, async (store) => {
				const asked = directionOf(options);
				if (options.json && options.dot) throw new InputError("--json and --dot exclude each other", { code: "USAGE" });
				const { chain } = store.info;
				const asset = options.asset === undefined ? undefined : parseAssetOn(chain, options.asset);
				const seedOptions = {
					...(options.since === undefined || options.backward ? {} : { since: options.since }),
					...(asked.direction === undefined ? {} : { direction: asked.direction }),
					...(asset === undefined ? {} : { asset }),
					...(options.amount === undefined ? {} : { amount: parseAmount(options.amount, asset ?? nativeAsset(chain)) }),
				};
				const request: TraceRequest = {
					chain,
					seeds: options.seed.flatMap((word) => specsOf(word, chain)).map((spec) => parseSeed(spec, chain, seedOptions)),
					rules: chainRules(options.rule, chain),
					rankBy: chainRules([options.rankBy], chain)[0] ?? "haircut",
					maxAccounts: options.maxAccounts,
					dust: new Map(options.dust.map((text) => amountOfAsset(text, chain))),
					...asked,
					stops: {
						serviceTransfers: options.serviceTransfers,
						minLabelConfidence: options.minConfidence,
						minDetectionScore: options.minDetection,
					},
					conversions: options.conversions,
					fee: options.fee,
					throughCoinJoins: options.throughCoinjoins,
					coinJoin: { ...DEFAULT_COINJOIN_PARAMETERS, wasabi2Inputs: options.wasabi2Inputs },
				};
				await mustHoldData(store);
				for (const seed of request.seeds) {
					if (seed.kind === "account" || seed.kind === "balance") await mustKnow(store, seed.account);
					const more = seed.kind === "tx" && ledgerOf(chain) === "accounts" ? await mustMove(store, seed.txHash) : undefined;
					if (more !== undefined) context.note(more);
				}
				const [result, ...others] = await traceAndKeep(store, request, options.rpc, context);
				context.clearProgress();
				if (result === undefined) return;
				if ([result, ...others].every(({ edges, leaves }) => edges.length + leaves.length === 0)) finding("nothing");
				if (options.svg !== undefined) {
					writeFileSync(options.svg, `${await toSvg(result)}\n`);
					context.note(`picture: ${options.svg}`);
				}
				const valuing = await valuingOf(context, store, options);
				if (options.json)
					for (const piece of jsonPieces(valuing === undefined ? result : valuedTrace(result, valuing))) context.print(piece);
				else if (options.dot) context.print(toDot(result));
				else printTrace(context, result, options.top, valuing);
				for (const other of others) {
					if (options.json || options.dot) context.note(`the money goes on on ${other.chain}: trace ${other.id}, kept in the case`);
					else {
						context.print("");
						printTrace(context, other, options.top, valuing);
					}
				}
			}),
		);
}

/** A seed as it is typed, or those of a file. Throws InputError. */
function specsOf(word: string, chain: ChainId): readonly string[] {
	if (!word.startsWith("@")) return [word];
	const seeds = seedsOfFile(word.slice(1), { chain, usual: chain });
	return seeds.map((seed) => {
		if (!("spec" in seed)) throw new InputError("a name is no seed here", { where: word.slice(1), hint: "Give its address." });
		if (seed.chain !== chain) throw new InputError(`${seed.spec} is of ${seed.chain}`, { hint: `Give --chain ${seed.chain}.` });
		return seed.spec;
	});
}

/** Which way a trace goes, and the block at which it ends by what was asked. Throws InputError (USAGE). */
function directionOf(options: {
	readonly backward: boolean;
	readonly since?: number | undefined;
	readonly until?: number | undefined;
}): Pick<TraceRequest, "until" | "direction"> {
	const { backward, since, until } = options;
	if (!backward) return until === undefined ? {} : { until };
	if (until !== undefined)
		throw new InputError("--until goes with a trace forward", {
			code: "USAGE",
			hint: "Backward the seed says from when on back: account:ADDRESS@HEIGHT; --since ends it.",
		});
	return { direction: "backward", ...(since === undefined ? {} : { until: since }) };
}

/**
 * Runs a trace and what goes on on other chains, builds a result for each, the seeds' first, and stores them in the case under their ids.
 * With a node, opening balances that it knows are read, and the end points on its chain are compared with it; those on others are said not
 * to be.
 */
async function traceAndKeep(store: GraphStore, request: TraceRequest, rpc: string | undefined, context: Context): Promise<TraceResult[]> {
	const node = rpc === undefined ? undefined : await openNode(context, request.chain, { rpc: [rpc] });
	try {
		const reading = interruptible(store, context.signal);
		const asOf = await revisionsOf(store);
		const results = await traceCase(reading, request, {
			source: node === undefined || node.ledger === "outputs" ? reading : withOpeningBalances(reading, node),
			signal: context.signal,
			onProgress: ({ transfers, accounts, height: at }) =>
				context.progress(`tracing: block ${at}, ${transfers} transfers, ${accounts} accounts`),
			compare: async (result, at) =>
				node === undefined || !goesForward(result) ? [] : compareEndPoints(store, node, result, at, context.signal),
		});
		// The seeds' own trace comes last: it is the one that `last` means.
		for (const result of [...results].reverse()) await keepTrace(context, store, { result, asOf }, "trace run");
		return results;
	} finally {
		node?.close();
	}
}
