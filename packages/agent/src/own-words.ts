import { RULES, type Rule } from "@clew/core";
import { CONVENTIONS } from "@clew/tracer";

/** What each rule says an outflow takes; its conventions stand in the result of a trace, too. */
export const RULE_WORDS: Readonly<Record<Rule, string>> = {
	fifo: "an outflow takes the oldest money first",
	lifo: "an outflow takes the newest money first",
	haircut: "an outflow takes of each money in proportion to its share of the balance",
	poison: "any tainted balance makes the whole outflow tainted: for screening only, and not conserved",
	libr: "clean money goes first; what is claimed is at most the lowest balance in between, for each claimant alone",
	tiho: "tainted money goes to the highest outputs first",
	difo: "tainted money goes first: with dilo a bound of the conserving rules on one ledger",
	dilo: "tainted money goes last: with difo a bound of the conserving rules on one ledger",
};

/** What each kind of gap leaves open. */
export const GAP_WORDS: Readonly<Record<string, string>> = {
	"unfetched-account": "the history of this account, or a part of it, is not in the case: what it did with the money is not known",
	"missing-kind": "movements of one kind were not fetched for this account",
	"unknown-funds": "it paid money of which the case does not show where it came from",
	"missing-inflow": "it paid out more than the case shows it received",
	"unread-outflow": "it may have paid what nobody read",
	"unread-inflow": "it may have received what nobody read",
	"order-unknown": "the order of movements is not known, and changes amounts",
	"open-passage": "whether money went through a bridge or a pool, and where it came out, is open",
	"unfollowed-passage": "money went through a bridge or a pool and was not followed there",
	"label-validity": "a label held at another time than that of the money",
	"opening-balance-unknown": "what the account held before the first movement of the case is not known",
	"block-data": "a source left something of a block untold",
	"behaviour-only": "where the trace ends rests on behaviour alone",
	"source-note": "a source does not promise something of its data",
	"balance-differs": "a node's balance differs from that of the case",
	"code-differs": "a node says otherwise whether there is code",
	"later-spend": "it was spent after the data ends",
	"not-compared": "nothing was compared with a node",
};
/** Of a kind that is not in the list. */
export const OTHER_GAP = "something was not read";

/** Notes beside facts, by what they are about. */
export const NOTES = {
	unfetched: "the history of this account is not in the case, or not whole: what is not listed may have happened all the same",
	more: "there is more: ask again with the cursor or skip, or narrower",
	notComplete: "the search ended early, or accounts on the way were not read whole: there may be more or better paths",
	noPath: "no path is in the data of this case, which is no proof that there is none",
	leads: "leads direct a search; no trace, score or request rests on them",
	noLabels: "no list of this case names this account, which says nothing of who it is",
	noDetections: "no detection is kept for it: nobody looked, or nothing was seen",
	outputsOnly: "this chain keeps money on outputs: this tool knows accounts only",
	cutPayers: "there are more payments than were read",
	proposed: "nothing was done: a person decides, with clew agent proposals",
	unread: "of some accounts the history is not known from its beginning: they are joined with nobody",
	oldTrace: "the case was written after this trace was run: what it says may not hold any more",
	cut: "the budget of facts is used up: there was more, and it was not told",
	fees: "no transfer of it but its fee is in the case",
} as const;
export type Note = keyof typeof NOTES;

export const RECOVERY = {
	what: "recovery",
	meaning: "nothing is logged in this case of requests sent, answers and money that came back, so nothing is known either way",
} as const;
export const RECOVERY_FAULT = "the ledger of requests is not what the custody log says was logged: nothing is told from it";

export const TRACE_FAULT = "it was changed after it was made, or the custody log does not say that it was run: nothing is told from it";

/** Every sentence that Clew itself wrote and that may stand in a fact. */
export const OWN_WORDS: ReadonlySet<string> = new Set([
	...RULES.map((rule) => RULE_WORDS[rule]),
	...Object.values(CONVENTIONS),
	...Object.values(GAP_WORDS),
	...Object.values(NOTES),
	OTHER_GAP,
	RECOVERY.what,
	RECOVERY.meaning,
	RECOVERY_FAULT,
	TRACE_FAULT,
]);
