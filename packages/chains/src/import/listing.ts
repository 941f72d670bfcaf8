import { type AccountId, documentOf, type GraphStore, type Hash, type Lack, type Position } from "@clew/core";

/** Kind of the case's documents that hold which transactions an export of an account lists, by account and source. */
const LISTINGS = "listed-transactions";
/** Digits of a hash that tell transactions of one block apart. */
const DIGITS = 8;
const PAGE = 2_000;

/** The transactions that a file lists, in any order. */
export class Listing {
	private readonly hashes = new Map<number, Set<string>>();

	add(height: number, hash: Hash): void {
		const own = this.hashes.get(height) ?? new Set<string>();
		this.hashes.set(height, own.add(short(hash)));
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
interface Listed {
	readonly source: string;
	readonly spans: readonly (readonly [number, number])[];
	readonly heights: readonly number[];
	readonly hashes: ReadonlyMap<number, ReadonlySet<string>>;
}

function short(hash: string): string {
	return hash.replace(/^0x/, "").slice(0, DIGITS);
}

/** Keeps what an export of an account lists, so that what others tell can show whether it is complete. */
export async function keepListing(
	store: GraphStore,
	account: AccountId,
	source: string,
	spans: Listed["spans"],
	listing: Listing,
): Promise<void> {
	await store.putRecord(LISTINGS, `${account} ${source}`, JSON.stringify({ spans, listed: listing.toText() }));
}

/** The listings that the case holds of an account. Throws ClewError (CASE_CORRUPT) for a document that Clew does not write. */
async function listingsOf(store: GraphStore, account: AccountId): Promise<Listed[]> {
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

function listedFrom(source: string, value: unknown): Listed {
	const { spans, listed } = value as { spans: [number, number][]; listed: string };
	const hashes = new Map<number, Set<string>>();
	let height = 0;
	for (const block of listed.split(" ")) {
		if (block === "") continue;
		const [distance = "", own = ""] = block.split(":");
		height += Number.parseInt(distance, 36);
		if (!Number.isSafeInteger(height)) throw new Error("no height");
		hashes.set(height, new Set(own.split(",")));
	}
	return { source, spans: spans.map(([from, to]) => [Number(from), Number(to)]), heights: [...hashes.keys()], hashes };
}

/** A transaction that an account signed, or that paid it or that it paid by its own value. */
interface Known {
	readonly height: number;
	readonly hash: Hash;
	readonly paidFee: boolean;
}

/** What the case holds of an account's transactions, whoever told of them. Reads all of its movements. */
async function knownTransactions(store: GraphStore, account: AccountId): Promise<Known[]> {
	const found = new Map<Hash, Known>();
	for (let cursor: Position | undefined, more = true; more; more = cursor !== undefined) {
		const page = await store.transfersOf(account, { direction: "both", limit: PAGE, ...(cursor ? { cursor } : {}) });
		for (const { kind, from, txHash, position } of page.transfers) {
			const paidFee = kind === "fee" && from === account;
			if (!paidFee && kind !== "native") continue;
			const known = found.get(txHash);
			found.set(txHash, { height: position.height, hash: txHash, paidFee: paidFee || known?.paidFee === true });
		}
		cursor = page.next;
	}
	return [...found.values()];
}

/**
 * What the exports of an account show of each other, and others' exports of them: each lacks what the case knows of the account's
 * transactions where it claims to list all, from its transaction before to the one after. Returns the blocks of the transactions that the
 * account paid for; undefined when the case holds no export of it. Reads all movements of the account.
 */
export async function compareListings(store: GraphStore, account: AccountId): Promise<readonly number[] | undefined> {
	const listings = await listingsOf(store, account);
	if (listings.length === 0) return undefined;
	const known = await knownTransactions(store, account);
	await store.putHistoryChecks([{ account, runs: [], lacks: listings.flatMap((listed) => lacksOf(listed, known)) }]);
	return known.filter(({ paidFee }) => paidFee).map(({ height }) => height);
}

function lacksOf({ source, spans, heights, hashes }: Listed, known: readonly Known[]): Lack[] {
	const missing = known
		.filter(({ height, hash }) => spans.some(([from, to]) => from <= height && height <= to) && !hashes.get(height)?.has(short(hash)))
		.map(({ height }) => height)
		.sort((a, b) => a - b);
	const lacks: Lack[] = [];
	for (const at of missing) {
		const last = lacks.at(-1);
		if (last !== undefined && (last.to === undefined || at < last.to)) continue;
		const next = firstFrom(heights, at);
		const [before, after] = [heights[heights[next] === at ? next : next - 1] ?? 0, heights[next]];
		lacks.push({ source, from: before, at, ...(after === undefined ? {} : { to: after }) });
	}
	return lacks;
}

/** The place of the first of ascending heights that is not below one. */
function firstFrom(heights: readonly number[], height: number): number {
	let [low, high] = [0, heights.length];
	while (low < high) {
		const middle = (low + high) >> 1;
		if ((heights[middle] as number) < height) low = middle + 1;
		else high = middle;
	}
	return low;
}
