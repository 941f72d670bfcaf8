import type { AccountId, AssetId, LedgerSource, Position } from "@clew/core";
import { Cursor } from "../cursor.js";

/**
 * What an account's books lack from a position on, by asset: how far its known outflows run ahead of its balance and its known inflows, at the worst moment.
 * `balances` are those right before it. Reads the account's ledger once, up to height `until`.
 */
export async function lacksOf(
	source: LedgerSource,
	account: AccountId,
	from: Position,
	balances: Iterable<readonly [AssetId, bigint]>,
	until: number | undefined,
): Promise<ReadonlyMap<AssetId, bigint>> {
	const balance = new Map(balances);
	const lacks = new Map<AssetId, bigint>();
	const cursor = new Cursor((at, limit) => source.ledger(account, at, limit), from);
	for (;;) {
		await cursor.fill();
		const t = cursor.head;
		if (t === undefined || (until !== undefined && t.position.height > until)) return lacks;
		cursor.advance();
		if (t.kind !== "fee" && t.from === t.to) continue;
		const change = t.from === account ? -t.amount : t.kind === "fee" ? 0n : t.amount;
		const left = (balance.get(t.asset) ?? 0n) + change;
		if (left < 0n) lacks.set(t.asset, (lacks.get(t.asset) ?? 0n) - left);
		balance.set(t.asset, left < 0n ? 0n : left);
	}
}
