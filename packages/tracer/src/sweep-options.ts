import type { AccountId, AccountProfile, AssetId, FeeConvention, Position, Rule, StopReason, TraceGap, Transfer } from "@clew/core";
import type { MirroredLedger } from "./backward/mirrored-ledger.js";
import type { AssetSums, LeafTally, Seeding, UnknownFunds, UnreadOutflows } from "./books.js";
import type { Frame } from "./bounds/envelope.js";
import type { Conversion } from "./conversion.js";
import type { PassedLabel } from "./dated-labels.js";
import type { OpeningShortfall } from "./followed-accounts.js";
import type { Parcels } from "./ledger.js";
import type { CoinJoinParameters } from "./patterns/coinjoin.js";
import type { StopParameters } from "./stops.js";

/** A tainted movement. For a conversion, `into` is the other side; the transfer is the first leg of the transaction. */
export interface SweepEdge {
	readonly transfer: Transfer;
	readonly parcels: Parcels;
	readonly conversion?: { readonly account: AccountId; readonly sides: Conversion; readonly into: Parcels };
	/** Set where the money is known to go on in a ledger of its receiver's, or is a fee: then nobody looks for it elsewhere. */
	readonly goesOn?: true;
}

/**
 * Money that was not followed on. `arrival`: it stays with who received it; `proceeds`: with who got it in an exchange; `marked`: with whom
 * a `tx:` seed marked it; `given`: with who gave it in somebody else's exchange.
 */
export interface StoppedAt {
	readonly what: "arrival" | "proceeds" | "marked" | "given";
	readonly account: AccountId;
	readonly asset: AssetId;
	readonly reason: StopReason;
	readonly at: Position;
	/** Of what a seed marked: which one. */
	readonly origin?: number;
}

/** What a sweep asks besides where it goes back in time, over a mirrored ledger. */
export type Backward = Pick<MirroredLedger, "shortfallsOf" | "lastKnown">;

export interface SweepOptions {
	readonly rules: readonly Rule[];
	readonly stops: StopParameters;
	/** Arrivals whose taint is below this many base units under every rule are not followed, by asset. */
	readonly dust: ReadonlyMap<AssetId, bigint>;
	/** Last height that is read. */
	readonly until?: number;
	/** When set, only these accounts are followed; others are leaves with reason `budget`. */
	readonly inside?: ReadonlySet<AccountId>;
	/**
	 * Account chains: keep bounds over every placing of missing money, and follow what only they reach. The accounts in `known` are followed
	 * at once, of others as many as `room` allows.
	 */
	readonly bounds?: { readonly known: ReadonlySet<AccountId>; readonly room: number };
	/** Account chains: the ledger is mirrored, and what comes out are sources. */
	readonly backward?: Backward;
	/** Give up, with `exceeded`, when more accounts than this are followed. */
	readonly maxAccounts: number;
	/** Account chains: give up, with `missing`, as soon as something is missing in the way of tainted money; nothing else counts then. */
	readonly giveUpWhenMissing?: boolean;
	/** Account chains: money that comes to an account that nobody read there ends there, and all that comes later, whatever it paid. */
	readonly unreadEnds?: boolean;
	/** Account chains. Off: exchanges inside a transaction are not followed into the asset received. */
	readonly conversions: boolean;
	/** Bitcoin: whose money a fee is. */
	readonly fee: FeeConvention;
	/** Bitcoin. On: money is followed through CoinJoins too, by the letter of each rule. */
	readonly throughCoinJoins: boolean;
	/** Bitcoin: parameters of the families that end a trace. */
	readonly coinJoin: CoinJoinParameters;
	/** Transfers read account by account before a scan of the whole chain is considered; changes the cost, never the result. */
	readonly scanThoughtOfAfter?: number;
	readonly signal?: AbortSignal;
	readonly onEdge?: (edge: SweepEdge) => void;
	/** Account chains: told of each, in their order. */
	readonly onStop?: (stopped: StoppedAt) => void;
	readonly onProgress?: (progress: { transfers: number; accounts: number; height: number }) => void;
}

/**
 * A block in which an account that held taint paid, in one of several transactions whose order no source tells. `gone`: by the placed
 * order it paid before the taint came.
 */
export interface UnorderedBlock {
	readonly account: AccountId;
	readonly asset: AssetId;
	readonly height: number;
	/** By the placed order it paid before the taint came. */
	readonly gone: boolean;
	/** It paid in it; else it was paid only, and the order decides of what it paid later. */
	readonly pays: boolean;
}

export interface SweepOutcome {
	readonly leaves: readonly LeafTally[];
	readonly seedings: readonly Seeding[];
	readonly sums: ReadonlyMap<AssetId, AssetSums>;
	readonly unknownFunds: readonly UnknownFunds[];
	/** Payments behind heights at which the payer's own history was not read. */
	readonly unreadOutflows?: readonly UnreadOutflows[];
	/** Labels that had ended when money came. */
	readonly passedLabels: readonly PassedLabel[];
	/** Known where bounds are kept. */
	readonly unorderedBlocks?: readonly UnorderedBlock[];
	/** Accounts that were followed, with the position from which on, in the order of activation. */
	readonly followed: ReadonlyMap<AccountId, Position>;
	/** Account chains: those whose ledgers were kept, with the position from which on; the followed ones are among them. */
	readonly kept?: ReadonlyMap<AccountId, Position>;
	readonly openingShortfalls: readonly OpeningShortfall[];
	/** Tainted movements that ended with their sender, since the receiver took them in an exchange; they are no rows. */
	readonly given?: readonly SweepEdge[];
	readonly transfers: number;
	readonly exceeded: boolean;
	/** Account chains: what the sweep read of the accounts at which tainted money came. */
	readonly profiles?: ReadonlyMap<AccountId, AccountProfile>;
	/**
	 * The books of an account that held tainted money lack some, or what else it paid was not read: only a sweep that keeps bounds tells
	 * least and most.
	 */
	readonly missing: boolean;
	/** Bounds of a leaf over all seeds together; undefined where the rules' own amounts are exact. */
	readonly boundsOf?: (leaf: LeafTally) => { readonly least: bigint; readonly most: bigint } | undefined;
	/** Account chains: ledgers through which money went on, or with `unreadEnds` would have, though nobody read them; see `throughKey`. */
	readonly throughUnread?: ReadonlySet<string>;
	/** The same for tainted parcels. */
	readonly frame?: Frame;
	/** Bitcoin: what the data cannot show, besides what the leaves say. */
	readonly gaps?: readonly TraceGap[];
}
