export { contradictionLines, isContradicted } from "./bundle/contradicted.js";
export { type CaseFacts, factsOf } from "./bundle/facts.js";
export { headerChain, MAX_HEADERS } from "./bundle/header-chain.js";
export { knownToCase, type ProveOptions, proveRows } from "./bundle/prove-rows.js";
export { type ReadSet, recordReads } from "./bundle/read-set.js";
export { receivedLine } from "./bundle/received.js";
export { type BundleReplay, mustHoldReplay, type ReplayTools, replayBundle, traceAgain } from "./bundle/replay.js";
export { type DeniedWords, deniedLine, deniedSince } from "./denied-words.js";
export { compareEndPoints } from "./end-points.js";
export { exclusiveStore } from "./exclusive.js";
export { againstNode } from "./follow/against-node.js";
export { mayHaveMovedMore, type ToldOfTransaction, toldOfTransaction } from "./follow/block-kinds.js";
export { type FollowOptions, type FollowReport, followMoney, followSeed } from "./follow/follow.js";
export { followOutputs } from "./follow/follow-outputs.js";
export { isAway } from "./follow/silence.js";
export { askFrozen, type Freezable, type FrozenFact } from "./frozen.js";
export { type IngestProgress, type IngestReport, type IngestRequest, ingestBlocks, type KeepBatch, nodeSource } from "./ingest.js";
export { ingestChain } from "./ingest-chain.js";
export { ingestQueued, missingRanges, type QueuedRequest } from "./ingest-queued.js";
export { ingestRange } from "./ingest-range.js";
export { ingestUtxoRange } from "./ingest-utxo.js";
export {
	type Answer,
	answerOf,
	PLACE_GROUPS,
	type Place,
	type PlaceGroup,
	type UnreadWhy,
} from "./investigate/answer.js";
export type { AtHead } from "./investigate/at-head.js";
export { exportedAccounts, likelySeeds } from "./investigate/choose-seed.js";
export { type Access, followInTime, graceOf, type TimedReport } from "./investigate/follow-in-time.js";
export { givenIn } from "./investigate/given.js";
export type { OpenKind } from "./investigate/open-kinds.js";
export { readHistory } from "./investigate/read-history.js";
export { untoldIn } from "./investigate/unlooked.js";
export { readWallet, type Taking, type TakingWay, type Wallet } from "./investigate/wallet.js";
export { JOB_KINDS, type JobKind, parseJob } from "./jobs.js";
export { serveMetrics, workMetrics } from "./metrics.js";
export { withOpeningBalances } from "./opening-balances.js";
export { findOrphans, orphanLines, takeBackOrphans } from "./orphans.js";
export type { WorkContext } from "./processors.js";
export { type JobQueue, openQueue } from "./queue/job-queue.js";
export { startWorker } from "./queue/worker.js";
export {
	type ComparedBalance,
	followedAccounts,
	type Reconciled,
	type Reconciliation,
	reconcile,
	unasked,
} from "./reconcile.js";
export { findVictims, type NoVictim, type Payers, type Victim, type VictimPayment } from "./victims/find-victims.js";
export type { AlertFacts } from "./watch/alert-text.js";
export { deliverDue, deliverer, signWebhook } from "./watch/deliver.js";
export { type EvaluateOptions, evaluateWatches } from "./watch/evaluate.js";
export {
	type Alert,
	addWatch,
	listAlerts,
	listDeliveries,
	listUndelivered,
	listWatches,
	parseRules,
	parseSubject,
	RECORDS,
	readAlert,
	type Watch,
} from "./watch/model.js";
export { holdsSecret, parseChannel, showChannel } from "./watch/places.js";
