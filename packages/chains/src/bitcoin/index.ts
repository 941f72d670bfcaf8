export { type BlockImportOptions, importBlockFile, type UtxoImportReport } from "./import-blocks.js";
export { importBitcoinCore } from "./import-core.js";
export { importBitcoinCsv } from "./import-csv.js";
export { type EsploraImportOptions, importEsplora, isUrl } from "./import-esplora.js";
export { importBitcoinEtl } from "./import-etl.js";
