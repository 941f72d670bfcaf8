import { type EvmPlayer, type Keyring, playOnAnvil, playOnRegtest } from "@clew/chains";
import {
	type ChainId,
	type DecodedBlock,
	type GraphStore,
	type Hash,
	InputError,
	type Source,
	throwIfAborted,
	type UtxoBlock,
} from "@clew/core";
import {
	type BitcoinTruth,
	renameBitcoinTruth,
	renameTransactions,
	SIMULATED_BITCOIN,
	SIMULATED_CHAIN,
	SIMULATED_FAR_CHAIN,
	type simulate,
	type simulateBitcoin,
	type Truth,
} from "@clew/tracer";
import { ingestChain } from "@clew/workers";
import { onChain } from "./case-file.js";
import type { Context } from "./context.js";
import { openNode } from "./node.js";

type AccountWorld = ReturnType<typeof simulate>;
type BitcoinWorld = ReturnType<typeof simulateBitcoin>;

/** The files of a world in its folder. */
export const CASE = "world.clew";
export const TRUTH = "truth.json";
const CHUNK = 20_000;
const BLOCKS = 500;
const SECONDS_PER_BLOCK = 12;
const KINDS = ["internal", "native", "token"] as const;
const SOURCE: Source = {
	id: "simulated",
	kind: "node",
	name: "clew simulate",
	sha256: "",
	detail: "a made-up world; nothing of it happened",
};
const CONCURRENCY = 8;
const CHECKPOINT = 500;

/** Writes a made-up world into a case as if nodes had told it; returns its truth. */
export async function storeWorld(store: GraphStore, world: AccountWorld | BitcoinWorld, context: Context): Promise<Truth | BitcoinTruth> {
	await store.atomically(() => ("contracts" in world ? fill(store, world, context) : fillBitcoin(store, world, context)));
	return world.truth;
}

/** Plays a made-up world on real nodes for development, its people signing with the keyring, then fetches it from them into a case; returns its truth under the real names. Throws NodeError and InputError. */
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

async function fill(store: GraphStore, world: AccountWorld, context: Context): Promise<void> {
	const chains = new Map<ChainId, { chunk: DecodedBlock[]; transactions: number; from: number; to: number }>();
	const flush = async (chain: ChainId) => {
		const own = chains.get(chain);
		if (own === undefined) return;
		own.transactions = 0;
		await store.putBlocks(chain, own.chunk.splice(0), SOURCE);
	};
	for (const { chain, height: at, transactions, events } of world.blocks) {
		throwIfAborted(context.signal);
		const own = chains.get(chain) ?? { chunk: [], transactions: 0, from: at, to: at };
		chains.set(chain, own);
		own.to = at;
		own.transactions += transactions.length;
		const header = { height: at, hash: `0x${at.toString(16).padStart(64, "0")}` as Hash, time: at * SECONDS_PER_BLOCK };
		own.chunk.push({ header, transactions, events, kinds: KINDS, contracts: [], gaps: [], provenance: "node" });
		if (own.transactions < CHUNK) continue;
		await flush(chain);
		context.progress(`block ${at}`);
	}
	for (const [chain, { from: fromHeight, to: toHeight }] of chains) {
		await flush(chain);
		await store.putCoverage([{ chain, fromHeight, toHeight, kinds: KINDS, source: SOURCE.id, note: "" }]);
	}
	await store.putContracts(world.contracts());
}

async function fillBitcoin(store: GraphStore, { blocks }: BitcoinWorld, context: Context): Promise<void> {
	const chunk: UtxoBlock[] = [];
	const flush = () => store.putUtxoBlocks(SIMULATED_BITCOIN, chunk.splice(0), SOURCE, "node");
	let toHeight = 0;
	for (const block of blocks) {
		throwIfAborted(context.signal);
		toHeight = block.header.height;
		chunk.push(block);
		if (chunk.length < BLOCKS) continue;
		await flush();
		context.progress(`block ${toHeight}`);
	}
	await flush();
	await store.putCoverage([{ chain: SIMULATED_BITCOIN, fromHeight: 0, toHeight, kinds: ["native"], source: SOURCE.id, note: "" }]);
}
