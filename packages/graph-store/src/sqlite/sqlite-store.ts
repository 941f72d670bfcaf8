import {
	type CaseInfo,
	ClewError,
	caseId,
	chainOf,
	DETECTIONS,
	type GraphStore,
	parseChainId,
	revisionId,
	UNSPENT_OUTPUTS,
	unspentFrom,
	unspentId,
} from "@clew/core";
import { NOT_OF_IT, nested } from "../rules/atomic.js";
import { byHeight, sumResults } from "../rules/batches.js";
import { detectionsFrom } from "../rules/facts.js";
import { headerWriter } from "../rules/headers.js";
import { packTransaction } from "../rules/keys.js";
import type { NewCase } from "../rules/new-case.js";
import { dataOf, revisedBy, revisedByCoverage } from "../rules/revised.js";
import { transferWriter } from "../rules/transfers.js";
import { utxoWriter } from "../rules/utxo.js";
import { type Db, guard, openDatabase, openReadOnly, translate } from "./database.js";
import { eventTable } from "./events.js";
import { factTables } from "./facts.js";
import { headerTable } from "./headers.js";
import { interning } from "./interning.js";
import { transferReader } from "./reading.js";
import { transferTable } from "./transfer-table.js";
import { utxoReader } from "./utxo-reading.js";
import { cutTable, utxoTable } from "./utxo-table.js";

/** Makes a case file. Throws InputError (USAGE) when the file exists. */
export async function createCase(path: string, request: NewCase): Promise<GraphStore> {
	const { title, chain, at, stated } = request;
	const db = openDatabase(path, true);
	const id = caseId(request);
	const insert = db.prepare(`INSERT INTO meta (key, value) VALUES (?, ?)`);
	db.transaction(() => {
		for (const [key, value] of Object.entries({ id, title, chain, createdAt: at })) insert.run(key, value);
	}).immediate();
	const store = storeOver(db);
	await store.appendCustody(at, "case created", `${title} (${chain})`, stated);
	return store;
}

/** Opens a case file; errors call it `shown`. Throws InputError or ClewError (CASE_CORRUPT, CASE_VERSION, CASE_BUSY). */
export async function openCase(path: string, shown = path): Promise<GraphStore> {
	return storeOver(openDatabase(path, false, shown));
}

/** Opens a copy made by `writeReadingCopy`: every write fails. Throws InputError or ClewError (CASE_CORRUPT, CASE_VERSION). */
export async function openReadingCopy(path: string): Promise<GraphStore> {
	return storeOver(openReadOnly(path));
}

function storeOver(db: Db): GraphStore {
	const info = readInfo(db);
	const names = interning(db);
	const reader = transferReader(db, names);
	const headers = headerWriter(headerTable(db));
	const events = eventTable(db, names);
	const transfers = transferTable(db, names, events);
	const writer = transferWriter(transfers, headers);
	const utxo = utxoReader(db, names);
	const outputs = utxoTable(db, names, utxo);
	const utxoWrites = utxoWriter(outputs, headers);
	const cuts = cutTable(db);
	const facts = factTables(db, names);
	const counts = db.prepare(
		`SELECT (SELECT count(*) FROM blocks) AS blocks, (SELECT count(*) FROM txs) AS transactions, (SELECT count(*) FROM transfers) AS transfers,
			(SELECT count(*) FROM outputs) AS outputs, (SELECT count(*) FROM accounts) AS accounts, (SELECT count(*) FROM labels) AS labels, (SELECT count(*) FROM traces) AS traces`,
	);
	let open = false;

	/** What is cached may be of rows that a rollback took away. */
	const forget = () => {
		names.reset();
		outputs.reset();
	};
	const rollback = () => {
		open = false;
		if (db.inTransaction) db.exec("ROLLBACK");
		forget();
	};

	/** The case through what reads and writes: each by itself, or as part of a transaction. */
	const through = ({ read, write }: Access): Omit<GraphStore, "atomically" | "close"> => {
		/** A write of what traces and detections read: its revisions are counted up with it, whatever it changed. */
		const revise = <T>(revisions: readonly string[], work: () => T): Promise<T> =>
			write(() => {
				const result = work();
				revisions.forEach(facts.countRevision);
				return result;
			});
		return {
			info,
			putBlocks: (chain, blocks, source) =>
				revise(dataOf(chain, blocks), () => {
					names.sourceId(source);
					const id = names.chainId(chain);
					return sumResults(blocks.map((block) => writer.putBlock(id, block, source)));
				}),
			putTransactions: (chain, transactions, times, source, provenance) =>
				revise(dataOf(chain, transactions), () => {
					names.sourceId(source);
					const id = names.chainId(chain);
					return sumResults(
						byHeight(transactions).map(([height, txs]) => writer.putHeight(id, height, txs, times.get(height), source, provenance)),
					);
				}),
			putUtxoBlocks: (chain, blocks, source, provenance) =>
				revise(dataOf(chain, blocks), () => {
					names.sourceId(source);
					const id = names.chainId(chain);
					return sumResults(blocks.map((block) => utxoWrites.putBlock(id, chain, block, source, provenance)));
				}),
			putUtxoTransactions: (chain, transactions, times, source, provenance) =>
				revise(dataOf(chain, transactions), () => {
					names.sourceId(source);
					const id = names.chainId(chain);
					return sumResults(
						byHeight(transactions).map(([height, txs]) => utxoWrites.putHeight(id, height, txs, times.get(height), source, provenance)),
					);
				}),
			rollback: (chain, height) =>
				revise([revisionId(chain, "data")], () => {
					const id = names.knownChain(chain);
					if (id !== undefined) outputs.removeRange(packTransaction(id, height, 0), packTransaction(id + 1, 0, 0));
					transfers.rollback(chain, height);
				}),
			utxoTransaction: (chain, txid) => read(() => utxo.transaction(chain, txid)),
			utxoTransactions: (chain, from, limit) => read(() => utxo.transactions(chain, from, limit)),
			outputsOf: (account, from, limit) => read(() => utxo.outputsOf(account, from, limit)),
			foreignSpendsOf: (account, from, limit) => read(() => utxo.foreignSpendsOf(account, from, limit)),
			busyAccounts: (chain, outputs) => read(() => utxo.busyAccounts(chain, outputs)),
			labelledAccounts: () => read(utxo.labelledAccounts),
			txids: (chain, places) => read(() => utxo.txids(chain, places)),
			transactionsCarrying: (data, limit) => read(() => utxo.transactionsCarrying(data, limit)),
			unknownOutpoints: (chain, outpoints) => read(() => utxo.unknownOutpoints(chain, outpoints)),
			clusterCuts: () => read(utxo.cuts),
			putClusterCut: (cut) => write(() => cuts.putCut(cut)),
			removeClusterCut: (subject, heuristic) => write(() => cuts.removeCut(subject, heuristic)),
			ledger: (account, from, limit) => read(() => reader.ledger(account, from, limit)),
			ledgerBefore: (account, before, limit) => read(() => reader.ledgerBefore(account, before, limit)),
			scan: (chain, from, limit) => read(() => reader.scan(chain, from, limit)),
			scanBefore: (chain, before, limit) => read(() => reader.scanBefore(chain, before, limit)),
			size: (chain) => read(() => reader.size(chain)),
			events: (chain, kind, from, limit) => read(() => events.events(chain, kind, from, limit)),
			eventsOfTransaction: (chain, position) => read(() => events.eventsOfTransaction(chain, position)),
			eventsByKey: (key) => read(() => events.eventsByKey(key)),
			balancesBefore: (account, before) => read(() => reader.balancesBefore(account, before)),
			placeOf: (chain, hash) => read(() => reader.placeOf(chain, hash)),
			transaction: (chain, hash) => read(() => reader.transaction(chain, hash)),
			derivedEvents: (chain, hash) => read(() => reader.derivedEvents(chain, hash)),
			transferAt: (chain, position) => read(() => reader.transferAt(chain, position)),
			transfersOf: (account, query) => read(() => reader.transfersOf(account, query)),
			header: (chain, height) => read(() => reader.header(chain, height)),
			head: (chain) => read(() => reader.head(chain)),
			headerOf: (chain, hash) => read(() => reader.headerOf(chain, hash)),
			headersBeside: (chain, heights) => read(() => reader.headersBeside(chain, heights)),
			profile: (account, countCap) =>
				read(() => ({
					labels: facts.labelsOf(account),
					...detectionsFrom(account, facts.record(DETECTIONS, account)),
					isContract: facts.isContract(account),
					coverage: facts.coverageOf(chainOf(account), account),
					transfers: reader.countTransfers(account, countCap) || utxo.countOutputs(account, countCap),
				})),
			openingBalance: (account, asset, height) => read(() => facts.opening(account, asset, height)),
			asset: (asset) => read(() => facts.asset(asset)),
			assets: () => read(facts.assets),
			labelsOf: (account) => read(() => facts.labelsOf(account)),
			coverage: (chain) => read(() => facts.coverage(chain)),
			blockGaps: (chain) => read(() => facts.blockGaps(chain)),
			sources: () => read(facts.sources),
			trace: (id) => read(() => facts.trace(id)),
			traceIds: () => read(facts.traceIds),
			custody: () => read(facts.custody),
			counts: () => read(() => counts.get() as Awaited<ReturnType<GraphStore["counts"]>>),
			putSource: (source) => write(() => void names.sourceId(source)),
			putLabels: (labels) => revise(revisedBy(labels, "labels"), () => facts.putLabels(labels)),
			putAssets: (assets) => write(() => assets.forEach(facts.putAsset)),
			putContracts: (accounts) =>
				revise(
					revisedBy(
						accounts.map((account) => ({ account })),
						"data",
					),
					() => accounts.forEach(facts.putContract),
				),
			putCoverage: (coverage) => revise(revisedByCoverage(coverage), () => coverage.forEach(facts.putCoverage)),
			putUnspent: (chain, outpoint, height) =>
				revise([revisionId(chain, "data")], () => {
					const id = unspentId(chain, outpoint);
					const known = unspentFrom(id, facts.record(UNSPENT_OUTPUTS, id)) ?? -1;
					if (height > known) facts.putRecord(UNSPENT_OUTPUTS, id, String(height));
				}),
			unspentAt: (chain, outpoint) =>
				read(() => unspentFrom(unspentId(chain, outpoint), facts.record(UNSPENT_OUTPUTS, unspentId(chain, outpoint)))),
			putHistoryChecks: (checks) => revise(revisedBy(checks, "data"), () => checks.forEach(facts.putHistoryCheck)),
			historyCheck: (account) => read(() => facts.historyCheck(account)),
			putOpeningBalance: (account, asset, height, amount, source) =>
				write(() => {
					names.sourceId(source);
					facts.putOpening(account, asset, height, amount, source);
				}),
			putTrace: (id, parts) => write(() => facts.putTrace(id, parts)),
			appendCustody: (...entry) => write(() => facts.appendCustody(...entry)),
			putRecord: (kind, id, json) => write(() => facts.putRecord(kind, id, json)),
			record: (kind, id) => read(() => facts.record(kind, id)),
			records: (kind, after, limit) => read(() => facts.records(kind, after, limit)),
			removeRecord: (kind, id) => write(() => facts.removeRecord(kind, id)),
			heights: (chain, from, limit) =>
				read(() => {
					const id = names.knownChain(chain);
					return id === undefined ? [] : transfers.heights(id, from, limit);
				}),
			putHeights: (chain, heights) =>
				revise(dataOf(chain, heights), () => heights.forEach((held) => void writer.restore(names.chainId(chain), held))),
			chains: () => read(facts.chains),
			contents: () => read(facts.contents),
			putAccounts: (accounts) => write(() => accounts.forEach((account) => void names.accountId(account))),
		};
	};
	/** What is not of the transaction that is open must not fall into it. */
	const mustBeClosed = () => {
		if (open) throw new ClewError("USAGE", NOT_OF_IT);
	};
	const alone: Access = {
		read: async (work) => {
			mustBeClosed();
			return guard(work);
		},
		write: async (work) => {
			mustBeClosed();
			try {
				return db.transaction(work).immediate();
			} catch (error) {
				forget();
				throw translate(error);
			}
		},
	};
	const inside: Access = { read: async (work) => guard(work), write: async (work) => guard(work) };
	return {
		...through(alone),
		async atomically(work) {
			mustBeClosed();
			guard(() => db.exec("BEGIN IMMEDIATE"));
			open = true;
			try {
				const result = await work({ ...through(inside), atomically: nested, close: nested });
				guard(() => db.exec("COMMIT"));
				open = false;
				return result;
			} catch (error) {
				rollback();
				throw translate(error);
			}
		},
		close: async () => {
			if (open) rollback();
			db.close();
		},
	};
}

/** What reads and writes are done by. */
interface Access {
	read<T>(work: () => T): Promise<T>;
	write<T>(work: () => T): Promise<T>;
}

function readInfo(db: Db): CaseInfo {
	const rows = guard(() => db.prepare(`SELECT key, value FROM meta`).raw().all()) as [string, string][];
	const meta = new Map(rows);
	const read = (key: string): string => {
		const value = meta.get(key);
		if (value === undefined) throw new ClewError("CASE_CORRUPT", `the case holds no ${key}`, { hint: "Restore the file from a copy." });
		return value;
	};
	return { id: read("id"), title: read("title"), chain: parseChainId(read("chain")), createdAt: read("createdAt") };
}
