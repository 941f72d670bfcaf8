import { goesForward, type Rule, type TraceResult } from "@clew/core";

/** What a blank is called that only a person can fill. */
export const NOT_STATED = "[not stated]";

export const RULE_TEXT: Record<Rule, string> = {
	fifo: "First in, first out (Clayton's Case): an outflow takes the oldest money.",
	lifo: "Last in, first out: an outflow takes the newest money.",
	haircut: "Pro rata (the North American rolling charge): an outflow takes from every origin in proportion to its share of the balance.",
	poison: "Any tainted balance makes the whole outflow tainted. For screening only: it does not conserve value and supports no claim.",
	libr: "Lowest intermediate balance: the wrongdoer spends clean money first; taint falls only when the balance falls below it. Each claimant alone.",
	tiho: "Taint in, highest out: in each transaction tainted money goes to the outputs of highest value first.",
	difo: "Tainted money first out: on one ledger the most that any conserving rule can say has left it. Over several accounts it is no bound.",
	dilo: "Tainted money last out: on one ledger the least. Over several accounts it is no bound.",
};

const STOP_TEXT: Readonly<Record<string, string>> = {
	service: "an account that somebody labelled as a service, or that behaves like one, as each end point says; not followed further",
	mixer: "a mixing service, or on Bitcoin a transaction that looks like a mix (a pattern alone, as the end point says)",
	bridge: "a bridge to another chain",
	"entry-point": "paid for gas, or into a deposit for gas, to an EntryPoint of account abstraction (ERC-4337)",
	swap: "given in somebody's exchange, or an account labelled as a place of exchange",
	unspent: "not moved up to the last block that was read of each, as the end point says",
	dust: "below the dust threshold",
	budget: "outside the account budget",
	"time-window": "held when the time window of the trace ended; moved later",
	unfetched: "the account's own history at that height is not, or not known to be whole, in the case",
	"contract-unknown": "a contract whose internal calls are not in the case",
	burned: "destroyed",
	"unknown-receiver": "no source names who received it",
};

const SOURCE_TEXT: Readonly<Record<string, string>> = {
	...STOP_TEXT,
	service:
		"an account that somebody labelled as a service, or that behaves like one, as each source says; what came to it is not looked at",
	swap: "given back in somebody's exchange, or an account labelled as a place of exchange",
	minted: "newly made, or given by the protocol: nobody paid it",
	"time-window": "there before the first block that was read",
	unfetched:
		"where it came from is not in the case: the payer's own history there is not, or not known to be whole; or it was there before, or came unread",
};

/** What a report says otherwise of a trace forward and of one that goes back to where money came from. */
export function wordsOf(result: Pick<TraceResult, "direction">) {
	return goesForward(result) ? FORWARD : BACKWARD;
}

const FORWARD = {
	title: "tracing report",
	way: "",
	flow: "The accounts through which most of it went",
	begins: "Where the trace begins",
	seeds:
		"These are the seeds: statements by whoever asked for the trace, not findings. What is called tainted in this report is inferred from them by the rules named.",
	seed: "Seed",
	arrival: "arrival",
	nothing: "nothing arrived",
	statement: "statement of the victim",
	where: "Where it went",
	agreed:
		" agrees on for all accounts of a line together, whenever the inflows came that the books lack. Money that came by transfers which were never fetched, and stayed, is not reckoned with: the gaps say where that can be. ",
	atMost:
		" is the most that any rule says of them together; where inflows are missing, what each account can have had at most over every placing of these is added up, and cannot all be true at once.",
	ends: "end points",
	End: "End point",
	order: "freeze first",
	stop: STOP_TEXT,
	reached: "What of this seed alone reached each end point.",
	tainted: "tainted under",
	moved: "movements of traced money after the seeds",
	rules: "",
	sums: "seeded + exchanged in = held + stopped + fees + exchanged out",
	columns: ["rule", "seeded", "exchanged in", "held", "stopped", "fees", "exchanged out"],
	seedValue: "each arrival in its block",
	endValue: "what is agreed, each in the block in which money last came to it",
};

const BACKWARD: typeof FORWARD = {
	title: "report on sources",
	way: " It goes backward: it says where money came from, and not where any went.",
	flow: "The accounts through which most of it came, from sources to what is asked about",
	begins: "What is asked about",
	seeds:
		"These are the questions of whoever asked for the trace: payments, outputs, or what an account had at the end of a block. What is called tainted in this report is what of a movement came to them by the rule named; it says nothing of whoever paid it.",
	seed: "Question",
	arrival: "payment or balance",
	nothing: "nothing was there",
	statement: "statement of who asks",
	where: "Where it came from",
	agreed:
		" agrees on for all sources of a line together, whenever what the books lack came. Behind a payer whose own history is not known to be whole nothing is agreed: the gaps say where that is. ",
	atMost:
		" is the most that any rule says of them together; where something came unread, what each source can have brought at most over every time at which it may have come is added up, and cannot all be true at once.",
	ends: "sources",
	End: "Source",
	order: "most agreed first",
	stop: SOURCE_TEXT,
	reached: "What of this question alone came from each source.",
	tainted: "came of it under",
	moved: "movements on the way to what is asked about",
	rules:
		" Each was played from the last movement to the first, with payer and receiver exchanged: an outflow of this text is what comes back to who paid it.",
	sums: "asked about + exchanged = there before the first block that was read + other sources + fees + exchanged",
	columns: ["rule", "asked about", "exchanged in", "there before", "other sources", "fees", "exchanged out"],
	seedValue: "each in its block",
	endValue: "what is agreed, each in the block of its last payment on the way",
};

export const TIER_TEXT: Readonly<Record<string, string>> = {
	proven:
		"recomputed from the signed transaction and its receipt (on Bitcoin the transaction), down to a block header whose hash a verifier can compare",
	quorum: "several nodes told the same, as whoever asked them states; the source that the row names says which",
	node: "one node said so, as whoever asked it states; Clew takes in a block only where its transactions and receipts hash as they must",
	"node-unverified":
		"one node said so, as whoever asked it states, and not all of its block came out for whoever asked: no rule known here gives a hash or a root of it, or its receipt came without those of the rest of the block",
	imported: "a file, whose hash is kept, says so",
	unprovable: "the chain's roots cannot be rebuilt from what nodes tell, so that nobody can prove it this way",
};

export const GLOSSARY: readonly (readonly [string, string])[] = [
	["account, address", "a place on the chain that can hold money; who controls it is another question"],
	["base unit", "the smallest unit of an asset: wei, satoshi, or a token's own; every computation is in whole base units"],
	["block, height", "transactions are added in numbered blocks; the number is the height, and stands for time better than a date"],
	["block header", "a short summary of a block that commits to everything in it by hashes; whoever knows its hash can check all the rest"],
	["end point, leaf", "an account where the trace stops, with the reason"],
	["lot", "an amount of one asset with one origin, kept apart inside an account"],
	["row", "one movement of money, numbered as in transfers.csv"],
	["seed", "where whoever asked for the trace had it begin"],
	["tainted", "stemming from a seed under a named rule; no statement about the holder"],
	["transaction hash", "the number that names a transaction for everybody"],
];

const BACKWARD_TERMS: Readonly<Record<string, string>> = {
	"end point, leaf": "of this report a source: an account at which the trace back in time stops, with the reason",
	seed: "what whoever asked for the trace asks about: a payment, an output, or a balance at the end of a block",
	tainted: "what of a movement came to what is asked about under a named rule; no statement about the holder",
};

/** The same words where a trace goes backward. */
export const BACKWARD_GLOSSARY: typeof GLOSSARY = GLOSSARY.map(([term, meaning]) => [term, BACKWARD_TERMS[term] ?? meaning]);
