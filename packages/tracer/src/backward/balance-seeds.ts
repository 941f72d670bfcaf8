import { addressOf, InputError, type LedgerReader, mirrorHeight, startOf } from "@clew/core";
import type { SeedPlan } from "../seeds.js";
import { assetKind } from "../stops.js";

/**
 * Refuses balances of which the case knows nothing, over a mirrored ledger: where nobody read the account at that block, where it has no
 * history up to there, or had nothing then. Throws InputError.
 */
export async function checkBalances({ balances, seeds }: SeedPlan, mirrored: LedgerReader): Promise<void> {
	for (const { origin, account, asset, at } of balances) {
		const spec = seeds[origin]?.spec ?? "";
		const block = mirrorHeight(at.height);
		const { coverage } = await mirrored.profile(account, 1);
		const kinds = asset === undefined ? (["native", "token"] as const) : [assetKind(asset)];
		const unread = kinds.filter(
			(kind) => !coverage.some((c) => c.fromHeight <= at.height && at.height <= c.toHeight && c.kinds.includes(kind)),
		);
		if (unread.length > 0)
			throw new InputError(
				`${spec}: what ${addressOf(account)} held at block ${block} is not known: its ${unread.join(" and ")} transfers there are not in the case`,
				{ hint: readUpTo(coverage.map((c) => mirrorHeight(c.fromHeight))) },
			);
		const [first] = await mirrored.ledger(account, at, 1);
		if (first === undefined)
			throw new InputError(`${spec}: the case holds no movement of ${addressOf(account)} at or before block ${block}`);
		const held = (await mirrored.balancesBefore(account, startOf(at.height))).filter((b) => asset === undefined || b.asset === asset);
		if (held.every(({ amount }) => amount === 0n))
			throw new InputError(
				`${spec}: ${addressOf(account)} held nothing${asset === undefined ? "" : ` of ${asset}`} at the end of block ${block}`,
			);
	}
}

function readUpTo(heights: readonly number[]): string {
	if (heights.length === 0) return "Nothing of its history is in the case: ingest or import it.";
	return `Its history was read up to block ${Math.max(...heights)}: name a block up to there, narrow what is asked by --asset, or fetch more.`;
}
