import type { Activity } from "@clew/core";

/**
 * A paper before it has a form: the same model becomes HTML, PDF and plain text. Every text in it may be hostile: the writers make it
 * harmless.
 */
export interface Paper {
	readonly title: string;
	readonly subtitle: string;
	/** How it may be handed on; stands on every page. */
	readonly handling: string;
	readonly sections: readonly Section[];
}

export interface Section {
	readonly heading: string;
	readonly blocks: readonly Block[];
	/** Tables with many columns get the width of the screen. */
	readonly wide?: boolean;
	/** The next section begins on a page of its own. */
	readonly alone?: boolean;
	/** ISO 639-1, where it is not the paper's. */
	readonly language?: string;
}

export type Block =
	| { readonly kind: "text"; readonly parts: readonly Inline[] }
	| { readonly kind: "list"; readonly items: readonly (readonly Inline[])[] }
	| { readonly kind: "terms"; readonly terms: readonly (readonly [string, string])[] }
	| { readonly kind: "table"; readonly caption: string; readonly columns: readonly Column[]; readonly rows: readonly (readonly Cell[])[] }
	| { readonly kind: "flow"; readonly text: string }
	| { readonly kind: "timeline"; readonly activity: Activity; readonly text: string }
	| { readonly kind: "heading"; readonly text: string }
	/** A picture in Graphviz's language, which a PDF draws; `text` says what it shows. */
	| { readonly kind: "picture"; readonly dot: string; readonly text: string };

export interface Column {
	readonly name: string;
	/** Share of the page's width. */
	readonly width: number;
	readonly numeric?: boolean;
}

/** An identifier that must be shown whole; `grouped` is shown in fours where that keeps it one word to copy, `link` is an explorer's page. */
export interface Code {
	readonly code: string;
	readonly grouped?: boolean;
	readonly link?: string | undefined;
}

/** Plain text, an identifier, a stressed word, or what no line may break: an amount. */
export type Inline = string | Code | { readonly strong: string } | { readonly amount: string };

/** Lines of a cell. */
export type Cell = readonly (readonly Inline[])[];

export const code = (text: string): Inline => ({ code: text });
export const strong = (text: string): Inline => ({ strong: text });
export const amount = (text: string): Inline => ({ amount: text });
export const text = (...parts: readonly Inline[]): Block => ({ kind: "text", parts });
/** A cell of one line. */
export const cell = (...parts: readonly Inline[]): Cell => [parts];

/** The characters of an inline part. */
export function characters(part: Inline): string {
	if (typeof part === "string") return part;
	return "code" in part ? part.code : "strong" in part ? part.strong : part.amount;
}
