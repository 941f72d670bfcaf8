import { type AssetId, maxAmount, minAmount, type Position } from "@clew/core";
import { isAgeOrdered, isClaimRule } from "../rules/index.js";
import {
	addEnvelopes,
	capEnvelope,
	type Envelope,
	envelopeOf,
	envelopeOfMark,
	type Frame,
	markedEnvelope,
	type Parcels,
	type SeedLimit,
	UNLIMITED,
} from "./envelope.js";
import { type OpenOrders, openOrderOf } from "./lacks.js";

/**
 * Interval accounting of one ledger whose books lack money. `missing` is what they will still lack from here on, `unread` what nobody read
 * besides: that much clean money more may lie in it now. `held` are bounds of the taint in it; while undefined, the rules' own holdings are
 * exact.
 */
export interface LedgerBounds {
	readonly frame: Frame;
	readonly asset: AssetId;
	missing: bigint;
	unread: bigint;
	held: Envelope | undefined;
	/** The most of its taint, at any time, whose way each of these left open. */
	readonly uncertain: { missing: bigint; unread: bigint };
	readonly open: OpenOrders;
	/** The open order under way. */
	under: OrderSoFar | undefined;
	/**
	 * Blocks in which it held taint in an open order. `gone`: by the placed order it paid before the taint came, and so may have paid of
	 * it; `pays`: it paid in it at all.
	 */
	readonly unordered: Map<number, UnorderedPayments>;
	/** Blocks in which taint came in an open order and nothing left: what leaves later may depend on their order. */
	readonly undecided: Set<number>;
}

interface UnorderedPayments {
	readonly gone: boolean;
	readonly pays: boolean;
}

interface OrderSoFar {
	readonly key: number;
	readonly height: number;
	/** Whether anything leaves in it. */
	readonly pays: boolean;
	/** What has left in it. */
	left: bigint;
	/** The least that was tainted before it and in what came in it, as far as it has gone, by slot. */
	least: readonly bigint[];
	/**
	 * All that any outflow of it may be paid of: what was there before it, missing money too, and all that comes in it. What of it is not
	 * tainted is all the clean money that one outflow can have taken, whatever the order.
	 */
	room: bigint;
}

const NONE: OpenOrders = new Map();

/** Bounds of a ledger whose books lack `missing` in all. */
export function newLedgerBounds(frame: Frame, asset: AssetId, missing: bigint, open = NONE): LedgerBounds {
	const uncertain = { missing: 0n, unread: 0n };
	return {
		frame,
		asset,
		missing,
		unread: 0n,
		held: undefined,
		uncertain,
		open,
		under: undefined,
		unordered: new Map(),
		undecided: new Set(),
	};
}

/** Money that the books do not show and that may lie in a ledger. */
export function unseen({ missing, unread }: Pick<LedgerBounds, "missing" | "unread">): bigint {
	return missing + unread;
}

/** True when the order of payments that came in, with none between them that left, decides what a later one is paid of. */
function dependsOnAge({ rules, origins }: Frame): boolean {
	return rules.some((rule) => isAgeOrdered(rule) || (origins > 1 && !isClaimRule(rule) && rule !== "haircut"));
}

/** The open order that a movement is of, as far as it has gone; `balance` and `exact` are those before the movement. */
function orderAt(bounds: LedgerBounds, at: Position | undefined, balance: bigint, exact: () => Parcels): OrderSoFar | undefined {
	const key = at && openOrderOf(bounds.open, at);
	const open = key === undefined ? undefined : bounds.open.get(key);
	if (at === undefined || key === undefined || open === undefined) return undefined;
	if (open.left === 0n && !dependsOnAge(bounds.frame)) return undefined;
	if (bounds.under?.key !== key) {
		const { least } = bounds.held ?? envelopeOf(bounds.frame, exact());
		bounds.under = {
			key,
			height: at.height,
			pays: open.left > 0n,
			left: open.leftBefore,
			least,
			room: balance + unseen(bounds) + open.came,
		};
	}
	return bounds.under;
}

/** Taint that came in an open order: what by the placed order had left before may have been of it. */
function cameInOrder(bounds: LedgerBounds, order: OrderSoFar, came: Envelope): Envelope {
	const { height, left, pays } = order;
	if (pays) {
		const known = bounds.unordered.get(height)?.gone ?? false;
		bounds.unordered.set(height, { gone: known || (left > 0n && came.most.some((x) => x > 0n)), pays });
	} else bounds.undecided.add(height);
	order.least = order.least.map((x, slot) => x + (came.least[slot] ?? 0n));
	return { least: came.least.map((x) => maxAmount(0n, x - left)), most: came.most };
}

/** True when an arrival must be kept as bounds: something is missing here, or was on its way here. */
function isOpen(bounds: LedgerBounds, parcels: Parcels): boolean {
	return bounds.held !== undefined || unseen(bounds) > 0n || parcels.envelope !== undefined;
}

/**
 * Before an arrival is put into the holdings: from here on bounds are kept. `exact` gives what the rules hold; `balance` is that
 * afterwards.
 */
export function boundArrival(
	bounds: LedgerBounds,
	amount: bigint,
	parcels: Parcels | undefined,
	balance: bigint,
	exact: () => Parcels,
	at: Position | undefined,
): void {
	const order = orderAt(bounds, at, balance - amount, exact);
	if (parcels === undefined || (order === undefined && !isOpen(bounds, parcels))) return;
	const before = bounds.held ?? envelopeOf(bounds.frame, exact());
	const arrived = envelopeOf(bounds.frame, parcels);
	keep(bounds, addEnvelopes(before, order === undefined ? arrived : cameInOrder(bounds, order, arrived)), balance);
}

/**
 * What of an outflow is tainted: at least what clean money cannot have covered, when as much of it as can be is still there; at most what
 * is tainted in it. `balance` is what the known books leave. In a block whose order is open it may have left first of all, after all the
 * clean money of the block and before its taint. Undefined where no bounds are kept.
 */
export function boundOutflow(
	bounds: LedgerBounds,
	amount: bigint,
	balance: bigint,
	exact: () => Parcels,
	at: Position,
): Envelope | undefined {
	const order = orderAt(bounds, at, balance + amount, exact);
	const held = bounds.held ?? (order && envelopeOf(bounds.frame, exact()));
	if (order !== undefined) order.left += amount;
	if (held === undefined || (bounds.held === undefined && held.most.every((most) => most === 0n))) return undefined;
	const room = order === undefined ? balance + unseen(bounds) : order.room - amount;
	const most = held.most.map((x) => minAmount(x, amount));
	const least = (order ?? held).least.map((x, slot) => minAmount(maxAmount(0n, x - room), most[slot] ?? 0n));
	const isLoose = least.some((x, slot) => x < (most[slot] ?? 0n));
	if (isLoose) noteLoose(bounds, order);
	keep(bounds, { least: held.least.map((x, slot) => maxAmount(0n, x - (most[slot] ?? 0n))), most: held.most }, balance);
	// Nothing is left, known or missing: what arrives later is exact again.
	if (room === 0n && order === undefined) {
		bounds.held = undefined;
		bounds.undecided.clear();
	}
	return { least, most };
}

/** What is tainted in an outflow is not exactly known: the orders that may decide it are named. */
function noteLoose({ unordered, undecided }: LedgerBounds, order: OrderSoFar | undefined): void {
	if (order !== undefined && !unordered.has(order.height)) unordered.set(order.height, { gone: false, pays: true });
	for (const height of undecided) if (!unordered.has(height)) unordered.set(height, { gone: false, pays: false });
	undecided.clear();
}

/**
 * Before an outflow that follows on payments nobody read: all that was tainted may have left in them, and any clean money may have come.
 * Nothing at all is known to be tainted in what leaves from here on, and no more than could be before.
 */
export function boundUnread(bounds: LedgerBounds, balance: bigint, exact: () => Parcels): void {
	const { most } = bounds.held ?? envelopeOf(bounds.frame, exact());
	bounds.unread = UNLIMITED;
	if (bounds.under !== undefined) bounds.under.room = UNLIMITED;
	keep(bounds, { least: most.map(() => 0n), most }, balance);
}

/**
 * Backward, before a part of the balance leaves that came in unread: by the placed order it leaves now, else anywhere further back. What of
 * it lies here still is room for clean money, and the rest may have left with taint: together it is the part, whichever is more.
 */
export function boundUntold(bounds: LedgerBounds, amount: bigint, balance: bigint, exact: () => Parcels): void {
	bounds.missing += amount;
	keep(bounds, bounds.held ?? envelopeOf(bounds.frame, exact()), balance);
}

/** Before a seed marks `amounts` by rule of what is clean in the ledger; `within` are their bounds where the rules' own are not exact. */
export function boundMark(
	bounds: LedgerBounds,
	within: Envelope | undefined,
	amounts: readonly bigint[],
	origin: number,
	balance: bigint,
	exact: () => Parcels,
	at: Position,
): void {
	const order = orderAt(bounds, at, balance, exact);
	if (order === undefined && bounds.held === undefined && unseen(bounds) === 0n && within === undefined) return;
	const { frame } = bounds;
	const before = bounds.held ?? envelopeOf(frame, exact());
	const marked = within ?? markedEnvelope(frame, amounts, origin);
	keep(bounds, addEnvelopes(before, order === undefined ? marked : cameInOrder(bounds, order, marked)), balance);
}

/**
 * Marks up to a limit of the clean units of a balance that is at least `low` and at most `high`. Gives the taint afterwards, and what was
 * marked. The sum of all seeds, and a single seed, grow with what was there before; one seed among several gets what the others left.
 */
export function markEnvelope(
	frame: Frame,
	before: Envelope,
	origin: number,
	limit: Pick<SeedLimit, "least" | "most">,
	low: bigint,
	high: bigint,
): { after: Envelope; marked: Envelope } {
	const sum = frame.slots - 1;
	const own = (side: readonly bigint[], slot: number) => side[slot] ?? 0n;
	const markedLeast = maxAmount(0n, minAmount(low - own(before.most, sum), limit.least));
	const markedMost = maxAmount(0n, minAmount(high - own(before.least, origin), limit.most));
	const after = { least: [...before.least], most: [...before.most] };
	after.least[origin] = own(before.least, origin) + markedLeast;
	after.most[origin] = minAmount(high, own(before.most, origin) + markedMost);
	after.least[sum] = maxAmount(own(before.least, sum), minAmount(low, own(before.least, sum) + limit.least));
	after.most[sum] = minAmount(high, own(before.most, sum) + limit.most);
	return { after, marked: envelopeOfMark(frame, origin, markedLeast, markedMost) };
}

function keep(bounds: LedgerBounds, held: Envelope, balance: bigint): void {
	const { frame, asset, missing, unread, uncertain } = bounds;
	bounds.held = capEnvelope(frame, asset, held, balance + unseen(bounds));
	const most = bounds.held.most[frame.slots - 1] ?? 0n;
	uncertain.missing = maxAmount(uncertain.missing, minAmount(missing, most));
	uncertain.unread = maxAmount(uncertain.unread, minAmount(unread, most));
}
