import { isFunction, type SyntaxNode, treeOf, walk } from "./syntax.js";

/** The name of a function in what tests reach: its file and where it begins; -1 for the module itself. */
export const spot = (file: string, within: number) => `${file}:${within}`;

const note = (file: string, within: number) => `(globalThis.clewReach ??= new Set()).add(${JSON.stringify(spot(file, within))})`;

/** The module's text, which notes every function that runs in `globalThis.clewReach`. */
export function noting(file: string, source: string): string {
	const insertions: [at: number, text: string][] = [];
	walk(treeOf(file, source), (node) => {
		const body = node["body"] as SyntaxNode | undefined;
		if (!isFunction(node) || !body) return;
		if (body.type === "BlockStatement") insertions.push([body.start + 1, `${note(file, node.start)};`]);
		else insertions.push([source.indexOf("=>", beforeBody(node)) + 2, ` (${note(file, node.start)},`], [node.end, ")"]);
	});
	insertions.sort(([a], [b]) => a - b);
	let [text, done] = [`${note(file, -1)};`, 0];
	for (const [at, inserted] of insertions) {
		text += source.slice(done, at) + inserted;
		done = at;
	}
	return text + source.slice(done);
}

/** Where the arrow of a function is looked for: after its parameters and the type that it gives. */
function beforeBody(node: SyntaxNode): number {
	const parts = [...(node["params"] as SyntaxNode[]), node["returnType"] as SyntaxNode | null];
	return Math.max(node.start, ...parts.map((part) => part?.end ?? 0));
}
