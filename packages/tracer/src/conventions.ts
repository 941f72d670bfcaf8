import { type ChainId, type FeeConvention, ledgerOf } from "@clew/core";
import type { TraceDirection } from "./seeds.js";

/** Conventions that both families share. */
const SHARED = {
	poison:
		"any taint makes the whole outflow tainted until the balance is 0; not conserved; screening only; an account holds its whole balance of it, a row or an end point where it stopped what came with it",
	difoDilo: "tainted units first or last; among tainted units the oldest first",
	leaf: "what an end point sends on is not followed and comes back as clean; what stops at an account that is followed for other money lies in its balance as clean",
	overlap:
		"a unit is marked once: by seeds that name the transfer or output, then passages, account: seeds, tx: seeds, each in the order given; under libr and poison each seed is alone and marks what is not its own",
	seedLimit:
		"each seed's --amount is a number of units of one asset (the native one without --asset) under each rule, used up by what it marks in the order of position; what nobody read uses up none of it",
	origins: "over several seeds the total is the sum of their units; under libr and poison the largest single claim",
	stops:
		"asked at each arrival: burned, bridge contract, EntryPoint, label, detection, number of transfers, dust, unfetched, contract-unknown, budget, swap; the first that holds",
	arrivals:
		"movements that brought money to the end point that some rule, or the upper bound where inflows are missing, calls tainted, each once",
} as const;

/** Conventions that change a number; every result names them. */
export const CONVENTIONS: Readonly<Record<string, string>> = {
	order:
		"height, transaction index, event index; fee first, then the transaction's value, internal calls in call order, token logs in log order",
	fee: "paid by the sender before execution; taint in a fee ends there",
	entryPoint:
		"what an EntryPoint of ERC-4337 is paid ends there; what it is paid and pays is no side of an exchange, and tx: marks none of it, but counts what was paid to it like a fee",
	selfTransfer: "changes nothing but the fee; counts as one transfer; refused as a seed, since nothing changed hands",
	unknownFunds:
		"an outflow beyond the known balance is covered by an unknown lot, clean and newest, and the legs of an exchange are paid one by one for it: one placing, which each rule's amounts use; agreed, range and poison hold for every placing of the missing money in time and order, and poison lasts until the balance and what the books still lack are 0",
	openingBalance: "one clean lot, replayed from the earlier transfers in the case",
	ageOrder: "lots that move together keep their age order, and arrive as the newest of the receiver",
	haircutRounding:
		"floor each share, remainder one unit at a time by largest remainder, ties to the older lot, and of lots that arrive at once to the clean one",
	unread:
		"an account whose own history is not whole where money comes ends it there, unless the case holds what it paid of that asset from that height on: then it is followed, and nothing that it pays is agreed; a contract ends it all the same, and nothing of it is agreed there if the case holds such a payment",
	libr: "each claimant alone; over several seeds the largest single claim is shown, never a sum",
	conversion:
		"an account, tainted or not, that in one transaction pays one asset net and receives one other exchanges: at the first leg it pays the net amount and then receives the net proceeds, tainted in proportion; what others give it of the two assets in that transaction ends with them as swap; one that makes no such exchange, but pays a token's contract native coin and gets as many units minted, or burns units and is paid as much, exchanges just those, net, and nothing where they cancel out, unless other transfers of the assets stand between; where it is paid what it gives for it only after that, or pays on what it gets before it got it, nothing is converted, and what it gave ends with it as swap",
	conversionRounding:
		"each run of units of one origin by floor, remainder by largest remainder, ties to the older run and last to the clean rest; libr: each claim by floor; poison: the whole proceeds",
	seed: "account: every clean unit that others pay it; transfer: the clean units of one; tx: what accounts have more of, their fees included, marked when it is over, less what came tainted; burned money too; none of the coin of a contract that wraps it there, nor of the tokens burned to unwrap",
	seedAge:
		"at arrival fifo and lifo mark the oldest clean units of it, in their place; tx: marks the newest clean units of the balance, fifo and lifo in their place; under the other rules marked units are the newest",
	seedRows: "tx: told by the last transfers that paid the account first, each up to its clean units",
	...SHARED,
};

/** The same where a trace goes back in time. */
const BACKWARD: Readonly<Record<string, string>> = {
	direction:
		"backward: each rule is played on the ledger in reverse, with payer and receiver exchanged, so that money asked about goes back to who brought it; fifo and lifo match the same units as forward, haircut the same shares but for rounding",
	order: `${CONVENTIONS["order"]}; from the last to the first`,
	seed: "account: what it held at the end of a block; transfer: all of it; tx: what its payers have less of because of it, fees left out, of their last payments first",
	fee: "what an account paid as a fee had come to it like any other money, and is no part of what is asked about",
	openingBalance: "what was there before the first movement that the case holds is an end, unfetched",
	closingBalance: "what was not paid on by the moment asked about is not asked about: one lot, the first of the reversed ledger",
	unknownFunds:
		"what an account paid beyond its known balance came to it unread: in each rule's own amounts right before that payment, by agreed and the range at any time before it; what it lacks only after the moment asked about is not reckoned with",
	libr: "as dilo of one question: no more than must have come from a source",
	haircutRounding: CONVENTIONS["haircutRounding"] as string,
	ageOrder: "reversed: lots that move together keep their order, and arrive as the last of who paid them",
	conversion: "an exchange by netting, as forward: what was got goes back to what was paid for it, in proportion",
	conversionRounding: CONVENTIONS["conversionRounding"] as string,
	unread:
		"a payer whose own history is not whole where it paid is an end, unless the case holds what was paid to it of that asset before: then it is followed, and no source behind it is agreed; for the coin its internal calls must have been read as well",
	minted: "where nobody paid, the money was newly made or given by the protocol",
	passages: "bridges and pools to another receiver are not gone through backward",
	poison: "all that can have contributed: any of what is asked about makes all earlier inflows of the account sources; screening only",
	difoDilo: "what is asked about comes first or last from the latest inflows: the most and the least of one account",
	leaf: SHARED.leaf,
	origins: SHARED.origins,
	overlap: SHARED.overlap,
	seedLimit: "each seed's --amount is a number of units, of what is asked about the last first",
	stops: `${SHARED.stops}; asked of payers, burned is minted`,
	arrivals: "movements by which money came from the source, each once",
};

/** The same over outputs. */
const BACKWARD_OUTPUTS: Readonly<Record<string, string>> = {
	direction: BACKWARD["direction"] as string,
	order:
		"height, transaction index, from the last to the first; in a transaction the fee, then outputs, then inputs, each from the last to the first",
	seed: "outpoint: that output; tx: every output that does not go back to an address of its inputs; account: what an address held unspent at the end of a block",
	fee: "what the outputs leave of the inputs; no part of what is asked about",
	fifo: "the inputs in order are a tape that the outputs cut in order, read from its end",
	lifo: "the same tape, cut from its end",
	haircut:
		"each input by its value; floor each question's share, remainder one satoshi at a time by largest remainder, ties to the later output",
	tiho: "what is asked about to the highest inputs first, of equal ones the later: not the reverse of tiho forward",
	difoDilo: "what is asked about comes first or last from the later inputs: bounds in one transaction",
	poison: "all that can have contributed: every input whole; screening only",
	minted: BACKWARD["minted"] as string,
	passages: BACKWARD["passages"] as string,
	leaf: SHARED.leaf,
	origins: SHARED.origins,
	overlap: SHARED.overlap,
	seedLimit: SHARED.seedLimit,
	stops:
		"asked of inputs: coinbase, label, detection, number of outputs, dust, budget, what looks like a CoinJoin, unfetched; the first that holds",
	arrivals: BACKWARD["arrivals"] as string,
};

/** The same for chains whose money lies on outputs. */
function outputConventions(fee: FeeConvention): Readonly<Record<string, string>> {
	return {
		order: "height, transaction index; in a transaction inputs in order, then outputs in order, then the fee",
		fee: FEE_TEXT[fee],
		fifo: "the inputs in order are a tape that the outputs cut in order",
		lifo: "the same tape, cut from its end",
		haircut:
			"each output by its value; floor each origin's share, remainder one satoshi at a time by largest remainder, ties to the origin of the earlier input",
		tiho: "tainted satoshi to the highest outputs first, of equal ones the earlier; of tainted satoshi those of the earlier input first",
		coinbase: "new coins are clean",
		seed: "outpoint: that output; tx: every output that does not go back to an address of its inputs, OP_RETURN too; account: every output that pays it; clean satoshi only",
		seedAge:
			"fifo and lifo mark the oldest clean satoshi of an output, in their place; under the other rules marked satoshi are the newest",
		...SHARED,
	};
}

const FEE_TEXT: Readonly<Record<FeeConvention, string>> = {
	last: "what the outputs leave of the inputs; taint in a fee ends there",
	proportional:
		"a share of every input in proportion to its value, by largest remainder, ties to the earlier input; by each rule what goes on leaves the input first, the fee is the rest; taint in a fee ends there",
	coinbase:
		"what the outputs leave of the inputs; followed into the coinbase of the block, which takes the subsidy first and then the fees in transaction order",
};

/** The conventions that a trace of a chain is run by, of which a result states all. */
export function conventionsOf(chain: ChainId, fee: FeeConvention, direction: TraceDirection = "forward"): Readonly<Record<string, string>> {
	if (direction === "backward") return ledgerOf(chain) === "outputs" ? BACKWARD_OUTPUTS : BACKWARD;
	return ledgerOf(chain) === "outputs" ? outputConventions(fee) : CONVENTIONS;
}
