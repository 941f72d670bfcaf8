import type { Rule, TraceResult } from "@clew/core";
import type { CaseDetails } from "../bundle/details.js";
import { pictureRule } from "../bundle/picture.js";
import { type Block, strong, text } from "../document/model.js";
import { whole } from "./shared.js";

/** The rule under which a report quotes single figures: the one that a person named, else the one of pictures. */
export function exhibitRuleOf({ exhibitRule }: CaseDetails, result: TraceResult): Rule {
	return pictureRule(result, exhibitRule);
}

/** Why the exhibit is under this rule: the words of who chose it, or that nobody did. */
export function exhibitReason({ exhibitRule, exhibitReason = "" }: CaseDetails, rule: Rule): Block {
	const chosen =
		exhibitRule === rule
			? `named by whoever made the case${exhibitReason === "" ? ", without a reason" : ""}`
			: "the rule that this version shows unless another is named, and no finding that it is the right one";
	const reason = exhibitReason === "" ? [] : [` Reason given: ${whole(exhibitReason)}`];
	return text(strong(`Why ${rule}`), `: ${chosen}.`, ...reason);
}
