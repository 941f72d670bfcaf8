import { type AssetId, type ChainId, type Coverage, type CoveredKind, evmChain, isNative, tokenContract } from "@clew/core";
import type { Arrivals } from "./ledger.js";
import { readRuns, runAt } from "./read-runs.js";
import type { Stop } from "./stops.js";

/**
 * Which transfers must have been read for a balance to be known. Native coins move by internal calls, too. A wrapped coin is made and unmade without a transfer of its token: the
 * coins themselves move then, in by a transaction or a call, out by a call.
 */
export function kindsThatTell(chain: ChainId, asset: AssetId): readonly CoveredKind[] {
	if (isNative(asset)) return ["native", "internal"];
	const wrapped = evmChain(chain)?.wrapped;
	return wrapped !== undefined && tokenContract(asset)?.endsWith(wrapped) ? ["native", "internal", "token"] : ["token"];
}

/**
 * What to say of money that an account still holds by its books: `unspent` only when all that could have moved it was read without a break from its first arrival to
 * where its data ends, and up to which block that is so. `paidUnread` is the last height up to which its outflows had been read when it paid again.
 */
export function heldStop(
	chain: ChainId,
	asset: AssetId,
	coverage: readonly Coverage[],
	{ first: { height }, last }: Pick<Arrivals, "first" | "last">,
	until: number | undefined,
	paidUnread?: number,
): Stop {
	if (paidUnread !== undefined)
		return {
			reason: "unfetched",
			detail: `its books still hold it, but it paid again after block ${paidUnread}, where what was read of it ends: what else left it is not known`,
		};
	const latest = until ?? Number.POSITIVE_INFINITY;
	let end = latest;
	const unread: CoveredKind[] = [];
	for (const kind of kindsThatTell(chain, asset)) {
		const runs = readRuns(coverage, kind);
		const read = runAt(runs, height)?.to;
		if (read === undefined || read < last.height || runs.some(({ from }) => read < from && from <= latest)) unread.push(kind);
		else end = Math.min(end, read);
	}
	if (unread.length === 0) return { reason: "unspent", detail: `still there at block ${end}, where its data ends` };
	return {
		reason: "unfetched",
		detail: `its books still hold it, but its ${unread.join(" and ")} transfers from block ${height} on are not all in the case: whether it was spent is not known`,
	};
}
