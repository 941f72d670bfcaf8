import {
	type AccountId,
	type ChainId,
	type LedgerReader,
	mirrorHeight,
	mirrorPosition,
	type OutputReader,
	type Position,
	type Transfer,
} from "@clew/core";
import type { LeafTally } from "../books.js";
import { sweepOutputs } from "../outputs/output-sweep.js";
import type { Seed, SeedPlan } from "../seeds.js";
import { sweep } from "../sweep.js";
import type { SweepEdge, SweepOptions, SweepOutcome } from "../sweep-options.js";
import { type MirroredLedger, mirrorCoverage, mirrorTransfer } from "./mirrored-ledger.js";
import { mirroredOutputs, mirrorOutputHeight } from "./mirrored-outputs.js";
import { mirrorOutputPosition, type OutputsBack, outputsBack } from "./outputs-back.js";

/** How what a sweep over a mirrored chain tells is turned round. */
interface Mirror {
	height(height: number): number;
	position(position: Position): Position;
	transfer(t: Transfer): Transfer;
}

const ACCOUNTS: Mirror = { height: mirrorHeight, position: mirrorPosition, transfer: mirrorTransfer };
const OUTPUTS: Mirror = {
	height: mirrorOutputHeight,
	position: mirrorOutputPosition,
	transfer: (t) => ({
		...t,
		from: t.to,
		to: t.from,
		position: mirrorOutputPosition(t.position),
	}),
};

/**
 * One sweep back in time over a mirrored ledger; `until` is the first height that is read. What comes out stands at its own places, from
 * payers to those they paid: end points are sources, the rows what they brought. Throws what {@link sweep} throws.
 */
export async function sweepBack(mirrored: MirroredLedger, plan: SeedPlan, options: SweepOptions): Promise<SweepOutcome> {
	const outcome = mirrorOutcome(ACCOUNTS, await sweep(mirrored, plan, { ...mirrorOptions(ACCOUNTS, options), backward: mirrored }));
	const profiles = [...(outcome.profiles ?? [])].map(
		([account, profile]) => [account, { ...profile, coverage: profile.coverage.map(mirrorCoverage) }] as const,
	);
	return { ...outcome, profiles: new Map(profiles) };
}

/** The same over outputs. */
export async function sweepOutputsBack(
	source: LedgerReader & OutputReader,
	chain: ChainId,
	seeds: readonly Seed[],
	asked: OutputsBack["asked"],
	options: SweepOptions,
): Promise<SweepOutcome> {
	const plan = { places: new Set(asked.keys()), arrivals: new Map() };
	const mirrored = mirroredOutputs(source, chain);
	return mirrorOutcome(
		OUTPUTS,
		await sweepOutputs(mirrored, chain, seeds, plan, mirrorOptions(OUTPUTS, options), outputsBack(chain, asked)),
	);
}

function mirrorOptions({ height, position, transfer }: Mirror, options: SweepOptions): SweepOptions {
	const { until, onEdge, onStop, onProgress } = options;
	return {
		...options,
		...(until === undefined ? {} : { until: height(until) }),
		...(onEdge === undefined ? {} : { onEdge: (edge) => onEdge(mirrorEdge(edge, transfer)) }),
		...(onStop === undefined ? {} : { onStop: (stopped) => onStop({ ...stopped, at: position(stopped.at) }) }),
		...(onProgress === undefined ? {} : { onProgress: (at) => onProgress({ ...at, height: height(at.height) }) }),
	};
}

function mirrorOutcome({ height, position, transfer }: Mirror, outcome: SweepOutcome): SweepOutcome {
	const span = <T extends { readonly first: Position; readonly last: Position }>(one: T): T => ({
		...one,
		first: position(one.last),
		last: position(one.first),
	});
	const places = (of: ReadonlyMap<AccountId, Position>) => new Map([...of].map(([account, at]) => [account, position(at)]));
	const leaf = (one: LeafTally): LeafTally => ({ ...one, came: { ...one.came, ...span(one.came) } });
	return {
		...outcome,
		leaves: outcome.leaves.map(leaf),
		seedings: outcome.seedings.map((one) => ({ ...one, transfer: transfer(one.transfer) })),
		unknownFunds: outcome.unknownFunds.map(span),
		unreadOutflows: (outcome.unreadOutflows ?? []).map((one) => ({ ...one, from: height(one.to), to: height(one.from) })),
		passedLabels: outcome.passedLabels.map(span),
		unorderedBlocks: (outcome.unorderedBlocks ?? []).map((one) => ({ ...one, height: height(one.height) })),
		followed: places(outcome.followed),
		kept: places(outcome.kept ?? new Map()),
		given: (outcome.given ?? []).map((edge) => mirrorEdge(edge, transfer)),
	};
}

/** A mirrored exchange gives what was got for what was paid; its own row stands at its last leg. */
function mirrorEdge({ transfer, parcels, conversion, goesOn }: SweepEdge, turned: Mirror["transfer"]): SweepEdge {
	const own = { transfer: turned(transfer), ...(goesOn ? { goesOn } : {}) };
	if (conversion === undefined) return { ...own, parcels };
	const { account, sides, into } = conversion;
	const other = { ...sides, pays: sides.gets, paid: sides.got, gets: sides.pays, got: sides.paid };
	return { ...own, parcels: into, conversion: { account, sides: other, into: parcels } };
}
