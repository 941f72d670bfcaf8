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
