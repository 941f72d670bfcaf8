/** Contracts of tokens that stand for a dollar or a bitcoin, as their issuers publish them, by CAIP-10. */
export const EVM_WORTH: ReadonlySet<string> = new Set([
	"eip155:1:0xdac17f958d2ee523a2206206994597c13d831ec7",
	"eip155:1:0xa0b86991c6218b36c1d19d4a2e9eb0ce3606eb48",
	"eip155:1:0x6b175474e89094c44da98b954eedeac495271d0f",
	"eip155:1:0x2260fac5e5542a773aa44fbcfedf7c193bc2c599",
	"eip155:56:0x55d398326f99059ff775485246999027b3197955",
	"eip155:56:0x8ac76a51cc950d9822d68b83fe1ad97b32cd580d",
	"eip155:137:0xc2132d05d31c914a87c6611c10748aeb04b58e8f",
	"eip155:137:0x2791bca1f2de4661ed88a30c99a7a9449aa84174",
	"eip155:8453:0x833589fcd6edb6e08f4c7c32d4f71b54bda02913",
]);
