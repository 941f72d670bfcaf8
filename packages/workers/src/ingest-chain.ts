import { type ChainSource, type GraphStore, isUtxoChain, type UtxoChainSource } from "@clew/core";
import type { IngestReport, IngestRequest } from "./ingest.js";
import { ingestRange } from "./ingest-range.js";
import { ingestUtxoRange } from "./ingest-utxo.js";

/** A chain through a node: blocks of accounts, or blocks of outputs. */
export type ChainNode = ChainSource | UtxoChainSource;

/** True for a node of a chain with outputs. */
export function isUtxoNode(node: ChainNode): node is UtxoChainSource {
	return isUtxoChain(node.chain);
}

/** Ingests a range of whichever kind of chain. See {@link ingestBlocks}. */
export function ingestChain(store: GraphStore, node: ChainNode, request: IngestRequest): Promise<IngestReport> {
	return isUtxoNode(node) ? ingestUtxoRange(store, node, request) : ingestRange(store, node, request);
}
