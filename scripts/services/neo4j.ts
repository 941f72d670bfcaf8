import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import neo4j from "neo4j-driver";
import { CACHE, launch, START_GUARD_MS } from "./child.js";
import { claimPort, missing, type Service, type ServiceOptions } from "./service.js";

const VERSION = "5.26.12";
const SOURCE = fileURLToPath(new URL("./neo4j/", import.meta.url));
const LIBRARIES = join(CACHE, `neo4j-${VERSION}`);
const USER = "neo4j";
/** Password of a server that only this machine can reach. */
export const PASSWORD = "clew-local-only";
const HEAP = "-Xmx768m";
const PAGE_CACHE_MIB = "128";

/** The folder of Neo4j's libraries, fetched once with Maven (116 MB); undefined where Java 17 or Maven is missing. */
export function obtainNeo4j(): string | undefined {
	if (spawnSync("java", ["-version"], { stdio: "ignore" }).status !== 0)
		return missing("Neo4j needs Java 17 (package openjdk-17-jdk-headless)");
	if (existsSync(LIBRARIES)) return LIBRARIES;
	const partial = `${LIBRARIES}.partial`;
	rmSync(partial, { recursive: true, force: true });
	mkdirSync(partial, { recursive: true });
	const arguments_ = ["-q", "-B", "-f", join(SOURCE, "pom.xml"), "dependency:copy-dependencies", `-DoutputDirectory=${partial}`];
	const { status } = spawnSync("mvn", arguments_, { stdio: ["ignore", "ignore", "inherit"] });
	if (status !== 0) return missing("Neo4j could not be fetched; install Maven (package maven)");
	renameSync(partial, LIBRARIES);
	return LIBRARIES;
}

/** Starts a Neo4j Community server of one's own; ready in 5 to 15 seconds. What is committed survives kill -9. */
export async function startNeo4j(libraries: string, options: ServiceOptions = {}): Promise<Service> {
	const folder = options.folder ?? mkdtempSync(join(tmpdir(), "clew-neo4j-"));
	mkdirSync(folder, { recursive: true });
	const port = await claimPort(options.port);
	const bolt = `bolt://127.0.0.1:${port}`;
	const child = await launch({
		name: "Neo4j",
		command: "java",
		args: [
			HEAP,
			"-XX:+UseSerialGC",
			"--add-opens=java.base/java.nio=ALL-UNNAMED",
			"-cp",
			join(libraries, "*"),
			join(SOURCE, "Neo4jServer.java"),
			folder,
			String(port),
			PAGE_CACHE_MIB,
		],
		ready: () => acceptsPassword(bolt),
		timeoutMs: START_GUARD_MS,
		log: options.log,
		detached: options.detached,
	});
	return {
		url: `neo4j://${USER}:${PASSWORD}@127.0.0.1:${port}`,
		pid: child.pid,
		kill: () => child.kill(),
		stop: async () => {
			await child.kill(options.folder === undefined ? "SIGKILL" : "SIGTERM");
			if (options.folder === undefined) rmSync(folder, { recursive: true, force: true });
		},
	};
}

/** True when the server takes our password; a fresh one is given it first, since it insists on a change. */
async function acceptsPassword(bolt: string): Promise<boolean> {
	const run = async (password: string, cypher: string, database: string) => {
		const driver = neo4j.driver(bolt, neo4j.auth.basic(USER, password), { connectionTimeout: 2_000 });
		try {
			await driver.executeQuery(cypher, {}, { database });
		} finally {
			await driver.close();
		}
	};
	try {
		await run(PASSWORD, "RETURN 1", "neo4j");
	} catch (error) {
		if ((error as { code?: string }).code !== "Neo.ClientError.Security.Unauthorized") return false;
		await run("neo4j", `ALTER CURRENT USER SET PASSWORD FROM 'neo4j' TO '${PASSWORD}'`, "system");
	}
	return true;
}
