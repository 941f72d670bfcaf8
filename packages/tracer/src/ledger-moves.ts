import {
	type AssetId,
	chainOf,
	isOrderGuessed,
	isPlaceGuessed,
	type Position,
	type Rule,
	type Transfer,
	tellsFeesInPart,
} from "@clew/core";
import type { UntoldInflows } from "./backward/untold-inflows.js";
import type { Books } from "./books.js";
import { boundUnread, boundUntold } from "./bounds/ledger-bounds.js";
import { type Conversion, isLeg, lackIn } from "./conversion.js";
import { samePlace } from "./cursor.js";
import { type FollowedAccount, ledgerOf } from "./followed-accounts.js";
import {
	cleanParcels,
	hasTaint,
	heldParcels,
	type Ledger,
	oneMore,
	type Parcels,
	passUnread,
	putInto,
	putUnknown,
	takeFrom,
} from "./ledger.js";
import { outflowsReadTo } from "./read-runs.js";
import type { StoppedAt } from "./sweep-options.js";

/** Money in and out of the ledgers of followed accounts, and what is missing there. */
export class LedgerMoves {
	/** The books of an account that held tainted money lack some, or what else it paid was not read. */
	missing = false;
	private readonly rules: readonly Rule[];
	private readonly books: Books;

	constructor(rules: readonly Rule[], books: Books) {
		this.rules = rules;
		this.books = books;
	}

	/** An account pays; undefined when nothing of it is tainted. */
	take(state: FollowedAccount, asset: AssetId, amount: bigint, at: Position): Parcels | undefined {
		const ledger = ledgerOf(state, asset);
		if (state.untold !== undefined && this.movesAgain(ledger, at)) this.loseOrder(ledger, at.height);
		if (ledger.readTo !== undefined && at.height > ledger.readTo) this.passUnread(state, ledger, at.height);
		const { parcels, unknown } = takeFrom(ledger, this.rules, amount, at);
		this.noteMove(ledger, at);
		if (unknown > 0n) this.lack(state, ledger, unknown, at);
		return parcels;
	}

	/** The same of a fee, which may be told in part alone. */
	takeFee(state: FollowedAccount, { asset, amount, position, provenance }: Transfer): Parcels | undefined {
		const ledger = ledgerOf(state, asset);
		if (ledger.holdings !== undefined && ledger.feesInPart === undefined && provenance === "imported")
			if (tellsFeesInPart(state.feeClaims, position.height)) ledger.feesInPart = position.height;
		return this.take(state, asset, amount, position);
	}

	/** Money comes to stay in an account's ledger; undefined parcels are clean. */
	put(state: FollowedAccount, asset: AssetId, amount: bigint, parcels: Parcels | undefined, at: Position): void {
		this.putProceeds(state, asset, amount, parcels, at);
		const { untold, conversion } = state;
		if (untold === undefined) return;
		// What an exchange brings is whole until its last leg, which a seed may mark.
		const last = conversion === undefined || conversion.unordered === true ? undefined : lastLegOf(conversion);
		if (last !== undefined && samePlace(last, at) && at.eventIndex < last.eventIndex) untold.waiting.push({ asset, at });
		else this.leaveUntold(state, untold, asset, at);
	}

	/** The same of what an exchange brings, at its first leg; what is lacked for its legs leaves behind the last. */
	putProceeds(state: FollowedAccount, asset: AssetId, amount: bigint, parcels: Parcels | undefined, at: Position): void {
		const ledger = ledgerOf(state, asset);
		putInto(ledger, this.rules, amount, parcels, at);
		const { untold } = state;
		if (untold !== undefined && (untold.movedAt === at.height || this.movesAgain(ledger, at))) this.loseOrder(ledger, at.height);
		this.noteMove(ledger, at);
		if (parcels !== undefined && hasTaint(parcels)) cameTo(state, ledger, at);
	}

	/**
	 * Backward: what the books lack for a payment came unread, at the latest right before it. In each rule's own amounts it leaves here, as
	 * forward it comes here; by the bounds it leaves here or anywhere further back.
	 */
	private leaveUntold(state: FollowedAccount, untold: UntoldInflows, asset: AssetId, at: Position): void {
		const amount = untold.at(asset, at);
		if (amount === 0n) return;
		const ledger = ledgerOf(state, asset);
		const { bounds } = ledger;
		if (bounds !== undefined) boundUntold(bounds, amount, ledger.balance, () => heldParcels(ledger));
		const before = bounds?.held;
		const { parcels = cleanParcels(this.rules) } = takeFrom(ledger, this.rules, amount, at);
		// By the bounds it is here until the end, or left: either way it ends with this account.
		if (bounds !== undefined) bounds.held = before;
		untold.left(asset, { amount, at, parcels });
		this.lack(state, ledger, amount, at);
	}

	/** The same behind the last leg of an account's exchange, for all its legs and what came between them. */
	leaveLegs(state: FollowedAccount, t: Transfer): void {
		const { untold, conversion } = state;
		if (untold === undefined || !isLeg(conversion, t) || lastLegOf(conversion)?.eventIndex !== t.position.eventIndex) return;
		for (const { asset, position } of conversion.legs) this.leaveUntold(state, untold, asset, position);
		for (const { asset, at } of untold.waiting.splice(0)) this.leaveUntold(state, untold, asset, at);
	}

	private movesAgain({ moved, loose }: Ledger, at: Position): boolean {
		return moved?.height === at.height && (loose === at.height || isOrderGuessed(at));
	}

	/** Backward: it moves in a block in an order that no source tells: which of it came of what is not known. */
	private loseOrder(ledger: Ledger, height: number): void {
		const { bounds } = ledger;
		if (bounds === undefined || ledger.holdings === undefined) return;
		boundUnread(bounds, ledger.balance, () => heldParcels(ledger));
		bounds.unordered.set(height, { gone: false, pays: true });
	}

	/** What an account lacks of an asset to pay the legs of its exchange one by one was there all the same. */
	payLegs(state: FollowedAccount, sides: Conversion, asset: AssetId, at: Position): void {
		const ledger = ledgerOf(state, asset);
		const lack = lackIn(sides, state.account, asset, ledger.balance);
		if (lack === 0n) return;
		putUnknown(ledger, this.rules, lack);
		this.lack(state, ledger, lack, at);
	}

	/**
	 * Movements of a block, or of one transaction, moved a ledger that holds taint now or held some, and no source tells the order of all of
	 * them: what the placed order has before the taint may have come after it.
	 */
	private noteMove(ledger: Ledger, at: Position): void {
		const { moved, touched } = ledger;
		ledger.moved = at;
		if (at.untold === true || isPlaceGuessed(at)) ledger.loose = at.height;
		this.missing ||= touched && moved?.height === at.height && ledger.loose === at.height;
	}

	/** The account pays at a height before which it may have paid unread. */
	private passUnread({ account }: FollowedAccount, ledger: Ledger, height: number): void {
		passUnread(ledger);
		this.books.paidUnread(account, ledger.asset, (ledger.paidUnread ?? height) + 1, height);
		this.missing = true;
	}

	/** What stops at a contract that nobody read and that paid later: none of it is known to be there. */
	mayBeGone({ account, asset, at }: Pick<StoppedAt, "account" | "asset" | "at">, paidTo: number, parcels: Parcels): Parcels {
		this.missing = true;
		return this.books.stopUnread(account, asset, { from: at.height, to: paidTo }, parcels);
	}

	/** Writes down what the books of an account lack. */
	private lack(state: FollowedAccount, ledger: Ledger, amount: bigint, at: Position): void {
		this.books.lack(state.account, ledger.asset, amount, at);
		this.missing ||= ledger.touched;
	}
}

/** Where the last leg of an exchange stands that moves something. */
function lastLegOf({ legs }: Conversion): Position | undefined {
	return legs.findLast(({ amount }) => amount > 0n)?.position;
}

/** A movement brought tainted money into a ledger. */
export function cameTo(state: FollowedAccount, ledger: Ledger, at: Position): void {
	ledger.arrivals = oneMore(ledger.arrivals, at);
	const { profile, account, untold } = state;
	ledger.readTo ??=
		untold === undefined
			? outflowsReadTo(profile, chainOf(account), ledger.asset, at.height)
			: untold.readTo(profile, ledger.asset, at.height, account);
	state.followed = true;
}
