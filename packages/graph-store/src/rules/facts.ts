import {
	type AccountId,
	type AssetId,
	type BlockGap,
	ClewError,
	type Coverage,
	compareText,
	type DerivedBalance,
	type Detection,
	groupBy,
	type Label,
	type SentNumbers,
	withoutMissing,
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
	const sorted = [...rows].sort(
		(a, b) => compareText(a.gap, b.gap) || compareText(a.account ?? "", b.account ?? "") || a.height - b.height,
	);
	const joined: { fromHeight: number; toHeight: number; gap: string; account?: AccountId }[] = [];
	for (const { height, gap, account } of sorted) {
		const last = joined[joined.length - 1];
		if (last !== undefined && last.gap === gap && last.account === account && last.toHeight === height - 1) last.toHeight++;
		else joined.push({ fromHeight: height, toHeight: height, gap, ...(account === undefined ? {} : { account }) });
	}
	return joined;
}

/** A movement of an account, in position order. */
export interface LedgerRow {
	readonly incoming: boolean;
	readonly asset: AssetId;
	readonly height: number;
	readonly amount: bigint;
}

/** Replays an account from its opening balances (at the end of their heights, ascending); an outflow beyond the balance leaves 0 and adds to the shortfall. */
export function replayBalances(
	openings: Iterable<{ readonly asset: AssetId; readonly height: number; readonly amount: bigint }>,
	rows: Iterable<LedgerRow>,
): DerivedBalance[] {
	const balances = new Map<AssetId, { amount: bigint; shortfall: bigint; from: number }>();
	for (const { asset, height, amount } of openings) balances.set(asset, { amount, shortfall: 0n, from: height });
	for (const { incoming, asset, height, amount } of rows) {
		let balance = balances.get(asset);
		if (balance === undefined) {
			balance = { amount: 0n, shortfall: 0n, from: -1 };
			balances.set(asset, balance);
		}
		if (height <= balance.from) continue;
		if (incoming) balance.amount += amount;
		else if (amount <= balance.amount) balance.amount -= amount;
		else {
			balance.shortfall += amount - balance.amount;
			balance.amount = 0n;
		}
	}
	return [...balances].map(([asset, { amount, shortfall }]) => ({ asset, amount, shortfall }));
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

/** Kind of the case's documents that hold {@link SentNumbers}, by account. */
export const SENT_NUMBERS = "sent-numbers";

export function sentNumbersJson({ runs, own }: SentNumbers): string {
	return JSON.stringify({
		runs: runs.map(({ first, last, from, to }) => [first, last, from, to]),
		...(own ? { own: [own.nonce, own.height] } : {}),
	});
}

/** What {@link sentNumbersJson} wrote; undefined where there is none. Throws ClewError (CASE_CORRUPT) for anything else. */
export function sentNumbersFrom(account: AccountId, json: string | undefined): SentNumbers | undefined {
	if (json === undefined) return undefined;
	const { runs, own } = parsed(json);
	if (!Array.isArray(runs) || !runs.every((run) => areNumbers(run, 4)) || !(own === undefined || areNumbers(own, 2)))
		throw new ClewError("CASE_CORRUPT", `the case's document ${SENT_NUMBERS} ${account} is not what Clew writes`);
	return {
		account,
		runs: (runs as [number, number, number, number][]).map(([first, last, from, to]) => ({ first, last, from, to })),
		...(own === undefined ? {} : { own: { nonce: own[0] as number, height: own[1] as number } }),
	};
}

function parsed(json: string): { readonly runs?: unknown; readonly own?: unknown } {
	try {
		return (JSON.parse(json) as object | null) ?? {};
	} catch {
		return {};
	}
}

function areNumbers(list: unknown, length: number): list is readonly number[] {
	return Array.isArray(list) && list.length === length && list.every((n) => Number.isSafeInteger(n) && n >= 0);
}

/** Stored coverage in the order of lists, without what the nonces of its accounts show to be missing. */
export function knownCoverage(coverage: readonly Coverage[], sentNumbers: (account: AccountId) => SentNumbers | undefined): Coverage[] {
	return [...groupBy(coverage, ({ account }) => account)]
		.flatMap(([account, own]) => (account === undefined ? own : withoutMissing(own, sentNumbers(account))))
		.sort(byCoverage);
}

/** The detections of an account from the document that holds them; nothing where there is none. */
export function detectionsFrom(json: string | undefined): { readonly detections?: readonly Detection[] } {
	return json === undefined ? {} : { detections: JSON.parse(json) as readonly Detection[] };
}
