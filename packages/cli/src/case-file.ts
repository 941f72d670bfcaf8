import {
	breathing,
	type ChainId,
	type CustodyStatement,
	DEFAULT_CHAIN,
	endpointName,
	familyOf,
	type GraphStore,
	InputError,
	parseFollowedChain,
	viewOf,
} from "@clew/core";
import type { NewCase } from "@clew/graph-store";
import { type StatementOptions, statedBy } from "./custody-statement.js";
import { withNativeCoins } from "./native-info.js";

/** The option that every command on a case shares, and those that only some have. */
export interface CaseOption extends StatementOptions {
	readonly case?: string | undefined;
}

/** Text of the shared option. */
export const CASE_OPTION = ["--case <file>", "the case: a file, or neo4j://host:port/database?case=ID (default: $CLEW_CASE)"] as const;

const OTHER_CHAIN = familyOf(DEFAULT_CHAIN).chains.find((chain) => chain !== DEFAULT_CHAIN);

/** Text of the option that names another chain of the case. */
export const CHAIN_OPTION = [
	"--chain <chain>",
	`another chain than the case's first, such as ${OTHER_CHAIN}; a case holds up to seven`,
] as const;

/** The case as seen from one of its chains. */
export function onChain(store: GraphStore, chain: ChainId): GraphStore {
	return viewOf(store, ({ info }) => ({ info: { ...info, chain } }));
}

/** Methods of a store that change it, or end it. */
const WRITES = /^(put|append|remove|rollback|atomically|close)/;

/**
 * The case for long reading: an interruption is seen between two reads, and ends the work. What is written goes through the store itself,
 * whole or not at all.
 */
export function interruptible(store: GraphStore, signal: AbortSignal): GraphStore {
	const breathe = breathing(signal);
	const reads = Object.entries(store).map(([name, value]) => [
		name,
		typeof value !== "function" || WRITES.test(name)
			? value
			: async (...given: unknown[]) => {
					await breathe();
					return value(...given);
				},
	]);
	return Object.fromEntries(reads) as GraphStore;
}

/** Opens the case, runs the work and closes it, whatever happens. Throws InputError (USAGE) when no case is named. */
export async function withCase<T>(options: CaseOption, work: (store: GraphStore) => Promise<T>): Promise<T> {
	const store = await openStore(casePlace(options), { stated: options });
	try {
		return await work(store);
	} finally {
		await store.close();
	}
}

/** The same for a command with {@link CHAIN_OPTION}: the work sees the case from the named chain, else from its first. */
export function withChain<T>(
	options: CaseOption & { readonly chain?: string | undefined },
	work: (store: GraphStore) => Promise<T>,
): Promise<T> {
	const { chain } = options;
	return withCase(options, (store) => work(chain === undefined ? store : onChain(store, parseFollowedChain(chain))));
}

/** The file or URI that was named. Throws InputError (USAGE) when there is none. */
export function casePlace(options: CaseOption): string {
	const place = options.case ?? process.env["CLEW_CASE"];
	if (!place) throw new InputError("no case is named", { code: "USAGE", hint: "Give --case FILE, or set CLEW_CASE." });
	return place;
}

/** Stores are loaded when a case is opened: a command that was given none must start at once. */
const stores = () => import("@clew/graph-store");

/**
 * Opens a case, wherever it is kept; errors call a file `shown`. Entries of its custody log state the program, and who and why of `stated`,
 * unless their writer says otherwise.
 */
export async function openStore(
	place: string,
	{ shown = place, stated }: { readonly shown?: string; readonly stated?: StatementOptions } = {},
): Promise<GraphStore> {
	mustBePlace(place);
	const own = statedBy(stated);
	const { isNeo4jUri, openCase, openNeo4jCase } = await stores();
	return stating(withNativeCoins(await (isNeo4jUri(place) ? openNeo4jCase(place) : openCase(place, shown))), own);
}

/** Makes a case in a file or in a Neo4j database. Throws InputError (USAGE) for a chain that cannot be followed. */
export async function createStore(place: string, request: NewCase): Promise<GraphStore> {
	mustBePlace(place);
	parseFollowedChain(request.chain);
	const own = statedBy();
	const whole = { ...request, stated: request.stated ?? own };
	const { createCase, createNeo4jCase, isNeo4jUri } = await stores();
	return stating(withNativeCoins(await (isNeo4jUri(place) ? createNeo4jCase(place, whole) : createCase(place, whole))), own);
}

/** URIs of stores, as `@clew/graph-store` takes them. */
const STORE = /^(neo4j|bolt)(\+s|\+ssc)?:\/\//;

/** Throws InputError (USAGE) for a URL of anything that holds no case, and names it without its secrets. */
export function mustBePlace(place: string): void {
	if (!/^[a-z][a-z0-9+.-]*:\/\//i.test(place) || STORE.test(place)) return;
	throw new InputError(`${endpointName(place)} is no place of a case`, {
		code: "USAGE",
		hint: "A case is a file, or neo4j://host:port/database?case=ID.",
	});
}

/** The case with what its custody entries state where their writer says nothing of it. */
function stating(store: GraphStore, own: CustodyStatement): GraphStore {
	return viewOf(store, (of) => ({ appendCustody: (at, action, detail, stated = own) => of.appendCustody(at, action, detail, stated) }));
}

/** The place for messages: without user and password. */
export function showPlace(place: string): string {
	if (!STORE.test(place)) return place;
	// A password may hold any sign, so that only what was read as host and database is shown.
	const plain = place.replace(/^[a-z0-9+]+:/, "http:");
	const url = URL.canParse(plain) ? new URL(plain) : undefined;
	const name = url?.searchParams.get("case");
	return `${endpointName(place)}${url?.pathname.replace(/\/$/, "") ?? ""}${name ? `?case=${name}` : ""}`;
}
