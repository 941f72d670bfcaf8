import {
	type AccountId,
	type AccountProfile,
	type AssetId,
	addressOf,
	CUSTODIAL_CATEGORIES,
	chainOf,
	type DetectionKind,
	entryPointVersion,
	firstStanding,
	isNative,
	isUnknownAccount,
	knownFamily,
	type Label,
	type LabelCategory,
	type LabelStandingOver,
	mirrorHeight,
	nullAccount,
	privatePool,
	type StopReason,
	standingAt,
	standingInWords,
	type Transfer,
} from "@clew/core";
import { knownBridge } from "./passages/known-contracts.js";
import type { TraceDirection } from "./seeds.js";

/** Why an account is not followed, in a word and in a sentence. */
export interface Stop {
	readonly reason: StopReason;
	readonly detail: string;
	/** How the label stood that stops it; end points that rest on another label, or on one that stood otherwise, are told apart. */
	readonly label?: LabelStandingOver;
	/** Of a contract that nobody read: up to which height the case shows that it paid of the asset afterwards. Not all of it is there. */
	readonly paidTo?: number;
}

/** For an account that the budget keeps outside. */
export const OUTSIDE_BUDGET: Stop = { reason: "budget", detail: "outside the account budget" };

const UNKNOWN_RECEIVER: Stop = {
	reason: "unknown-receiver",
	detail: "no source names who received it; a node, or a file that names the created contract, can",
};

/** Backward: where nobody paid. */
export const MINTED: Stop = {
	reason: "minted",
	detail: "newly made, or given by the protocol: a mint, a block's reward, a withdrawal of stake or the first block",
};

/** True for the account that stands for nobody as a payer. */
export function isNobody(account: AccountId): boolean {
	return account === nullAccount(chainOf(account));
}

/** Thresholds that decide where a trace stops. */
export interface StopParameters {
	/** Labels below this confidence (GraphSense scale, 0 to 100) do not stop a trace. */
	readonly minLabelConfidence: number;
	/** An account with at least this many transfers in the case counts as a service by behaviour alone. */
	readonly serviceTransfers: number;
	/** Structural detections with a lower score do not stop a trace; above 100 none does. */
	readonly minDetectionScore: number;
}

/** GraphSense's scale: 20 is "web crawl"; what is weaker is a guess. */
export const DEFAULT_STOP_PARAMETERS: StopParameters = { minLabelConfidence: 20, serviceTransfers: 10_000, minDetectionScore: 60 };

const CATEGORY_STOPS: Partial<Record<LabelCategory, StopReason>> = { mixing_service: "mixer", bridge: "bridge", defi_dex: "swap" };

/** Which kind of data must have been fetched for an asset's movements to be seen. */
export function assetKind(asset: AssetId): "native" | "token" {
	return isNative(asset) ? "native" : "token";
}

/** What the reasons to stop need to know of an arrival. */
export type Arriving = Pick<Transfer, "position" | "asset">;

/**
 * Decides whether money that arrives at a time (Unix seconds; undefined: unknown) is followed into the account: whose it is, then what of
 * its history is there. Undefined: follow it.
 */
export function stopFor(
	account: AccountId,
	profile: AccountProfile,
	t: Arriving,
	parameters: StopParameters,
	time: number | undefined,
): Stop | undefined {
	return standingStop(account, profile, parameters, time) ?? coverageStop(profile, t);
}

/** Decides by whose the account is alone, at a time. Undefined: follow it. */
export function standingStop(
	account: AccountId,
	profile: AccountProfile,
	parameters: StopParameters,
	time: number | undefined,
): Stop | undefined {
	if (isUnknownAccount(account)) return UNKNOWN_RECEIVER;
	if (knownFamily(chainOf(account))?.burns.includes(addressOf(account)))
		return { reason: "burned", detail: "nobody holds the key of this address" };
	const bridge = knownBridge(account);
	if (bridge !== undefined) return { reason: "bridge", detail: `published contract of ${bridge}` };
	const version = entryPointVersion(account);
	if (version !== undefined) return entryPointStop(version);
	return labelStop(profile.labels, parameters, time) ?? poolStop(account) ?? behaviourStop(profile, parameters);
}

/** A published private pool; a label of it says more, and comes first. */
function poolStop(account: AccountId): Stop | undefined {
	const pool = privatePool(account);
	return pool === undefined ? undefined : { reason: "mixer", detail: `published private pool of ${pool}` };
}

function entryPointStop(version: string): Stop {
	const detail = `published EntryPoint ${version} of ERC-4337: what it is paid is gas, or a deposit for gas that stays its owner's`;
	return { reason: "entry-point", detail };
}

/** Decides by label and behaviour alone, at a time; what was fetched is looked at output by output on Bitcoin. Undefined: follow it. */
export function serviceStop(profile: AccountProfile, parameters: StopParameters, time: number | undefined): Stop | undefined {
	return labelStop(profile.labels, parameters, time) ?? behaviourStop(profile, parameters);
}

function labelStop(labels: readonly Label[], parameters: StopParameters, time: number | undefined): Stop | undefined {
	if (labels.length === 0) return undefined;
	const found = firstStanding(stoppingLabels(labels, parameters), (label) => standingAt(label, time));
	const reason = found && stopOf(found.label);
	if (found === undefined || reason === undefined) return undefined;
	const { label, standing } = found;
	const when = standingInWords(label, standing);
	const said = `labelled ${label.entity} (${label.category}, confidence ${label.confidence})`;
	return { reason, detail: when === "" ? said : `${said}; ${when}`, label: standing };
}

/** The label that would stop money if it had not ended; undefined where none did, or another stops it. */
export function endedLabel(labels: readonly Label[], parameters: StopParameters, time: number | undefined): Label | undefined {
	const [first, ...others] = stoppingLabels(labels, parameters);
	return [first, ...others].every((label) => label !== undefined && standingAt(label, time) === "ended") ? first : undefined;
}

function stoppingLabels(labels: readonly Label[], { minLabelConfidence }: StopParameters): readonly Label[] {
	return labels.filter((label) => label.confidence >= minLabelConfidence && stopOf(label) !== undefined);
}

function stopOf({ category }: Label): StopReason | undefined {
	return CUSTODIAL_CATEGORIES.has(category) ? "service" : CATEGORY_STOPS[category];
}

/** Detections beyond which money is somebody else's. */
const DETECTION_STOPS: Partial<Record<DetectionKind, StopReason>> = {
	"deposit-address": "service",
	"custodial-service": "service",
	"hot-wallet": "service",
	"cold-wallet": "service",
	"mixer-pool": "mixer",
	bridge: "bridge",
	"dex-pool": "swap",
};

function behaviourStop(profile: AccountProfile, { serviceTransfers, minDetectionScore }: StopParameters): Stop | undefined {
	for (const { kind, tier, version, score, counterpart } of profile.detections ?? []) {
		const reason = DETECTION_STOPS[kind];
		if (reason === undefined || tier !== "structural" || score < minDetectionScore) continue;
		const whose = counterpart === undefined ? "" : ` of ${addressOf(counterpart)}`;
		return { reason, detail: `${UNNAMED.behaviour}${kind}${whose} (heuristic version ${version}, score ${score}); nobody labelled it` };
	}
	if (profile.transfers < serviceTransfers) return undefined;
	return { reason: "service", detail: `${UNNAMED.behaviour}at least ${serviceTransfers} transfers in the case; nobody labelled it` };
}

/** How the detail of a stop begins that rests on what was seen to happen, and on nobody's word. */
const UNNAMED = { behaviour: "behaviour alone: ", pattern: "pattern alone: " } as const;

/** A stop that rests on the shape of a transaction alone: `looks` says like what. */
export function patternStop(reason: StopReason, looks: string): Stop {
	return { reason, detail: `${UNNAMED.pattern}${looks}; nobody named it` };
}

/** True for a stop that rests on behaviour or a pattern alone. */
export function nobodyNamed({ detail }: Stop): boolean {
	return Object.values(UNNAMED).some((begin) => detail.startsWith(begin));
}

/** True where movements of every kind of asset at a height are known to be whole: of contracts their calls, too. */
export function isWholeAt({ coverage, isContract }: AccountProfile, height: number): boolean {
	let [native, token, calls] = [false, false, !isContract];
	for (const { kinds, fromHeight, toHeight } of coverage) {
		if (height < fromHeight || toHeight < height) continue;
		native ||= kinds.includes("native");
		token ||= kinds.includes("token");
		calls ||= kinds.includes("internal");
	}
	return native && token && calls;
}

/** Decides by what was fetched of the account at the height of the arrival. Undefined: follow it. */
export function coverageStop(profile: AccountProfile, t: Arriving, direction: TraceDirection = "forward"): Stop | undefined {
	const { height } = t.position;
	const told = direction === "backward" ? mirrorHeight(height) : height;
	const kind = assetKind(t.asset);
	// Asked at every arrival: without lists of what fits.
	let [fetched, partly, calls] = [false, false, false];
	for (const { kinds, fromHeight, toHeight } of profile.coverage) {
		const tells = kinds.includes(kind);
		partly ||= tells;
		if (height < fromHeight || toHeight < height) continue;
		fetched ||= tells;
		calls ||= kinds.includes("internal");
	}
	if (!fetched) {
		// A page that may be cut off lists rows of blocks for which it does not answer.
		return {
			reason: "unfetched",
			detail: `its ${kind} history at height ${told} is not ${partly ? "known to be whole " : ""}in the case`,
		};
	}
	if (profile.isContract && !calls) {
		return { reason: "contract-unknown", detail: "it has code, and its internal calls are not in the case" };
	}
	return undefined;
}
