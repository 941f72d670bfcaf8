import { parseAst } from "vitest/node";

/** A node of a syntax tree: its kind, where it stands, and fields of its kind. */
export interface SyntaxNode {
	readonly type: string;
	readonly start: number;
	readonly end: number;
	readonly [field: string]: unknown;
}

export const isNode = (value: unknown): value is SyntaxNode => typeof (value as SyntaxNode | null)?.type === "string";

/** Wrappers of the type system around a value; every other node of types is erased before a program runs. */
const AROUND_VALUES = new Set(["TSAsExpression", "TSSatisfiesExpression", "TSNonNullExpression"]);

/** The tree of a TypeScript module. Throws if it does not parse. */
export const treeOf = (path: string, source: string): SyntaxNode => parseAst(source, { lang: "ts" }, path) as unknown as SyntaxNode;

/** The nodes right below one that are run, in the order of the text. */
export function below(node: SyntaxNode): SyntaxNode[] {
	const children = Object.values(node).flatMap((value) => (Array.isArray(value) ? value : [value]));
	return children
		.filter(isNode)
		.filter((child) => !child.type.startsWith("TS") || AROUND_VALUES.has(child.type))
		.sort((a, b) => a.start - b.start);
}

/** Gives every node that is run to `visit`, with those that it stands in, the outermost first. */
export function walk(node: SyntaxNode, visit: (node: SyntaxNode, around: readonly SyntaxNode[]) => void, around: SyntaxNode[] = []): void {
	visit(node, around);
	around.push(node);
	for (const child of below(node)) walk(child, visit, around);
	around.pop();
}

export const isFunction = ({ type }: SyntaxNode) =>
	type === "FunctionDeclaration" || type === "FunctionExpression" || type === "ArrowFunctionExpression";
