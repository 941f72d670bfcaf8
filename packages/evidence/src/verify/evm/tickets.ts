/** Rollups of Arbitrum, where an escrow pays the sender of a redeemed ticket its value before it moves on. */
const ARBITRUM = /^eip155:(?:42161|42170)\//;

/** True for an asset of a chain on which escrows of tickets pay. */
export function hasTickets(asset: string): boolean {
	return ARBITRUM.test(asset);
}
