export { type AccountTimes, timesOfAccount } from "./account-times.js";
export { mirroredLedger } from "./backward/mirrored-ledger.js";
export { type BalanceGap, balanceGaps, unknownOpening } from "./balance-gaps.js";
export { type AccountClusters, clusterAccounts } from "./clustering/accounts/account-clusters.js";
export type { AccountReason } from "./clustering/accounts/account-joins.js";
export {
	ACCOUNT_HEURISTIC_SOURCES,
	ACCOUNT_HEURISTIC_VERSION,
	type AccountHeuristic,
	DEFAULT_ACCOUNT_CLUSTER_PARAMETERS,
	DEFAULT_ACCOUNT_HEURISTICS,
	parseAccountHeuristics,
} from "./clustering/accounts/parameters.js";
export { findChange } from "./clustering/change-context.js";
export { clusterChain } from "./clustering/cluster-chain.js";
export { ClusterIndex, type Clusters } from "./clustering/cluster-index.js";
export {
	type Cluster,
	DEFAULT_EXPLORE_LIMITS,
	explainUnion,
	exploreCluster,
	isComplete,
	isWhole,
	type OpenEnds,
	type Reason,
	type Refusal,
} from "./clustering/explore.js";
export { CO_SPEND, DEFAULT_HEURISTICS, type Heuristics, parseHeuristics } from "./clustering/heuristics.js";
export { type ClusterOptions, DEFAULT_CLUSTER_OPTIONS } from "./clustering/reasons.js";
export { UnionFind } from "./clustering/union-find.js";
export { CONVENTIONS, conventionsOf } from "./conventions.js";
export { type DetectOptions, detect } from "./detection/detect.js";
export { type Accounts, detectionOf, type MakeObserver, type Movement, type Observer } from "./detection/observer.js";
export { DEFAULT_DETECTION_PARAMETERS, type DetectionParameters } from "./detection/parameters.js";
export { type Funders, type FundersEnd, type Funding, fundersOf } from "./funders.js";
export { unspentAt } from "./held.js";
export { ledgerLines, MAX_LEDGER_MOVEMENTS } from "./ledger-lines.js";
export { apportion, CLEAN, type Lot } from "./lots.js";
export { planOutputSeeds } from "./outputs/output-seeds.js";
export { sweepOutputs } from "./outputs/output-sweep.js";
export { PASSAGES_NOT_SOUGHT } from "./parameters.js";
export { findPassages, type Passage } from "./passages/find-passages.js";
export { traceAcross } from "./passages/trace-across.js";
export { findPaths, type PathRequest, type PathResult, type ReadTo, type TransferPath } from "./paths.js";
export { type Boltzmann, boltzmann, type CertainLinks, certainLinks } from "./patterns/boltzmann.js";
export { DEFAULT_COINJOIN_PARAMETERS, findCoinJoins } from "./patterns/coinjoin.js";
export type { Finding } from "./patterns/finding.js";
export { findPeelChain, findShapes } from "./patterns/shapes.js";
export { holesIn, kindsThatTell, readRuns } from "./read-runs.js";
export { requestOf } from "./request-of.js";
export { buildResult } from "./result.js";
export { newHolding, taintedTotal } from "./rules/index.js";
export { parseSeed, planSeeds, type Seed, type SeedOptions, type SeedPlan, type TraceDirection } from "./seeds.js";
export { SIMULATED_BITCOIN } from "./simulator/bitcoin/chain.js";
export { BITCOIN_PLAYBOOKS } from "./simulator/bitcoin/crime.js";
export { evaluateBitcoin, serviceLabels } from "./simulator/bitcoin/evaluate.js";
export { simulateBitcoin } from "./simulator/bitcoin/simulate.js";
export { type BitcoinTruth, renameBitcoinTruth, worldTruthSchema } from "./simulator/bitcoin/truth.js";
export { bridgeLabels, evaluate } from "./simulator/evaluate.js";
export type { Evaluation, HeuristicError, PlaybookError } from "./simulator/scoring.js";
export { parsePlaybooks, SIMULATED_CHAIN, SIMULATED_FAR_CHAIN, type SimulateOptions, simulate } from "./simulator/simulate.js";
export { PLAYBOOKS, type Playbook, renameTransactions, type Theft, type Truth } from "./simulator/truth.js";
export { DEFAULT_STOP_PARAMETERS, type Stop, type StopParameters, standingStop, stopFor } from "./stops.js";
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
export { type TraceCaseOptions, trace, traceCase } from "./trace-case.js";
