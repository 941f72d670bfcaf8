import { type AssetId, ClewError, type ConservationAudit, type ConservationSums, compareText, type Rule } from "@clew/core";
import type { AssetSums } from "./books.js";
import type { Tally } from "./tally.js";

/** The books over all seeds; `libr` only for a single one, since claims are never summed. Throws ClewError (CONSERVATION). */
export function auditTotals(sums: ReadonlyMap<AssetId, AssetSums>, rules: readonly Rule[], origins: number): ConservationAudit {
	return audit(
		sums,
		rules,
		(rule) => rule !== "libr" || origins === 1,
		(tally, i) => (tally[i] ?? []).reduce((sum, x) => sum + x, 0n),
	);
}

/** The books of one seed alone. Throws ClewError (CONSERVATION). */
export function auditOrigin(sums: ReadonlyMap<AssetId, AssetSums>, rules: readonly Rule[], origin: number): ConservationAudit {
	return audit(
		sums,
		rules,
		() => true,
		(tally, i) => tally[i]?.[origin] ?? 0n,
	);
}

function audit(
	sums: ReadonlyMap<AssetId, AssetSums>,
	rules: readonly Rule[],
	wanted: (rule: Rule) => boolean,
	read: (tally: Tally, rule: number) => bigint,
): ConservationAudit {
	const result: ConservationAudit = {};
	for (const [i, rule] of rules.entries()) {
		if (rule === "poison" || !wanted(rule)) continue;
		const perAsset: Record<string, ConservationSums> = {};
		for (const [asset, s] of [...sums].sort(([a], [b]) => compareText(a, b))) {
			const [seeded, convertedIn, convertedOut, held, stopped, fees] = [
				s.seeded,
				s.convertedIn,
				s.convertedOut,
				s.held,
				s.stopped,
				s.fees,
			].map((tally) => read(tally, i)) as [bigint, bigint, bigint, bigint, bigint, bigint];
			if (seeded + convertedIn !== held + stopped + fees + convertedOut) {
				throw new ClewError(
					"CONSERVATION",
					`${rule}: ${asset}: ${seeded} seeded and ${convertedIn} converted in, but ${held} held, ${stopped} stopped, ${fees} fees and ${convertedOut} converted out`,
					{
						hint: "This is a defect of Clew: please report it with the case.",
					},
				);
			}
			perAsset[asset] = {
				seeded: seeded.toString(),
				convertedIn: convertedIn.toString(),
				convertedOut: convertedOut.toString(),
				held: held.toString(),
				stopped: stopped.toString(),
				fees: fees.toString(),
			};
		}
		result[rule] = perAsset;
	}
	return result;
}
