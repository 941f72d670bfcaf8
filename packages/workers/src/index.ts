export { type IngestProgress, type IngestReport, type IngestRequest, ingestBlocks, type KeepBatch, nodeSource } from "./ingest.js";
export { ingestRange } from "./ingest-range.js";
export { ingestUtxoRange } from "./ingest-utxo.js";
export { withOpeningBalances } from "./opening-balances.js";
