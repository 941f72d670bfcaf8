import { type AccountId, countOf, defang, displayAddress, isTransactionNode } from "@clew/core";
import { describeAmount } from "../bundle/picture.js";
import { type Block, type Cell, cell, code, type Inline, text } from "../document/model.js";
import { agreedSteps, largest, type PathStep, pathOf } from "./path.js";
import { pathDot } from "./path-picture.js";
import type { RequestDocument } from "./request-document.js";

/** Steps that a letter lists; the table has all. */
const LISTED = 40;

/** The way from the seeds to what is asked for: where it begins, a picture of it, and its steps. Nothing for requests of earlier forms. */
export function wayBlocks(request: RequestDocument): Block[] {
	const { way } = request;
	if (way === undefined) return [text("This request is of an earlier form, which does not tell the way.")];
	const path = pathOf(request);
	const agreed = agreedSteps(request, path);
	const shown = largest(agreed, LISTED);
	const picture = pathDot(request, agreed);
	return [
		text(`${begins(request)} ${countedWords(path, agreed, shown)}`),
		{ kind: "picture", dot: picture.dot, text: picture.text },
		...passageBlocks(request),
		stepTable(request, shown),
	];
}

function begins({ seeds }: RequestDocument): string {
	const specs = seeds.map(({ spec }) => spec);
	return `The way begins at ${specs.length === 1 ? `the seed ${specs[0]}` : `the seeds ${specs.join(", ")}`} and is told in order of time.`;
}

/** How many steps the way has, and which of them are listed: nothing is left out without a word. */
function countedWords(path: readonly PathStep[], agreed: readonly PathStep[], shown: readonly PathStep[]): string {
	const all = `${shown.length} of ${countOf(path.length, "step")} of the way ${shown.length === 1 ? "is" : "are"} listed here`;
	const open = path.length - agreed.length;
	const none = agreed === path && path.every((step) => step.agreed === 0n);
	return [
		shown.length === path.length ? `Its ${countOf(path.length, "step")} ${path.length === 1 ? "is" : "are"} all listed here` : all,
		...(open > 0 ? [`${open} may have brought part of it, but the rules do not agree that they did`] : []),
		...(agreed.length > shown.length ? [`of the ${agreed.length} on which the rules agree these move most`] : []),
		...(none ? ["the rules agree on no single step, only on what came in the end"] : []),
	]
		.join("; ")
		.concat("; path.csv and the sheet Path have every one.");
}

/** Bridges and pools that the money came through; of what came out of one that is not told, that it is not known. */
function passageBlocks({ way }: RequestDocument): Block[] {
	if (way === undefined) return [];
	const { passages, rows, before } = way;
	const told = new Set(passages.map(({ key }) => key));
	const lost = [...rows, ...before.flatMap((part) => part.rows)].flatMap(({ passage }) =>
		passage === undefined || told.has(passage) ? [] : [passage],
	);
	const items = [
		...passages.map(({ kind, protocol, key, paid, got }) => [
			`Through ${kind === "bridge" ? "the bridge" : "the pool"} ${defang(protocol)} (${defang(key)}): paid in by `,
			code(paid.from),
			" in transaction ",
			code(paid.txHash),
			", came out to ",
			code(got.to),
			" in transaction ",
			code(got.txHash),
		]),
		...[...new Set(lost)].map((key) => [`Came out of ${defang(key)}: no trace of this case tells the way before that`]),
	];
	return items.length === 0 ? [] : [{ kind: "list", items }];
}

const STEPS: Readonly<Record<PathStep["step"], string>> = {
	before: "on the chain before",
	way: "",
	paid: "exchange: paid",
	got: "exchange: got",
	end: "came to the address asked about",
};

/** An account; on Bitcoin payers pay a transaction, and it pays receivers. */
function party(account: string): Inline[] {
	return isTransactionNode(account as AccountId) ? ["this transaction"] : [code(displayAddress(account as AccountId))];
}

function stepTable(request: RequestDocument, steps: readonly PathStep[]): Block {
	const assets = Object.assign({}, ...(request.way?.before ?? []).map((part) => part.assets), request.assets);
	const show = (asset: string, amount: bigint) => [[defang(describeAmount({ assets }, asset, amount))], [`${amount} base units`]];
	return {
		kind: "table",
		caption: "The way",
		columns: [
			{ name: "row", width: 0.8, numeric: true },
			{ name: "time (UTC) and block", width: 2.7 },
			{ name: "transaction, from, to", width: 6.6 },
			{ name: "moved", width: 3, numeric: true },
			{ name: "of it agreed by every rule", width: 3.2, numeric: true },
		],
		rows: steps.map(({ step, chain, row, txHash, position, time, from, to, asset, amount, agreed, seeded }): Cell[] => [
			cell(row.toString()),
			[
				[time || "time not known"],
				[`block ${position.split(".")[0]}`],
				...(chain === request.chain ? [] : [[chain]]),
				...(STEPS[step] === "" ? [] : [[STEPS[step]]]),
				...(seeded ? [["the trace begins with it"]] : []),
			],
			[[code(txHash)], party(from), ["to ", ...party(to)]],
			show(asset, BigInt(amount)),
			agreed === undefined ? [["by rule: request.json"]] : show(asset, agreed),
		]),
	};
}
