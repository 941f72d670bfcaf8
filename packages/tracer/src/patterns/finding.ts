import { type AccountId, isKeyless, ownerOf, spenderOf, type UtxoOutput, type UtxoTransaction } from "@clew/core";

/** What shapes of transactions are called; end points of traces cite them. */
export const PATTERN_NAMES = [
	"whirlpool-mix",
	"whirlpool-tx0",
	"wasabi-1.0",
	"wasabi-1.1",
	"wasabi-2",
	"joinmarket",
	"equal-output",
	"payjoin-possible",
	"two-party-sale",
	"consolidation",
	"batching",
	"sweep",
	"address-reuse",
] as const;

/** What a recogniser saw in a transaction. Structural: anybody with the same parameters sees the same. */
export interface Finding {
	readonly name: (typeof PATTERN_NAMES)[number];
	/** Raised whenever the definition changes. */
	readonly version: number;
	/** Whole percent of the recogniser's features that spoke; the required ones all did. */
	readonly score: number;
	readonly features: readonly string[];
	readonly parameters: Readonly<Record<string, string>>;
	/** Paper, BIP or tool that the definition follows. */
	readonly source: string;
	/** True when the transaction mixes money of several people, so that its inputs must not be joined. */
	readonly mixes: boolean;
}

/** One feature of a recogniser. Without all required features nothing is found; the others raise the score. */
export interface Feature {
	readonly text: string;
	readonly holds: boolean;
	readonly required: boolean;
}

/** A required feature. */
export function must(text: string, holds: boolean): Feature {
	return { text, holds, required: true };
}

/** A feature that makes a finding surer. */
export function surer(text: string, holds: boolean): Feature {
	return { text, holds, required: false };
}

/** The finding that features amount to, undefined when a required one is missing. */
export function findingOf(about: Omit<Finding, "score" | "features">, features: readonly Feature[]): Finding | undefined {
	if (features.some((f) => f.required && !f.holds)) return undefined;
	const spoke = features.filter((f) => f.holds);
	return { ...about, score: Math.round((100 * spoke.length) / features.length), features: spoke.map((f) => f.text) };
}

/** The outputs that somebody's key can spend: no data, no anchor, nothing that anybody may take. */
export function spendable(tx: Pick<UtxoTransaction, "outputs">): UtxoTransaction["outputs"] {
	return tx.outputs.filter((output) => ownerOf(output) !== undefined);
}

/** A transaction as rules count it: without inputs and outputs that are nobody's. */
export function owned(tx: UtxoTransaction): UtxoTransaction {
	const inputs = tx.inputs.filter(
		({ previous, signed }) => signed !== "nothing" && (previous === undefined || !isKeyless(previous.scriptType)),
	);
	return { ...tx, inputs, outputs: spendable(tx) };
}

/** Accounts of the inputs, once each, as far as they are known and somebody's. */
export function inputAccounts(tx: Pick<UtxoTransaction, "inputs">): Set<AccountId> {
	return new Set(tx.inputs.flatMap((input) => spenderOf(input) ?? []));
}

/** How many addresses outputs pay. */
export function addressesOf(outputs: readonly UtxoOutput[]): number {
	return new Set(outputs.map(({ account }) => account)).size;
}

/** How many addresses receive each value among outputs: one that receives it twice counts once. */
export function addressCounts(outputs: readonly UtxoOutput[]): Map<bigint, number> {
	const receivers = new Map<bigint, Set<AccountId>>();
	for (const { value, account } of outputs) receivers.set(value, (receivers.get(value) ?? new Set()).add(account));
	return new Map([...receivers].map(([value, accounts]) => [value, accounts.size]));
}

/** The most frequent value and how often it occurs; of equally frequent ones the largest. */
export function mostFrequent(counts: ReadonlyMap<bigint, number>): { value: bigint; count: number } {
	let best = { value: 0n, count: 0 };
	for (const [value, count] of counts) if (count > best.count || (count === best.count && value > best.value)) best = { value, count };
	return best;
}
