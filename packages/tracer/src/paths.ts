import {
	type AccountId,
	type AssetId,
	after,
	COVERED_KINDS,
	chainOf,
	comparePositions,
	formatPosition,
	Heap,
	isDated,
	type LedgerReader,
	minAmount,
	type Position,
	startOf,
	type Transfer,
	throwIfAborted,
} from "@clew/core";
import { kindsThatTell, readOnFrom } from "./read-runs.js";
import { DEFAULT_STOP_PARAMETERS, type StopParameters, stopFor } from "./stops.js";
import { withUnreadWork } from "./unread-work.js";

/** One time-respecting path: each transfer stands after the one before it. `value` is its narrowest transfer, in base units. */
export interface TransferPath {
	readonly asset: AssetId;
	readonly value: bigint;
	readonly transfers: readonly Transfer[];
}

export interface PathRequest {
	readonly from: AccountId;
	readonly to: AccountId;
	/** Heights inclusive. */
	readonly since?: number;
	readonly until?: number;
	readonly asset?: AssetId;
	readonly maxPaths: number;
	readonly maxHops: number;
	/** Transfers that may be looked at before the search gives up and says so. */
	readonly maxTransfers: number;
	readonly stops?: StopParameters;
	readonly signal?: AbortSignal;
}

export interface PathResult {
	readonly paths: readonly TransferPath[];
	/**
	 * False when there are more paths than were asked for, a budget (transfers, hops) ended the search, or accounts on the way were not
	 * read whole, not as far as asked, or paid in other assets: there may be more or better paths. True of what happened up to the block
	 * of `readTo`.
	 */
	readonly complete: boolean;
	/** True when there are more paths than were asked for. */
	readonly more: boolean;
	/**
	 * The account on the way whose history in the case ends first, and its last block there. Undefined when all were read through
	 * `until`, or none was read.
	 */
	readonly readTo: ReadTo | undefined;
	/** True when accounts at the end of the longest path may have paid on. */
	readonly cut: boolean;
	/** Accounts that the search came to and whose own history is not in the case, in the order in which it came to them. */
	readonly unfetched: readonly AccountId[];
	/** Accounts on the way that paid in another asset afterwards, which may have been exchanged there; none where one asset is asked for. */
	readonly otherAssets: readonly AccountId[];
	readonly transfersRead: number;
}

/** How far an account was read: the last block of its history in the case. */
export interface ReadTo {
	readonly account: AccountId;
	readonly height: number;
}

interface Label {
	readonly account: AccountId;
	readonly at: Position;
	readonly asset: AssetId | undefined;
	readonly value: bigint;
	readonly hops: number;
	readonly last: Transfer | undefined;
	readonly parent: Label | undefined;
}

const PAGE = 512;

/**
 * Time-respecting paths of one asset each (exchanges are not followed), widest first (the value of a path is its smallest transfer),
 * then fewer hops, then earlier. A label-correcting search: a label survives unless another reached the same account with the same
 * asset no later, no narrower and in no more hops. Never goes on through a service or another stop. At most `maxPaths`, each ending in
 * a different transfer.
 */
export async function findPaths(reader: LedgerReader, request: PathRequest): Promise<PathResult> {
	const source = await withUnreadWork(reader, chainOf(request.from));
	const { maxPaths, maxHops, maxTransfers } = request;
	const heap = new Heap<Label>(better);
	const frontiers = new Map<string, Label[]>();
	const paths: TransferPath[] = [];
	const ended = new Set<string>();
	const unfetched = new Set<AccountId>();
	const otherAssets = new Set<AccountId>();
	let read = 0;
	let readTo: ReadTo | undefined;
	/** Some way would have gone on beyond the longest path. */
	let cut = false;
	heap.push({
		account: request.from,
		at: startOf(request.since ?? 0),
		asset: request.asset,
		value: 1n << 256n,
		hops: 0,
		last: undefined,
		parent: undefined,
	});
	for (let label = heap.pop(); label !== undefined && paths.length <= maxPaths; label = heap.pop()) {
		throwIfAborted(request.signal);
		if (label.account === request.to && label.last !== undefined) {
			const key = formatPosition(label.last.position);
			if (!ended.has(key)) paths.push(pathOf(label));
			ended.add(key);
			continue;
		}
		if (label.hops >= maxHops) {
			cut ||= (await passageOf(source, label, request)) !== "closed";
			continue;
		}
		const passage = await passageOf(source, label, request);
		if (passage === "closed") continue;
		if (passage === "unfetched") unfetched.add(label.account);
		else if (passage.readTo < (readTo?.height ?? request.until ?? Number.POSITIVE_INFINITY))
			readTo = { account: label.account, height: passage.readTo };
		let cursor: Position | undefined = label.at;
		while (cursor !== undefined) {
			const page = await source.transfersOf(label.account, {
				direction: "out",
				...(request.asset === undefined ? {} : { asset: request.asset }),
				...(request.until === undefined ? {} : { toHeight: request.until }),
				cursor,
				limit: PAGE,
			});
			read += page.transfers.length;
			for (const t of page.transfers) extend(label, t);
			cursor = page.next;
			if (read > maxTransfers) return { ...found(), complete: false };
		}
	}
	return found();

	function found(): PathResult {
		const more = paths.length > maxPaths;
		const asFarAsAsked = request.until === undefined || readTo === undefined;
		return {
			paths: paths.slice(0, maxPaths),
			complete: unfetched.size === 0 && otherAssets.size === 0 && asFarAsAsked && !cut && !more,
			more,
			readTo,
			cut,
			unfetched: [...unfetched],
			otherAssets: [...otherAssets],
			transfersRead: read,
		};
	}

	function extend(label: Label, t: Transfer): void {
		if (t.kind === "fee" || t.amount === 0n || t.to === label.account) return;
		if (label.asset !== undefined && t.asset !== label.asset) {
			otherAssets.add(label.account);
			return;
		}
		const value = minAmount(t.amount, label.value);
		const next: Label = { account: t.to, at: after(t.position), asset: t.asset, value, hops: label.hops + 1, last: t, parent: label };
		if (t.to !== request.to && dominated(frontiers, next)) return;
		heap.push(next);
	}
}

function better(a: Label, b: Label): boolean {
	if (a.value !== b.value) return a.value > b.value;
	return a.hops === b.hops ? comparePositions(a.at, b.at) < 0 : a.hops < b.hops;
}

function dominated(frontiers: Map<string, Label[]>, label: Label): boolean {
	const key = `${label.account} ${label.asset}`;
	const known = frontiers.get(key) ?? [];
	if (known.some((k) => k.value >= label.value && k.hops <= label.hops && comparePositions(k.at, label.at) <= 0)) return true;
	const kept = known.filter((k) => !(label.value >= k.value && label.hops <= k.hops && comparePositions(label.at, k.at) <= 0));
	kept.push(label);
	frontiers.set(key, kept);
	return false;
}

/**
 * Whether a path may go on at an account, and whether all that could go on there was read, up to which block: of all kinds, since a path
 * may go on in any asset unless one is asked for.
 */
async function passageOf(
	source: LedgerReader,
	{ account, at, last }: Label,
	{ stops = DEFAULT_STOP_PARAMETERS, asset, until = Number.POSITIVE_INFINITY }: PathRequest,
): Promise<{ readonly readTo: number } | "unfetched" | "closed"> {
	const profile = await source.profile(account, stops.serviceTransfers);
	const chain = chainOf(account);
	if (last !== undefined) {
		const time = profile.labels.some(isDated) ? (await source.header(chain, last.position.height))?.time : undefined;
		const stop = stopFor(account, profile, last, stops, time);
		if (stop !== undefined) return stop.reason === "unfetched" || stop.reason === "contract-unknown" ? "unfetched" : "closed";
	}
	const kinds = asset === undefined ? COVERED_KINDS : kindsThatTell(chain, asset);
	const read = readOnFrom(profile.coverage, kinds, { from: at.height, through: at.height, latest: until });
	return "unread" in read ? "unfetched" : { readTo: read.end };
}

function pathOf(label: Label): TransferPath {
	const transfers: Transfer[] = [];
	for (let at: Label | undefined = label; at?.last !== undefined; at = at.parent) transfers.push(at.last);
	return { asset: label.asset as AssetId, value: label.value, transfers: transfers.reverse() };
}
