import {
	type AccountId,
	type AssetId,
	type AssetInfo,
	type BlockGap,
	type CaseCounts,
	type ChainId,
	type ClusterCut,
	type Coverage,
	type CoveredKind,
	type CustodyEntry,
	type CustodyStatement,
	chainOf,
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
import type { Row, Run } from "./client.js";
import type { Names } from "./names.js";

/** Order of text as SQLite has it, by UTF-8 bytes, so that both stores list alike. */
function compareBytes(a: string, b: string): number {
	return Buffer.compare(Buffer.from(a), Buffer.from(b));
}

/** Everything in a case that is not a transfer; each call takes the open transaction. */
export function factQueries(names: Names) {
	const { c } = names;
	const coverageFrom =
		(chain: ChainId) =>
		(row: Row): Coverage => ({
			chain,
			...(row["account"] === "" ? {} : { account: row["account"] as AccountId }),
			fromHeight: Number(row["fromHeight"]),
			toHeight: Number(row["toHeight"]),
			kinds: (row["kinds"] as string).split(",") as CoveredKind[],
			source: row["source"] as string,
			note: row["note"] as string,
		});
	const labelRows = `RETURN l.account AS account, l.category AS category, l.entity AS entity, l.name AS name, l.source AS source, l.retrievedAt AS retrievedAt, l.confidence AS confidence, coalesce(l.validFrom, "") AS validFrom, coalesce(l.validUntil, "") AS validUntil`;
	const labelFrom = (row: Row): Label => ({
		account: row["account"] as AccountId,
		category: row["category"] as LabelCategory,
		entity: row["entity"] as string,
		name: row["name"] as string,
		source: row["source"] as string,
		retrievedAt: row["retrievedAt"] as string,
		confidence: Number(row["confidence"]),
		...validity(row["validFrom"] as string, row["validUntil"] as string),
	});
	const coverageRows = `RETURN v.account AS account, v.fromHeight AS fromHeight, v.toHeight AS toHeight, v.kinds AS kinds, v.source AS source, v.note AS note`;
	const pluck = async (run: Run, cypher: string, parameters: Row): Promise<unknown> => (await run(cypher, { c, ...parameters }))[0]?.["x"];

	return {
		async putLabels(run: Run, labels: readonly Label[]): Promise<LabelsPut> {
			const byAccount = groupBy(labels, (label) => label.account);
			const accounts = [...byAccount.keys()];
			await names.putAccounts(run, accounts);
			const rows = await run(`UNWIND $accounts AS account MATCH (l:Label) WHERE l.c = $c AND l.account = account ${labelRows}`, {
				c,
				accounts,
			});
			const held = groupBy(rows.map(labelFrom), (label) => label.account);
			const all = [...byAccount].map(([account, own]) => restate(held.get(account) ?? [], own));
			await run(
				`UNWIND $labels AS row
				MATCH (l:Label {c: $c, account: row.account, source: row.source, entity: row.entity, name: row.name, category: row.category})
				WHERE coalesce(l.validFrom, "") = coalesce(row.validFrom, "") AND coalesce(l.validUntil, "") = coalesce(row.validUntil, "")
				DELETE l`,
				{ c, labels: all.flatMap(({ out }) => out) },
			);
			const told = all.flatMap((restated) => restated.told);
			await run(
				`UNWIND $labels AS row CREATE (:Label {c: $c, account: row.account, source: row.source, entity: row.entity, name: row.name,
				category: row.category, retrievedAt: row.retrievedAt, confidence: row.confidence, validFrom: coalesce(row.validFrom, ""),
				validUntil: coalesce(row.validUntil, "")})`,
				{ c, labels: told },
			);
			return { held: told.length, replaced: all.reduce((sum, { replaced }) => sum + replaced, 0) };
		},
		async labelsOf(run: Run, account: AccountId): Promise<Label[]> {
			const rows = await run(`MATCH (l:Label) WHERE l.c = $c AND l.account = $account ${labelRows}`, { c, account });
			return rows
				.map(labelFrom)
				.sort(
					(a, b) =>
						b.confidence - a.confidence ||
						compareBytes(a.source, b.source) ||
						compareBytes(a.entity, b.entity) ||
						compareBytes(a.name, b.name) ||
						compareBytes(a.category, b.category) ||
						compareBytes(a.validFrom ?? "", b.validFrom ?? "") ||
						compareBytes(a.validUntil ?? "", b.validUntil ?? ""),
				);
		},
		/** The first description of a token stays: a later one cannot rename it. */
		async putAssets(run: Run, assets: readonly AssetInfo[]): Promise<void> {
			await run(
				`UNWIND $assets AS row MERGE (a:Asset {c: $c, id: row.asset}) ON CREATE SET a.decimals = row.decimals, a.symbol = row.symbol`,
				{
					c,
					assets,
				},
			);
		},
		async asset(run: Run, asset: AssetId): Promise<AssetInfo | undefined> {
			const [row] = await run(`MATCH (a:Asset {c: $c, id: $asset}) RETURN a.decimals AS decimals, a.symbol AS symbol`, { c, asset });
			return row && { asset, decimals: Number(row["decimals"]), symbol: row["symbol"] as string };
		},
		async assets(run: Run): Promise<AssetInfo[]> {
			const rows = await run(`MATCH (a:Asset) WHERE a.c = $c RETURN a.id AS asset, a.decimals AS decimals, a.symbol AS symbol`, { c });
			return rows
				.map((row) => ({ asset: row["asset"] as AssetId, decimals: Number(row["decimals"]), symbol: row["symbol"] as string }))
				.sort((a, b) => compareBytes(a.asset, b.asset));
		},
		async isContract(run: Run, account: AccountId): Promise<boolean> {
			const calls = `EXISTS { MATCH ()-[t:TRANSFER]->() WHERE t.c = $c AND t.caller = $account }`;
			return (await pluck(run, `MATCH (a:Account {c: $c, id: $account}) RETURN a.contract = true OR ${calls} AS x`, { account })) === true;
		},
		/** Joins overlapping and adjacent ranges of the same source, kinds and account. */
		async putCoverage(run: Run, coverage: readonly Coverage[]): Promise<void> {
			for (const one of coverage) {
				if (one.account !== undefined) await names.putAccounts(run, [one.account]);
				await names.chainId(run, one.chain);
				const key = {
					chain: one.chain,
					account: one.account ?? "",
					kinds: [...one.kinds].sort(compareText).join(","),
					source: one.source,
					note: one.note,
				};
				const near = await run(
					`MATCH (v:Coverage) WHERE v.c = $c AND v.account = $account AND v.chain = $chain AND v.kinds = $kinds AND v.source = $source AND v.note = $note
						AND v.fromHeight <= $end AND v.toHeight >= $start
					WITH v, v.fromHeight AS fromHeight, v.toHeight AS toHeight DELETE v RETURN fromHeight, toHeight`,
					{ c, ...key, end: one.toHeight + 1, start: one.fromHeight - 1 },
				);
				const joined = joinRanges([
					one,
					...near.map((row) => ({ fromHeight: Number(row["fromHeight"]), toHeight: Number(row["toHeight"]) })),
				]);
				await run(`CREATE (v:Coverage) SET v = $row`, { row: { c, ...key, ...joined } });
			}
		},
		async coverageOf(run: Run, account: AccountId): Promise<Coverage[]> {
			const chain = chainOf(account);
			const rows = await run(`MATCH (v:Coverage) WHERE v.c = $c AND v.account IN [$account, ""] AND v.chain = $chain ${coverageRows}`, {
				c,
				account,
				chain,
			});
			return known(run, rows.map(coverageFrom(chain)));
		},
		async coverage(run: Run, chain: ChainId): Promise<Coverage[]> {
			const rows = await run(`MATCH (v:Coverage) WHERE v.c = $c AND v.chain = $chain ${coverageRows}`, { c, chain });
			return known(run, rows.map(coverageFrom(chain)));
		},
		historyChecks,
		async putHistoryChecks(run: Run, checks: readonly HistoryCheck[]): Promise<void> {
			const known = await historyChecks(
				run,
				checks.map(({ account }) => account),
			);
			const rows = checks.map((told) => {
				const before = known.get(told.account);
				return { id: told.account, json: historyCheckJson(before === undefined ? told : joinChecks(before, told)) };
			});
			await run(`UNWIND $rows AS row MERGE (r:Record {c: $c, kind: $kind, id: row.id}) SET r.json = row.json`, {
				c,
				kind: HISTORY_CHECK,
				rows,
			});
		},
		async rollbackFacts(run: Run, chain: ChainId, height: number): Promise<void> {
			await run(`MATCH (v:Coverage) WHERE v.c = $c AND v.chain = $chain AND v.fromHeight >= $height DELETE v`, { c, chain, height });
			await run(`MATCH (v:Coverage) WHERE v.c = $c AND v.chain = $chain AND v.toHeight >= $height SET v.toHeight = $height - 1`, {
				c,
				chain,
				height,
			});
			await run(`MATCH (o:Opening) WHERE o.c = $c AND o.height >= $height AND o.account STARTS WITH $prefix DELETE o`, {
				c,
				height,
				prefix: `${chain}:`,
			});
		},
		async putOpening(run: Run, account: AccountId, asset: AssetId, height: number, amount: bigint, source: Source): Promise<void> {
			await names.putAccounts(run, [account]);
			await run(`MERGE (o:Opening {c: $c, account: $account, asset: $asset, height: $height}) SET o.amount = $amount, o.source = $source`, {
				c,
				account,
				asset,
				height,
				amount: amount.toString(),
				source: source.id,
			});
		},
		async opening(run: Run, account: AccountId, asset: AssetId, height: number): Promise<bigint | undefined> {
			const text = await pluck(run, `MATCH (o:Opening {c: $c, account: $account, asset: $asset, height: $height}) RETURN o.amount AS x`, {
				account,
				asset,
				height,
			});
			return text === undefined ? undefined : storedAmount(text, openingPlace, { account, asset, height });
		},
		async blockGaps(run: Run, chain: ChainId): Promise<BlockGap[]> {
			const id = await names.knownChain(run, chain);
			if (id === undefined) return [];
			const base = highPart(id, 0);
			const bounds = { c, from: base, end: highPart(id + 1, 0) };
			const rows = await run(
				`MATCH (b:Block) WHERE b.c = $c AND b.key >= $from AND b.key < $end AND b.gaps IS NOT NULL UNWIND b.gaps AS gap RETURN b.key AS key, gap`,
				bounds,
			);
			const own = await run(
				`MATCH (g:Gap) WHERE g.c = $c AND g.key >= $from AND g.key < $end RETURN g.key AS key, g.gap AS gap, g.account AS account`,
				bounds,
			);
			return joinGaps(
				[...rows, ...own].map((row) => ({
					height: Number(row["key"]) - base,
					gap: row["gap"] as string,
					...(typeof row["account"] === "string" ? { account: row["account"] as AccountId } : {}),
				})),
			);
		},
		async putSource(run: Run, { id, kind, name, sha256, detail }: Source): Promise<void> {
			await run(`MERGE (s:Source {c: $c, id: $id}) ON CREATE SET s.kind = $kind, s.name = $name, s.sha256 = $sha256, s.detail = $detail`, {
				c,
				id,
				kind,
				name,
				sha256,
				detail,
			});
		},
		async sources(run: Run): Promise<Source[]> {
			const rows = await run(
				`MATCH (s:Source) WHERE s.c = $c RETURN s.id AS id, s.kind AS kind, s.name AS name, s.sha256 AS sha256, s.detail AS detail`,
				{ c },
			);
			return (rows as unknown as Source[]).sort((a, b) => compareBytes(a.id, b.id));
		},
		async putTrace(run: Run, id: string, parts: Iterable<string>): Promise<void> {
			await run(
				`OPTIONAL MATCH (o:Trace) WHERE o.c = $c WITH coalesce(max(o.number), -1) + 1 AS number MERGE (t:Trace {c: $c, id: $id}) REMOVE t.json SET t.number = number`,
				{ c, id },
			);
			await run(`MATCH (p:TracePart) WHERE p.c = $c AND p.id = $id DELETE p`, { c, id });
			let part = 0;
			for (const text of parts) await run(`CREATE (:TracePart {c: $c, id: $id, part: $part, text: $text})`, { c, id, part: part++, text });
		},
		async trace(run: Run, id: string): Promise<string[] | undefined> {
			const rows = await run(`MATCH (p:TracePart) WHERE p.c = $c AND p.id = $id RETURN p.text AS text ORDER BY p.part`, { c, id });
			if (rows.length > 0) return rows.map((row) => row["text"] as string);
			const whole = (await pluck(run, `MATCH (t:Trace {c: $c, id: $id}) RETURN t.json AS x`, { id })) as string | null | undefined;
			return whole == null ? undefined : [whole];
		},
		async traceIds(run: Run): Promise<string[]> {
			const rows = await run(`MATCH (t:Trace) WHERE t.c = $c RETURN t.id AS id ORDER BY t.number, t.id`, { c });
			return rows.map((row) => row["id"] as string);
		},
		async custody(run: Run): Promise<CustodyEntry[]> {
			return (await custodyRows(run, "")).map(storedEntry);
		},
		async appendCustody(run: Run, at: string, action: string, detail: string, stated?: CustodyStatement): Promise<CustodyEntry> {
			const [last] = await custodyRows(run, "DESC LIMIT 1");
			const entry = nextCustodyEntry(last && storedEntry(last), at, action, detail, stated);
			await run(`CREATE (e:Custody) SET e = $entry, e.c = $c`, { c, entry });
			return entry;
		},
		async putCut(run: Run, cut: ClusterCut): Promise<void> {
			await run(`MERGE (k:ClusterCut {c: $c, subject: $subject, heuristic: $heuristic}) SET k.note = $note, k.at = $at`, { c, ...cut });
		},
		async removeCut(run: Run, subject: string, heuristic: string): Promise<boolean> {
			const rows = await run(`MATCH (k:ClusterCut {c: $c, subject: $subject, heuristic: $heuristic}) DELETE k RETURN 1`, {
				c,
				subject,
				heuristic,
			});
			return rows.length > 0;
		},
		async countRevisions(run: Run, ids: readonly string[]): Promise<void> {
			await run(
				`UNWIND $ids AS id MERGE (r:Record {c: $c, kind: $kind, id: id}) SET r.json = toString(coalesce(toInteger(r.json), 0) + 1)`,
				{ c, kind: REVISIONS, ids },
			);
		},
		async putRecord(run: Run, kind: string, id: string, json: string): Promise<void> {
			await run(`MERGE (r:Record {c: $c, kind: $kind, id: $id}) SET r.json = $json`, { c, kind, id, json });
		},
		async record(run: Run, kind: string, id: string): Promise<string | undefined> {
			return (await pluck(run, `MATCH (r:Record {c: $c, kind: $kind, id: $id}) RETURN r.json AS x`, { kind, id })) as string | undefined;
		},
		async records(run: Run, kind: string, after: string, limit: number): Promise<StoredRecord[]> {
			const rows = await run(
				`MATCH (r:Record) WHERE r.c = $c AND r.kind = $kind AND r.id > $after RETURN r.id AS id, r.json AS json ORDER BY r.id LIMIT $limit`,
				{ c, kind, after, limit },
			);
			return rows as unknown as StoredRecord[];
		},
		async removeRecord(run: Run, kind: string, id: string): Promise<boolean> {
			const rows = await run(`MATCH (r:Record {c: $c, kind: $kind, id: $id}) DELETE r RETURN 1`, { c, kind, id });
			return rows.length > 0;
		},
		async chains(run: Run): Promise<ChainId[]> {
			return ((await pluck(run, `MATCH (k:ClewCase {c: $c}) RETURN k.chains AS x`, {})) as ChainId[] | null | undefined) ?? [];
		},
		async contents(run: Run): Promise<StoreContents> {
			const list = async <T>(cypher: string): Promise<T[]> => (await run(cypher, { c })).map((row) => row["x"] as T);
			const labels = await run(`MATCH (l:Label) WHERE l.c = $c ${labelRows}`, { c });
			const openings = await run(
				`MATCH (o:Opening) WHERE o.c = $c RETURN o.account AS account, o.asset AS asset, o.height AS height, o.amount AS amount, o.source AS source`,
				{ c },
			);
			return {
				accounts: await list(`MATCH (a:Account) WHERE a.c = $c RETURN a.id AS x`),
				contracts: await list(`MATCH (a:Account) WHERE a.c = $c AND a.contract RETURN a.id AS x`),
				labels: labels.map(labelFrom),
				openings: openings.map((row) => {
					const place = { account: row["account"] as AccountId, asset: row["asset"] as AssetId, height: Number(row["height"]) };
					return { ...place, amount: storedAmount(row["amount"], openingPlace, place), source: row["source"] as string };
				}),
				recordKinds: (await list<string>(`MATCH (r:Record) WHERE r.c = $c RETURN DISTINCT r.kind AS x`)).sort(compareBytes),
			};
		},
		async counts(run: Run): Promise<CaseCounts> {
			const count = async (pattern: string) => Number((await pluck(run, `MATCH ${pattern} WHERE n.c = $c RETURN count(n) AS x`, {})) ?? 0);
			return {
				blocks: await count("(n:Block)"),
				transactions: await count("(n:Transaction)"),
				transfers: await count("()-[n:TRANSFER]->()"),
				outputs: await count("(n:Output)"),
				accounts: await count("(n:Account)"),
				labels: await count("(n:Label)"),
				traces: await count("(n:Trace)"),
			};
		},
	};

	async function historyChecks(run: Run, accounts: readonly AccountId[]): Promise<ReadonlyMap<AccountId, HistoryCheck>> {
		const rows = await documents(run, HISTORY_CHECK, accounts);
		const found = [...rows].map(([id, json]) => historyCheckFrom(id as AccountId, json));
		return new Map(found.flatMap((numbers) => (numbers === undefined ? [] : [[numbers.account, numbers]])));
	}

	/** Documents of a kind by id, those of these ids that there are. */
	async function documents(run: Run, kind: string, ids: readonly string[]): Promise<ReadonlyMap<string, string>> {
		const rows = await run(`UNWIND $ids AS id MATCH (r:Record {c: $c, kind: $kind, id: id}) RETURN r.id AS id, r.json AS json`, {
			c,
			kind,
			ids,
		});
		return new Map(rows.map((row) => [row["id"] as string, row["json"] as string]));
	}

	/** Stored coverage without what nonces show to be missing, with what nodes denied of its files. */
	async function known(run: Run, coverage: readonly Coverage[]): Promise<Coverage[]> {
		const accounts = [...new Set(coverage.flatMap(({ account }) => account ?? []))];
		const numbers = await historyChecks(run, accounts);
		const denied = await documents(run, DENIALS, [...new Set(coverage.map(({ source }) => source))]);
		return knownCoverage(
			coverage,
			(account) => numbers.get(account),
			(source) => denied.get(source),
		);
	}

	async function custodyRows(run: Run, order: string): Promise<CustodyRow[]> {
		const rows = await run(
			`MATCH (e:Custody) WHERE e.c = $c RETURN e.sequence AS sequence, e.at AS at, e.action AS action, e.detail AS detail,
				e.\`with\` AS \`with\`, e.\`by\` AS \`by\`, e.why AS why, e.previous AS previous, e.hash AS hash ORDER BY e.sequence ${order}`,
			{ c },
		);
		return rows as unknown as CustodyRow[];
	}
}
