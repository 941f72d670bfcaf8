import { sha256Hex } from "./canonical.js";
import { wrappedCoin } from "./chain-family/evm/wrapped.js";
import { type AccountId, chainOf, type Hash, isUnknownAccount, tokenContract } from "./ids.js";
import type { GraphStore } from "./ports/graph-store.js";
import type { RecordStore } from "./ports/record-store.js";
import { documentOf, recordsOf } from "./records.js";
import type { CoveredKind, TransferRecord } from "./transfer.js";

/** Kind of the case's documents that hold what an export of an account lists, by account, source and kind. */
const LISTINGS = "listed-transactions";
/** Kind of the case's documents that name the accounts of which it holds a listing: short ones, to be read often. */
const LISTED = "listed-account";
/** Digits of a hash that tell transactions of one block apart, and the sides of a movement. */
const DIGITS = 8;
/** Listings read at a time: an account has a few, and each may be long. */
const PAGE = 16;

/** What a file lists, in any order: a list of transactions their hashes, any other its movements. */
export class Listing {
	readonly kind: CoveredKind;
	private readonly hashes = new Map<number, Set<string>>();

	constructor(kind: CoveredKind) {
		this.kind = kind;
	}

	/** Of a format; undefined where an export of it lists nothing that others tell, too. */
	static of(kinds: readonly CoveredKind[]): Listing | undefined {
		const [kind] = kinds.includes("native") ? (["native"] as const) : kinds;
		return kind === undefined ? undefined : new Listing(kind);
	}

	add(height: number, hash: Hash, transfers: readonly TransferRecord[]): void {
		const own = this.hashes.get(height) ?? new Set<string>();
		this.hashes.set(height, own);
		if (this.kind === "native") own.add(shortHash(hash));
		else
			for (const transfer of transfers)
				if (isCompared(transfer, this.kind)) own.add(nextEntry(entryOf(hash, transfer), (entry) => own.has(entry)));
	}

	/** As text: blocks ascending, each as its distance from the one before in base 36, and the first digits of its transactions. */
	toText(): string {
		let last = 0;
		return [...this.hashes]
			.sort(([a], [b]) => a - b)
			.map(([height, own]) => {
				const distance = (height - last).toString(36);
				last = height;
				return `${distance}:${[...own].sort().join(",")}`;
			})
			.join(" ");
	}
}

/** What an export of an account listed, and the heights at which it claims to list all. */
export interface Listed {
	readonly source: string;
	readonly kind: CoveredKind;
	readonly spans: readonly (readonly [number, number])[];
	readonly heights: readonly number[];
	readonly hashes: ReadonlyMap<number, ReadonlySet<string>>;
}

/** The first digits of a hash, by which listings tell transactions of one block apart. */
export function shortHash(hash: string): string {
	return hash.replace(/^0x/, "").slice(0, DIGITS);
}

/**
 * True for a movement that every list of this kind of one of its accounts has. What follows from a wrapped coin's rules is in no list, and
 * movements of nothing, or of which nobody names a side, are in some.
 */
export function isCompared({ kind, from, to, asset, amount }: TransferRecord, listed: CoveredKind): boolean {
	if (amount === 0n || isUnknownAccount(from) || isUnknownAccount(to)) return false;
	const wrapped = wrappedCoin(chainOf(from))?.contract;
	if (listed === "internal") return kind === "internal" && from !== wrapped;
	return (
		listed === "token" &&
		(kind === "token" || kind === "mint" || kind === "burn") &&
		tokenContract(asset) !== wrapped &&
		tokenContract(asset) !== undefined
	);
}

/** A movement in a listing: its transaction, its sides with the asset, its amount. */
export function entryOf(hash: Hash, transfer: TransferRecord): string {
	return `${sidesOf(hash, transfer)}${transfer.amount}`;
}

/** The entry of another movement that is equal to those that are taken: the second one ends in `#2`. */
export function nextEntry(entry: string, isTaken: (entry: string) => boolean): string {
	if (!isTaken(entry)) return entry;
	// The taken ones stand without a hole: look in doubling steps, then between the last two.
	let [low, high] = [1, 2];
	while (isTaken(`${entry}#${high}`)) [low, high] = [high, high * 2];
	while (high - low > 1) {
		const middle = (low + high) >> 1;
		if (isTaken(`${entry}#${middle}`)) low = middle;
		else high = middle;
	}
	return `${entry}#${high}`;
}

/** The transaction, the sides and the asset of a movement: its entry but for the amount. */
export function sidesOf(hash: Hash, { from, to, asset }: TransferRecord): string {
	return `${shortHash(hash)}-${shortHash(sha256Hex(`${from} ${to} ${asset}`))}-`;
}

/** Keeps what an export of an account lists, so that what others tell can show whether it is complete. */
export async function keepListing(
	store: RecordStore,
	account: AccountId,
	source: string,
	spans: Listed["spans"],
	listing: Listing,
): Promise<void> {
	const { kind } = listing;
	await store.putRecord(LISTED, account, "{}");
	await store.putRecord(LISTINGS, `${account} ${source} ${kind}`, JSON.stringify({ kind, spans, listed: listing.toText() }));
}

/** The listings that the case holds of an account. Throws ClewError (CASE_CORRUPT) for a document that Clew does not write. */
export async function listingsOf(store: RecordStore, account: AccountId): Promise<Listed[]> {
	const found: Listed[] = [];
	for (let after = `${account} `; ; ) {
		const page = await store.records(LISTINGS, after, PAGE);
		for (const { id, json } of page) {
			if (!id.startsWith(`${account} `)) return found;
			found.push(documentOf(LISTINGS, id, json, (value) => listedFrom(id.slice(account.length + 1), value)));
		}
		after = page.at(-1)?.id ?? after;
		if (page.length < PAGE) return found;
	}
}

function listedFrom(id: string, value: unknown): Listed {
	const { kind = "native", spans, listed } = value as { kind?: CoveredKind; spans: [number, number][]; listed: string };
	const hashes = new Map<number, Set<string>>();
	let height = 0;
	for (const block of listed.split(" ")) {
		if (block === "") continue;
		const [distance = "", own = ""] = block.split(":");
		height += Number.parseInt(distance, 36);
		if (!Number.isSafeInteger(height)) throw new Error("no height");
		hashes.set(height, new Set(own.split(",")));
	}
	// Earlier versions named no kind.
	return {
		source: id.replace(` ${kind}`, ""),
		kind,
		spans: spans.map(([from, to]) => [Number(from), Number(to)]),
		heights: [...hashes.keys()],
		hashes,
	};
}

/** The accounts of which the case holds a listing. */
export async function listedAccounts(store: GraphStore): Promise<ReadonlySet<AccountId>> {
	const found = new Set<AccountId>();
	for await (const { id } of recordsOf(store, LISTED)) found.add(id as AccountId);
	return found;
}
