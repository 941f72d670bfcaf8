import { type EvmPlayer, type Keyring, playOnAnvil, playOnRegtest } from "@clew/chains";
import { type ChainId, type GraphStore, InputError } from "@clew/core";
import {
	type BitcoinTruth,
	renameBitcoinTruth,
	renameTransactions,
	SIMULATED_BITCOIN,
	SIMULATED_CHAIN,
	SIMULATED_FAR_CHAIN,
	type Truth,
} from "@clew/tracer";
import { ingestChain } from "@clew/workers";
import { onChain } from "./case-file.js";
import type { Context } from "./context.js";
import { openNode } from "./node.js";
import type { AccountWorld, BitcoinWorld } from "./simulated-world.js";

export { makeKeyring } from "@clew/chains";

const CONCURRENCY = 8;
const CHECKPOINT = 500;

/**
 * Plays a made-up world on real nodes for development, its people signing with the keyring, then fetches it from them into a case; returns
 * its truth under the real names. Throws NodeError and InputError.
 */
export async function playWorld(
	store: GraphStore,
	world: AccountWorld | BitcoinWorld,
	urls: readonly string[],
	keyring: Keyring,
	context: Context,
): Promise<Truth | BitcoinTruth> {
	return "contracts" in world ? playAccounts(store, world, urls, keyring, context) : playBitcoin(store, world, urls, context);
}

async function playAccounts(
	store: GraphStore,
	{ blocks, truth }: AccountWorld,
	urls: readonly string[],
	keyring: Keyring,
	context: Context,
): Promise<Truth> {
	const chains = [SIMULATED_CHAIN, SIMULATED_FAR_CHAIN];
	if (urls.length !== chains.length)
		throw new InputError("a world of accounts has two chains: it is played on two nodes", {
			code: "USAGE",
			hint: `Give --rpc twice: an anvil of ${chains.join(" and one of ")}, each with --order fifo --disable-pool-balance-checks --base-fee 0.`,
		});
	const players = new Map<ChainId, EvmPlayer>();
	try {
		for (const [i, chain] of chains.entries())
			players.set(chain, await playOnAnvil(urls[i] as string, chain, keyring, { signal: context.signal }));
		for (const block of blocks) {
			await players.get(block.chain)?.play(block);
			context.progress(`playing block ${block.height}`);
		}
		for (const [i, chain] of chains.entries()) await fetchChain(onChain(store, chain), urls[i] as string, context);
		return renameTransactions(truth, (madeUp) => players.get(SIMULATED_CHAIN)?.hashOf(madeUp) ?? madeUp);
	} finally {
		for (const player of players.values()) player.close();
	}
}

async function playBitcoin(
	store: GraphStore,
	{ blocks, truth }: BitcoinWorld,
	urls: readonly string[],
	context: Context,
): Promise<BitcoinTruth> {
	const [url, ...others] = urls;
	if (url === undefined || others.length > 0)
		throw new InputError("a world of outputs is played on one node", { code: "USAGE", hint: "Give --rpc once." });
	const player = await playOnRegtest(url, SIMULATED_BITCOIN, { signal: context.signal });
	for (const block of blocks) {
		await player.play(block);
		context.progress(`playing block ${block.header.height}`);
	}
	await fetchChain(store, url, context);
	return renameBitcoinTruth(truth, player.accountOf, player.txidOf);
}

/** All blocks of a node. */
async function fetchChain(store: GraphStore, url: string, context: Context): Promise<void> {
	const node = await openNode(context, store.info.chain, { rpc: [url] });
	try {
		await ingestChain(store, node, {
			from: 0,
			to: (await node.head()).height,
			concurrency: CONCURRENCY,
			batch: CHECKPOINT,
			signal: context.signal,
			onProgress: ({ height, to }) => context.progress(`block ${height} of ${to}`),
		});
	} finally {
		node.close();
	}
}
