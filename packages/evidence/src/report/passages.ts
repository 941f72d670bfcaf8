import type { TracePassage, TraceResult } from "@clew/core";
import { describeAmount } from "../bundle/picture.js";
import { type Cell, cell, code, type Section, text } from "../document/model.js";
import { address, LISTED, plain } from "./shared.js";

/** Bridges and pools that tainted money went through; no section where there are none. */
export function passageSections(result: TraceResult): Section[] {
	const { passages = [] } = result;
	if (passages.length === 0) return [];
	const movement = ({ from, to, asset, amount, txHash, position }: TracePassage["paid"]): Cell => [
		[address(from), " to ", address(to)],
		[`${plain(describeAmount(result, asset, BigInt(amount)))} on ${asset.split("/")[0]} at ${position}`],
		[code(txHash)],
	];
	const rows = passages
		.slice(0, LISTED.events)
		.map(({ kind, protocol, key, tier, paid, got, alternatives = [], detail }): Cell[] => [
			[[`${kind} ${plain(protocol)}`], [tier], [code(plain(key))]],
			movement(paid),
			got === undefined
				? cell(`not followed: ${plain(detail)}; transfers that could be the other side: ${alternatives.length}`)
				: movement(got),
		]);
	return [
		{
			heading: "Through bridges and pools",
			wide: true,
			blocks: [
				text(
					"Money went into these, as the case tells it. Where both sides match (structural) it was followed; on another chain it has a trace of its own, whose seeds name the key, and what came out there is what the case holds of that chain: nothing in this bundle shows it. A lead was not followed.",
				),
				{
					kind: "table",
					caption: `${passages.length} passages${passages.length > LISTED.events ? `, the first ${LISTED.events} of them` : ""}; docs/heuristics.md says when both sides count as one.`,
					columns: [
						{ name: "through", width: 2 },
						{ name: "went in", width: 5 },
						{ name: "came out", width: 5 },
					],
					rows,
				},
			],
		},
	];
}
