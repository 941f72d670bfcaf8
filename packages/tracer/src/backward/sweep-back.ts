import { type AccountId, type AccountProfile, mirrorHeight, mirrorPosition, type Position } from "@clew/core";
import type { LeafTally } from "../books.js";
import type { SeedPlan } from "../seeds.js";
import { sweep } from "../sweep.js";
import type { SweepEdge, SweepOptions, SweepOutcome } from "../sweep-options.js";
import { type MirroredLedger, mirrorCoverage, mirrorTransfer } from "./mirrored-ledger.js";

/**
 * One sweep back in time over a mirrored ledger; `until` is the first height that is read. What comes out stands at its own places, from
 * payers to those they paid: end points are sources, the rows what they brought. Throws what {@link sweep} throws.
 */
export async function sweepBack(mirrored: MirroredLedger, plan: SeedPlan, options: SweepOptions): Promise<SweepOutcome> {
	const { until, onEdge, onStop, onProgress } = options;
	const outcome = await sweep(mirrored, plan, {
		...options,
		backward: mirrored,
		...(until === undefined ? {} : { until: mirrorHeight(until) }),
		...(onEdge === undefined ? {} : { onEdge: (edge) => onEdge(mirrorEdge(edge)) }),
		...(onStop === undefined ? {} : { onStop: (stopped) => onStop({ ...stopped, at: mirrorPosition(stopped.at) }) }),
		...(onProgress === undefined ? {} : { onProgress: (at) => onProgress({ ...at, height: mirrorHeight(at.height) }) }),
	});
	return {
		...outcome,
		leaves: outcome.leaves.map(mirrorLeaf),
		seedings: outcome.seedings.map((one) => ({ ...one, transfer: mirrorTransfer(one.transfer) })),
		unknownFunds: outcome.unknownFunds.map(mirrorSpan),
		unreadOutflows: (outcome.unreadOutflows ?? []).map((one) => ({ ...one, from: mirrorHeight(one.to), to: mirrorHeight(one.from) })),
		passedLabels: outcome.passedLabels.map(mirrorSpan),
		unorderedBlocks: (outcome.unorderedBlocks ?? []).map((one) => ({ ...one, height: mirrorHeight(one.height) })),
		followed: mirrorPlaces(outcome.followed),
		kept: mirrorPlaces(outcome.kept ?? new Map()),
		given: (outcome.given ?? []).map(mirrorEdge),
		profiles: new Map([...(outcome.profiles ?? [])].map(([account, profile]) => [account, mirrorProfile(profile)])),
	};
}

/** A mirrored exchange gives what was got for what was paid; its own row stands at its last leg. */
function mirrorEdge({ transfer, parcels, conversion, goesOn }: SweepEdge): SweepEdge {
	const own = { transfer: mirrorTransfer(transfer), ...(goesOn ? { goesOn } : {}) };
	if (conversion === undefined) return { ...own, parcels };
	const { account, sides, into } = conversion;
	const turned = { ...sides, pays: sides.gets, paid: sides.got, gets: sides.pays, got: sides.paid };
	return { ...own, parcels: into, conversion: { account, sides: turned, into: parcels } };
}

function mirrorLeaf(leaf: LeafTally): LeafTally {
	return { ...leaf, came: { ...leaf.came, ...mirrorSpan(leaf.came) } };
}

function mirrorSpan<T extends { readonly first: Position; readonly last: Position }>(span: T): T {
	return { ...span, first: mirrorPosition(span.last), last: mirrorPosition(span.first) };
}

function mirrorPlaces(places: ReadonlyMap<AccountId, Position>): ReadonlyMap<AccountId, Position> {
	return new Map([...places].map(([account, at]) => [account, mirrorPosition(at)]));
}

function mirrorProfile(profile: AccountProfile): AccountProfile {
	return { ...profile, coverage: profile.coverage.map(mirrorCoverage) };
}
