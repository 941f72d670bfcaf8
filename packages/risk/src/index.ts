export { type Arrived, arrivedAt } from "./arrived.js";
export { delegateReasons, delegatesOf, delegationReasons, delegationReasonsElsewhere, sweptReasons } from "./delegation-reasons.js";
export { type Claim, isTrustedService, labelReasons, pageReasons } from "./label-reasons.js";
export { permissionReasons } from "./permission-reasons.js";
export {
	type Assessment,
	assess,
	DANGER_POINTS,
	POINTS,
	QUESTIONS,
	type Question,
	REASON_CODES,
	type Reason,
	reason,
	type Verdict,
	worstOf,
} from "./reason.js";
export {
	detectionReasons,
	lookAlikeReasons,
	type OnlineFacts,
	onlineReasons,
	publishedReasons,
	tokenReasons,
	transfersReasons,
} from "./reasons.js";
export { receivesAsService, type TaintFact, type TaintFacts, taintReasons, type WhatIfFact } from "./taint-reasons.js";
export { type Advice, adviceOf, type Messages, messagesIn, readMessages } from "./words.js";
