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

/** Plain text, an identifier that must be shown whole, or a stressed word. */
export type Inline = string | { readonly code: string } | { readonly strong: string };

/** Lines of a cell. */
export type Cell = readonly (readonly Inline[])[];

export const code = (text: string): Inline => ({ code: text });
export const strong = (text: string): Inline => ({ strong: text });
export const text = (...parts: readonly Inline[]): Block => ({ kind: "text", parts });
/** A cell of one line. */
export const cell = (...parts: readonly Inline[]): Cell => [parts];

/** The characters of an inline part. */
export function characters(part: Inline): string {
	return typeof part === "string" ? part : "code" in part ? part.code : part.strong;
}
