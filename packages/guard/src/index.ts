export { type Facts, type Judgement, judge, type LookedAt } from "./judge.js";
export { type NodeFacts, nodeFacts } from "./node-facts.js";
export { type Decision, type Guard, openGuard } from "./proxy.js";
export { Upstream } from "./upstream.js";
