import type { CaseInfo, GraphStore } from "@clew/core";
import type { NewCase } from "../rules/new-case.js";

// The driver is loaded only by those who keep a case in Neo4j: most commands never do, and some must answer at once.
const load = () => import("./neo4j-store.js");

/** Makes a case in a Neo4j database; see `neo4j-store.ts`. */
export async function createNeo4jCase(uri: string, request: NewCase): Promise<GraphStore> {
	return (await load()).createNeo4jCase(uri, request);
}

/** Opens a case in a Neo4j database. */
export async function openNeo4jCase(uri: string): Promise<GraphStore> {
	return (await load()).openNeo4jCase(uri);
}

/** Removes a case from a Neo4j database. */
export async function removeNeo4jCase(uri: string): Promise<CaseInfo> {
	return (await load()).removeNeo4jCase(uri);
}
