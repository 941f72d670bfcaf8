import { ClewError, rememberSecret, safeCause } from "@clew/core";
import neo4j, { type Driver, type ManagedTransaction, Neo4jError, type Transaction } from "neo4j-driver";
import type { Neo4jPlace } from "./uri.js";

const CONNECT_MS = 10_000;
/** How long the driver repeats a transaction after a lost leader, a deadlock or a restart. */
const RETRY_MS = 20_000;
const MAX_INT64 = 2n ** 63n - 1n;

/** A row of an answer; integers are bigint. */
export type Row = Record<string, unknown>;
/** Runs one statement with bound parameters inside an open transaction. */
export type Run = (cypher: string, parameters?: Row) => Promise<Row[]>;

/** A connection to one database. */
export interface Client {
	/** Host and port, for messages. */
	readonly name: string;
	/** A managed transaction: repeated by the driver after a transient failure, so `work` may run twice. */
	read<T>(work: (run: Run) => Promise<T>): Promise<T>;
	write<T>(work: (run: Run) => Promise<T>): Promise<T>;
	/** One transaction that is not repeated: for work that cannot run twice. */
	once<T>(work: (run: Run) => Promise<T>): Promise<T>;
	/** A statement outside a transaction of ours, as schema changes and large deletions need. */
	alone(cypher: string, parameters?: Row): Promise<void>;
	close(): Promise<void>;
}

/** Connects and makes sure that server, password and database are right. Throws ClewError (STORE_UNREACHABLE, STORE_REFUSED). */
export async function connect(place: Neo4jPlace): Promise<Client> {
	const name = place.url.replace(/\?.*/, "");
	rememberSecret(place.password);
	const driver: Driver = neo4j.driver(place.url, neo4j.auth.basic(place.user, place.password), {
		useBigInt: true,
		connectionTimeout: CONNECT_MS,
		connectionAcquisitionTimeout: 2 * CONNECT_MS,
		maxTransactionRetryTime: RETRY_MS,
		userAgent: "clew",
	});
	const database = place.database === "" ? {} : { database: place.database };
	/** In a cluster every session sees what the ones before it wrote. */
	const session = () => driver.session({ ...database, bookmarkManager: driver.executeQueryBookmarkManager });
	const within = async <T>(work: (s: ReturnType<typeof session>) => Promise<T>): Promise<T> => {
		const s = session();
		try {
			return await work(s);
		} catch (error) {
			throw translate(error, name, place, opened);
		} finally {
			await s.close().catch(() => {});
		}
	};
	/** True once the database was there: should it be missing later, the server is starting again. */
	let opened = false;
	const client: Client = {
		name,
		read: (work) => within((s) => s.executeRead((tx) => work(runner(tx)))),
		write: (work) => within((s) => s.executeWrite((tx) => work(runner(tx)))),
		once: (work) =>
			within(async (s) => {
				const tx = await s.beginTransaction();
				try {
					const result = await work(runner(tx));
					await tx.commit();
					return result;
				} catch (error) {
					await tx.rollback().catch(() => {});
					throw error;
				}
			}),
		alone: (cypher, parameters = {}) => within(async (s) => void (await s.run(cypher, bind(parameters) as Row))),
		close: () => driver.close(),
	};
	try {
		// No retries here: a wrong address should be told at once.
		await client.once((run) => run("RETURN 1"));
		opened = true;
		return client;
	} catch (error) {
		await driver.close();
		throw error;
	}
}

function runner(tx: Transaction | ManagedTransaction): Run {
	return async (cypher, parameters = {}) => (await tx.run(cypher, bind(parameters) as Row)).records.map((record) => record.toObject());
}

/**
 * Parameters as Neo4j should see them: whole numbers as 64-bit integers (the driver would send floats), and nothing beyond 64 bits, which
 * the driver would wrap silently. Throws RangeError, since such a value is a defect of ours: amounts travel as text.
 */
export function bind(value: unknown): unknown {
	if (typeof value === "number") return Number.isSafeInteger(value) ? BigInt(value) : value;
	if (typeof value === "bigint") {
		if (value > MAX_INT64 || value < -MAX_INT64 - 1n) throw new RangeError(`${value} does not fit 64 bits`);
		return value;
	}
	if (value === undefined) return null;
	if (Array.isArray(value)) return value.map(bind);
	if (typeof value !== "object" || value === null) return value;
	const bound: Row = {};
	for (const key in value) bound[key] = bind((value as Row)[key]);
	return bound;
}

function secretsOf({ user, password }: Neo4jPlace): string[] {
	return [password, ...(user === "neo4j" ? [] : [user])].filter((secret) => secret !== "");
}

/** Neo4j's errors in our words; other errors as they are. */
function translate(error: unknown, name: string, place: Neo4jPlace, opened: boolean): unknown {
	if (!(error instanceof Neo4jError)) return error;
	const { code } = error;
	const make = (
		ours: "STORE_UNREACHABLE" | "STORE_REFUSED" | "CASE_BUSY" | "DISK_FULL",
		message: string,
		hint: string,
		retryable: boolean,
	): ClewError => new ClewError(ours, `${name}: ${message}`, { hint, cause: safeCause(error, secretsOf(place)), retryable });
	if (/Unauthorized|AuthenticationRateLimit|CredentialsExpired|TokenExpired|Forbidden/.test(code))
		return make(
			"STORE_REFUSED",
			`Neo4j refuses user and password (${code.split(".").pop()})`,
			"Check CLEW_NEO4J_USER and CLEW_NEO4J_PASSWORD.",
			false,
		);
	if (code.endsWith("DatabaseUnavailable") || (opened && code.endsWith("DatabaseNotFound")))
		return make("STORE_UNREACHABLE", "Neo4j is starting", "Run the command again in a moment.", true);
	if (code.endsWith("DatabaseNotFound"))
		return make(
			"STORE_REFUSED",
			`Neo4j has no database ${place.database || "of that name"} that can be used`,
			"Check the path of the URI.",
			false,
		);
	if (/MemoryPoolOutOfMemory|TransactionTooLarge|NoSpaceLeft|DiskFull/i.test(code + error.message))
		return make(
			"DISK_FULL",
			"Neo4j has not enough memory or disk for this transaction",
			"Store fewer blocks at once (--checkpoint), or give it more.",
			false,
		);
	if (code.startsWith("Neo.TransientError") || /NotALeader|ForbiddenOnReadOnlyDatabase/.test(code))
		return make("CASE_BUSY", "Neo4j is busy or elects a leader", "Run the command again; what was not committed is not there.", true);
	if (code === "ServiceUnavailable" || code === "SessionExpired" || code.startsWith("N/A"))
		return make(
			"STORE_UNREACHABLE",
			"no Neo4j answers there",
			"Check the address and that Neo4j runs; nothing half-written was kept.",
			true,
		);
	return error;
}
