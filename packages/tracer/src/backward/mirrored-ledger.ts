import {
	type AccountId,
	type AccountProfile,
	type AssetId,
	type ChainId,
	type Coverage,
	endOf,
	type LedgerReader,
	MAX_EVENT_INDEX,
	MAX_TX_INDEX,
	mirrorHeight,
	mirrorPosition,
	type Position,
	type Shortfall,
	type Transfer,
	type TransferKind,
} from "@clew/core";
import { lastKnownBalance } from "../balance-gaps.js";

/** What the books of accounts lack, by asset: payments that the known inflows could not cover, at their mirrored places. */
export type Shortfalls = ReadonlyMap<string, readonly Shortfall[]>;

/** A case as it runs back in time: what was paid comes back to who paid it, the last movement first. */
export interface MirroredLedger extends LedgerReader {
	/** What an account paid, up to the last place at which its balances were asked for, that nothing known covers; by asset. */
	shortfallsOf(account: AccountId): Shortfalls;
	/**
	 * The last real height before a mirrored one at whose end it is known what an account, with its mirrored profile, had of an asset; -1
	 * before the first block. An asset of which none is known is left out.
	 */
	lastKnown(account: AccountId, profile: AccountProfile, assets: readonly AssetId[], height: number): Promise<ReadonlyMap<AssetId, number>>;
}

/** Kinds that tell which side stands for nobody, and so turn round; a fee stays one, and comes from nobody. */
const TURNED: Partial<Record<TransferKind, TransferKind>> = { mint: "burn", burn: "mint" };

/** A movement as it runs back in time; mirrored twice it is itself. */
export function mirrorTransfer(t: Transfer): Transfer {
	return { ...t, from: t.to, to: t.from, position: mirrorPosition(t.position), kind: TURNED[t.kind] ?? t.kind };
}

/**
 * A ledger of accounts backward in time: senders and receivers change places, positions are mirrored, and the balance before a place is
 * what is there after it. So a sweep over it finds sources where it finds ends over the ledger itself: `fifo` keeps the order of units,
 * `lifo` pairs them as brackets do, and `haircut` is in proportion both ways, so that each is its own reverse. Events are not mirrored:
 * passages are not gone through backward.
 */
export function mirroredLedger(source: LedgerReader): MirroredLedger {
	const lacking = new Map<AccountId, Shortfalls>();
	const back = (list: readonly Transfer[]) => list.map(mirrorTransfer);
	return {
		...source,
		async ledger(account, from, limit) {
			return back(await source.ledgerBefore(account, behind(from), limit));
		},
		async ledgerBefore(account, before, limit) {
			return back(await source.ledger(account, behind(before), limit));
		},
		async scan(chain, from, limit) {
			return back(await source.scanBefore(chain, behind(from), limit));
		},
		async scanBefore(chain, before, limit) {
			return back(await source.scan(chain, behind(before), limit));
		},
		async balancesBefore(account, before) {
			const balances = await source.balancesBefore(account, behind(before));
			const short = balances.filter(({ shortfall }) => shortfall > 0n);
			const mirrored = ({ at, amount }: Shortfall) => ({ at: mirrorPosition(at), amount });
			if (short.length > 0)
				lacking.set(account, new Map(short.map(({ asset, shortfalls }) => [asset, shortfalls.map(mirrored).reverse()])));
			// What was lacked is ahead now: the balance itself is as the case derives it.
			return balances.map(({ asset, amount }) => ({ asset, amount, shortfall: 0n, shortfalls: [] }));
		},
		shortfallsOf: (account) => lacking.get(account) ?? new Map(),
		async lastKnown(account, profile, assets, height) {
			const { coverage } = mirrorProfile(profile);
			const known = new Map<AssetId, number>();
			for (const asset of assets) {
				const end = await lastKnownBalance(account, asset, coverage, source, mirrorHeight(height));
				if (end !== undefined) known.set(asset, end);
			}
			return known;
		},
		async transaction(chain, hash) {
			return back(await source.transaction(chain, hash)).reverse();
		},
		async derivedEvents(chain, hash) {
			return (await source.derivedEvents(chain, hash)).map((event) => MAX_EVENT_INDEX - event).reverse();
		},
		async transferAt(chain, position) {
			const found = await source.transferAt(chain, mirrorPosition(position));
			return found && mirrorTransfer(found);
		},
		async profile(account, cap) {
			return mirrorProfile(await source.profile(account, cap));
		},
		openingBalance: async () => undefined,
		async header(chain: ChainId, height: number) {
			const header = await source.header(chain, mirrorHeight(height));
			return header && { ...header, height };
		},
	};
}

/** The real place right before which all stand that come at or after a mirrored one. */
function behind({ height, txIndex, eventIndex }: Position): Position {
	const at = { height: mirrorHeight(height), txIndex: MAX_TX_INDEX - txIndex, eventIndex: MAX_EVENT_INDEX - eventIndex };
	// Behind the last mirrored event of a transaction stands nothing of it.
	return at.eventIndex < 0 ? { ...at, eventIndex: 0 } : endOf(at);
}

function mirrorProfile(profile: AccountProfile): AccountProfile {
	return { ...profile, coverage: profile.coverage.map(mirrorCoverage) };
}

/** What was read, at mirrored heights; mirrored twice it is itself. */
export function mirrorCoverage(claim: Coverage): Coverage {
	return { ...claim, fromHeight: mirrorHeight(claim.toHeight), toHeight: mirrorHeight(claim.fromHeight) };
}
