import { type AccountId, KNOWN_BRIDGES, type Label } from "@clew/core";

/** The bridge whose published contract this is. */
export function knownBridge(account: AccountId): string | undefined {
	return KNOWN_BRIDGES.get(account);
}

/** True when what the contract logs about crossings may be believed: it is published, or labelled a bridge. */
export function isGenuineBridge(account: AccountId, labels: readonly Label[], minConfidence: number): boolean {
	return knownBridge(account) !== undefined || labels.some((label) => label.category === "bridge" && label.confidence >= minConfidence);
}
