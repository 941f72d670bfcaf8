import { type AccountId, type ChainId, type LedgerReader, startOf } from "@clew/core";
import { CAME_UNREAD, cutOff, lessUntold, THERE_BEFORE, type UntoldInflows, upTo } from "./backward/untold-inflows.js";
import type { Books } from "./books.js";
import { envelopeOf, type Frame, withEnvelope } from "./bounds/envelope.js";
import type { FollowedAccount } from "./followed-accounts.js";
import { heldStop, unspentAt } from "./held.js";
import { hasTaint, heldParcels, type Ledger, oneMore, type Parcels } from "./ledger.js";
import type { Stop } from "./stops.js";
import type { UnorderedBlock } from "./sweep-options.js";

/** What accounts hold when a sweep has ended, as its books note it. */
export class HeldAtEnd {
	/** Fees that are told in part alone may have taken some of it. */
	missing = false;
	private readonly source: LedgerReader;
	private readonly chain: ChainId;
	private readonly books: Books;
	private readonly frame: Frame | undefined;
	private readonly until: number | undefined;

	/** `until` is the last height that was read; `frame` is there where bounds are kept. */
	constructor(source: LedgerReader, chain: ChainId, books: Books, frame: Frame | undefined, until: number | undefined) {
		this.source = source;
		this.chain = chain;
		this.books = books;
		this.frame = frame;
		this.until = until;
	}

	async collect(state: FollowedAccount): Promise<void> {
		await (state.untold === undefined ? this.collectHeld(state) : this.collectBefore(state, state.untold));
	}

	private async collectHeld({ account, profile, since, ledgers }: FollowedAccount): Promise<void> {
		const { until } = this;
		let later: boolean | undefined;
		for (const ledger of ledgers.values()) {
			const { asset, bounds, arrivals } = ledger;
			if (bounds !== undefined) this.books.leaveOpen(account, asset, bounds.uncertain);
			const parcels = this.lessFees(account, ledger, heldParcels(ledger));
			if (!hasTaint(parcels)) continue;
			later ??= await this.hasLater(account);
			const came = arrivals ?? oneMore(undefined, since);
			const known = heldStop(this.chain, asset, profile.coverage, came, until, ledger);
			// Where its data ends before the window does, nobody knows that it was still there when the window ended.
			const stop: Stop =
				later && unspentAt(known) === until ? { reason: "time-window", detail: `held at height ${until}; it has later transfers` } : known;
			this.books.hold(account, asset, stop, parcels, came, stop.reason === "unfetched" ? "stopped" : "held");
		}
	}

	/** Backward: what an account had before all that was read of it, and what came to it unread. */
	private async collectBefore({ account, since, ledgers }: FollowedAccount, untold: UntoldInflows): Promise<void> {
		for (const ledger of ledgers.values()) {
			const { asset, bounds, arrivals, touched } = ledger;
			if (bounds !== undefined) this.books.leaveOpen(account, asset, bounds.uncertain);
			const came = arrivals ?? oneMore(undefined, since);
			const held = heldParcels(ledger);
			const parts = touched ? untold.of(asset) : [];
			this.missing ||= parts.length > 0;
			const cut = hasTaint(held) && (await this.hasLater(account));
			const there = cut && parts.length > 0 ? lessUntold(held, bounds) : held;
			const stop = cut ? cutOff(this.until) : parts.length > 0 ? CAME_UNREAD : THERE_BEFORE;
			if (hasTaint(there)) this.books.hold(account, asset, stop, there, came, cut ? "held" : "stopped");
			for (const { amount, at, parcels } of parts) {
				const own = this.frame === undefined ? parcels : withEnvelope([...parcels], upTo(this.frame, asset, cut ? amount : 0n));
				if (!hasTaint(own)) continue;
				this.books.stop(account, asset, CAME_UNREAD, own, at);
				// What was there where the window begins may be as much of it.
				if (cut && this.frame !== undefined)
					this.books.leaveOpen(account, asset, { missing: envelopeOf(this.frame, own).most[this.frame.slots - 1] ?? 0n });
			}
		}
	}

	/** What an account holds by its books, of which fees that are told in part may have taken all. */
	private lessFees(account: AccountId, { asset, feesInPart, moved }: Ledger, held: Parcels): Parcels {
		if (feesInPart === undefined || !hasTaint(held)) return held;
		const { frame } = this;
		this.missing = true;
		this.books.paidInPart(account, asset, feesInPart, Math.max(feesInPart, moved?.height ?? 0));
		if (frame === undefined) return held;
		const { least, most } = envelopeOf(frame, held);
		this.books.leaveOpen(account, asset, { unread: most[frame.slots - 1] ?? 0n });
		return withEnvelope(held, { least: least.map(() => 0n), most });
	}

	/** True when the time window hides transfers of an account. */
	private async hasLater(account: AccountId): Promise<boolean> {
		const { until } = this;
		return until !== undefined && (await this.source.ledger(account, startOf(until + 1), 1)).length > 0;
	}
}

/** Blocks in which an account held taint and moved it in several transactions, whose order no source tells and decides what is tainted. */
export function unorderedOf({ account, ledgers }: FollowedAccount): UnorderedBlock[] {
	return [...ledgers.values()].flatMap(({ asset, bounds }) =>
		[...(bounds?.unordered ?? [])].map(([height, payments]) => ({ account, asset, height, ...payments })),
	);
}
