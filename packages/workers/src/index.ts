export { type IngestProgress, type IngestReport, type IngestRequest, ingestRange, nodeSource } from "./ingest.js";
export { withOpeningBalances } from "./opening-balances.js";
