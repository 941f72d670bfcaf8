import { MAX_EVENT_INDEX, mirrorPosition } from "@clew/core";
import type { Seed } from "../seeds.js";

/** A seed whose place is looked up in a mirrored ledger. */
export function mirrorSeed(seed: Seed): Seed {
	if (seed.kind !== "transfer") return seed;
	return { ...seed, at: typeof seed.at === "number" ? MAX_EVENT_INDEX - seed.at : mirrorPosition(seed.at) };
}
