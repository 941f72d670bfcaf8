import {
	type AccountId,
	type AccountProfile,
	type AssetId,
	chainOf,
	formatPosition,
	maxAmount,
	mirrorHeight,
	type Position,
} from "@clew/core";
import { capEnvelope, type Frame, withEnvelope } from "../bounds/envelope.js";
import type { LedgerBounds } from "../bounds/ledger-bounds.js";
import type { Parcels } from "../ledger.js";
import { unreadIn } from "../read-runs.js";
import type { Stop } from "../stops.js";
import { mirrorCoverage, type Shortfalls } from "./mirrored-ledger.js";

/** Backward: money that was there before all that the case tells of it. */
export const THERE_BEFORE: Stop = {
	reason: "unfetched",
	detail: "it was there before the first movement of it that the case holds: where it came from is not in the case",
};

/** Backward: money that came before a payment, and that no source told. */
export const CAME_UNREAD: Stop = {
	reason: "unfetched",
	detail:
		"its books lack what it paid out: this was there before all that the case tells of it, or came to it unread; from where is not in the case",
};

/** Backward: money that was there where the time window begins. `until` is the last mirrored height that was read. */
export function cutOff(until = 0): Stop {
	const first = mirrorHeight(until);
	return { reason: "time-window", detail: `there before block ${first}, the first that was read; it has earlier transfers` };
}

/** A part of what came to an account unread: in the placed order right before the payment that needed it. */
interface UntoldPart {
	readonly amount: bigint;
	/** Mirrored, as all places here. */
	readonly at: Position;
	/** Whose it is in that order. */
	readonly parcels: Parcels;
}

/** What came to one account unread, as its ledger is gone through backward. */
export class UntoldInflows {
	/** Where money first came to it backward, if it moved in that block in an order that no source tells. */
	readonly movedAt: number | undefined;
	/** Places within an exchange under way, at which something came unread. */
	readonly waiting: { readonly asset: AssetId; readonly at: Position }[] = [];
	private readonly lastKnown: ReadonlyMap<AssetId, number>;
	private readonly ahead = new Map<string, bigint>();
	private readonly parts = new Map<AssetId, UntoldPart[]>();

	constructor(shortfalls: Shortfalls, movedAt: number | undefined, lastKnown: ReadonlyMap<AssetId, number>) {
		this.movedAt = movedAt;
		this.lastKnown = lastKnown;
		for (const [asset, list] of shortfalls) for (const { at, amount } of list) this.ahead.set(`${asset} ${formatPosition(at)}`, amount);
	}

	/**
	 * Up to which mirrored height an account's inflows count as read from one on. What came to it at a time that nobody read may have been
	 * there all along, so that it is all or nothing: from here back to where it is known what it had, or below here.
	 */
	readTo({ coverage }: AccountProfile, asset: AssetId, height: number, account: AccountId): number {
		const known = this.lastKnown.get(asset);
		const real = mirrorHeight(height);
		if (known === undefined || known >= real) return height - 1;
		// Whoever pays by a key is paid by calls, too.
		const unread = unreadIn(coverage.map(mirrorCoverage), chainOf(account), asset, { from: known + 1, to: real });
		return unread.length === 0 ? mirrorHeight(known + 1) : height - 1;
	}

	/** What the books lack of an asset for the payment at a place; base units. */
	at(asset: AssetId, at: Position): bigint {
		return this.ahead.size === 0 ? 0n : (this.ahead.get(`${asset} ${formatPosition(at)}`) ?? 0n);
	}

	/** Notes a part that was gone past. */
	left(asset: AssetId, part: UntoldPart): void {
		this.parts.set(asset, [...this.of(asset), part]);
	}

	/** The parts of an asset that were gone past. */
	of(asset: AssetId): readonly UntoldPart[] {
		return this.parts.get(asset) ?? [];
	}
}

/** What is held before all that is known, less what came unread by the bounds, which may be as much of it. */
export function lessUntold(held: Parcels, bounds: LedgerBounds | undefined): Parcels {
	const { envelope } = held;
	if (envelope === undefined || bounds === undefined) return held;
	return withEnvelope([...held], { least: envelope.least.map((x) => maxAmount(0n, x - bounds.missing)), most: envelope.most });
}

/** Nothing at least of what came unread is asked about, and at most all of it. */
export function upTo(frame: Frame, asset: AssetId, amount: bigint) {
	const side = (value: bigint) => Array.from({ length: frame.slots }, () => value);
	return capEnvelope(frame, asset, { least: side(0n), most: side(amount) });
}
