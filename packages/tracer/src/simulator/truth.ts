import type { AccountId, Label, LabelCategory } from "@clew/core";
import { z } from "zod";

/** What a thief does with the money. */
export const PLAYBOOKS = ["peel", "split", "merge", "exchange", "mixer", "swap", "bridge", "wait", "decoys"] as const;
export type Playbook = (typeof PLAYBOOKS)[number];

const amounts = z.record(z.string(), z.string()).describe("base units by account");

/** One theft of a made-up world. */
export const theftSchema = z.strictObject({
	playbook: z.enum(PLAYBOOKS),
	victim: z.string(),
	thief: z.string(),
	transaction: z.string(),
	amount: z.string(),
	/** Where the stolen units are at the end, as the thief's own books have it. */
	ends: amounts,
	/** The kind of place of each end: what a trace should say of it. */
	stops: z.record(z.string(), z.enum(["service", "mixer", "unspent"])),
});
export type Theft = z.infer<typeof theftSchema>;

/** What really happened in a made-up world. Amounts are decimal strings in base units; accounts are CAIP-10 ids. */
export const truthSchema = z.strictObject({
	schema: z.literal("clew.truth/1"),
	seed: z.number().int(),
	size: z.number().int(),
	chain: z.string(),
	services: z.array(z.string()).describe("wallets of custodial services"),
	depositAddresses: z.record(z.string(), z.string()).describe("deposit address to the wallet that collects from it"),
	hotWallets: z.array(z.string()).describe("wallets of custodial services that pay withdrawals"),
	coldWallets: z.record(z.string(), z.string()).describe("cold wallet to the hot wallet that it belongs to"),
	mixers: z.array(z.string()),
	mixerLinks: z.array(z.strictObject({ depositor: z.string(), receiver: z.string() })),
	poisonings: z.array(z.strictObject({ victim: z.string(), imitator: z.string(), imitated: z.string() })),
	drainers: z.array(z.string()),
	airdrops: z.array(z.string()),
	pools: z.array(z.string()).describe("pools that exchange one asset for another"),
	bridges: z.array(z.string()).describe("contracts of bridges, on every chain"),
	crossings: z.record(z.string(), z.string()).describe("key of a bridge's deposit to who received it on the other chain"),
	/** Busy accounts that are no services: what a careless detector accuses. */
	decoys: z.array(z.string()),
	thefts: z.array(theftSchema),
});
export type Truth = z.infer<typeof truthSchema>;

/** Notes in the books of a theft where some of it came to rest. */
export function end(theft: Theft, account: string, amount: bigint, stop: Theft["stops"][string]): void {
	theft.ends[account] = (BigInt(theft.ends[account] ?? "0") + amount).toString();
	theft.stops[account] = stop;
}

/** A label that says what is known of an account in a made-up world. */
export function simulatedLabel(account: AccountId, category: LabelCategory, entity: string): Label {
	return { account, category, entity, name: entity, source: "simulated", retrievedAt: "", confidence: 100 };
}

/** The truth with other names of transactions: what they are called when a world's blocks were made real. */
export function renameTransactions(truth: Truth, nameOf: (madeUp: string) => string): Truth {
	return { ...truth, thefts: truth.thefts.map((theft) => ({ ...theft, transaction: nameOf(theft.transaction) })) };
}
