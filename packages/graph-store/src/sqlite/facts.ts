import {
	type AccountId,
	type AssetId,
	type AssetInfo,
	type BlockGap,
	type ChainId,
	type Coverage,
	type CoveredKind,
	type CustodyEntry,
	type CustodyStatement,
	compareText,
	DENIALS,
	groupBy,
	type HistoryCheck,
	joinChecks,
	type Label,
	type LabelCategory,
	type LabelsPut,
	nextCustodyEntry,
	REVISIONS,
	type Source,
	type StoreContents,
	type StoredRecord,
} from "@clew/core";
import { type CustodyRow, storedEntry } from "../rules/custody.js";
import { HISTORY_CHECK, historyCheckFrom, historyCheckJson, joinGaps, joinRanges, knownCoverage, validity } from "../rules/facts.js";
import { highPart } from "../rules/keys.js";
import { restate } from "../rules/labels.js";
import { openingPlace, storedAmount } from "../rules/stored-amount.js";
import { BOUND_LIMIT, type Db } from "./database.js";
import type { Interning } from "./interning.js";
import { withoutBytes } from "./stored-text.js";

export interface LabelRow {
	account_id: number;
	source: string;
	entity: string;
	name: string;
	category: string;
	retrieved_at: string;
	confidence: number;
	valid_from: string;
	valid_until: string;
}

/** A label as its row holds it. */
export function labelOf(account: AccountId, row: LabelRow): Label {
	return {
		account,
		category: row.category as LabelCategory,
		entity: row.entity,
		name: row.name,
		source: row.source,
		retrievedAt: row.retrieved_at,
		confidence: row.confidence,
		...validity(row.valid_from, row.valid_until),
	};
}

interface CoverageRow {
	account_id: number | null;
	from_height: number;
	to_height: number;
	kinds: string;
	source: string;
	note: string;
}

/** Everything in a case that is not a transfer: labels, assets, coverage, openings, traces, custody. Synchronous. */
export function factTables(db: Db, names: Interning) {
	const insertLabel = db.prepare(
		`INSERT INTO labels (account_id, source, entity, name, category, valid_from, valid_until, retrieved_at, confidence)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
	);
	const removeLabel = db.prepare(
		`DELETE FROM labels WHERE account_id = ? AND source = ? AND entity = ? AND name = ? AND category = ?
			AND valid_from = ? AND valid_until = ?`,
	);
	const labelsOf = db.prepare(
		`SELECT * FROM labels WHERE account_id = ? ORDER BY confidence DESC, source, entity, name, category, valid_from, valid_until`,
	);
	const setAsset = db.prepare(`UPDATE assets SET decimals = ?, symbol = ? WHERE id = ? AND decimals IS NULL`);
	const getAsset = db.prepare(`SELECT decimals, symbol FROM assets WHERE id = ?`);
	const allAssets = db.prepare(`SELECT asset, decimals, symbol FROM assets WHERE decimals IS NOT NULL ORDER BY asset`);
	const markContract = db.prepare(`UPDATE accounts SET contract = 1 WHERE id = ?`);
	const isContract = db
		.prepare(`SELECT contract = 1 OR EXISTS (SELECT 1 FROM transfers WHERE from_id = accounts.id AND kind = 1) FROM accounts WHERE id = ?`)
		.pluck();
	const insertCoverage = db.prepare(
		`INSERT INTO coverage (chain_id, account_id, from_height, to_height, kinds, source, note) VALUES (?, ?, ?, ?, ?, ?, ?)`,
	);
	const overlapping = db.prepare(
		`SELECT rowid AS id, from_height AS fromHeight, to_height AS toHeight FROM coverage WHERE chain_id = ? AND account_id IS ? AND kinds = ? AND source = ? AND note = ? AND from_height <= ? AND to_height >= ?`,
	);
	const deleteCoverage = db.prepare(`DELETE FROM coverage WHERE rowid = ?`);
	const coverageOf = db.prepare(`SELECT * FROM coverage WHERE chain_id = ? AND (account_id = ? OR account_id IS NULL)`);
	const chainCoverage = db.prepare(`SELECT * FROM coverage WHERE chain_id = ?`);
	const insertOpening = db.prepare(
		`INSERT INTO openings (account_id, asset_id, height, amount, source) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET amount = excluded.amount, source = excluded.source`,
	);
	const getOpening = db.prepare(`SELECT amount FROM openings WHERE account_id = ? AND asset_id = ? AND height = ?`).pluck();
	const gaps = db.prepare(`SELECT key, gap FROM block_gaps WHERE key >= ? AND key < ? ORDER BY gap, key`);
	const transactionGaps = db.prepare(
		`SELECT g.key, g.gap, a.account FROM tx_gaps g JOIN accounts a ON a.id = g.account_id WHERE g.key >= ? AND g.key < ? ORDER BY g.gap, g.key`,
	);
	const insertTrace = db.prepare(`INSERT INTO traces (id) VALUES (?)`);
	/** The order of rows is the order of runs. */
	const moveTrace = db.prepare(`UPDATE traces SET rowid = (SELECT max(rowid) + 1 FROM traces) WHERE id = ?`);
	const removeParts = db.prepare(`DELETE FROM trace_parts WHERE id = ?`);
	const insertPart = db.prepare(`INSERT INTO trace_parts (id, part, text) VALUES (?, ?, ?)`);
	const traceParts = db.prepare(`SELECT text FROM trace_parts WHERE id = ? ORDER BY part`).pluck();
	const traceIds = db.prepare(`SELECT id FROM traces ORDER BY rowid`).pluck();
	const stated = `stated_with AS "with", stated_by AS "by", stated_why AS why`;
	const custodyRows = `SELECT sequence, at, action, detail, ${stated}, previous, hash FROM custody`;
	const custody = db.prepare(`${custodyRows} ORDER BY sequence`);
	const lastCustody = db.prepare(`${custodyRows} ORDER BY sequence DESC LIMIT 1`);
	const insertCustody = db.prepare(
		`INSERT INTO custody (sequence, at, action, detail, stated_with, stated_by, stated_why, previous, hash)
			VALUES (@sequence, @at, @action, @detail, @with, @by, @why, @previous, @hash)`,
	);
	const sources = db.prepare(`SELECT key AS id, kind, name, sha256, detail FROM sources ORDER BY key`);

	const putRecord = db.prepare(`INSERT INTO records (kind, id, json) VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET json = excluded.json`);
	const getRecord = db.prepare(`SELECT json FROM records WHERE kind = ? AND id = ?`).pluck();
	const listRecords = db.prepare(`SELECT id, json FROM records WHERE kind = ? AND id > ? ORDER BY id ${BOUND_LIMIT}`);
	const countRevision = db.prepare(
		`INSERT INTO records (kind, id, json) VALUES ('${REVISIONS}', ?, '1') ON CONFLICT DO UPDATE SET json = CAST(CAST(json AS INTEGER) + 1 AS TEXT)`,
	);
	const removeRecord = db.prepare(`DELETE FROM records WHERE kind = ? AND id = ?`);

	const allLabels = db.prepare(`SELECT l.*, a.account FROM labels l JOIN accounts a ON a.id = l.account_id`);
	const allOpenings = db
		.prepare(
			`SELECT a.account, s.asset, o.height, o.amount, o.source FROM openings o JOIN accounts a ON a.id = o.account_id JOIN assets s ON s.id = o.asset_id`,
		)
		.raw();
	const allChains = db.prepare(`SELECT chain FROM chains ORDER BY id`).pluck();
	const allAccounts = db.prepare(`SELECT account FROM accounts ORDER BY id`).pluck();
	const contracts = db.prepare(`SELECT account FROM accounts WHERE contract = 1`).pluck();
	const recordKinds = db.prepare(`SELECT DISTINCT kind FROM records ORDER BY kind`).pluck();

	const coverageFrom =
		(chain: ChainId) =>
		(row: unknown): Coverage => {
			const r = withoutBytes(row as CoverageRow, "coverage");
			return {
				chain,
				...(r.account_id === null ? {} : { account: names.accountName(r.account_id) }),
				fromHeight: r.from_height,
				toHeight: r.to_height,
				kinds: r.kinds.split(",") as CoveredKind[],
				source: r.source,
				note: r.note,
			};
		};

	const labelsOfAccount = (account: AccountId): Label[] => {
		const id = names.knownAccount(account);
		if (id === undefined) return [];
		return (labelsOf.all(id) as LabelRow[]).map((row) => labelOf(account, withoutBytes(row, "labels")));
	};
	const labelKey = ({ source, entity, name, category, validFrom = "", validUntil = "" }: Label) =>
		[source, entity, name, category, validFrom, validUntil] as const;

	const historyCheck = (account: AccountId): HistoryCheck | undefined =>
		historyCheckFrom(account, getRecord.get(HISTORY_CHECK, account) as string | undefined);

	const deniedOf = (source: string) => getRecord.get(DENIALS, source) as string | undefined;

	return {
		historyCheck,
		putHistoryCheck(check: HistoryCheck): void {
			const known = historyCheck(check.account);
			putRecord.run(HISTORY_CHECK, check.account, historyCheckJson(known === undefined ? check : joinChecks(known, check)));
		},
		putLabels(labels: readonly Label[]): LabelsPut {
			const sum = { held: 0, replaced: 0 };
			for (const [account, own] of groupBy(labels, (label) => label.account)) {
				const id = names.accountId(account);
				const { out, told, replaced } = restate(labelsOfAccount(account), own);
				for (const label of out) removeLabel.run(id, ...labelKey(label));
				for (const label of told) insertLabel.run(id, ...labelKey(label), label.retrievedAt, label.confidence);
				sum.held += told.length;
				sum.replaced += replaced;
			}
			return sum;
		},
		labelsOf: labelsOfAccount,
		/** The first description of a token stays: a later one cannot rename it. */
		putAsset(info: AssetInfo): void {
			setAsset.run(info.decimals, info.symbol, names.assetId(info.asset));
		},
		asset(asset: AssetId): AssetInfo | undefined {
			const id = names.knownAsset(asset);
			const row = id === undefined ? undefined : (getAsset.get(id) as { decimals: number | null; symbol: string | null } | undefined);
			if (row === undefined || row.decimals === null) return undefined;
			return { asset, decimals: row.decimals, symbol: withoutBytes(row, "assets").symbol ?? "" };
		},
		assets: () => (allAssets.all() as AssetInfo[]).map((row) => withoutBytes(row, "assets")),
		putContract(account: AccountId): void {
			markContract.run(names.accountId(account));
		},
		isContract(account: AccountId): boolean {
			const id = names.knownAccount(account);
			return id !== undefined && isContract.get(id) === 1;
		},
		/** Joins overlapping and adjacent ranges of the same source, kinds and account. */
		putCoverage(c: Coverage): void {
			const chain = names.chainId(c.chain);
			const account = c.account === undefined ? null : names.accountId(c.account);
			const kinds = [...c.kinds].sort(compareText).join(",");
			const near = overlapping.all(chain, account, kinds, c.source, c.note, c.toHeight + 1, c.fromHeight - 1) as {
				id: number;
				fromHeight: number;
				toHeight: number;
			}[];
			for (const { id } of near) deleteCoverage.run(id);
			const { fromHeight, toHeight } = joinRanges([c, ...near]);
			insertCoverage.run(chain, account, fromHeight, toHeight, kinds, c.source, c.note);
		},
		coverageOf(chain: ChainId, account: AccountId): Coverage[] {
			const id = names.knownChain(chain);
			if (id === undefined) return [];
			return knownCoverage(coverageOf.all(id, names.knownAccount(account) ?? -1).map(coverageFrom(chain)), historyCheck, deniedOf);
		},
		coverage(chain: ChainId): Coverage[] {
			const id = names.knownChain(chain);
			return id === undefined ? [] : knownCoverage(chainCoverage.all(id).map(coverageFrom(chain)), historyCheck, deniedOf);
		},
		putOpening(account: AccountId, asset: AssetId, height: number, amount: bigint, source: Source): void {
			insertOpening.run(names.accountId(account), names.assetId(asset), height, amount.toString(), source.id);
		},
		opening(account: AccountId, asset: AssetId, height: number): bigint | undefined {
			const text = getOpening.get(names.knownAccount(account) ?? -1, names.knownAsset(asset) ?? -1, height) as string | undefined;
			return text === undefined ? undefined : storedAmount(text, openingPlace, { account, asset, height });
		},
		blockGaps(chain: ChainId): BlockGap[] {
			const id = names.knownChain(chain);
			if (id === undefined) return [];
			const base = highPart(id, 0);
			const rows = [gaps, transactionGaps].flatMap(
				(statement) => statement.all(base, highPart(id + 1, 0)) as { key: number; gap: string; account?: AccountId }[],
			);
			return joinGaps(rows.map((row) => withoutBytes(row, "gaps")).map(({ key, ...rest }) => ({ ...rest, height: key - base })));
		},
		putTrace(id: string, parts: Iterable<string>): void {
			if (moveTrace.run(id).changes === 0) insertTrace.run(id);
			removeParts.run(id);
			let number = 0;
			for (const part of parts) insertPart.run(id, number++, part);
		},
		trace(id: string): string[] | undefined {
			const parts = (traceParts.all(id) as string[]).map((part) => withoutBytes(part, "trace_parts"));
			return parts.length === 0 ? undefined : parts;
		},
		traceIds: () => traceIds.all() as string[],
		custody: () => (custody.all() as CustodyRow[]).map((row) => storedEntry(withoutBytes(row, "custody"))),
		appendCustody(at: string, action: string, detail: string, stated?: CustodyStatement): CustodyEntry {
			const last = lastCustody.get() as CustodyRow | undefined;
			const entry = nextCustodyEntry(last && storedEntry(last), at, action, detail, stated);
			insertCustody.run({ with: null, by: null, why: null, ...entry });
			return entry;
		},
		sources: () => (sources.all() as Source[]).map((row) => withoutBytes(row, "sources")),
		chains: () => allChains.all() as ChainId[],
		contents: (): StoreContents => ({
			accounts: allAccounts.all() as AccountId[],
			contracts: contracts.all() as AccountId[],
			labels: (allLabels.all() as (LabelRow & { account: AccountId })[]).map((row) => labelOf(row.account, withoutBytes(row, "labels"))),
			openings: (allOpenings.all() as [AccountId, AssetId, number, string, string][]).map(([account, asset, height, amount, source]) => ({
				account,
				asset,
				height,
				amount: storedAmount(amount, openingPlace, { account, asset, height }),
				source,
			})),
			recordKinds: recordKinds.all() as string[],
		}),
		countRevision: (id: string): void => void countRevision.run(id),
		putRecord: (kind: string, id: string, json: string): void => void putRecord.run(kind, id, json),
		record: (kind: string, id: string) => withoutBytes(getRecord.get(kind, id) as string | undefined, "records"),
		records: (kind: string, after: string, limit: number) =>
			(listRecords.all(kind, after, limit) as StoredRecord[]).map((row) => withoutBytes(row, "records")),
		removeRecord: (kind: string, id: string): boolean => removeRecord.run(kind, id).changes > 0,
	};
}
