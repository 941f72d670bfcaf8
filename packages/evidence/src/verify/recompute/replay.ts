import { isBackward } from "../backward/as-forward.js";
import { type KnownBalance, mirroredLedgers } from "../backward/mirrored-ledgers.js";
import { askedOutputs } from "../backward/mirrored-outputs.js";
import type { Trace } from "../bundle/formats.js";
import { familyOf, ledgerOf } from "../chain-family/registry.js";
import { replayAccounts } from "./accounts.js";
import type { Ledgers } from "./ledgers.js";
import { replayOutputs } from "./outputs.js";
import type { Replayed } from "./replayed.js";
import { seedsOf } from "./seeds.js";

/** The asset of a chain of outputs. */
export function coinOf({ edges, seeds }: Trace): string {
	return edges.find(({ outpoint }) => outpoint !== undefined)?.asset ?? seeds[0]?.rows[0]?.asset ?? "";
}

/**
 * What the rules give over the ledgers of a bundle, in the direction of its trace; `known` are balances that its facts state. Throws Error
 * where they do not add up, TooMuch where they make more work than anybody should have.
 */
export function replay(trace: Trace, rules: readonly string[], ledgers: Ledgers, known: readonly KnownBalance[]): Replayed {
	const seeds = seedsOf(trace, rules);
	const backward = isBackward(trace);
	if (ledgerOf(trace.chain) === "accounts") {
		const since = Number(trace.parameters["readFrom"] ?? "0") || 0;
		const played = backward ? mirroredLedgers(ledgers, since, known) : ledgers;
		return replayAccounts(rules, seeds, played, trace.parameters["conversions"] !== "off");
	}
	const [nobody = ""] = familyOf(trace.chain)?.burned ?? [];
	const rowsOf = trace.seeds.map(({ rows }) => rows.map(({ position }) => position));
	const back = backward ? { back: { asked: askedOutputs(seeds, rowsOf, ledgers.transactions), nobody: `${trace.chain}:${nobody}` } } : {};
	const ends = new Set(trace.leaves.flatMap(({ outpoints = [] }) => outpoints.map(({ outpoint }) => outpoint)));
	const collected = new Set(trace.edges.filter(({ kind }) => kind === "collected-fee").map(({ position }) => position));
	const coin = coinOf(trace);
	return replayOutputs({ rules, seeds, fee: trace.parameters["fee"] ?? "last", coin, ends, collected, ...back }, ledgers);
}
