import { formatAmount } from "../amount.js";
import { type AssetId, assetChain, type ChainId, isNative } from "../ids.js";
import { MAX_HEIGHT } from "../position.js";
import { MAX_UTXO_HEIGHT } from "../utxo.js";
import { coinOf, familyOf } from "./registry.js";

/** Seconds by which this machine's clock may be behind. */
const CLOCK_SPARE = 24 * 60 * 60;

/** Unix seconds by which a block that there is was made, by this machine's clock with a day to spare. */
function latestTime(now: number): number {
	return Math.floor(now / 1000) + CLOCK_SPARE;
}

const isoTime = (time: number) => new Date(time * 1000).toISOString().slice(0, 19);

/**
 * Why no block of the chain can have this time (Unix seconds), in words: it is yet to come by this machine's clock (`now`, milliseconds),
 * a day to spare. Undefined where it can, and on chains whose clocks are set by hand.
 */
export function impossibleMoment(chain: ChainId, time: number, now: number = Date.now()): string | undefined {
	if (time <= latestTime(now) || familyOf(chain).setsClock(chain)) return undefined;
	return `the time ${time} (${isoTime(time)}) is yet to come: by this machine's clock it is ${isoTime(Math.floor(now / 1000))}`;
}

/**
 * Why the chain can have no block of this height by now, a day to spare, in words; undefined where it can: above the highest that Clew
 * holds, or, where each block takes a known time at least, above what there was time for.
 */
export function impossibleHeight(chain: ChainId, height: number, now: number = Date.now()): string | undefined {
	const family = familyOf(chain);
	const highest = family.ledger === "outputs" ? MAX_UTXO_HEIGHT : MAX_HEIGHT;
	if (height > highest) return `block ${height} is above ${highest}, the highest that any chain has here`;
	return family.impossibleTime?.(chain, height, latestTime(now));
}

/** Why nobody can have moved so much (base units), in words: more of a chain's own coin than there ever was; undefined where one can. */
export function impossibleAmount(asset: AssetId, amount: bigint): string | undefined {
	const chain = assetChain(asset);
	const most = isNative(asset) ? familyOf(chain).mostCoins(chain) : undefined;
	if (most === undefined || amount <= most) return undefined;
	const { symbol, decimals } = coinOf(chain);
	return `${formatAmount(amount, decimals)} ${symbol} is more than there ever was`;
}
