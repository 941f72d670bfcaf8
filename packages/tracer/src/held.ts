import { type AssetId, type ChainId, type Coverage, type CoveredKind, evmChain, isNative, tokenContract } from "@clew/core";
import type { Arrivals } from "./ledger.js";
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
 * What to say of money that an account still holds by its books: `unspent` only when all that could have moved it was read from its first arrival to its last and
 * on, and up to which block that is so.
 */
export function heldStop(
	chain: ChainId,
	asset: AssetId,
	coverage: readonly Coverage[],
	{ first: { height }, last }: Pick<Arrivals, "first" | "last">,
	until: number | undefined,
): Stop {
	let end = until ?? Number.POSITIVE_INFINITY;
	const unread: CoveredKind[] = [];
	for (const kind of kindsThatTell(chain, asset)) {
		const read = readUntil(
			coverage.filter(({ kinds }) => kinds.includes(kind)),
			height,
		);
		if (read === undefined || read < last.height) unread.push(kind);
		else end = Math.min(end, read);
	}
	if (unread.length === 0) return { reason: "unspent", detail: `still there at block ${end}, where its data ends` };
	return {
		reason: "unfetched",
		detail: `its books still hold it, but its ${unread.join(" and ")} transfers from block ${height} on are not all in the case: whether it was spent is not known`,
	};
}

/** The end of the unbroken run of coverage from a height on; undefined when the height itself is not covered. */
function readUntil(coverage: readonly Coverage[], height: number): number | undefined {
	let end: number | undefined;
	for (const { fromHeight, toHeight } of [...coverage].sort((a, b) => a.fromHeight - b.fromHeight)) {
		if (fromHeight > (end === undefined ? height : end + 1)) break;
		if (toHeight >= height) end = Math.max(end ?? toHeight, toHeight);
	}
	return end;
}
