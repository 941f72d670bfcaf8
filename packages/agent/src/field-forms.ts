import {
	type AccountId,
	type AssetId,
	assetChain,
	type ChainId,
	COVERED_KINDS,
	chainOf,
	DETECTION_KINDS,
	isNoPlace,
	nativeAsset,
	PROVENANCE_TIERS,
	parseAccount,
	parseAsset,
	type TransferKind,
} from "@clew/core";
import { DEFAULT_ACCOUNT_HEURISTICS } from "@clew/tracer";
import { noId, outside } from "./outside.js";
import { GAP_WORDS } from "./own-words.js";

const TRANSFER_KINDS: Readonly<Record<TransferKind, true>> = {
	...{ native: true, internal: true, token: true, fee: true, reward: true, withdrawal: true, genesis: true, fork: true },
	...{ mint: true, burn: true, spend: true, output: true, "collected-fee": true },
};
const HEURISTICS: ReadonlySet<string> = new Set([
	...[...DETECTION_KINDS, "mixer-link", "mixer-pool", "airdrop", "drainer", "address-poisoning", "sweeper", "delegated-to-sweeper"],
	...["deposit-address", "custodial-service", "gas-tank", "funding-siblings", "co-spend"],
	...DEFAULT_ACCOUNT_HEURISTICS,
]);
const KINDS_OF: Readonly<Record<string, (text: string) => boolean>> = {
	transfer: (text) => Object.hasOwn(TRANSFER_KINDS, text),
	gap: (text) => Object.hasOwn(GAP_WORDS, text),
};
const SHORT_WORD = /^[a-z][a-z0-9]{0,15}$/;

/** Fields that a case fills with what a file said, and whether a text is what belongs there. */
const FIELDS: Readonly<Record<string, (text: string) => boolean>> = {
	...Object.fromEntries(["account", "accounts", "from", "to", "funder", "counterpart", "collector"].map((key) => [key, isAccount])),
	asset: (text) => isAsset(text) || /^[A-Z]{3,5}$/.test(text),
	provenance: (text) => PROVENANCE_TIERS.some((tier) => tier === text),
	kinds: (text) => COVERED_KINDS.some((kind) => kind === text),
	heuristic: (text) => HEURISTICS.has(text),
	type: (text) => SHORT_WORD.test(text),
};
const IDS: ReadonlySet<string> = new Set(["account", "accounts", "from", "to", "funder", "counterpart", "collector", "asset"]);

/**
 * The fields of a fact with whatever is not of its chain's own form, or no word of Clew's lists, as a reference: a case file may hold a
 * sentence where an address belongs. Deterministic.
 */
export function heldToForms(kind: string, data: unknown, key = ""): unknown {
	if (Array.isArray(data)) return data.map((one) => heldToForms(kind, one, key));
	if (typeof data === "object" && data !== null)
		return "ref" in data ? data : Object.fromEntries(Object.entries(data).map(([name, one]) => [name, heldToForms(kind, one, name)]));
	if (typeof data !== "string") return data;
	const fits = key === "kind" ? KINDS_OF[kind] : FIELDS[key];
	if (fits === undefined || fits(data)) return data;
	return IDS.has(key) ? noId(data) : outside(data);
}

/** An account as its chain's family writes it, a transaction that stands for one, or the account of nobody. */
function isAccount(text: string): boolean {
	try {
		const chain = chainOf(text as AccountId);
		if (isNoPlace(text as AccountId) || /^tx-(?:0x)?[0-9a-f]{64}$/.test(text.slice(chain.length + 1))) return true;
		return parseAccount(text, chain) === text;
	} catch {
		return false;
	}
}

function isAsset(text: string): boolean {
	try {
		const chain: ChainId = assetChain(text as AssetId);
		return nativeAsset(chain) === text || parseAsset(text, chain) === text;
	} catch {
		return false;
	}
}
