import type { Rule } from "@clew/core";

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

export const STOP_TEXT: Readonly<Record<string, string>> = {
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
