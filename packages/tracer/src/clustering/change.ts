import { type AccountId, type OutputFacts, ownerOf, type UtxoTransaction } from "@clew/core";
import { owned } from "../patterns/finding.js";
import { isPeel, sameClient, sameLocktime, type Traits } from "./traits.js";

/** A set of outputs as bits, output 0 the lowest. */
export type OutputSet = number;

/** What a change heuristic may look at besides the transaction. */
export interface ChangeContext {
	readonly tx: UtxoTransaction;
	/** Accounts of the inputs. */
	readonly owners: ReadonlySet<AccountId>;
	/** True when the output's address appears on the chain for the first time with this output. */
	isFresh(vout: number): boolean;
}

/**
 * One way to recognise change. It names the outputs that it cannot rule out; only when one is left is that output change. `fromSpenders`
 * heuristics look at the transactions that spend the outputs, which may come later; the others at the transaction and what came before.
 */
export interface ChangeHeuristic {
	readonly name: string;
	readonly version: number;
	readonly parameters: Readonly<Record<string, string>>;
	readonly source: string;
	readonly candidates?: (context: ChangeContext) => OutputSet;
	readonly fromSpenders?: (own: Traits, spenders: Uint8Array) => OutputSet;
}

/** Outputs beyond this many: a payout, in which no heuristic here finds change. Sets of outputs are bits of a number. */
export const MOST_CHANGE_OUTPUTS = 30;
const ROUND = 1_000_000n;
const ROUND_THOUSAND = 1_000n;
const ONE_TIME_MOST = 10;
const BLOCKSCI = "BlockSci 0.7 change heuristics (Kalodner et al. 2020)";

/** True for an output that some key guards: what anybody may take is nobody's change. */
export function isOwned(output: OutputFacts | undefined): boolean {
	return output !== undefined && ownerOf(output) !== undefined;
}

/** The outputs for which something holds, among those that somebody's key can spend. */
function where(tx: UtxoTransaction, holds: (output: UtxoTransaction["outputs"][number], vout: number) => boolean): OutputSet {
	let set = 0;
	for (let vout = 0; vout < tx.outputs.length; vout++) {
		const output = tx.outputs[vout];
		if (output !== undefined && isOwned(output) && holds(output, vout)) set |= 1 << vout;
	}
	return set;
}

function spendersWhere(spenders: Uint8Array, holds: (spender: Traits) => boolean): OutputSet {
	let set = 0;
	for (let vout = 0; vout < spenders.length; vout++) if (holds(spenders[vout] as number)) set |= 1 << vout;
	return set;
}

/** Smaller than every input: a larger change would have made an input unnecessary. */
function optimal({ tx }: ChangeContext): OutputSet {
	const values = owned(tx).inputs.map((input) => input.previous?.value ?? 0n);
	const smallest = values.reduce((a, b) => (a < b ? a : b), values[0] ?? 0n);
	return where(tx, (output) => output.value < smallest);
}

function addressType({ tx }: ChangeContext): OutputSet {
	const types = new Set(owned(tx).inputs.map((input) => input.previous?.scriptType));
	const [only] = types;
	return types.size === 1 ? where(tx, (output) => output.scriptType === only) : where(tx, () => true);
}

function fresh({ tx, isFresh }: ChangeContext): OutputSet {
	return where(tx, (_, vout) => isFresh(vout));
}

/** The conjunction that Meiklejohn et al. call one-time change, with the refinements of later work. */
function oneTime(context: ChangeContext): OutputSet {
	const { tx } = context;
	const n = owned(tx).outputs.length;
	if (n < 2 || n > ONE_TIME_MOST) return 0;
	const types = new Set(owned(tx).inputs.map((input) => input.previous?.scriptType));
	const notRound = where(tx, (output) => output.value % ROUND_THOUSAND !== 0n);
	return types.size === 1 ? addressType(context) & optimal(context) & fresh(context) & notRound : 0;
}

/**
 * Every change heuristic, each on its own switch. None is on by default: change alone has made super-clusters of a hundred million
 * addresses.
 */
export const CHANGE_HEURISTICS: readonly ChangeHeuristic[] = [
	{
		name: "optimal",
		version: 1,
		parameters: {},
		source: `${BLOCKSCI}; Nick 2015: Data-driven de-anonymization in Bitcoin`,
		candidates: optimal,
	},
	{ name: "address-type", version: 1, parameters: {}, source: BLOCKSCI, candidates: addressType },
	{
		name: "locktime",
		version: 1,
		parameters: { unspent: "not ruled out" },
		source: BLOCKSCI,
		fromSpenders: (own, spenders) => spendersWhere(spenders, (spender) => sameLocktime(own, spender)),
	},
	{
		name: "fingerprint",
		version: 1,
		parameters: { compares: "version (1 or later), class of sequence numbers", unspent: "not ruled out" },
		source: "Kappos et al. 2022: How to Peel a Million",
		fromSpenders: (own, spenders) => spendersWhere(spenders, (spender) => sameClient(own, spender)),
	},
	{
		name: "power-of-ten",
		version: 1,
		parameters: { digits: "6" },
		source: BLOCKSCI,
		candidates: ({ tx }) => where(tx, (output) => output.value % ROUND !== 0n),
	},
	{
		name: "peeling-chain",
		version: 1,
		parameters: { link: "1 input, 2 spendable outputs" },
		source: `${BLOCKSCI}; Meiklejohn et al. 2013`,
		fromSpenders: (own, spenders) => (isPeel(own) ? spendersWhere(spenders, isPeel) : 0),
	},
	{
		name: "address-reuse",
		version: 1,
		parameters: {},
		source: BLOCKSCI,
		candidates: ({ tx, owners }) => where(tx, (output) => owners.has(output.account)),
	},
	{ name: "fresh-address", version: 1, parameters: {}, source: `${BLOCKSCI} (client change address behaviour)`, candidates: fresh },
	{
		name: "one-time",
		version: 1,
		parameters: { outputs: `2 to ${ONE_TIME_MOST}`, notMultipleOf: ROUND_THOUSAND.toString() },
		source: "Meiklejohn et al. 2013: A Fistful of Bitcoins; Androulaki et al. 2013",
		candidates: oneTime,
	},
];
