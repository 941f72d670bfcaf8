export { beginCopy, copyCase, isPartialCopy } from "./copy.js";
export { createNeo4jCase, openNeo4jCase, removeNeo4jCase } from "./neo4j/open.js";
export { isNeo4jUri } from "./neo4j/uri.js";
export type { NewCase } from "./rules/new-case.js";
export { checkCaseFile } from "./sqlite/database.js";
export { type ReadingCopy, writeReadingCopy } from "./sqlite/reading-copy.js";
export { createCase, openCase, openReadingCopy } from "./sqlite/sqlite-store.js";
