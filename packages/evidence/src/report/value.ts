import type { TraceResult } from "@clew/core";
import type { CaseDetails } from "../bundle/details.js";
import { type Block, text } from "../document/model.js";
import { symbolOf } from "../interchange/shared.js";
import { whole } from "./shared.js";

/** What the assets are worth by the word of who made the case, each with its source; nothing is computed from it. */
export function valueBlocks({ values = {} }: CaseDetails, result: TraceResult): Block[] {
	const terms = Object.entries(values).map(
		([asset, { value, source }]) => [`${symbolOf(result, asset)}, ${asset}`, `${whole(value)}; source: ${whole(source)}`] as const,
	);
	if (terms.length === 0) return [text("Value in money: [not stated]. Clew knows no prices.")];
	return [text("Value in money, as whoever made the case states it. No amount here is computed from it:"), { kind: "terms", terms }];
}
