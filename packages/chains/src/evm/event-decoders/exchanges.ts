import { type DecodedEvent, lower, type Told } from "./decoder.js";

/** Events of exchanges' pools. */
export const EXCHANGE_EVENTS: readonly DecodedEvent[] = [
	[
		"uniswap-v2",
		"event Swap(address indexed sender, uint256 amount0In, uint256 amount1In, uint256 amount0Out, uint256 amount1Out, address indexed to)",
		({ args: a }) => swap(a["to"], [a["amount0In"], a["amount1In"]], [a["amount0Out"], a["amount1Out"]]),
	],
	[
		"uniswap-v3",
		"event Swap(address indexed sender, address indexed recipient, int256 amount0, int256 amount1, uint160 sqrtPriceX96, uint128 liquidity, int24 tick)",
		({ args: a }) => swap(a["recipient"], [a["amount0"], a["amount1"]], [-BigInt(a["amount0"]), -BigInt(a["amount1"])]),
	],
	[
		"uniswap-v4",
		"event Swap(bytes32 indexed id, address indexed sender, int128 amount0, int128 amount1, uint160 sqrtPriceX96, uint128 liquidity, int24 tick, uint24 fee)",
		({ args: a }) => swap(undefined, [-BigInt(a["amount0"]), -BigInt(a["amount1"])], [a["amount0"], a["amount1"]]),
	],
	[
		"curve",
		"event TokenExchange(address indexed buyer, int128 sold_id, uint256 tokens_sold, int128 bought_id, uint256 tokens_bought)",
		({ args: a }) => swap(a["buyer"], [a["tokens_sold"]], [a["tokens_bought"]]),
	],
	[
		"curve",
		"event TokenExchange(address indexed buyer, uint256 sold_id, uint256 tokens_sold, uint256 bought_id, uint256 tokens_bought)",
		({ args: a }) => swap(a["buyer"], [a["tokens_sold"]], [a["tokens_bought"]]),
	],
	[
		"balancer",
		"event Swap(bytes32 indexed poolId, address indexed tokenIn, address indexed tokenOut, uint256 amountIn, uint256 amountOut)",
		({ args: a }) => swap(undefined, [a["amountIn"]], [a["amountOut"]]),
	],
];

/** One asset in and one out, in base units; anything else is no exchange of one for one. */
function swap(receiver: unknown, into: readonly unknown[], out: readonly unknown[]): Told | undefined {
	const positive = (list: readonly unknown[]) => list.map((amount) => BigInt(String(amount))).filter((amount) => amount > 0n);
	const [paid, ...morePaid] = positive(into);
	const [got, ...moreGot] = positive(out);
	if (paid === undefined || got === undefined || morePaid.length + moreGot.length > 0) return undefined;
	return {
		kind: "swap",
		...(receiver === undefined ? {} : { account: lower(receiver) }),
		details: { paid: paid.toString(), got: got.toString() },
	};
}
