export { apportion, CLEAN, type Lot } from "./lots.js";
export { sweepOutputs } from "./outputs/output-sweep.js";
export { findPaths, type PathRequest, type PathResult, type TransferPath } from "./paths.js";
export { buildResult, CONVENTIONS } from "./result.js";
export { newHolding, taintedTotal } from "./rules/index.js";
export { parseSeed, planSeeds, type Seed, type SeedOptions, type SeedPlan } from "./seeds.js";
export { DEFAULT_STOP_PARAMETERS, type Stop, type StopParameters, stopFor } from "./stops.js";
export { sweep } from "./sweep.js";
export type { SweepEdge, SweepOptions, SweepOutcome } from "./sweep-options.js";
export {
	type CaseReference,
	DEFAULT_MAX_ACCOUNTS,
	defaultRequest,
	runTrace,
	type TraceContext,
	type TraceRequest,
	type TraceRun,
} from "./trace.js";
