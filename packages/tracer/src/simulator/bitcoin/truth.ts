import { z } from "zod";
import { theftSchema, truthSchema } from "../truth.js";

/** Families of mixes that are made here. */
export const MIX_FAMILIES = ["whirlpool-mix", "whirlpool-tx0", "wasabi-1.0", "wasabi-1.1", "wasabi-2", "joinmarket"] as const;
export type MixFamily = (typeof MIX_FAMILIES)[number];

/** What really happened in a made-up Bitcoin world. Amounts are decimal strings in satoshi; accounts are CAIP-10 ids. */
export const bitcoinTruthSchema = z.strictObject({
	schema: z.literal("clew.bitcoin-truth/1"),
	seed: z.number().int(),
	size: z.number().int(),
	chain: z.string(),
	owners: z.record(z.string(), z.string()).describe("owner of every address"),
	change: z.record(z.string(), z.number().int()).describe("transaction to the index of its change output, where it has one"),
	mixes: z.record(z.string(), z.enum(MIX_FAMILIES)).describe("transaction to the family of its mix"),
	payJoins: z.array(z.string()),
	services: z.record(z.string(), z.string()).describe("exchange to one of its deposit addresses, which was collected from"),
	/** The stolen coin is output 0 of each theft's transaction. */
	thefts: z.array(theftSchema),
});
export type BitcoinTruth = z.infer<typeof bitcoinTruthSchema>;

/** The truth of a made-up world of either kind. */
export const worldTruthSchema = z.discriminatedUnion("schema", [truthSchema, bitcoinTruthSchema]);

/** The truth with other names: what a world is called when its blocks were made real. */
export function renameBitcoinTruth(
	truth: BitcoinTruth,
	accountOf: (madeUp: string) => string,
	txidOf: (madeUp: string) => string,
): BitcoinTruth {
	const keys = <T>(record: Readonly<Record<string, T>>, name: (madeUp: string) => string) =>
		Object.fromEntries(Object.entries(record).map(([key, value]) => [name(key), value]));
	return {
		...truth,
		owners: keys(truth.owners, accountOf),
		change: keys(truth.change, txidOf),
		mixes: keys(truth.mixes, txidOf),
		payJoins: truth.payJoins.map(txidOf),
		services: Object.fromEntries(Object.entries(truth.services).map(([entity, account]) => [entity, accountOf(account)])),
		thefts: truth.thefts.map((theft) => ({
			...theft,
			victim: accountOf(theft.victim),
			thief: accountOf(theft.thief),
			transaction: txidOf(theft.transaction),
			ends: keys(theft.ends, accountOf),
			stops: keys(theft.stops, accountOf),
		})),
	};
}
