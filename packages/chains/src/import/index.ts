export { BlockFacts } from "./block-facts.js";
export { tellingWords } from "./file-format.js";
export { fileSource } from "./file-source.js";
export { formatsOf, IMPORT_FAMILIES, type ImportFamily } from "./formats.js";
export { formatsFor } from "./import-again.js";
export { importFile } from "./import-file.js";
export { type FileReport, type ImportOptions, type ImportReport, settleCoverage } from "./import-report.js";
export { WholeBlocks } from "./whole-blocks.js";
