import { obtainNeo4j, startNeo4j } from "../scripts/services/neo4j.js";

const nothing = async () => {};

/** Neo4j for tests: the one that CLEW_NEO4J_URI names, else one of our own; undefined, said out loud, where there is none. */
export function neo4jForTests(): (() => Promise<{ url: string; stop(): Promise<void> }>) | undefined {
	const url = process.env["CLEW_NEO4J_URI"];
	if (url) return async () => ({ url, stop: nothing });
	const libraries = obtainNeo4j();
	return libraries === undefined ? undefined : () => startNeo4j(libraries);
}
