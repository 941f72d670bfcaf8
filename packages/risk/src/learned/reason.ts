import type { AccountId, Transfer } from "@clew/core";
import { type Reason, reason } from "../reason.js";
import { accountFeatures } from "./features.js";
import { scoreTrees, type TreeModel } from "./trees.js";

/** Features that a reason names. */
const SHOWN = 3;

/** What a model says of an account with this ledger, as a lead; nothing about an account without transfers. */
export function learnedReasons(account: AccountId, ledger: readonly Transfer[], model: TreeModel): Reason[] {
	if (ledger.length === 0) return [];
	const { probability, contributions } = scoreTrees(model, accountFeatures(account, ledger));
	const most = [...contributions].sort((a, b) => Math.abs(b.logOdds) - Math.abs(a.logOdds)).slice(0, SHOWN);
	const facts = {
		percent: (100 * probability).toFixed(1),
		because: most.map(({ feature, logOdds }) => `${feature} ${logOdds >= 0 ? "+" : ""}${logOdds.toFixed(2)}`).join(", "),
		model: `version ${model.version}, an experiment: docs/model-card.md`,
	};
	return [reason("learned", "lead", facts)];
}
