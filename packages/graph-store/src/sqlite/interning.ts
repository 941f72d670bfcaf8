import type { AccountId, AssetId, ChainId, Source } from "@clew/core";
import { ClewError } from "@clew/core";
import type { Db } from "./database.js";
import { withoutBytes } from "./stored-text.js";

const MAX_CHAINS = 8;
/** Entries kept in memory per direction; beyond it the cache starts anew, so that memory stays flat. */
const CACHE_ENTRIES = 400_000;

/** Small integers for text that rows repeat, with caches both ways. */
export interface Interning {
	chainId(chain: ChainId): number;
	/** The number of a chain that the case knows, or undefined. */
	knownChain(chain: ChainId): number | undefined;
	chainName(id: number): ChainId;
	accountId(account: AccountId): number;
	knownAccount(account: AccountId): number | undefined;
	accountName(id: number): AccountId;
	assetId(asset: AssetId): number;
	knownAsset(asset: AssetId): number | undefined;
	assetName(id: number): AssetId;
	sourceId(source: Source): number;
	/** The number of a source that the case holds. */
	storedSource(key: string): number;
	sourceKey(id: number): string;
	/** Forgets everything cached: after a rollback of the database. */
	reset(): void;
}

interface Table<T extends string> {
	find(text: T): number | undefined;
	intern(text: T): number;
	name(id: number): T;
	reset(): void;
}

function table<T extends string>(db: Db, name: string, column: string): Table<T> {
	const select = db.prepare(`SELECT id FROM ${name} WHERE ${column} = ?`).pluck();
	const insert = db.prepare(`INSERT INTO ${name} (${column}) VALUES (?)`);
	const byId = db.prepare(`SELECT ${column} FROM ${name} WHERE id = ?`).pluck();
	const ids = new Map<T, number>();
	const names = new Map<number, T>();
	const remember = (text: T, id: number) => {
		if (ids.size >= CACHE_ENTRIES) ids.clear();
		if (names.size >= CACHE_ENTRIES) names.clear();
		ids.set(text, id);
		names.set(id, text);
		return id;
	};
	const find = (text: T) => {
		const cached = ids.get(text);
		if (cached !== undefined) return cached;
		const id = select.get(text) as number | undefined;
		return id === undefined ? undefined : remember(text, id);
	};
	return {
		find,
		intern: (text) => find(text) ?? remember(text, Number(insert.run(text).lastInsertRowid)),
		name(id) {
			const cached = names.get(id);
			if (cached !== undefined) return cached;
			const text = byId.get(id) as T | undefined;
			if (text === undefined) throw new ClewError("CASE_CORRUPT", `${name} ${id} is referred to but missing`);
			withoutBytes(text, name);
			remember(text, id);
			return text;
		},
		reset() {
			ids.clear();
			names.clear();
		},
	};
}

/** Prepares the interning tables of a case. */
export function interning(db: Db): Interning {
	const accounts = table<AccountId>(db, "accounts", "account");
	const assets = table<AssetId>(db, "assets", "asset");
	const chains = table<ChainId>(db, "chains", "chain");
	const sources = new Map<number, string>();
	const sourceIds = new Map<string, number>();
	const storedSource = (key: string): number => {
		let id = sourceIds.get(key);
		if (id === undefined) {
			id = selectSource.get(key) as number;
			sourceIds.set(key, id);
		}
		return id;
	};
	const insertSource = db.prepare(
		`INSERT INTO sources (key, kind, name, sha256, detail) VALUES (@id, @kind, @name, @sha256, @detail) ON CONFLICT (key) DO NOTHING`,
	);
	const selectSource = db.prepare(`SELECT id FROM sources WHERE key = ?`).pluck();
	const selectKey = db.prepare(`SELECT key FROM sources WHERE id = ?`).pluck();
	return {
		chainId(chain) {
			const id = chains.find(chain) ?? chains.intern(chain);
			if (id >= MAX_CHAINS) throw new ClewError("USAGE", `a case holds at most ${MAX_CHAINS - 1} chains`);
			return id;
		},
		knownChain: chains.find,
		chainName: chains.name,
		accountId: accounts.intern,
		knownAccount: accounts.find,
		accountName: accounts.name,
		assetId: assets.intern,
		knownAsset: assets.find,
		assetName: assets.name,
		sourceId(source) {
			if (!sourceIds.has(source.id)) insertSource.run(source);
			return storedSource(source.id);
		},
		storedSource,
		sourceKey(id) {
			let key = sources.get(id);
			if (key === undefined) {
				key = String(selectKey.get(id));
				sources.set(id, key);
			}
			return key;
		},
		reset() {
			accounts.reset();
			assets.reset();
			chains.reset();
			sources.clear();
			sourceIds.clear();
		},
	};
}
