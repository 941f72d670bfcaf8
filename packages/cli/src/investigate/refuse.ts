import { type AccountId, defang, displayAddress, type GraphStore, InputError, instantOf } from "@clew/core";
import { DEFAULT_STOP_PARAMETERS, standingStop } from "@clew/tracer";

/**
 * Throws InputError for a seed that labels or what is published call a service, a mixer, a bridge: what comes there is that of all who use
 * it, and following all of it says nothing of one theft. Behaviour alone refuses nobody: thieves collect as services do.
 */
export async function refuseService(store: GraphStore, account: AccountId, now: string): Promise<void> {
	const profile = { ...(await store.profile(account, 1)), detections: [], transfers: 0 };
	const stop = standingStop(account, profile, DEFAULT_STOP_PARAMETERS, instantOf(now));
	if (stop === undefined) return;
	throw new InputError(
		`${displayAddress(account)} is no thief's own: ${stop.reason}, ${defang(stop.detail)}. What comes there is everybody's who uses it, so that nothing is followed from it`,
		{
			hint: "Give the hash of the transaction that took the money, or the address that it came to first. What to ask such a service: docs/freeze.md.",
		},
	);
}
