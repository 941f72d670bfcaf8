import { type AccountId, countOf, defang, displayAddress, isTransactionNode } from "@clew/core";
import { cutAmount, quoteDot } from "../bundle/picture.js";
import { largest, type PathStep } from "./path.js";
import type { RequestDocument } from "./request-document.js";

/** A picture on a page beside words is not read with more arrows than this. */
const ARROWS = 8;
const LINE = 22;

const COLOURS = { begin: "#ffd9d0", way: "#ffffff", deposit: "#fff2cc", end: "#d6e8f7" } as const;

interface Arrow {
	readonly from: string;
	readonly to: string;
	readonly asset: string;
	amount: bigint;
	steps: number;
	readonly exchanged: boolean;
}

/** A small picture of the way, from top to bottom, and what it shows in words: how many of its steps. */
export function pathDot(request: RequestDocument, steps: readonly PathStep[]): { readonly dot: string; readonly text: string } {
	const drawn = withoutTransactions(steps.filter(({ step }) => step !== "got"));
	const shown = largest(drawn, ARROWS);
	const assets = Object.assign({}, ...(request.way?.before ?? []).map((part) => part.assets), request.assets);
	const text = `The way in short: ${shown.length} of ${countOf(drawn.length, "movement")} from account to account, with what every rule agrees on, cut to 4 decimals`;
	const ids = new Map<string, string>();
	const nodes: string[] = [];
	const idOf = (account: string): string => {
		const known = ids.get(account);
		if (known !== undefined) return known;
		const id = `n${ids.size}`;
		ids.set(account, id);
		const role = roleOf(request, shown, account);
		nodes.push(`  ${id} [label=${quoteDot(labelOf(request, account, role))}, fillcolor="${COLOURS[role]}"];`);
		return id;
	};
	const arrows = arrowsOf(shown).map(({ from, to, asset, amount, steps: n, exchanged }) => {
		const label = `${cutAmount({ assets }, asset, amount)}${n > 1 ? `\n${n} steps` : ""}${exchanged ? "\nexchanged" : ""}`;
		return `  ${idOf(from)} -> ${idOf(to)} [label=${quoteDot(`  ${label}`)}];`;
	});
	const lines = [
		`digraph path {`,
		`  graph [rankdir=TB, nodesep=0.4, ranksep=0.45];`,
		`  node [shape=box, style="filled,rounded", fontname="Courier", fontsize=9, color="#555555"];`,
		`  edge [fontname="Helvetica", fontsize=9, color="#555555"];`,
		...nodes,
		...arrows,
		"}",
	];
	return { dot: `${lines.join("\n")}\n`, text };
}

/**
 * On Bitcoin one arrow from who paid a transaction to whom it paid: transactions with one payer are no boxes, and change that comes back to
 * its payer is no arrow.
 */
function withoutTransactions(steps: readonly PathStep[]): PathStep[] {
	const payers = new Map<string, Set<string>>();
	for (const { from, to } of steps) if (isTransactionNode(to as AccountId)) payers.set(to, new Set([...(payers.get(to) ?? []), from]));
	const only = (transaction: string) => {
		const [payer, ...others] = payers.get(transaction) ?? [];
		return others.length === 0 ? payer : undefined;
	};
	return steps.flatMap((step): PathStep[] => {
		if (isTransactionNode(step.to as AccountId) && only(step.to) !== undefined) return [];
		const payer = isTransactionNode(step.from as AccountId) ? only(step.from) : undefined;
		if (payer === undefined) return [step];
		return payer === step.to ? [] : [{ ...step, from: payer }];
	});
}

/** One arrow for all steps between two accounts in one asset. */
function arrowsOf(steps: readonly PathStep[]): Arrow[] {
	const arrows = new Map<string, Arrow>();
	for (const { from, to, asset, amount, agreed, step } of steps) {
		const key = `${from} ${to} ${asset} ${step === "paid"}`;
		const arrow = arrows.get(key) ?? { from, to, asset, amount: 0n, steps: 0, exchanged: step === "paid" };
		arrow.amount += agreed ?? BigInt(amount);
		arrow.steps++;
		arrows.set(key, arrow);
	}
	return [...arrows.values()];
}

function roleOf({ points, way }: RequestDocument, steps: readonly PathStep[], account: string): keyof typeof COLOURS {
	if (points.some((point) => point.account === account)) return "end";
	if (way?.deposits.some((one) => one.account === account)) return "deposit";
	return steps.some(({ to }) => to === account) ? "way" : "begin";
}

function labelOf({ points, to, kind, way }: RequestDocument, account: string, role: keyof typeof COLOURS): string {
	const held = points.some((point) => point.account === account);
	const address = isTransactionNode(account as AccountId)
		? account.slice(account.indexOf("tx-") + 3)
		: displayAddress(account as AccountId);
	const lines = Array.from({ length: Math.ceil(address.length / LINE) }, (_, i) => address.slice(i * LINE, (i + 1) * LINE));
	return [
		...(role === "begin" ? ["the trace begins here"] : []),
		...(isTransactionNode(account as AccountId) ? ["transaction"] : []),
		...(held && kind === "custodian" ? [defang(to.entity)] : []),
		...(held && kind === "issuer" ? ["holds it"] : []),
		...(way?.deposits.some((one) => one.account === account) ? ["the money came in here"] : []),
		...lines,
	].join("\n");
}
