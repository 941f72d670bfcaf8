import {
	type AssetId,
	comparePositions,
	countedAssets,
	defang,
	defangLong,
	InputError,
	isNative,
	namesInWords,
	parsePosition,
	quote,
	rangeOfLeaves,
	rangeOfRows,
	rulesLacking,
	standingInWords,
	type TraceEdge,
	type TraceLeaf,
	type TraceResult,
} from "@clew/core";
import { type Custodian, custodians, pointKey, rowsByPoint } from "../bundle/leaf-groups.js";
import { notAsSeen } from "../verify/encoding/plain-name.js";
import type { Desk } from "./desks.js";
import { deskBeside, type Recipient } from "./recipients.js";

/** What one recipient is asked about: end points with the rows that lead there. */
export interface FreezeRequest {
	readonly kind: "custodian" | "issuer";
	/** As the label or the registry names it. */
	readonly entity: string;
	readonly recipient: Recipient | undefined;
	/** How who is asked takes requests by its own page, where the registry does not name them. */
	readonly desk?: Desk | undefined;
	/** What every conserving rule agrees on, of each of them or of them together: what is asked for. */
	readonly points: readonly RequestPoint[];
	/** End points on which the rules agree on nothing: only where they were asked for, and never a reason to freeze. */
	readonly leads: readonly RequestPoint[];
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

/** What requests are made for. */
export interface RequestOptions {
	/** Only this custodian or issuer. */
	readonly only?: string | undefined;
	/** Also end points on which the conserving rules agree on nothing. */
	readonly includeLeads?: boolean;
	/**
	 * Also tokens of which a node said, when the trace was compared with it, that less is there than every rule agrees came: for requests
	 * that say what is there now.
	 */
	readonly contradicted?: boolean;
}

type Group = FreezeRequest & { readonly points: RequestPoint[]; readonly leads: RequestPoint[] };

/**
 * One request a custodian (by the labels of end points) and one a token issuer, about what every conserving rule agrees on. What the
 * rules do not agree on is left out unless leads are included, and what only poison reaches always, and where the only label had ended, or
 * may have, when the money came; tokens that do not count as money are left out unless the registry names their issuer, and tokens of
 * which a node said that less is there than that, unless contradicted ones are included. All of it is said. With `only` exactly that
 * entity's request, or an InputError that says why there can be none. Throws InputError for a trace that lacks rules.
 */
export function planRequests(
	result: TraceResult,
	recipients: readonly Recipient[],
	{ only, includeLeads = false, contradicted = false }: RequestOptions = {},
): RequestPlan {
	const lacking = rulesLacking(result);
	if (lacking.length > 0)
		throw new InputError(`the trace was run without ${lacking.join(", ")}: what the other rules agree on is not agreed by all`, {
			code: "USAGE",
			hint: "Run clew trace again with --rule all, and make the requests from that trace.",
		});
	// Rows that only poison taints are no facts of a request.
	const rows = rowsByPoint(result.edges.filter(isTainted));
	const counted = new Set([...countedAssets(result), ...recipients.flatMap(({ issued }) => issued)]);
	const custodianOf = custodians(result);
	const groups = new Map<string, Group>();
	const leftOut: string[] = [];
	const tokens = new Set<string>();
	const others = new Set<string>();
	for (const leaf of result.leaves) {
		for (const asset of Object.keys(leaf.amounts)) {
			const custodian = custodianOf(leaf);
			const target = targetOf(leaf, asset, recipients, custodian);
			if (!counted.has(asset)) {
				others.add(asset);
				continue;
			}
			if (custodian?.named === false) leftOut.push(notNamed(leaf, custodian));
			if (target === undefined) {
				if (canBeFrozen(leaf, asset)) tokens.add(asset);
				continue;
			}
			const wrong = notAsSeen(target.entity);
			if (wrong !== undefined) {
				leftOut.push(`${target.entity}: ${leaf.account}: the name ${wrong}; it names nobody to ask`);
				continue;
			}
			if (BigInt(leaf.range[1]) === 0n) {
				leftOut.push(`${target.entity}: ${leaf.account}: only poison reaches it, which supports no request`);
				continue;
			}
			const lower = target.kind === "issuer" && !contradicted ? lowerAtNode(result, leaf, asset) : undefined;
			if (lower !== undefined) {
				leftOut.push(`${target.entity}: ${leaf.account}: ${lower}`);
				continue;
			}
			const key = `${target.kind} ${target.entity.toLowerCase()}`;
			const group = groups.get(key) ?? { ...target, points: [], leads: [] };
			(BigInt(leaf.agreed) === 0n ? group.leads : group.points).push({
				leaf,
				asset,
				rows: (rows.get(pointKey(leaf.account, asset)) ?? []).filter(bringsTo(leaf)),
			});
			groups.set(key, group);
		}
	}
	for (const token of tokens) leftOut.push(`${token}: nobody in your registry of recipients issues this token`);
	if (others.size > 0) leftOut.push(`other tokens, not counted: ${others.size} contracts that nobody chose and nobody knows`);
	const requests = [...groups.values()].map(withTogether).flatMap((request): FreezeRequest[] => {
		if (includeLeads || request.leads.length === 0) return [request];
		for (const { leaf } of request.leads)
			leftOut.push(`${request.entity}: ${leaf.account}: the rules agree on nothing there; --include-leads adds it as a lead`);
		return request.points.length === 0 ? [] : [{ ...request, leads: [] }];
	});
	return chosen(requests, leftOut, only, () => disputedAt(result, only ?? ""));
}

/**
 * Where all end points of one asset together hold more, by every rule, than those that each rule finds something at, all of them are asked
 * about: the rules differ in which of them has it, and in nothing else.
 */
function withTogether(group: FreezeRequest): FreezeRequest {
	const { points, leads } = group;
	const all = [...points, ...leads];
	const assets = [...new Set(leads.map(({ asset }) => asset))];
	const more = new Set(assets.filter((asset) => agreedOf(all, asset) > agreedOf(points, asset)));
	const isMore = ({ asset }: RequestPoint) => more.has(asset);
	return { ...group, points: [...points, ...leads.filter(isMore)], leads: leads.filter((lead) => !isMore(lead)) };
}

/** What every conserving rule agrees on over some end points together, in base units of an asset. */
export function agreedOf(points: readonly RequestPoint[], asset: string): bigint {
	const own = points.filter((point) => point.asset === asset).map(({ leaf }) => leaf);
	return rangeOfLeaves(own, asset)?.least ?? 0n;
}

/** End points about which lists disagree and which one of them calls so, each with how it is called and whom the request is made to. */
function disputedAt(result: TraceResult, name: string): readonly string[] {
	const custodianOf = custodians(result);
	return result.leaves.flatMap((leaf) => {
		const custodian = custodianOf(leaf);
		if (!custodian?.named || !custodian.against.some(({ entity }) => entity.toLowerCase() === name.toLowerCase())) return [];
		const { label, against } = custodian;
		return [`${leaf.account} is called ${namesInWords(label, against)}, and its request is that for ${label.entity}`];
	});
}

function chosen(
	requests: readonly FreezeRequest[],
	leftOut: readonly string[],
	only: string | undefined,
	disputed: () => readonly string[],
): RequestPlan {
	if (only === undefined) return { requests, leftOut };
	const wanted = requests.filter(({ entity, recipient }) =>
		[entity, recipient?.entity, recipient?.name].some((name) => name?.toLowerCase() === only.toLowerCase()),
	);
	if (wanted.length > 0) return { requests: wanted, leftOut };
	const [named] = disputed();
	if (named !== undefined)
		throw new InputError(`lists disagree on what is at ${quote(only)}: ${defangLong(named)}`, {
			code: "USAGE",
			hint: "Give --for the name of that request, whose packet says where lists disagree.",
		});
	const why = leftOut.find((text) => text.toLowerCase().startsWith(`${only.toLowerCase()}:`));
	throw new InputError(why === undefined ? `no end point of this trace is at ${quote(only)}` : `no request can be made: ${why}`, {
		code: "USAGE",
		hint:
			requests.length === 0
				? "No end point that every rule agrees on is at a labelled custodian or in a token."
				: `There are requests for ${requests.map(({ entity }) => defang(entity)).join(", ")}.`,
	});
}

/** Who can act on an end point: the custodian that holds it, else the issuer of the token. A mere lead never counts: only labels do. */
function targetOf(
	leaf: TraceLeaf,
	asset: string,
	recipients: readonly Recipient[],
	custodian: Custodian | undefined,
): Omit<FreezeRequest, "points" | "leads"> | undefined {
	if (custodian?.named) {
		const { label } = custodian;
		const recipient = recipients.find(({ entity }) => entity.toLowerCase() === label.entity.toLowerCase());
		return { kind: "custodian", entity: label.entity, recipient, desk: recipient?.desk ?? deskBeside(recipients, label.entity) };
	}
	if (!canBeFrozen(leaf, asset)) return undefined;
	const recipient = recipients.find(({ issued }) => (issued as readonly string[]).includes(asset));
	return recipient === undefined ? undefined : { kind: "issuer", entity: recipient.entity, recipient, desk: recipient.desk };
}

/** A row that came while money came to this end point: an account may have had other labels before or after, and end points by those. */
function bringsTo({ stop, arrivals }: TraceLeaf): (edge: TraceEdge) => boolean {
	if (stop.reason !== "service" || arrivals.count === 0) return () => true;
	const [first, last] = [parsePosition(arrivals.first), parsePosition(arrivals.last)];
	return ({ position, from, to, outpoint }) => {
		const at = parsePosition(position);
		const brings = from !== to || outpoint !== undefined;
		return brings && comparePositions(first, at) <= 0 && comparePositions(at, last) <= 0;
	};
}

/** Why the label of a service at an end point names nobody to ask. */
function notNamed({ account }: TraceLeaf, { label, standing }: Custodian): string {
	return `${label.entity}: ${account}: ${standingInWords(label, standing)}; it names nobody to ask`;
}

/** That a node said, when the trace was compared with it, that less of an asset is there than is agreed, in words; else undefined. */
function lowerAtNode({ coverage: { gaps } }: TraceResult, { account, agreed }: TraceLeaf, asset: string): string | undefined {
	const gap = gaps.find(
		({ kind, balance, ...of }) =>
			kind === "balance-differs" &&
			of.account === account &&
			of.asset === asset &&
			balance !== undefined &&
			BigInt(balance) < BigInt(agreed),
	);
	if (gap === undefined) return undefined;
	const { balance, toHeight } = gap;
	return `${agreed} base units of ${asset} came there by every rule, and the node said at block ${toHeight} that ${balance} are there: --rpc writes a request that says what is there now`;
}

/** A token that still lies at an address of somebody's own. */
function canBeFrozen(leaf: TraceLeaf, asset: string): boolean {
	return !isNative(asset as AssetId) && HELD.has(leaf.stop.reason) && leaf.range[1] !== "0";
}

function isTainted(edge: TraceEdge): boolean {
	return (rangeOfRows([edge.into ?? edge])?.most ?? 0n) > 0n;
}
