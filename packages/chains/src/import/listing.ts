import {
	type AccountId,
	type CoveredKind,
	chainOf,
	conflict,
	documentOf,
	type GraphStore,
	type Hash,
	isUnknownAccount,
	type Lack,
	type Position,
	sha256Hex,
	type Transfer,
	type TransferRecord,
	tokenContract,
	wrappedCoin,
} from "@clew/core";

/** Kind of the case's documents that hold what an export of an account lists, by account, source and kind. */
const LISTINGS = "listed-transactions";
/** Digits of a hash that tell transactions of one block apart, and the sides of a movement. */
const DIGITS = 8;
const PAGE = 2_000;

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
		if (this.kind === "native") own.add(short(hash));
		else for (const transfer of transfers) if (isCompared(transfer, this.kind)) own.add(entryOf(hash, transfer));
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
	readonly kind: CoveredKind;
	readonly spans: readonly (readonly [number, number])[];
	readonly heights: readonly number[];
	readonly hashes: ReadonlyMap<number, ReadonlySet<string>>;
}

function short(hash: string): string {
	return hash.replace(/^0x/, "").slice(0, DIGITS);
}

/**
 * True for a movement that every list of this kind of one of its accounts has. What follows from a wrapped coin's rules is in no list, and
 * movements of nothing, or of which nobody names a side, are in some.
 */
function isCompared({ kind, from, to, asset, amount }: TransferRecord, listed: CoveredKind): boolean {
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
function entryOf(hash: Hash, transfer: TransferRecord): string {
	return `${sidesOf(hash, transfer)}${transfer.amount}`;
}

function sidesOf(hash: Hash, { from, to, asset }: TransferRecord): string {
	return `${short(hash)}-${short(sha256Hex(`${from} ${to} ${asset}`))}-`;
}

/** Keeps what an export of an account lists, so that what others tell can show whether it is complete. */
export async function keepListing(
	store: GraphStore,
	account: AccountId,
	source: string,
	spans: Listed["spans"],
	listing: Listing,
): Promise<void> {
	const { kind } = listing;
	await store.putRecord(LISTINGS, `${account} ${source} ${kind}`, JSON.stringify({ kind, spans, listed: listing.toText() }));
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

/** What the case holds of an account that an export of it must list: a transaction that it signed or that moved its coin, or a movement. */
interface Known {
	readonly kind: CoveredKind;
	readonly height: number;
	readonly entry: string;
	readonly paidFee: boolean;
	/** Of a movement. */
	readonly transfer?: Transfer;
}

/** What the case holds of an account, whoever told of it. Reads all of its movements. */
async function knownOf(store: GraphStore, account: AccountId): Promise<Known[]> {
	const found = new Map<string, Known>();
	for (let cursor: Position | undefined, more = true; more; more = cursor !== undefined) {
		const page = await store.transfersOf(account, { direction: "both", limit: PAGE, ...(cursor ? { cursor } : {}) });
		for (const transfer of page.transfers) {
			const { kind, from, txHash, position } = transfer;
			const { height } = position;
			const paidFee = kind === "fee" && from === account;
			if (paidFee || kind === "native") {
				const entry = short(txHash);
				const known = found.get(`${height} ${entry}`);
				found.set(`${height} ${entry}`, { kind: "native", height, entry, paidFee: paidFee || known?.paidFee === true });
				continue;
			}
			const listed = kind === "internal" ? "internal" : "token";
			if (!isCompared(transfer, listed)) continue;
			const entry = entryOf(txHash, transfer);
			found.set(`${height} ${entry}`, { kind: listed, height, entry, paidFee: false, transfer });
		}
		cursor = page.next;
	}
	return [...found.values()];
}

/**
 * What the exports of an account show of each other, and others' exports of them: each lacks what the case knows of the account where it
 * claims to list all, from what it lists before to what it lists after. Returns the blocks of the transactions that the account paid for;
 * undefined when the case holds no export of it. Reads all movements of the account. Throws InputError (CONFLICT) where two exports tell
 * one movement with two amounts.
 */
export async function compareListings(store: GraphStore, account: AccountId): Promise<readonly number[] | undefined> {
	const listings = await listingsOf(store, account);
	if (listings.length === 0) return undefined;
	const known = await knownOf(store, account);
	const lacks: Lack[] = [];
	const compare = async (some: readonly Listed[]) => {
		for (const listed of some) {
			const missing = known.filter((one) => one.kind === listed.kind && claims(listed, one.height) && !has(listed, one));
			for (const one of missing) await checkAmounts(store, account, listed, one);
			lacks.push(...lacksOf(listed, missing));
		}
		await store.putHistoryChecks([{ account, runs: [], lacks }]);
	};
	// How far lists of nothing reach follows from what the others are left with.
	await compare(listings.filter(({ heights }) => heights.length > 0));
	await compare(
		await withinReach(
			store,
			account,
			listings.filter(({ heights }) => heights.length === 0),
		),
	);
	return listings.some(({ kind }) => kind === "native") ? known.filter(({ paidFee }) => paidFee).map(({ height }) => height) : undefined;
}

/** Listings of nothing, with what the case takes them to reach. */
async function withinReach(store: GraphStore, account: AccountId, listings: readonly Listed[]): Promise<Listed[]> {
	if (listings.length === 0) return [];
	const { coverage } = await store.profile(account, 1);
	const spansOf = ({ source, kind }: Listed) =>
		coverage
			.filter((c) => c.account === account && c.source === source && c.kinds.includes(kind))
			.map(({ fromHeight, toHeight }) => [fromHeight, toHeight] as const);
	return listings.map((listed) => ({ ...listed, spans: spansOf(listed) }));
}

function claims({ spans }: Listed, height: number): boolean {
	return spans.some(([from, to]) => from <= height && height <= to);
}

function has({ hashes }: Listed, { height, entry }: Pick<Known, "height" | "entry">): boolean {
	return hashes.get(height)?.has(entry) === true;
}

/**
 * Two exports that both claim to list all between two accounts, and of one transaction list different amounts and neither all of the
 * other's: one was rounded or edited. Throws InputError (CONFLICT).
 */
async function checkAmounts(store: GraphStore, account: AccountId, listed: Listed, { transfer, height, kind }: Known): Promise<void> {
	if (transfer === undefined) return;
	const { from, to, txHash, source, amount } = transfer;
	const sides = sidesOf(txHash, transfer);
	const here = [...(listed.hashes.get(height) ?? [])].filter((entry) => entry.startsWith(sides));
	if (here.length === 0) return;
	const tellers = [...(await listingsOf(store, from)), ...(from === to ? [] : await listingsOf(store, to))];
	const other = tellers.find((one) => one.source === source && one.kind === kind && claims(one, height));
	const apart = here.find((entry) => other !== undefined && !has(other, { height, entry }));
	if (apart === undefined) return;
	conflict(
		txHash,
		`${apart.slice(sides.length)} base units from ${from} to ${to}, another ${amount}, and both list all of ${account === from ? from : to}`,
	);
}

function lacksOf({ source, kind, heights }: Listed, all: readonly Known[]): Lack[] {
	const missing = all.map(({ height }) => height).sort((a, b) => a - b);
	const lacks: Lack[] = [];
	for (const at of missing) {
		const last = lacks.at(-1);
		if (last !== undefined && (last.to === undefined || at < last.to)) continue;
		const next = firstFrom(heights, at);
		const [before, after] = [heights[heights[next] === at ? next : next - 1] ?? 0, heights[next]];
		lacks.push({ source, kind, from: before, at, ...(after === undefined ? {} : { to: after }) });
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
