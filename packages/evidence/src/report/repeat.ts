import type { TraceResult } from "@clew/core";
import { type Section, text } from "../document/model.js";
import { plain } from "./shared.js";

/** How a stranger repeats what the report says, with what each command needs. `version` is Clew's. */
export function repeatSection(result: TraceResult, version: string): Section {
	return {
		heading: "How to repeat it",
		blocks: [
			text("In the folder that holds this report, with programs from a source that you trust, and not only from this folder:"),
			{
				kind: "terms",
				terms: [
					[
						"node verify.mjs .",
						"every hash and sum again, each row against trace.json, the proofs of rows that are proven, and the rules from ledgers.jsonl where it is there; without network",
					],
					[
						"clew verify . --replay",
						`with Clew ${plain(version)}: builds the case anew from facts.json and from answers/ or inputs/, runs the trace with the seeds and parameters stated here, compares the bytes, and says what it took as stated; trace ${result.id} must come out. Where neither answers/ nor inputs/ holds the data, it says so and fails`,
					],
					["clew verify . --trust-header CHAIN:HEIGHT:HASH", "the first check, against the hash of a block that you know from elsewhere"],
				],
			},
		],
	};
}
