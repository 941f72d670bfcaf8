import {
	type CaseInfo,
	type ChainId,
	ClewError,
	caseId,
	DEFAULT_CHAIN,
	DETECTIONS,
	type GraphStore,
	InputError,
	parseChainId,
	revisionId,
	type Source,
	UNSPENT_OUTPUTS,
	unspentFrom,
	unspentId,
} from "@clew/core";
import { NOT_OF_IT, nested } from "../rules/atomic.js";
import { detectionsFrom } from "../rules/facts.js";
import { endOfChain, highPart, packHeight, packTransaction } from "../rules/keys.js";
import type { NewCase } from "../rules/new-case.js";
import { dataOf, revisedBy, revisedByCoverage } from "../rules/revised.js";
import { type Client, connect, type Run } from "./client.js";
import { eventQueries, removeEvents } from "./events.js";
import { factQueries } from "./facts.js";
import { caseNames } from "./names.js";
import { LABELS, LAYOUT_VERSION, SCHEMA } from "./schema.js";
import { transferWrites } from "./transfer-window.js";
import { transferQueries } from "./transfers.js";
import { parseNeo4jUri } from "./uri.js";
import { utxoQueries } from "./utxo-reading.js";
import { removeUtxoRange, utxoWrites } from "./utxo-window.js";

/** Layout 4: the sender of each call, by which a contract is known. Ends where it was interrupted when run again. */
const NAME_CALLERS = `MATCH ()-[t:TRANSFER]->() WHERE t.c = $c AND t.pos >= 0 AND t.kind = "internal" AND t.caller IS NULL
	CALL (t) { SET t.caller = t.sender } IN TRANSACTIONS OF 10000 ROWS`;

/**
 * Makes a case in a Neo4j database, and the indexes when it is the first. Throws InputError (USAGE) when it holds this one, and what {@link
 * openNeo4jCase} throws.
 */
export async function createNeo4jCase(uri: string, request: NewCase): Promise<GraphStore> {
	const { title, chain, at, stated } = request;
	const client = await connect(parseNeo4jUri(uri));
	try {
		for (const statement of SCHEMA) await client.alone(statement);
		const id = caseId(request);
		const c = await client.write(async (run) => {
			const [held] = await run(`MATCH (k:ClewCase {id: $id}) RETURN k.c AS c`, { id });
			if (held !== undefined)
				throw new InputError(`${client.name} holds case ${id} already`, { code: "USAGE", hint: "Choose another title." });
			const [row] = await run(
				`OPTIONAL MATCH (k:ClewCase) WITH coalesce(max(k.c), 0) + 1 AS c CREATE (n:ClewCase {c: c, id: $id, title: $title, chain: $chain, createdAt: $at, chains: [], layout: $layout}) RETURN n.c AS c`,
				{ id, title, chain, at, layout: LAYOUT_VERSION },
			);
			return Number(row?.["c"]);
		});
		const store = storeOver(client, c, { id, title, chain, createdAt: at });
		await store.appendCustody(at, "case created", `${title} (${chain})`, stated);
		return store;
	} catch (error) {
		await client.close();
		throw error;
	}
}

/**
 * Opens a case in a Neo4j database: the one that the URI names, else the only one. Throws ClewError (STORE_UNREACHABLE, STORE_REFUSED,
 * CASE_VERSION) or InputError (USAGE).
 */
export async function openNeo4jCase(uri: string): Promise<GraphStore> {
	const place = parseNeo4jUri(uri);
	const client = await connect(place);
	try {
		const { c, info, layout } = await findCase(client, place.caseName);
		if (layout < LAYOUT_VERSION) {
			// What else is new is absent in what was written before, and read as unknown: only the indexes are missing.
			for (const statement of SCHEMA) await client.alone(statement);
			await client.alone(NAME_CALLERS, { c });
			await client.write((run) => run(`MATCH (k:ClewCase {c: $c}) SET k.layout = $layout`, { c, layout: LAYOUT_VERSION }));
		}
		return storeOver(client, c, info);
	} catch (error) {
		await client.close();
		throw error;
	}
}

/** Removes a case with all it holds, a part a transaction; when interrupted, it can be called again. */
export async function removeNeo4jCase(uri: string): Promise<CaseInfo> {
	const place = parseNeo4jUri(uri);
	const client = await connect(place);
	try {
		const { c, info } = await findCase(client, place.caseName);
		await client.alone(`MATCH ()-[t:TRANSFER]->() WHERE t.c = $c AND t.pos >= 0 CALL (t) { DELETE t } IN TRANSACTIONS OF 10000 ROWS`, {
			c,
		});
		for (const label of LABELS)
			await client.alone(`MATCH (n:${label}) WHERE n.c = $c CALL (n) { DETACH DELETE n } IN TRANSACTIONS OF 10000 ROWS`, { c });
		await client.alone(`MATCH (k:ClewCase {c: $c}) DELETE k`, { c });
		return info;
	} finally {
		await client.close();
	}
}

async function findCase(client: Client, name: string | undefined): Promise<{ c: number; info: CaseInfo; layout: number }> {
	const rows = await client.read((run) =>
		run(
			`MATCH (k:ClewCase) RETURN k.c AS c, k.id AS id, k.title AS title, k.chain AS chain, k.createdAt AS createdAt, k.layout AS layout ORDER BY k.c`,
		),
	);
	const found = name === undefined ? rows : rows.filter((row) => row["id"] === name || row["title"] === name);
	const [row] = found;
	if (row === undefined || found.length > 1) {
		const ids = rows.map((r) => String(r["id"])).join(", ");
		throw new InputError(`${client.name}: ${row === undefined ? "there is no such case" : "several cases would fit"}`, {
			code: "USAGE",
			hint:
				rows.length === 0
					? `Make one with: clew case new URI --title TEXT --chain ${DEFAULT_CHAIN}`
					: `Add ?case=ID to the URI; it holds ${ids}.`,
		});
	}
	if (Number(row["layout"]) > LAYOUT_VERSION)
		throw new ClewError("CASE_VERSION", `case ${row["id"]} was written by a newer Clew`, { hint: "Update Clew." });
	const info = {
		id: String(row["id"]),
		title: String(row["title"]),
		chain: parseChainId(String(row["chain"])),
		createdAt: String(row["createdAt"]),
	};
	return { c: Number(row["c"]), info, layout: Number(row["layout"]) };
}

function storeOver(client: Client, c: number, info: CaseInfo): GraphStore {
	const names = caseNames(c);
	const transfers = transferQueries(names);
	const events = eventQueries(names);
	const transferPuts = transferWrites(names);
	const utxo = utxoQueries(names);
	const outputs = utxoWrites(names);
	const facts = factQueries(names);
	/** A transaction of {@link GraphStore.atomically} is open. */
	let open = false;

	/** One writer a case: the first statement of every writing transaction locks the case's node until its end. */
	const locked = async (run: Run): Promise<void> => {
		names.reset();
		const [row] = await run(`MATCH (k:ClewCase {c: $c}) SET k.writing = true REMOVE k.writing RETURN k.c AS c`, { c });
		if (row === undefined) throw new ClewError("CONFLICT", `case ${info.id} was removed by somebody else`);
	};
	/** The case through what reads and writes: each by itself, or as part of a transaction. */
	const through = ({ read, write }: Access): Omit<GraphStore, "atomically" | "close"> => {
		/** The same of what traces and detections read: its revisions are counted up with it, whatever it changed. */
		const revise = <T>(revisions: readonly string[], work: (run: Run) => Promise<T>): Promise<T> =>
			write(async (run) => {
				const result = await work(run);
				await facts.countRevisions(run, revisions);
				return result;
			});
		/** A write of a chain's data that names its source and the chain's number. */
		const put = <T>(chain: ChainId, source: Source, rows: readonly unknown[], work: (run: Run, id: number) => Promise<T>): Promise<T> =>
			revise(dataOf(chain, rows), async (run) => {
				await facts.putSource(run, source);
				return work(run, await names.chainId(run, chain));
			});

		return {
			info,
			putBlocks: (chain, blocks, source) => put(chain, source, blocks, (run, id) => transferPuts.putBlocks(run, id, blocks, source)),
			putTransactions: (chain, transactions, times, source, tier) =>
				put(chain, source, transactions, (run, id) => transferPuts.putTransactions(run, id, transactions, times, source, tier)),
			putUtxoBlocks: (chain, blocks, source, tier) =>
				put(chain, source, blocks, (run, id) => outputs.putUtxoBlocks(run, id, chain, blocks, source, tier)),
			putUtxoTransactions: (chain, transactions, times, source, tier) =>
				put(chain, source, transactions, (run, id) => outputs.putUtxoTransactions(run, id, transactions, times, source, tier)),
			rollback: (chain, height) =>
				revise([revisionId(chain, "data")], async (run) => {
					const id = await names.knownChain(run, chain);
					if (id === undefined) return;
					await removeUtxoRange(run, c, packTransaction(id, height, 0), packTransaction(id + 1, 0, 0));
					await run(`MATCH ()-[t:TRANSFER]->() WHERE t.c = $c AND t.pos >= $from AND t.pos < $end DELETE t`, {
						c,
						from: packHeight(id, height),
						end: endOfChain(id),
					});
					await run(`MATCH (b:Block) WHERE b.c = $c AND b.key >= $from AND b.key < $end DELETE b`, {
						c,
						from: highPart(id, height),
						end: highPart(id + 1, 0),
					});
					await run(`MATCH (g:Gap) WHERE g.c = $c AND g.key >= $from AND g.key < $end DELETE g`, {
						c,
						from: highPart(id, height),
						end: highPart(id + 1, 0),
					});
					await removeEvents(run, c, [{ from: packHeight(id, height), end: endOfChain(id) }]);
					await facts.rollbackFacts(run, chain, height);
				}),
			utxoTransaction: (chain, txid) => read((run) => utxo.utxoTransaction(run, chain, txid)),
			utxoTransactions: (chain, from, limit) => read((run) => utxo.utxoTransactions(run, chain, from, limit)),
			outputsOf: (account, from, limit) => read((run) => utxo.outputsOf(run, account, from, limit)),
			foreignSpendsOf: (account, from, limit) => read((run) => utxo.foreignSpendsOf(run, account, from, limit)),
			busyAccounts: (chain, least) => read((run) => utxo.busyAccounts(run, chain, least)),
			labelledAccounts: () => read(utxo.labelledAccounts),
			txids: (chain, places) => read((run) => utxo.txids(run, chain, places)),
			transactionsCarrying: (data, limit) => read((run) => utxo.transactionsCarrying(run, data, limit)),
			unknownOutpoints: (chain, outpoints) => read((run) => utxo.unknownOutpoints(run, chain, outpoints)),
			clusterCuts: () => read(utxo.clusterCuts),
			putClusterCut: (cut) => write((run) => facts.putCut(run, cut)),
			removeClusterCut: (subject, heuristic) => write((run) => facts.removeCut(run, subject, heuristic)),
			ledger: (account, from, limit) => read((run) => transfers.ledger(run, account, from, limit)),
			ledgerBefore: (account, before, limit) => read((run) => transfers.ledgerBefore(run, account, before, limit)),
			scan: (chain, from, limit) => read((run) => transfers.scan(run, chain, from, limit)),
			scanBefore: (chain, before, limit) => read((run) => transfers.scanBefore(run, chain, before, limit)),
			size: (chain) => read((run) => transfers.size(run, chain)),
			events: (chain, kind, from, limit) => read((run) => events.events(run, chain, kind, from, limit)),
			eventsOfTransaction: (chain, position) => read((run) => events.eventsOfTransaction(run, chain, position)),
			eventsByKey: (key) => read((run) => events.eventsByKey(run, key)),
			balancesBefore: (account, before) => read((run) => transfers.balancesBefore(run, account, before)),
			placeOf: (chain, hash) => read((run) => transfers.placeOf(run, chain, hash)),
			transaction: (chain, hash) => read((run) => transfers.transaction(run, chain, hash)),
			derivedEvents: (chain, hash) => read((run) => transfers.derivedEvents(run, chain, hash)),
			transferAt: (chain, position) => read((run) => transfers.transferAt(run, chain, position)),
			transfersOf: (account, query) => read((run) => transfers.transfersOf(run, account, query)),
			header: (chain, height) => read((run) => transfers.header(run, chain, height)),
			head: (chain) => read((run) => transfers.head(run, chain)),
			headerOf: (chain, hash) => read((run) => transfers.headerOf(run, chain, hash)),
			headersBeside: (chain, heights) => read((run) => transfers.headersBeside(run, chain, heights)),
			profile: (account, cap) =>
				read(async (run) => ({
					labels: await facts.labelsOf(run, account),
					...detectionsFrom(account, await facts.record(run, DETECTIONS, account)),
					isContract: await facts.isContract(run, account),
					coverage: await facts.coverageOf(run, account),
					transfers: (await transfers.count(run, account, cap)) || (await utxo.countOutputs(run, account, cap)),
				})),
			openingBalance: (account, asset, height) => read((run) => facts.opening(run, account, asset, height)),
			asset: (asset) => read((run) => facts.asset(run, asset)),
			assets: () => read(facts.assets),
			labelsOf: (account) => read((run) => facts.labelsOf(run, account)),
			coverage: (chain) => read((run) => facts.coverage(run, chain)),
			blockGaps: (chain) => read((run) => facts.blockGaps(run, chain)),
			sources: () => read(facts.sources),
			trace: (id) => read((run) => facts.trace(run, id)),
			traceIds: () => read(facts.traceIds),
			custody: () => read(facts.custody),
			counts: () => read(facts.counts),
			putSource: (source) => write((run) => facts.putSource(run, source)),
			putLabels: (labels) => revise(revisedBy(labels, "labels"), (run) => facts.putLabels(run, labels)),
			putAssets: (assets) => write((run) => facts.putAssets(run, assets)),
			putContracts: (accounts) =>
				revise(
					revisedBy(
						accounts.map((account) => ({ account })),
						"data",
					),
					(run) => names.putContracts(run, accounts),
				),
			putCoverage: (coverage) => revise(revisedByCoverage(coverage), (run) => facts.putCoverage(run, coverage)),
			putUnspent: (chain, outpoint, height) =>
				revise([revisionId(chain, "data")], async (run) => {
					const id = unspentId(chain, outpoint);
					const known = unspentFrom(id, await facts.record(run, UNSPENT_OUTPUTS, id)) ?? -1;
					if (height > known) await facts.putRecord(run, UNSPENT_OUTPUTS, id, String(height));
				}),
			unspentAt: (chain, outpoint) =>
				read(async (run) => unspentFrom(unspentId(chain, outpoint), await facts.record(run, UNSPENT_OUTPUTS, unspentId(chain, outpoint)))),
			putHistoryChecks: (checks) => revise(revisedBy(checks, "data"), (run) => facts.putHistoryChecks(run, checks)),
			historyCheck: (account) => read(async (run) => (await facts.historyChecks(run, [account])).get(account)),
			putOpeningBalance: (account, asset, height, amount, source) =>
				write(async (run) => {
					await facts.putSource(run, source);
					await facts.putOpening(run, account, asset, height, amount, source);
				}),
			putTrace: (id, parts) => write((run) => facts.putTrace(run, id, parts)),
			appendCustody: (...entry) => write((run) => facts.appendCustody(run, ...entry)),
			putRecord: (kind, id, json) => write((run) => facts.putRecord(run, kind, id, json)),
			record: (kind, id) => read((run) => facts.record(run, kind, id)),
			records: (kind, after, limit) => read((run) => facts.records(run, kind, after, limit)),
			removeRecord: (kind, id) => write((run) => facts.removeRecord(run, kind, id)),
			heights: (chain, from, limit) => read((run) => transfers.heights(run, chain, from, limit)),
			putHeights: (chain, heights) =>
				revise(dataOf(chain, heights), async (run) => transferPuts.putHeights(run, await names.chainId(run, chain), heights)),
			chains: () => read(facts.chains),
			contents: () => read(facts.contents),
			putAccounts: (accounts) => write((run) => names.putAccounts(run, accounts)),
		};
	};
	const mustBeClosed = () => {
		if (open) throw new ClewError("USAGE", NOT_OF_IT);
	};
	const alone: Access = {
		read: async (work) => {
			mustBeClosed();
			return client.read(work);
		},
		write: async (work) => {
			mustBeClosed();
			return client.write(async (run) => {
				await locked(run);
				return work(run);
			});
		},
	};
	return {
		...through(alone),
		async atomically(work) {
			mustBeClosed();
			open = true;
			try {
				return await client.once(async (run) => {
					await locked(run);
					const part: Access = { read: (one) => one(run), write: (one) => one(run) };
					return work({ ...through(part), atomically: nested, close: nested });
				});
			} finally {
				open = false;
			}
		},
		close: () => client.close(),
	};
}

/** What reads and writes are done by. */
interface Access {
	read<T>(work: (run: Run) => Promise<T>): Promise<T>;
	write<T>(work: (run: Run) => Promise<T>): Promise<T>;
}
