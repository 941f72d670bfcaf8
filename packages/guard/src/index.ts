export { type Facts, type Judgement, judge, type LookedAt } from "./judge.js";
export { nodeFacts } from "./node-facts.js";
export { type Decision, type Guard, openGuard } from "./proxy.js";
