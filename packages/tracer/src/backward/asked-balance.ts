import { type AccountId, type AssetId, chainOf, type Hash, nullAccount, type Position, type Rule, type Transfer } from "@clew/core";
import { withEnvelope } from "../bounds/envelope.js";
import { heldParcels, markIn, type Parcels } from "../ledger.js";
import { cameTo } from "../ledger-moves.js";
import { CLEAN, sumLots } from "../lots.js";
import { parcelsOfMarks } from "../marking.js";
import { isAgeOrdered } from "../rules/index.js";
import type { ReceiptsSweep } from "../seeded-receipts.js";
import type { BalanceSeed } from "../seeds.js";

/** Marks what is clean of a balance that is asked about, unless the trace stops there. */
export async function askAbout({ origin, account, asset: only, at }: BalanceSeed, sweep: ReceiptsSweep): Promise<void> {
	const { rules, frame, accounts, stops, marking, books } = sweep;
	const profile = await stops.profileOf(account, at);
	const state = accounts.get(account) ?? (await sweep.activate(profile, account, at));
	for (const ledger of state.ledgers.values()) {
		const { asset, balance } = ledger;
		if (balance === 0n || (only !== undefined && only !== asset)) continue;
		const t = balanceTransfer(account, asset, balance, at);
		const held = heldParcels(ledger);
		const { marks } = marking.apply(
			[{ origin, transfer: t, cap: balance }],
			balance,
			held.length === 0 ? undefined : withClean(held, rules, balance),
		);
		if (marks.length === 0) continue;
		marking.commit(books, t, marks);
		const own = parcelsOfMarks(marks, rules, frame, balance);
		const stop = stops.stopAt(account, t, profile, own);
		if (stop !== undefined) {
			sweep.stop({ what: "marked", account, asset, at, origin }, stop, own);
			continue;
		}
		for (const { amounts, bounds } of marks) markIn(ledger, rules, amounts, origin, at, bounds);
		cameTo(state, ledger, at);
	}
}

/** Where lots have an age, what is clean of a balance is a lot, too. */
function withClean(held: Parcels, rules: readonly Rule[], balance: bigint): Parcels {
	const whole = held.map((lots, i) => {
		const clean = balance - sumLots(lots);
		return clean > 0n && isAgeOrdered(rules[i] as Rule) ? [...lots, { origin: CLEAN, amount: clean }] : lots;
	});
	return held.envelope === undefined ? whole : withEnvelope(whole, held.envelope);
}

/** A balance in the form of a movement: nothing moved, so no transaction stands behind it. */
function balanceTransfer(account: AccountId, asset: AssetId, amount: bigint, position: Position): Transfer {
	const chain = chainOf(account);
	return {
		chain,
		position,
		txHash: "" as Hash,
		from: nullAccount(chain),
		to: account,
		asset,
		amount,
		kind: "native",
		provenance: "imported",
		source: "",
	};
}
