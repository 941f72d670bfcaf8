import { type AccountId, isNative, median, type Transfer } from "@clew/core";

/** Transfers of an account that are looked at, oldest first. */
export const FEATURE_TRANSFERS = 2_000;
/** Victor 2020: blocks within which a forwarded receipt counts as passed on. */
const SOON = 3_200;
/** Wei below which an amount is dust for this purpose. */
const DUST = 10n ** 15n;

/** Names of the features, in the order of a vector. None tells when, on which chain or under which address something happened. */
export const FEATURES = [
	"arrivals",
	"departures",
	"payers",
	"payees",
	"arrivalsPerPayer",
	"departuresPerPayee",
	"passedOnSoon",
	"medianBlocksHeld",
	"lifetimeBlocks",
	"largestArrivalShare",
	"largestDepartureShare",
	"roundTripShare",
	"zeroArrivalShare",
	"dustArrivalShare",
	"tokenShare",
	"feesPaidShare",
	"strangersFeesShare",
] as const;

/**
 * What the ledger of one account looks like, as numbers for the learned score; see docs/model-card.md. `ledger` is in position order.
 * Counts are logarithms, since their size depends on how long a case was watched. Pure; O(n log n).
 */
export function accountFeatures(account: AccountId, ledger: readonly Transfer[]): number[] {
	const rows = ledger.slice(0, FEATURE_TRANSFERS);
	const moves = rows.filter((t) => t.kind !== "fee" && t.from !== t.to);
	const arrivals = moves.filter((t) => t.to === account);
	const departures = moves.filter((t) => t.from === account);
	const payers = new Set(arrivals.map((t) => t.from));
	const payees = new Set(departures.map((t) => t.to));
	const held = blocksHeld(arrivals, departures);
	const [first, last] = [rows[0]?.position.height ?? 0, rows[rows.length - 1]?.position.height ?? 0];
	const paidFor = new Set(rows.filter((t) => t.kind === "fee" && t.from === account).map((t) => t.txHash));
	return [
		Math.log1p(arrivals.length),
		Math.log1p(departures.length),
		Math.log1p(payers.size),
		Math.log1p(payees.size),
		Math.log1p(ratio(arrivals.length, payers.size)),
		Math.log1p(ratio(departures.length, payees.size)),
		ratio(held.filter((blocks) => blocks <= SOON).length, arrivals.length),
		Math.log1p(median(held) ?? 0),
		Math.log1p(last - first),
		largestShare(arrivals),
		largestShare(departures),
		ratio([...payees].filter((one) => payers.has(one)).length, payees.size),
		ratio(arrivals.filter((t) => t.amount === 0n).length, arrivals.length),
		ratio(arrivals.filter((t) => t.amount > 0n && t.amount < DUST).length, arrivals.length),
		ratio(moves.filter((t) => !isNative(t.asset)).length, moves.length),
		ratio(departures.filter((t) => paidFor.has(t.txHash)).length, departures.length),
		ratio(departures.filter((t) => !isNative(t.asset) && !paidFor.has(t.txHash)).length, departures.length),
	];
}

function ratio(part: number, whole: number): number {
	return whole === 0 ? 0 : part / whole;
}

/** Blocks from each arrival to the next departure of the same asset; arrivals that nothing followed are left out. */
function blocksHeld(arrivals: readonly Transfer[], departures: readonly Transfer[]): number[] {
	const held: number[] = [];
	let next = departures.length;
	const following = new Map<string, number>();
	for (const t of [...arrivals].reverse()) {
		while (next > 0 && (departures[next - 1] as Transfer).position.height >= t.position.height) {
			next--;
			const departure = departures[next] as Transfer;
			following.set(departure.asset, departure.position.height);
		}
		const height = following.get(t.asset);
		if (height !== undefined) held.push(height - t.position.height);
	}
	return held;
}

/** The largest transfer's part of all of its asset. */
function largestShare(transfers: readonly Transfer[]): number {
	const sums = new Map<string, { sum: bigint; largest: bigint }>();
	for (const t of transfers) {
		const known = sums.get(t.asset) ?? { sum: 0n, largest: 0n };
		sums.set(t.asset, { sum: known.sum + t.amount, largest: t.amount > known.largest ? t.amount : known.largest });
	}
	let most = 0;
	for (const { sum, largest } of sums.values()) if (sum > 0n) most = Math.max(most, Number((largest * 1_000n) / sum) / 1_000);
	return most;
}
