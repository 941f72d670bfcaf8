import type { AssetId, ChainId, Coverage } from "@clew/core";
import type { Arrivals, Ledger } from "./ledger.js";
import { kindsThatTell, readOnFrom } from "./read-runs.js";
import type { Stop } from "./stops.js";

const NOTHING_UNREAD = { paidUnread: undefined, feesInPart: undefined, bounds: undefined, moved: undefined };

const STILL_THERE = "still there at block ";

/** The block up to which money is known to be unspent; undefined for other stops, and where no end point of an account says it. */
export function unspentAt({ reason, detail }: Stop): number | undefined {
	const height = Number.parseInt(detail.slice(STILL_THERE.length), 10);
	return reason === "unspent" && detail.startsWith(STILL_THERE) && Number.isSafeInteger(height) ? height : undefined;
}

/**
 * What to say of money that an account still holds by its books: `unspent` only when all that could have moved it was read without a
 * break from its first arrival to where its data ends, in an order that is told and with no movement behind it, and up to which block
 * that is so.
 */
export function heldStop(
	chain: ChainId,
	asset: AssetId,
	coverage: readonly Coverage[],
	{ first: { height }, last }: Pick<Arrivals, "first" | "last">,
	until: number | undefined,
	{ paidUnread, feesInPart, bounds, moved }: Pick<Ledger, "paidUnread" | "feesInPart" | "bounds" | "moved"> = NOTHING_UNREAD,
): Stop {
	const [unordered] = [...(bounds?.unordered ?? [])].filter(([, { gone }]) => gone);
	if (unordered !== undefined)
		return {
			reason: "unfetched",
			detail: `its books still hold it, but in block ${unordered[0]} it paid and was paid in an order that no source tells: whether it paid this there is not known`,
		};
	if (paidUnread !== undefined)
		return {
			reason: "unfetched",
			detail: `its books still hold it, but it paid in or after block ${paidUnread + 1}, from which on its history is not known to be whole: what else left it is not known`,
		};
	if (feesInPart !== undefined)
		return {
			reason: "unfetched",
			detail: `its books still hold it, but its fees from block ${feesInPart} on are told in part alone: how much of it they took is not known`,
		};
	const through = Math.max(last.height, moved?.height ?? 0);
	const read = readOnFrom(coverage, kindsThatTell(chain, asset), { from: height, through, latest: until ?? Number.POSITIVE_INFINITY });
	if (!("unread" in read)) return { reason: "unspent", detail: `${STILL_THERE}${read.end}, where its data ends` };
	return {
		reason: "unfetched",
		detail: `its books still hold it, but its ${read.unread.join(" and ")} transfers from block ${height} on are not all in the case: whether it was spent is not known`,
	};
}
