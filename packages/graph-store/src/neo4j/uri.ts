import { InputError } from "@clew/core";

/** Where a case in Neo4j is: `neo4j://[user:password@]host:port[/database][?case=ID]`. */
export interface Neo4jPlace {
	/** What the driver is given: scheme, host and port, routing parameters. Carries no secret. */
	readonly url: string;
	readonly user: string;
	readonly password: string;
	/** Empty for the server's default database. */
	readonly database: string;
	/** Id or title of the case; undefined when the database's only case is meant. */
	readonly caseName: string | undefined;
}

const SCHEME = /^(neo4j|bolt)(\+s|\+ssc)?:\/\//;

/** True when the text names a case in Neo4j and not a file. */
export function isNeo4jUri(text: string): boolean {
	return SCHEME.test(text);
}

/** Parses the URI; user and password may stand in it, else in CLEW_NEO4J_USER and CLEW_NEO4J_PASSWORD. Throws InputError (USAGE). */
export function parseNeo4jUri(text: string, env: Readonly<Record<string, string | undefined>> = process.env): Neo4jPlace {
	let url: URL;
	try {
		// A special scheme makes URL parse host and port everywhere alike.
		url = new URL(text.replace(SCHEME, "http://"));
	} catch {
		throw new InputError("this is not a Neo4j URI", { code: "USAGE", hint: "For example neo4j://127.0.0.1:7687/neo4j?case=ID" });
	}
	const database = decodeURIComponent(url.pathname.slice(1));
	if (database !== "" && !/^[A-Za-z0-9.-]{1,63}$/.test(database))
		throw new InputError("the database's name in the Neo4j URI is none", { code: "USAGE" });
	const caseName = url.searchParams.get("case") ?? undefined;
	url.searchParams.delete("case");
	const port = text.replace(SCHEME, "").match(/^[^/?]*:(\d+)(?:[/?]|$)/)?.[1] ?? "7687";
	return {
		url: `${SCHEME.exec(text)?.[0]}${url.hostname}:${port}${url.search}`,
		user: decodeURIComponent(url.username) || env["CLEW_NEO4J_USER"] || "neo4j",
		password: decodeURIComponent(url.password) || env["CLEW_NEO4J_PASSWORD"] || "",
		database,
		caseName,
	};
}
