const OP_STACK = "0x4200000000000000000000000000000000000006";

/** The published contract that wraps a chain's coin, by the chain's number. A table of the verifier's own. */
const WRAPPED: Readonly<Record<string, string>> = {
	1: "0xc02aaa39b223fe8d0a0e5c4f27ead9083c756cc2",
	10: OP_STACK,
	25: "0x5c7f8a570d578ed84e63fdfa7b1ee72deae1ae23",
	56: "0xbb4cdb9cbd36b01bd1cbaebf2de08d9173bc095c",
	100: "0xe91d153e0b41518a2ce8dd3d7944fa863463a97d",
	130: OP_STACK,
	137: "0x0d500b1d8e8ef31e21c99d1db9a6444d3adf1270",
	204: OP_STACK,
	250: "0x21be370d5312f44cb42ce377bc9b8a0cef1a4c83",
	324: "0x5aea5775959fbc2557cc8789bc1bf90a239d9a91",
	480: OP_STACK,
	1135: OP_STACK,
	5000: "0x78c1b0c915c4faa5fffa6cabf0219da63d7f4cb8",
	8453: OP_STACK,
	34443: OP_STACK,
	42161: "0x82af49447d8a07e3bd95bd0d56f35241523fbab1",
	42170: "0x722e8bdd2ce80a4422e880164f2079488e115365",
	43114: "0xb31f66aa3c1e785363f0875a1b74e27b85fd66c7",
	57073: OP_STACK,
	59144: "0xe5d7c2a44ffddf6b295a15c148167daaaf5cf34f",
	81457: "0x4300000000000000000000000000000000000004",
	84531: OP_STACK,
	84532: OP_STACK,
	534352: "0x5300000000000000000000000000000000000004",
	7777777: OP_STACK,
	11155111: "0xfff9976782d46cc05630d1f6ebab18b2324d6b14",
	11155420: OP_STACK,
};

const WRAPPED_ASSETS: ReadonlySet<string> = new Set(
	Object.entries(WRAPPED).map(([chain, contract]) => `eip155:${chain}/erc20:${contract}`),
);

/** True for the asset of a published contract that wraps its chain's coin. */
export function isWrappedCoin(asset: string): boolean {
	return WRAPPED_ASSETS.has(asset);
}
