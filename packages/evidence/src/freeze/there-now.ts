import { type AccountId, defang, displayAddress } from "@clew/core";
import { describeAmount } from "../bundle/picture.js";
import { type Block, type Cell, cell, code } from "../document/model.js";
import type { DocumentPoint, RequestDocument } from "./request-document.js";

/** What is at the end points now: outputs and balances, addresses that nobody read on from, and what a node says otherwise. */
export function thereNowBlocks(request: RequestDocument): Block[] {
	const points = [...request.points, ...request.leads];
	return [...balanceBlocks(request, points), ...unreadBlocks(request), ...differenceBlocks(request)];
}

function balanceBlocks(request: RequestDocument, points: readonly DocumentPoint[]): Block[] {
	const { balances, cutoff } = request;
	const outputs = points.flatMap(({ outpoints }) => outpoints);
	const blocks: Block[] = [];
	if (outputs.length > 0)
		blocks.push({
			kind: "table",
			caption: `Outputs that hold it, unspent or at the recipient, at block ${cutoff}`,
			columns: [
				{ name: "output", width: 7 },
				{ name: "satoshi", width: 2, numeric: true },
			],
			rows: outputs.map(({ outpoint, amount }): Cell[] => [cell(code(outpoint)), cell(amount)]),
		});
	if (balances.length > 0)
		blocks.push({
			kind: "table",
			caption: "Balances as a node tells them; proven means that balances.jsonl leads to the block's header",
			columns: [
				{ name: "address and asset", width: 6 },
				{ name: "balance", width: 3, numeric: true },
				{ name: "block", width: 5 },
				{ name: "known by", width: 1.5 },
			],
			rows: balances.map(({ account, asset, amount, height, blockHash, known }): Cell[] => [
				[[code(displayAddress(account as AccountId))], [code(asset)]],
				[[defang(describeAmount(request, asset, BigInt(amount)))], [`${amount} base units`]],
				[[height], [code(blockHash)]],
				cell(known),
			]),
		});
	if (blocks.length === 0) blocks.push({ kind: "text", parts: [`No balance is told here. The data ends at block ${cutoff}.`] });
	return blocks;
}

/** Which addresses of somebody's own nobody read on from when the money came: of them no paper may let it look as if it were there. */
function unreadBlocks({ kind, points }: RequestDocument): Block[] {
	const unread = points.filter(({ stop: { reason } }) => kind === "issuer" && reason !== "unspent" && reason !== "time-window");
	if (unread.length === 0) return [];
	return [
		{ kind: "text", parts: ["What these addresses paid after the money came there was not read, so that it may not be there any more:"] },
		{ kind: "list", items: unread.map(({ account }) => [code(displayAddress(account as AccountId))]) },
	];
}

/** What the node says otherwise, each with both figures where there are two. */
function differenceBlocks(request: RequestDocument): Block[] {
	return request.differences.map(({ account, asset = "", amount, balance, text }) => {
		const show = (units: string) => defang(describeAmount(request, asset, BigInt(units)));
		const figures =
			amount === undefined || balance === undefined ? "" : ` (${show(amount)} by the trace or its data, ${show(balance)} at the node)`;
		const of = account === undefined ? [] : [code(displayAddress(account as AccountId)), ": "];
		return { kind: "text", parts: [...of, `${defang(text)}${figures}.`] };
	});
}
