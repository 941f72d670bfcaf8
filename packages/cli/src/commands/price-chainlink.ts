import { answerPlaces, provenAnswers } from "@clew/chains";
import {
	type ChainId,
	displayAddress,
	type GraphStore,
	InputError,
	PRICE_FEEDS,
	type PriceFeed,
	parseFeed,
	type TraceResult,
} from "@clew/core";
import { Command } from "@commander-js/extra-typings";
import { collect, positive } from "../arguments.js";
import { CASE_OPTION, CHAIN_OPTION, withChain } from "../case-file.js";
import type { Context, Finding } from "../context.js";
import { BY_OPTION, WHY_OPTION } from "../custody-statement.js";
import { keepPrices } from "../keep-prices.js";
import { nodePlaces, openNode, RPC_OPTION } from "../node.js";
import { storedTrace } from "../stored-trace.js";

/** Blocks that are looked through, unless the user says otherwise: more than a day of Ethereum's. */
const BACK = 10_000;

/** `clew price chainlink`: what an oracle answered on the chain, with the proof of its event. */
export function priceChainlinkCommand(context: Context, finding: Finding) {
	return new Command("chainlink")
		.description("take the answers of Chainlink's feeds from the chain, each with its receipt's proof to the block's hash")
		.option(...RPC_OPTION, collect, [])
		.option("--at <height>", "the last answers at or before this block; may come several times", collect, [])
		.option("--trace <id>", "the blocks in which seeds of a stored trace arrived, and its end points were reached last; or 'last'")
		.option(
			"--feed <feed>",
			"AGGREGATOR,ASSET,UNIT,DECIMALS: another feed than the published ones, by the contract that logs; may come several times",
			collect,
			[],
		)
		.option("--back <blocks>", "look this many blocks back", positive, BACK)
		.option(...CASE_OPTION)
		.option(...CHAIN_OPTION)
		.option(...BY_OPTION)
		.option(...WHY_OPTION)
		.action((options) =>
			withChain(options, async (store) => {
				const { chain } = store.info;
				const feeds = feedsOf(chain, options.feed);
				const heights = await heightsOf(store, options);
				const [place] = nodePlaces(context, options.rpc, chain);
				const node = await openNode(context, chain, { rpc: options.rpc });
				try {
					if (place === undefined || node.ledger !== "accounts") throw new InputError(`${chain} has no feeds`, { code: "USAGE" });
					const request = { feeds, heights, back: options.back };
					const places = await answerPlaces(place.url, chain, request, { signal: context.signal });
					const read = [];
					for (const [height, transactions] of [...places].sort(([a], [b]) => a - b)) {
						context.progress(`fetching block ${height}`);
						const { refused, ...answers } = await provenAnswers(await node.evidence(height, transactions, context.signal), feeds);
						for (const line of refused) context.note(`refused: ${line}`);
						if (refused.length > 0) finding();
						read.push({ ...answers, notes: [] });
					}
					context.clearProgress();
					if (read.every(({ rows }) => rows.length === 0))
						throw new InputError(`no feed answered in the ${options.back} blocks before`, {
							hint: "Look further with --back, or name the aggregator that was in place then with --feed.",
						});
					await keepPrices(context, store, read);
				} finally {
					node.close();
				}
			}),
		);
}

/** The feeds that were named, else the published ones of the chain. Throws InputError (USAGE) where there are none. */
function feedsOf(chain: ChainId, named: readonly string[]): readonly PriceFeed[] {
	if (named.length > 0) {
		const feeds = named.map((text) => parseFeed(text, chain));
		const twice = feeds.find(({ aggregator }, i) => feeds.findIndex((other) => other.aggregator === aggregator) !== i);
		if (twice === undefined) return feeds;
		throw new InputError(
			`--feed names the aggregator ${displayAddress(twice.aggregator)} twice: its answers are of one asset in one unit`,
			{
				code: "USAGE",
			},
		);
	}
	const published = PRICE_FEEDS.filter(({ aggregator }) => aggregator.startsWith(`${chain}:`));
	if (published.length > 0) return published;
	throw new InputError(`no feed on ${chain} is published here`, { code: "USAGE", hint: "Name one with --feed." });
}

async function heightsOf(
	store: GraphStore,
	{ at, trace }: { readonly at: readonly string[]; readonly trace?: string | undefined },
): Promise<readonly number[]> {
	const wrong = at.find((text) => !/^[0-9]{1,10}$/.test(text));
	if (wrong !== undefined) throw new InputError(`--at ${wrong} is no block number`, { code: "USAGE" });
	const traced = trace === undefined ? [] : positionsOf(await storedTrace(store, trace));
	const heights = [...at, ...traced.map((position) => position.split(".")[0] ?? "")].map(Number);
	if (heights.length === 0) throw new InputError("at which blocks? --at and --trace say it", { code: "USAGE" });
	return [...new Set(heights)].sort((a, b) => a - b);
}

function positionsOf({ seeds, leaves }: TraceResult): readonly string[] {
	return [...seeds.flatMap(({ rows }) => rows.map(({ position }) => position)), ...leaves.map(({ arrivals }) => arrivals.last)];
}
