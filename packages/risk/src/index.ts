export { accountFeatures, FEATURE_TRANSFERS, FEATURES } from "./learned/features.js";
export { learnedReasons } from "./learned/reason.js";
export { type LearnedScore, readModel, scoreTrees, type TreeModel } from "./learned/trees.js";
export { type Assessment, assess, DANGER_POINTS, POINTS, type Reason, type Verdict } from "./reason.js";
export {
	type Claim,
	detectionReasons,
	labelReasons,
	lookAlikeReasons,
	type OnlineFacts,
	onlineReasons,
	type TaintFact,
	taintReasons,
} from "./reasons.js";
export { type Advice, adviceOf, type Messages, readMessages } from "./words.js";
