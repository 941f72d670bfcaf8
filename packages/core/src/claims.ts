import type { AccountId, AssetId, ChainId } from "./ids.js";
import type { CoveredKind } from "./transfer.js";

/** Three tiers of claim, never mixed: recomputable from the chain; somebody's label; a suggestion. */
export type ClaimTier = "structural" | "attribution" | "lead";

/** Label categories after the INTERPOL / GraphSense TagPack taxonomy, as far as tracing acts on them. */
export const LABEL_CATEGORIES = [
	"exchange",
	"custodian",
	"payment_processor",
	"gambling",
	"mixing_service",
	"bridge",
	"defi_dex",
	"defi",
	"market",
	"scam",
	"phishing",
	"ponzi",
	"hack",
	"ransomware",
	"terrorism",
	"sanctioned",
	"donation",
	"victim",
	"miner",
	"contract",
	"other",
] as const;
export type LabelCategory = (typeof LABEL_CATEGORIES)[number];

/** Categories that hold funds of many people under their own key: a trace never goes past them. */
export const CUSTODIAL_CATEGORIES: ReadonlySet<LabelCategory> = new Set(["exchange", "custodian", "payment_processor", "gambling"]);

/** Categories of accounts that take money from everybody and where a trace therefore ends: custodians, bridges, pools of exchanges. */
export const SERVICE_CATEGORIES: ReadonlySet<LabelCategory> = new Set([...CUSTODIAL_CATEGORIES, "bridge", "defi_dex"]);

/** Categories that say money there is, or soon will be, a criminal's or a sanctioned party's. */
export const DANGEROUS_CATEGORIES: ReadonlySet<LabelCategory> = new Set([
	"sanctioned",
	"terrorism",
	"ransomware",
	"hack",
	"phishing",
	"ponzi",
	"scam",
	"market",
]);

/** What somebody says about an account. Always tier `attribution`. */
export interface Label {
	readonly account: AccountId;
	readonly category: LabelCategory;
	readonly entity: string;
	readonly name: string;
	readonly source: string;
	/** ISO date on which the source was read, or empty when the file does not say. */
	readonly retrievedAt: string;
	/** GraphSense's scale, 0 to 100: ownership 100, … web crawl 20, heuristic 10, unknown 5. */
	readonly confidence: number;
	/** ISO date from which the source says so, where it gives one. */
	readonly validFrom?: string;
	/** ISO date from which it no longer says so: a delisting. */
	readonly validUntil?: string;
}

/** What a heuristic can see in how an account behaves. */
export const DETECTION_KINDS = [
	"deposit-address",
	"custodial-service",
	"hot-wallet",
	"cold-wallet",
	"mixer-pool",
	"bridge",
	"dex-pool",
	"mixer-link",
	"address-poisoning",
	"drainer",
	"airdrop",
	"sweeper",
	"delegated-to-sweeper",
] as const;
export type DetectionKind = (typeof DETECTION_KINDS)[number];

/**
 * What a heuristic saw, with all that a stranger needs to see it again: definition (name, version, source), parameters, reasons and rows.
 * `structural` where the data alone decides under the definition; `lead` where it only directs a search.
 */
export interface Detection {
	readonly account: AccountId;
	readonly kind: DetectionKind;
	readonly tier: Exclude<ClaimTier, "attribution">;
	readonly heuristic: string;
	readonly version: number;
	/** Whole percent of the heuristic's features that spoke; no probability. */
	readonly score: number;
	readonly reasons: readonly string[];
	readonly parameters: Readonly<Record<string, string>>;
	readonly source: string;
	/** The other account of the claim: the service of a deposit address or a wallet, the imitated address, the depositor of a mixer link. */
	readonly counterpart?: AccountId;
	/** Positions of rows that show it, at most a few. */
	readonly evidence: readonly string[];
}

/** Kind of the case's documents that hold detections, by account; see `GraphStore.record`. */
export const DETECTIONS = "detections";

/** What was fetched: for one account or (account undefined) for every account, heights inclusive. */
export interface Coverage {
	readonly chain: ChainId;
	readonly account?: AccountId;
	readonly fromHeight: number;
	readonly toHeight: number;
	readonly kinds: readonly CoveredKind[];
	readonly source: string;
	/** What the source itself does not promise, in words; empty when nothing. */
	readonly note: string;
}

/** How a token calls itself. Written by whoever deployed it: hostile text. */
export interface AssetInfo {
	readonly asset: AssetId;
	readonly decimals: number;
	readonly symbol: string;
}

/** A file or a node that facts came from. `sha256` is of the file's bytes; `name` carries no secret. */
export interface Source {
	readonly id: string;
	readonly kind: "file" | "node";
	readonly name: string;
	readonly sha256: string;
	readonly detail: string;
}

/** What an entry of the custody log states besides what was done. What is absent was not stated; nothing is guessed. */
export interface CustodyStatement {
	/** Name and version of the program, such as `clew 0.9.0`. */
	readonly with?: string;
	/** Who, as a person said, or the key that signed. */
	readonly by?: string;
	/** Why, as a person said. */
	readonly why?: string;
}

/** One line of the hash-chained custody log. `at` is ISO UTC, as the case holds it. Entries made before statements have none. */
export interface CustodyEntry extends CustodyStatement {
	readonly sequence: number;
	readonly at: string;
	readonly action: string;
	readonly detail: string;
	/** SHA-256 over the canonical JSON of this entry without `hash`; `previous` chains it. */
	readonly previous: string;
	readonly hash: string;
}
