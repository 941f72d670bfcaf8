import {
	type AssetId,
	CUSTODIAL_CATEGORIES,
	defang,
	InputError,
	isNative,
	quote,
	rangeOfRows,
	type TraceEdge,
	type TraceLeaf,
	type TraceResult,
} from "@clew/core";
import { pointKey, rowsByPoint } from "../leaf-groups.js";
import type { Recipient } from "./recipients.js";

/** What one recipient is asked about: end points with the rows that lead there. */
export interface FreezeRequest {
	readonly kind: "custodian" | "issuer";
	/** As the label or the registry names it. */
	readonly entity: string;
	readonly recipient: Recipient | undefined;
	readonly points: readonly RequestPoint[];
}

/** One end point and asset. */
export interface RequestPoint {
	readonly leaf: TraceLeaf;
	readonly asset: string;
	readonly rows: readonly TraceEdge[];
}

/** Stops at which money is still under somebody's own key, so that only who issued the token can freeze it. */
const HELD = new Set(["unspent", "time-window", "unfetched", "budget", "dust"]);

/** What {@link planRequests} left out, and why. */
export interface RequestPlan {
	readonly requests: readonly FreezeRequest[];
	readonly leftOut: readonly string[];
}

/**
 * One request a custodian (by the labels of end points) and one a token issuer. End points that only poison reaches are left out and said; with `only` exactly that
 * entity's request, or an InputError that says why there can be none.
 */
export function planRequests(result: TraceResult, recipients: readonly Recipient[], only?: string): RequestPlan {
	// Rows that only poison taints are no facts of a request.
	const rows = rowsByPoint(result.edges.filter(isTainted));
	const groups = new Map<string, FreezeRequest & { points: RequestPoint[] }>();
	const leftOut: string[] = [];
	const tokens = new Set<string>();
	for (const leaf of result.leaves) {
		for (const asset of Object.keys(leaf.amounts)) {
			const target = targetOf(leaf, asset, recipients);
			if (target === undefined) {
				if (canBeFrozen(leaf, asset)) tokens.add(asset);
				continue;
			}
			if (BigInt(leaf.range[1]) === 0n) {
				leftOut.push(`${target.entity}: ${leaf.account}: only poison reaches it, which supports no request`);
				continue;
			}
			const key = `${target.kind} ${target.entity.toLowerCase()}`;
			const group = groups.get(key) ?? { ...target, points: [] };
			group.points.push({ leaf, asset, rows: rows.get(pointKey(leaf.account, asset)) ?? [] });
			groups.set(key, group);
		}
	}
	for (const token of tokens) leftOut.push(`${token}: nobody in your registry of recipients issues this token`);
	const requests = [...groups.values()];
	if (only === undefined) return { requests, leftOut };
	const wanted = requests.filter(({ entity, recipient }) =>
		[entity, recipient?.entity, recipient?.name].some((name) => name?.toLowerCase() === only.toLowerCase()),
	);
	if (wanted.length > 0) return { requests: wanted, leftOut };
	const poisoned = leftOut.find((text) => text.toLowerCase().startsWith(`${only.toLowerCase()}:`));
	throw new InputError(poisoned === undefined ? `no end point of this trace is at ${quote(only)}` : `no request can be made: ${poisoned}`, {
		code: "USAGE",
		hint:
			requests.length === 0
				? "No end point is at a labelled custodian or in a token."
				: `There are requests for ${requests.map(({ entity }) => defang(entity)).join(", ")}.`,
	});
}

/** Who can act on an end point: the custodian that holds it, else the issuer of the token. A mere lead never counts: only labels do. */
function targetOf(leaf: TraceLeaf, asset: string, recipients: readonly Recipient[]): Omit<FreezeRequest, "points"> | undefined {
	const label = leaf.labels.find(
		({ category, tier }) => tier === "attribution" && (CUSTODIAL_CATEGORIES as ReadonlySet<string>).has(category),
	);
	if (leaf.stop.reason === "service" && label !== undefined) {
		const recipient = recipients.find(({ entity }) => entity.toLowerCase() === label.entity.toLowerCase());
		return { kind: "custodian", entity: label.entity, recipient };
	}
	if (!canBeFrozen(leaf, asset)) return undefined;
	const recipient = recipients.find(({ issued }) => (issued as readonly string[]).includes(asset));
	return recipient === undefined ? undefined : { kind: "issuer", entity: recipient.entity, recipient };
}

/** A token that still lies at an address of somebody's own. */
function canBeFrozen(leaf: TraceLeaf, asset: string): boolean {
	return !isNative(asset as AssetId) && HELD.has(leaf.stop.reason) && leaf.range[1] !== "0";
}

function isTainted(edge: TraceEdge): boolean {
	return (rangeOfRows([edge.into ?? edge])?.most ?? 0n) > 0n;
}
