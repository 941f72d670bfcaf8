export { accountFeatures, FEATURE_TRANSFERS, FEATURES } from "./features.js";
export { learnedReasons } from "./reason.js";
export { type LearnedScore, readModel, scoreTrees, type TreeModel } from "./trees.js";
