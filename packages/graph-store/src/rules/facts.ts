import {
	type AccountId,
	type AssetId,
	type BlockGap,
	borneOut,
	COVERED_KINDS,
	type Coverage,
	compareText,
	DETECTION_KINDS,
	DETECTIONS,
	type DecodedBlock,
	type DerivedBalance,
	type Detection,
	denialNote,
	denialsFrom,
	documentOf,
	groupBy,
	type HistoryCheck,
	type Label,
	type Lack,
	noted,
	type Position,
	type Shortfall,
} from "@clew/core";

/** The one range that overlapping and adjacent ranges make. */
export function joinRanges(ranges: readonly Pick<Coverage, "fromHeight" | "toHeight">[]): { fromHeight: number; toHeight: number } {
	return {
		fromHeight: Math.min(...ranges.map((range) => range.fromHeight)),
		toHeight: Math.max(...ranges.map((range) => range.toHeight)),
	};
}

/** Equal gaps of neighbouring heights as one: by gap, then by account, those of blocks first, then by height. */
export function joinGaps(rows: readonly { readonly height: number; readonly gap: string; readonly account?: AccountId }[]): BlockGap[] {
	const sorted = rows
		.map(unreadFrom)
		.sort((a, b) => compareText(a.gap, b.gap) || compareText(a.account ?? "", b.account ?? "") || a.height - b.height);
	const joined: { fromHeight: number; toHeight: number; gap: string; account?: AccountId; unread?: true }[] = [];
	for (const { height, gap, account, unread } of sorted) {
		const last = joined[joined.length - 1];
		if (last !== undefined && last.gap === gap && last.account === account && last.toHeight === height - 1) last.toHeight++;
		else
			joined.push({
				fromHeight: height,
				toHeight: height,
				gap,
				...(account === undefined ? {} : { account }),
				...(unread ? { unread } : {}),
			});
	}
	return joined;
}

/** Gaps of a block as they are stored: what an account did unread stands behind its id. */
export function storedGaps({ gaps, unread = [] }: Pick<DecodedBlock, "gaps" | "unread">): readonly string[] {
	return [...gaps, ...unread.map(({ account, what }) => `${account}\n${what}`)];
}

function unreadFrom<T extends { readonly gap: string; readonly account?: AccountId }>(row: T): T & { readonly unread?: true } {
	const end = row.gap.indexOf("\n");
	return end < 0 ? row : { ...row, account: row.gap.slice(0, end) as AccountId, gap: row.gap.slice(end + 1), unread: true };
}

/** A movement of an account, in position order. */
export interface LedgerRow {
	readonly incoming: boolean;
	readonly asset: AssetId;
	readonly position: Position;
	readonly amount: bigint;
}

/**
 * Replays an account from its opening balances (at the end of their heights, ascending); an outflow beyond the balance leaves 0 and adds to
 * the shortfall, and to what is lacked, by payment.
 */
export function replayBalances(
	openings: Iterable<{ readonly asset: AssetId; readonly height: number; readonly amount: bigint }>,
	rows: Iterable<LedgerRow>,
): DerivedBalance[] {
	const balances = new Map<AssetId, { amount: bigint; shortfall: bigint; shortfalls: Shortfall[]; from: number }>();
	for (const { asset, height, amount } of openings) balances.set(asset, { amount, shortfall: 0n, shortfalls: [], from: height });
	for (const { incoming, asset, position, amount } of rows) {
		let balance = balances.get(asset);
		if (balance === undefined) {
			balance = { amount: 0n, shortfall: 0n, shortfalls: [], from: -1 };
			balances.set(asset, balance);
		}
		if (position.height <= balance.from) continue;
		if (incoming) balance.amount += amount;
		else if (amount <= balance.amount) balance.amount -= amount;
		else {
			balance.shortfall += amount - balance.amount;
			balance.shortfalls.push({ at: position, amount: amount - balance.amount });
			balance.amount = 0n;
		}
	}
	return [...balances].map(([asset, { amount, shortfall, shortfalls }]) => ({ asset, amount, shortfall, shortfalls }));
}

/** The order in which coverage is listed. */
function byCoverage(a: Coverage, b: Coverage): number {
	return (
		compareText(a.account ?? "", b.account ?? "") ||
		a.fromHeight - b.fromHeight ||
		a.toHeight - b.toHeight ||
		compareText(a.kinds.join(","), b.kinds.join(",")) ||
		compareText(a.source, b.source)
	);
}

/** A label's validity as stored: empty where the source does not tell. */
export function validity(from: string, until: string): Pick<Label, "validFrom" | "validUntil"> {
	return { ...(from === "" ? {} : { validFrom: from }), ...(until === "" ? {} : { validUntil: until }) };
}

/** Kind of the case's documents that hold {@link HistoryCheck}, by account. */
export const HISTORY_CHECK = "history-check";

export function historyCheckJson({ runs, contradicted, lacks, starts, withdrawn }: HistoryCheck): string {
	return JSON.stringify({ runs: runs.map(({ first, last, from, to }) => [first, last, from, to]), contradicted, lacks, starts, withdrawn });
}

/** What {@link historyCheckJson} wrote; undefined where there is none. Throws ClewError (CASE_CORRUPT) for anything else. */
export function historyCheckFrom(account: AccountId, json: string | undefined): HistoryCheck | undefined {
	if (json === undefined) return undefined;
	return documentOf(HISTORY_CHECK, account, json, (value) => {
		const { runs, contradicted, lacks, starts, withdrawn } = (value ?? {}) as Document;
		if (!isListOf(runs, isRun) || !(contradicted === undefined || isContradiction(contradicted)))
			throw new Error("no runs of nonces, or a contradiction that is none");
		if (!(lacks === undefined || isListOf(lacks, isLack))) throw new Error("lacks that are none");
		if (!(starts === undefined || isListOf(starts, isStart))) throw new Error("starts of files that are none");
		if (!(withdrawn === undefined || isListOf(withdrawn, (height): height is number => isCount(height))))
			throw new Error("heights that are none");
		return {
			account,
			runs: runs.map(([first, last, from, to]) => ({ first, last, from, to })),
			...(contradicted === undefined ? {} : { contradicted }),
			...(lacks === undefined ? {} : { lacks }),
			...(starts === undefined ? {} : { starts }),
			...(withdrawn === undefined ? {} : { withdrawn }),
		};
	});
}

type Document = Readonly<Record<string, unknown>>;

function isListOf<T>(list: unknown, is: (item: unknown) => item is T): list is readonly T[] {
	return Array.isArray(list) && list.every(is);
}

function isCount(value: unknown): value is number {
	return Number.isSafeInteger(value) && (value as number) >= 0;
}

/** True for what every reader of a detection relies on. */
function isDetection(value: unknown): value is Detection {
	const { kind, tier, heuristic, score, reasons, parameters, evidence } = (value ?? {}) as Document;
	return (
		(DETECTION_KINDS as readonly unknown[]).includes(kind) &&
		(tier === "structural" || tier === "lead") &&
		typeof heuristic === "string" &&
		isCount(score) &&
		Array.isArray(reasons) &&
		Array.isArray(evidence) &&
		typeof parameters === "object" &&
		parameters !== null
	);
}

function isRun(value: unknown): value is readonly [number, number, number, number] {
	return isListOf(value, isCount) && value.length === 4;
}

function isContradiction(value: unknown): value is NonNullable<HistoryCheck["contradicted"]> {
	const { nonce, heights } = (value ?? {}) as Document;
	return isCount(nonce) && isListOf(heights, isCount) && heights.length === 2;
}

function isStart(value: unknown): value is NonNullable<HistoryCheck["starts"]>[number] {
	const { source, at } = (value ?? {}) as Document;
	return typeof source === "string" && isCount(at);
}

function isLack(value: unknown): value is Lack {
	const { source, kind, from, to, at } = (value ?? {}) as Document;
	const isOfKind = kind === undefined || (COVERED_KINDS as readonly unknown[]).includes(kind);
	return typeof source === "string" && isOfKind && isCount(from) && isCount(at) && (to === undefined || isCount(to));
}

/**
 * Stored coverage in the order of lists, as far as what the sources show of its accounts bears it out. `deniedOf` gives the case's document
 * of what nodes denied of a file, by its source.
 */
export function knownCoverage(
	coverage: readonly Coverage[],
	checkOf: (account: AccountId) => HistoryCheck | undefined,
	deniedOf: (source: string) => string | undefined,
): Coverage[] {
	const told = coverage.map((claim) => {
		const json = claim.account === undefined ? undefined : deniedOf(claim.source);
		return json === undefined ? claim : noted(claim, [denialNote(denialsFrom(claim.source, json))]);
	});
	return [...groupBy(told, ({ account }) => account)]
		.flatMap(([account, own]) => (account === undefined ? own : borneOut(own, checkOf(account))))
		.sort(byCoverage);
}

/** The detections of an account from the document that holds them; nothing where there is none. */
export function detectionsFrom(account: AccountId, json: string | undefined): { readonly detections?: readonly Detection[] } {
	if (json === undefined) return {};
	return {
		detections: documentOf(DETECTIONS, account, json, (value) => {
			if (!isListOf(value, isDetection)) throw new Error("no detections");
			return value;
		}),
	};
}
