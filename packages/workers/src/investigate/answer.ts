import {
	type AccountId,
	type AssetId,
	countedOf,
	freezableToken,
	groupBy,
	isNative,
	lastBrought,
	maxAmount,
	minAmount,
	mostTogether,
	namesInWords,
	openingsUnder,
	rangeOfLeaves,
	type StopReason,
	type Sum,
	type TraceLeaf,
	type TraceResult,
	takenOf,
} from "@clew/core";
import { type FreezeRequest, leafNamings, planRequests, publishedChannel, type Recipient } from "@clew/evidence";
import type { OpenWhy } from "../follow/follow.js";
import type { UntoldKinds } from "../follow/history-gaps.js";
import { type AtHead, type ToldByNode, toldByNode } from "./at-head.js";
import { type Given, pointOf } from "./given.js";
import { type OpenKind, openKinds } from "./open-kinds.js";
import { feesOf } from "./sums.js";
import type { Unlooked, Untold } from "./unlooked.js";

/**
 * What can be done about an end point. `freeze`: who can stop it is known, every rule agrees that money is there, and of what only the
 * issuer of a token can stop, either its account was read to the end or the node says that so much is there; `records`: it went into or
 * through somebody who keeps records, or mixes; `held`: read to the end, and nobody spent it; `unread`: where it is by now nobody looked,
 * or it is not there any more by the node's word; `gone`: burned.
 */
export const PLACE_GROUPS = ["freeze", "records", "held", "unread", "gone"] as const;
export type PlaceGroup = (typeof PLACE_GROUPS)[number];

/**
 * Why an account was not read on: a bound of the follow, or what was missing for it. `left`: the node says that it holds less than its
 * books do, so that it paid by a way that was not read.
 */
export type UnreadWhy = OpenWhy | "no node" | "stopped" | "calls" | "left" | "receiver" | "choice";

/** Where money is: one end point, or all of one service, with one asset. */
export interface Place extends Sum {
	readonly accounts: readonly AccountId[];
	/** The entity in words, by labels: hostile text; empty where nobody named it. */
	readonly whose: string;
	/** What is agreed of each end point here, in base units, and where money last came to it (`lastBrought`). */
	readonly came: readonly { readonly amount: bigint; readonly last: string }[];
	readonly reason: StopReason;
	readonly detail: string;
	/** Who can stop it. `by`: by which function of the token's contract an issuer does. */
	readonly stop?: { readonly kind: FreezeRequest["kind"]; readonly entity: string; readonly channel: string; readonly by?: string };
	/**
	 * Set where its own history was not read to the end, so that the money may have moved on. What can be frozen is then no more than what
	 * the node says is there.
	 */
	readonly unread?: UnreadWhy;
	readonly atHead: AtHead;
	/** Set where the money was given in somebody's exchange: `accounts` is to whom, who keeps the records, and not who gave it. */
	readonly given?: Given & { readonly by: AccountId };
	/**
	 * Set where `agreed` and `most` are so only if these accounts had no coins before their histories were read, which nobody read: they were
	 * paid of the money, and paid on.
	 */
	readonly restsOn?: readonly AccountId[];
	/** Whether the issuer has frozen it; `not known` where no node told, absent where the asset cannot be frozen. */
	readonly frozen?: "yes" | "no" | "not known";
}

/** What is known of where the money is, in the order in which to act. */
export interface Answer {
	readonly trace: string;
	readonly chain: string;
	readonly seeds: readonly string[];
	/** What the seeds marked. */
	readonly taken: readonly Sum[];
	readonly groups: Readonly<Record<PlaceGroup, readonly Place[]>>;
	/** Of each group all of it together, by asset: rules that put money here or there agree on more of the whole than of the parts. */
	readonly sums: Readonly<Record<PlaceGroup, readonly Sum[]>>;
	/** What of seeded accounts was not looked at: of it nothing is known to have moved, and nothing that it did not. */
	readonly unlooked: readonly (Unlooked & { readonly unread: UnreadWhy })[];
	/** What went into fees. */
	readonly fees: readonly Sum[];
	/** One line about tokens that nobody named as money. */
	readonly others: string | undefined;
	/** Gaps that leave amounts or end points open, each kind once, the most frequent first. */
	readonly open: readonly OpenKind[];
	/** What no history of accounts can tell, in words, and is so of every follow: it keeps no answer from being complete. */
	readonly remarks: readonly string[];
	/**
	 * True only where a node was asked up to its head and bore out every end point, every account was read to the end, and nothing is open.
	 */
	readonly complete: boolean;
}

/** What the answer is made from besides the trace. */
export interface Asked {
	readonly recipients: readonly Recipient[];
	/** Accounts that a follow left open; undefined where no node was asked. */
	readonly open: readonly { readonly account: AccountId; readonly why: OpenWhy }[] | undefined;
	/** Why the follow ended before its time, in words; undefined where it did not. */
	readonly stopped?: string | undefined;
	/** True where the node's newest block is older than the chain's pace lets expect: what happened since, nobody looked. */
	readonly late?: boolean;
	/** What the case does not hold of seeds and end points; without it nothing is said of why. */
	readonly untold?: Untold;
	/** Where end points' own accounts gave the money in an exchange; without it they are shown at who gave it. */
	readonly given?: ReadonlyMap<string, Given>;
	/** Whether tokens are frozen, by `account asset`, where a node told. */
	readonly frozen: ReadonlyMap<string, boolean>;
}

const RECORDS: ReadonlySet<StopReason> = new Set(["service", "mixer", "bridge", "swap", "entry-point"]);
const UNREAD: Partial<Record<StopReason, UnreadWhy>> = {
	unfetched: "stopped",
	"contract-unknown": "calls",
	budget: "choice",
	dust: "choice",
	"time-window": "choice",
	"unknown-receiver": "receiver",
};
/**
 * The decision from a trace: pure, in the order of its end points, which is "freeze first". Throws InputError for a trace without all
 * rules.
 */
export function answerOf(whole: TraceResult, asked: Asked): Answer {
	const { counted: result, others } = countedOf(whole);
	const requests = planRequests(whole, asked.recipients, { includeLeads: true, contradicted: true }).requests;
	const stops = new Map(requests.flatMap((request) => request.points.map((point) => [pointOf(point.leaf, point.asset), request] as const)));
	const namingOf = leafNamings(result);
	const told = toldByNode(whole, asked.open !== undefined && asked.stopped === undefined);
	const placed = result.leaves.flatMap((leaf) =>
		Object.keys(leaf.amounts).flatMap((asset): Placed[] => {
			if (leaf.range[1] === "0") return [];
			const request = stops.get(pointOf(leaf, asset));
			const naming = namingOf(leaf);
			const whose = naming === undefined ? "" : namesInWords(naming.label, naming.against);
			return partsOf({ leaf, asset, whose, request }, told);
		}),
	);
	const lastOf = lastBrought(whole);
	const under = openingsUnder(whole);
	const groups = byGroup((group) =>
		placesOf(
			placed.filter((one) => one.group === group),
			told,
			asked,
			lastOf,
			under,
		),
	);
	const sums = byGroup((group) => sumsOf(placed.filter((one) => one.group === group)).map((sum) => cappedBy(whole, sum)));
	const [open, remarks] = openKinds(whole, RECORDS);
	const isOpen = ({ unread, frozen, atHead, reason }: Place) =>
		unread !== undefined || frozen === "not known" || (atHead !== "as traced" && !RECORDS.has(reason));
	const unlooked = (asked.untold?.seeds ?? []).map((one) => ({ ...one, unread: missingWhy(one.account, [one], asked) }));
	const openPlace = PLACE_GROUPS.some((group) => groups[group].some(isOpen));
	return {
		trace: whole.id,
		chain: whole.chain,
		seeds: whole.seeds.map(({ spec }) => spec),
		taken: takenOf(result),
		groups,
		sums,
		unlooked,
		fees: feesOf(result),
		others,
		open,
		remarks,
		complete:
			(asked.untold?.calls ?? []).length === 0 &&
			!asked.late &&
			asked.open !== undefined &&
			asked.stopped === undefined &&
			!openPlace &&
			unlooked.length === 0 &&
			open.length === 0,
	};
}

interface Placed {
	readonly leaf: TraceLeaf;
	readonly asset: string;
	readonly whose: string;
	readonly request: FreezeRequest | undefined;
	/** True where the node says that less is there than the books hold. */
	readonly left: boolean;
	/** Set where this is not all of the end point. */
	readonly part?: Omit<Sum, "asset">;
	readonly group: PlaceGroup;
}

/**
 * An end point in the groups that it belongs to. What only an issuer can stop has to be there: where the node says that less is, it is so
 * much at most, and the rest left by a way that was not read; where nobody read on and no node was asked, nobody knows whether it is.
 */
function partsOf(one: Pick<Placed, "leaf" | "asset" | "whose" | "request">, told: ToldByNode): Placed[] {
	const { leaf, asset, request } = one;
	const left = told.hasLeft(leaf, asset);
	if (request?.kind !== "issuer") return [{ ...one, left, group: groupOf(leaf, request, left) }];
	const lower = told.lower(leaf, asset);
	if (lower === undefined) {
		const isKnown = UNREAD[leaf.stop.reason] === undefined || told.atHead(leaf, asset) !== "not asked";
		return [{ ...one, left, group: isKnown ? "freeze" : "unread" }];
	}
	const { agreed, most } = sumOf([one], asset);
	const { there } = lower;
	const rest = { agreed: agreed > there ? agreed - there : 0n, most: minAmount(most, lower.gone ?? most) };
	const stays = { agreed: minAmount(agreed, there), most: minAmount(most, there) };
	const gone: Placed = { ...one, left: true, part: rest, group: "unread" };
	return there === 0n ? [gone] : [{ ...one, left: true, part: stays, group: "freeze" }, gone];
}

function groupOf({ stop: { reason } }: TraceLeaf, request: FreezeRequest | undefined, left: boolean): PlaceGroup {
	if (request !== undefined) return "freeze";
	if (RECORDS.has(reason)) return "records";
	if (reason === "burned") return "gone";
	return reason === "unspent" && !left ? "held" : "unread";
}

function byGroup<T>(make: (group: PlaceGroup) => T): Record<PlaceGroup, T> {
	return Object.fromEntries(PLACE_GROUPS.map((group) => [group, make(group)])) as Record<PlaceGroup, T>;
}

/** End points of one service as one place; every other by itself. */
function placesOf(
	placed: readonly Placed[],
	told: ToldByNode,
	asked: Asked,
	lastOf: ReturnType<typeof lastBrought>,
	under: ReturnType<typeof openingsUnder>,
): Place[] {
	const keyOf = ({ leaf, asset, whose, group, request }: Placed, i: number) =>
		request?.kind === "custodian"
			? `${request.entity.toLowerCase()} ${asset}`
			: group === "records" && whose !== ""
				? `${whose.toLowerCase()} ${asset}`
				: `${leaf.account} ${asset} ${i}`;
	const keys = new Map(placed.map((one, i) => [one, keyOf(one, i)]));
	return [...groupBy(placed, (one) => keys.get(one) ?? "")].map(([, own]): Place => {
		const [{ leaf, asset, whose, request, group }] = own as [Placed, ...Placed[]];
		const { agreed, most } = sumOf(own, asset);
		const unread = own.map((one) => unreadWhy(one.leaf, asked) ?? (one.left ? "left" : undefined)).find((why) => why !== undefined);
		const stop = request && stopOf(request, asset);
		const token = freezableToken(asset as AssetId);
		const restsOn = [...new Set(own.flatMap((one) => under(one.leaf)))];
		const frozen = token && asked.frozen.get(`${leaf.account} ${asset}`);
		const given = group === "records" ? asked.given?.get(pointOf(leaf, asset)) : undefined;
		return {
			accounts: given === undefined ? [...new Set(own.map((one) => one.leaf.account as AccountId))] : [given.paidTo],
			whose: whose === "" && request?.kind === "custodian" ? request.entity : whose,
			asset,
			agreed,
			most,
			came: own.map(({ leaf, part }) => ({ amount: part?.agreed ?? BigInt(leaf.agreed), last: lastOf(leaf) })),
			reason: leaf.stop.reason,
			detail: leaf.stop.detail,
			...(stop === undefined ? {} : { stop }),
			...(unread === undefined ? {} : { unread }),
			...(given === undefined ? {} : { given: { ...given, by: leaf.account as AccountId } }),
			...(restsOn.length === 0 ? {} : { restsOn }),
			atHead: own.map((one) => told.atHead(one.leaf, one.asset)).reduce(worst),
			...(token === undefined ? {} : { frozen: frozen === undefined ? "not known" : frozen ? "yes" : "no" }),
		};
	});
}

function stopOf({ kind, entity, recipient, desk }: FreezeRequest, asset: string): NonNullable<Place["stop"]> {
	const by = kind === "issuer" && !isNative(asset as AssetId) ? freezableToken(asset as AssetId)?.form.freezes : undefined;
	return {
		kind,
		entity: recipient?.name || entity,
		channel: recipient?.channel || (desk === undefined ? "" : publishedChannel(desk)),
		...(by === undefined ? {} : { by }),
	};
}

function unreadWhy({ account, stop: { reason } }: TraceLeaf, asked: Asked): UnreadWhy | undefined {
	const why = UNREAD[reason];
	if (why === "stopped") return missingWhy(account as AccountId, asked.untold?.leaves.get(account as AccountId) ?? [], asked);
	return why === "calls" && asked.open === undefined && asked.stopped === undefined ? "no node" : why;
}

/** Why movements of an account are not in the case: what ended the follow, else what the node could not tell. */
function missingWhy(account: AccountId, untold: readonly UntoldKinds[], { open, stopped }: Asked): UnreadWhy {
	if (open === undefined && stopped === undefined) return "no node";
	const bound = open?.find((one) => one.account === account)?.why;
	if (bound !== undefined && bound !== "no answer") return bound;
	if (stopped !== undefined) return "stopped";
	const callsAlone = untold.length > 0 && untold.every(({ kinds }) => kinds.every((kind) => kind === "internal"));
	return callsAlone ? "calls" : "no answer";
}

const HEADS: readonly AtHead[] = ["differs", "not asked", "as traced"];
const worst = (a: AtHead, b: AtHead): AtHead => HEADS[Math.min(HEADS.indexOf(a), HEADS.indexOf(b))] as AtHead;

function sumOf(placed: readonly Pick<Placed, "leaf" | "part">[], asset: string): Sum {
	const whole = placed.flatMap(({ leaf, part }) => (part === undefined ? [leaf] : []));
	const range = rangeOfLeaves(whole, asset) ?? { least: 0n, most: 0n };
	let { least: agreed, most } = range;
	for (const { part } of placed) {
		agreed += part?.agreed ?? 0n;
		most += part?.most ?? 0n;
	}
	return { asset, agreed, most };
}

/** A sum that is no more than all that was taken. */
function cappedBy(whole: TraceResult, sum: Sum): Sum {
	const most = mostTogether(whole, sum.asset);
	return most === undefined || sum.most <= most ? sum : { ...sum, most: maxAmount(most, sum.agreed) };
}

function sumsOf(placed: readonly Placed[]): Sum[] {
	return [...groupBy(placed, ({ asset }) => asset)].map(([asset, own]) => sumOf(own, asset));
}
