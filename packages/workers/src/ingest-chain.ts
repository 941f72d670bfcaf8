import type { ChainNode, GraphStore } from "@clew/core";
import type { IngestReport, IngestRequest } from "./ingest.js";
import { ingestRange } from "./ingest-range.js";
import { ingestUtxoRange } from "./ingest-utxo.js";

/** Ingests a range of whichever kind of chain. See {@link ingestBlocks}. */
export function ingestChain(store: GraphStore, node: ChainNode, request: IngestRequest): Promise<IngestReport> {
	return node.ledger === "outputs" ? ingestUtxoRange(store, node, request) : ingestRange(store, node, request);
}
