import { type ChainId, type ChainNode, chainName, countOf, defang, type Hash } from "@clew/core";
import type { TimedReport } from "@clew/workers";
import { howToTellCalls } from "../empty.js";
import { ageWords, type HeadAge } from "./head-age.js";

/** Transactions whose internal calls nobody told, and what can tell them. */
export function callsInWords(chain: ChainId, calls: readonly Hash[] = []): string[] {
	if (calls.length === 0) return [];
	const hint = howToTellCalls(chain);
	return [`what contracts called from ${calls.join(", ")} moved: nobody told its internal calls. ${hint.replace(/\.$/, "")}`];
}

/** Which node was asked up to where and for how long, or that none was. */
export function askedWords(
	node: ChainNode | undefined,
	{ requests, head, stopped }: TimedReport,
	seconds: number,
	tip: HeadAge | undefined,
): string {
	if (node === undefined) return "no node was asked: what happened since the exports were made, and balances, are not known";
	const at = head === undefined ? "" : ` up to its block ${head}`;
	const of = tip === undefined ? "" : `, the newest of ${tip.time}, ${ageWords(tip.age)}`;
	const broke = stopped === undefined ? "" : `; it broke off: ${defang(stopped)}`;
	return `asked ${defang(node.name)} of ${chainName(node.chain) ?? node.chain}${at}${of}: ${countOf(requests, "request")} in ${seconds} s${broke}`;
}
