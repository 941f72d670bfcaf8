export { type DeadlineRule, type DueRow, daysAfter, deadlinesOf, shippedDeadlines, withOwnDeadlines } from "./deadlines.js";
export { ENTRY_KINDS, type EntryKind, entryId, RECOVERY_ENTRIES, RECOVERY_LOGGED, type RecoveryEntry, readEntry } from "./entry.js";
export { foldLedger, type LedgerState, type Limits, type RequestState } from "./fold.js";
export { limitsOf } from "./limits.js";
export { type Distribution, type FundRequest, isPayer, type Shares, sharesOf, victimsOf } from "./shares.js";
export { type TotalRow, totalsBy, type VictimRow, victimTotals } from "./totals.js";
