/** Coins of Bitcoin's kind that are known and not followed, by their CAIP-2 id (CAIP-4). */
export const OTHER_COINS: ReadonlySet<string> = new Set([
	"bip122:12a765e31ffd4059bada1e25190f6e98",
	"bip122:1a91e3dace36e2be3bf030a65679fe82",
	"bip122:000000000000000000651ef99cb9fcbe",
	"bip122:fdbe99b90c90bae7505796461471d89a",
]);
