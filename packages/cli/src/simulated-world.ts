import { type ChainId, type DecodedBlock, type GraphStore, type Hash, type Source, throwIfAborted, type UtxoBlock } from "@clew/core";
import { type BitcoinTruth, SIMULATED_BITCOIN, type simulate, type simulateBitcoin, type Truth } from "@clew/tracer";
import type { Context } from "./context.js";

/** What `simulate` and `simulateBitcoin` of the tracer make. */
export type AccountWorld = ReturnType<typeof simulate>;
export type BitcoinWorld = ReturnType<typeof simulateBitcoin>;

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

/** Writes a made-up world into a case as if nodes had told it; returns its truth. */
export async function storeWorld(store: GraphStore, world: AccountWorld | BitcoinWorld, context: Context): Promise<Truth | BitcoinTruth> {
	await store.atomically((tx) => ("contracts" in world ? fill(tx, world, context) : fillBitcoin(tx, world, context)));
	return world.truth;
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
