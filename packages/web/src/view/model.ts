import type { Rule } from "@clew/core";

/** What the page gets of a server. Amounts are texts: decimals of the asset's unit where it has any, base units where it says so. */

/** By what amounts are shown: a rule, what every conserving rule agrees on, or the most that any of them says. */
export type Figure = Rule | "agreed" | "at-most";

/** An amount of an asset with its least and most over the conserving rules; both undefined where none of these was run. */
export interface Money {
	/** Its place in {@link TraceView.assets}. */
	readonly asset: number;
	readonly amount: string;
	/** Undefined where both are `amount`: nothing is open. */
	readonly range?: readonly [least: string, most: string];
}

/** What a box is: by shape and words, not by colour alone. */
export type Role = "seed" | "followed" | "end" | "service" | "dust" | "payers" | "others" | "group" | "hidden";

/** One box: an account, or several as one. Its `id` is an account id, or begins with `@`. */
export interface NodeView {
	readonly id: string;
	readonly role: Role;
	/** Whose it is by its labels, else the address; harmless text, and as hostile as its writer. */
	readonly name: string;
	/** As it is written for people; undefined of several. */
	readonly address?: string;
	readonly members: number;
	/** Why the trace ends here, and what stays. */
	readonly ends: readonly { readonly reason: string; readonly money: Money }[];
	/** Gaps of the trace that name it, or one of its members. */
	readonly gaps: number;
	/** What people of this case wrote of it: how many notes, and what was decided. */
	readonly notes?: number;
	readonly decision?: string;
	/** True where `name` is what a person of this case calls it. */
	readonly isRenamed?: boolean;
	readonly hop: number;
	readonly x: number;
	readonly y: number;
	readonly w: number;
	readonly h: number;
}

/** One arrow: all rows of one asset between two boxes that carry something under the figure. */
export interface LinkView {
	/** Places in {@link TraceView.nodes}. */
	readonly from: number;
	readonly to: number;
	readonly money: Money;
	/** Of an exchange: what came for it. */
	readonly into?: Money;
	readonly transfers: number;
	/** UTC of its first row; empty when unknown. */
	readonly first: string;
	/** Provenance tiers of its rows, weakest last. */
	readonly tiers: readonly string[];
	/** Thousandths of the largest of its asset that is drawn. */
	readonly share: number;
}

/** What the picture leaves out, each with the number there is. */
export interface Hidden {
	readonly accounts: { readonly shown: number; readonly of: number };
	readonly links: { readonly shown: number; readonly of: number };
	readonly rows: {
		readonly drawn: number;
		readonly of: number;
		readonly fees: number;
		/** Nothing of them is traced under this figure. */
		readonly nothing: number;
		/** Of other assets, or outside the time. */
		readonly filtered: number;
		/** Between accounts that are one box. */
		readonly inside: number;
		/** In arrows that are too many. */
		readonly thin: number;
	};
}

/** An asset that the trace names. */
export interface AssetView {
	readonly id: string;
	/** Its symbol, marked where it passes itself off as another; the id where nobody named it. */
	readonly name: string;
	/** False: worthless for all that is known, and not drawn unless it is asked for. */
	readonly counted: boolean;
}

/** The picture of a trace as it was asked for. */
export interface TraceView {
	readonly trace: {
		readonly id: string;
		readonly title: string;
		readonly chain: string;
		readonly forward: boolean;
		readonly seeds: readonly string[];
		readonly whatIf: string | null;
		readonly cutoff: string;
	};
	readonly figure: Figure;
	readonly figures: readonly Figure[];
	readonly shape: "graph" | "flow";
	readonly assets: readonly AssetView[];
	/** Moments of the trace for a slider, ascending; `time` empty when unknown. */
	readonly moments: readonly { readonly height: number; readonly time: string }[];
	readonly nodes: readonly NodeView[];
	readonly links: readonly LinkView[];
	readonly hidden: Hidden;
	/** What is not known: how many gaps of each kind, in words what leaves ranges open, tokens that are not counted. */
	readonly gaps: readonly { readonly kind: string; readonly count: number }[];
	readonly open: string | null;
	readonly others: string | null;
	readonly width: number;
	readonly height: number;
}

/** One row of the trace. */
export interface RowView {
	/** Its number in transfers.csv. */
	readonly row: number;
	readonly position: string;
	readonly time: string;
	readonly hash: string;
	readonly kind: string;
	readonly from: string;
	readonly to: string;
	readonly asset: string;
	/** What moved in all, and of it what is traced under the figure. */
	readonly moved: string;
	readonly baseUnits: string;
	readonly traced: string;
	readonly range?: readonly [least: string, most: string];
	readonly into?: string;
	/** How it is known (tier), and from where. */
	readonly provenance: string;
	readonly source: string;
}

/** Rows of an arrow, or those that touch a box, as a page. */
export interface RowsView {
	readonly rows: readonly RowView[];
	readonly of: number;
	/** Where the next page begins; null at the end. */
	readonly next: string | null;
}

/** A gap in words. */
export interface GapView {
	readonly kind: string;
	readonly text: string;
}

/** Accounts that are one box, as a page. */
export interface MembersView {
	readonly id: string;
	readonly name: string;
	readonly members: readonly { readonly id: string; readonly name: string; readonly address: string; readonly ends: readonly string[] }[];
	readonly of: number;
	readonly next: string | null;
}

/** All that the case knows of one account, with one page of its ledger. */
export interface AccountView {
	readonly id: string;
	readonly address: string;
	readonly labels: readonly string[];
	readonly detections: readonly { readonly what: string; readonly reasons: readonly string[] }[];
	/** Why the trace ends there, what stays and under which rule. */
	readonly ends: readonly {
		readonly reason: string;
		readonly detail: string;
		readonly asset: string;
		readonly agreed: string;
		readonly range: readonly [least: string, most: string];
		readonly byRule: readonly { readonly rule: string; readonly amount: string }[];
	}[];
	readonly gaps: readonly GapView[];
	/** What was fetched of it; empty: its own history was not. */
	readonly coverage: readonly string[];
	readonly balances: readonly string[];
	readonly ledger: readonly LedgerRow[];
	readonly next: string | null;
	/** True where the case was not asked, since it is not there: nothing of it is known. */
	readonly isTraceAlone?: boolean;
}

/** One line of an account's ledger. */
export interface LedgerRow {
	readonly position: string;
	readonly time: string;
	readonly kind: string;
	readonly direction: "in" | "out" | "self" | "spent" | "unspent";
	readonly other: string;
	readonly amount: string;
	readonly provenance: string;
	readonly hash: string;
	/** Rows of the trace at this place. */
	readonly traced: boolean;
}

/** What was found by a word. */
export interface FoundView {
	readonly found: readonly { readonly id: string; readonly name: string; readonly by: string; readonly inPicture: boolean }[];
	readonly of: number;
}

/** What a person wrote of an account, or took back. */
export interface MarkView {
	readonly id: string;
	readonly at: string;
	/** Who, as stated; empty where nobody is. */
	readonly by: string;
	readonly kind: "note" | "name" | "group" | "decision" | "hide" | "place" | "undo";
	readonly on: string;
	readonly address: string;
	/** Of `undo`: which was taken back. */
	readonly text: string;
	/** False where it was taken back. */
	readonly stands: boolean;
}

/** All marks of the case, newest first. */
export interface MarksView {
	readonly marks: readonly MarkView[];
	readonly canWrite: boolean;
}

/** What the case holds by now. */
export interface StateView {
	readonly trace: string;
	readonly traces: readonly string[];
	/** Entries of its custody log. */
	readonly entries: number;
}
