import { isFunction, isNode, type SyntaxNode, treeOf, walk } from "./syntax.js";

/** One small change of one source file that some test should notice. */
export interface Mutant {
	/** The file, from the root of the repository. */
	readonly file: string;
	/** Counted from 1. */
	readonly line: number;
	readonly kind: string;
	/** Offsets of what is replaced, and what stands there then. */
	readonly start: number;
	readonly end: number;
	readonly before: string;
	readonly after: string;
	/** Where the innermost function around it begins; -1 outside all. */
	readonly within: number;
}

type Change = readonly [kind: string, node: { start: number; end: number }, after: string];

const OPERATORS = new Map<string, readonly [kind: string, after: string]>([
	["<", ["boundary", "<="]],
	["<=", ["boundary", "<"]],
	[">", ["boundary", ">="]],
	[">=", ["boundary", ">"]],
	["===", ["equality", "!=="]],
	["!==", ["equality", "==="]],
	["+", ["arithmetic", "-"]],
	["-", ["arithmetic", "+"]],
	["*", ["arithmetic", "/"]],
	["/", ["arithmetic", "*"]],
	["%", ["arithmetic", "*"]],
	["&&", ["logic", "||"]],
	["||", ["logic", "&&"]],
]);
const OTHER_METHOD = new Map([
	["min", "max"],
	["max", "min"],
	["some", "every"],
	["every", "some"],
]);
const DROPPED_METHODS = new Set(["sort", "toSorted", "filter", "reverse", "toReversed", "slice"]);

const isText = (node: SyntaxNode): boolean =>
	node.type === "TemplateLiteral" ||
	(node.type === "Literal" && typeof node["value"] === "string") ||
	(node.type === "BinaryExpression" && [node["left"], node["right"]].some((side) => isNode(side) && isText(side)));

function ofOperator(node: SyntaxNode, source: string): Change[] {
	const { operator, left, right } = node as SyntaxNode & { operator: string; left: SyntaxNode; right: SyntaxNode };
	const change = OPERATORS.get(operator);
	if (!change || (operator === "+" && isText(node))) return [];
	const start = source.indexOf(operator, left.end);
	if (start < 0 || start >= right.start) return [];
	return [[change[0], { start, end: start + operator.length }, change[1]]];
}

function ofCall(node: SyntaxNode, source: string): Change[] {
	const callee = node["callee"] as SyntaxNode;
	const [object, property] = [callee["object"], callee["property"]];
	if (callee.type !== "MemberExpression" || !isNode(object) || !isNode(property)) return [];
	const name = String(property["name"]);
	const other = OTHER_METHOD.get(name);
	if (other) return [["method", property, other]];
	return DROPPED_METHODS.has(name) ? [["dropped call", node, source.slice(object.start, object.end)]] : [];
}

function ofCondition(node: SyntaxNode, source: string): Change[] {
	const test = node["test"] as SyntaxNode;
	return [["condition", test, `!(${source.slice(test.start, test.end)})`]];
}

function ofLiteral(node: SyntaxNode): Change[] {
	const { value } = node as SyntaxNode & { value: unknown };
	if (typeof value !== "bigint") return [];
	return [["amount", node, value === 0n ? "1n" : value === 1n ? "0n" : `${value + 1n}n`]];
}

const isEarly = (around: readonly SyntaxNode[]) => {
	const holder = around.at(-1)?.type === "BlockStatement" ? around.at(-2) : around.at(-1);
	return holder !== undefined && !isFunction(holder);
};

function changesAt(node: SyntaxNode, around: readonly SyntaxNode[], source: string): Change[] {
	switch (node.type) {
		case "BinaryExpression":
		case "LogicalExpression":
			return ofOperator(node, source);
		case "CallExpression":
			return ofCall(node, source);
		case "IfStatement":
		case "ConditionalExpression":
			return ofCondition(node, source);
		case "Literal":
			return ofLiteral(node);
		case "ThrowStatement":
		case "ContinueStatement":
			return [["dropped statement", node, ";"]];
		case "ReturnStatement":
			return isEarly(around) ? [["dropped statement", node, ";"]] : [];
		case "ArrayExpression":
			return (node["elements"] as unknown[]).length > 0 ? [["emptied", node, "[]"]] : [];
		case "AssignmentExpression": {
			const operator = String(node["operator"]);
			const start = source.indexOf(operator, (node["left"] as SyntaxNode).end);
			const after = operator === "+=" ? "-=" : operator === "-=" ? "+=" : undefined;
			return after && !isText(node["right"] as SyntaxNode) ? [["arithmetic", { start, end: start + 2 }, after]] : [];
		}
		default:
			return [];
	}
}

/** What a refusal says is words: only that it refuses is judged. */
const inWords = (around: readonly SyntaxNode[]) => around.some(({ type }) => type === "ThrowStatement");

/** Every mutant of a module, in the order of the text. */
export function mutantsOf(file: string, source: string): Mutant[] {
	const mutants: Mutant[] = [];
	walk(treeOf(file, source), (node, around) => {
		if (inWords(around)) return;
		const within = around.findLast(isFunction)?.start ?? -1;
		for (const [kind, { start, end }, after] of changesAt(node, around, source)) {
			const line = source.slice(0, start).split("\n").length;
			mutants.push({ file, line, kind, start, end, before: source.slice(start, end), after, within });
		}
	});
	return mutants;
}

/** The module's text with a mutant in it. */
export const changed = (source: string, { start, end, after }: Mutant) => source.slice(0, start) + after + source.slice(end);

/** Names that stay while the lines of a file move: the file, the line's words, the change, and which of its like it is. */
export function namesOf(mutants: readonly Mutant[], source: string): string[] {
	const lines = source.split("\n");
	const seen = new Map<string, number>();
	return mutants.map(({ file, line, kind, before, after }) => {
		const short = (text: string) => text.replace(/\s+/g, " ").slice(0, 80);
		const name = `${file} | ${lines[line - 1]?.trim()} | ${kind} ${short(before)} -> ${short(after)}`;
		const times = (seen.get(name) ?? 0) + 1;
		seen.set(name, times);
		return times === 1 ? name : `${name} #${times}`;
	});
}
