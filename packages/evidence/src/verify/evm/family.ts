import { accountSeeds, type VerifiedFamily } from "../chain-family/family.js";
import { checksummed } from "./address.js";
import { evmKindWrong } from "./kinds.js";
import { NOBODY } from "./logs.js";
import { EVM_TOKENS } from "./tokens.js";

/** Chains by their number (EIP-155). */
const CHAINS: VerifiedFamily["chains"] = {
	1: ["Ethereum", "ETH"],
	10: ["OP Mainnet", "ETH"],
	25: ["Cronos", "CRO"],
	56: ["BNB Smart Chain", "BNB"],
	61: ["Ethereum Classic", "ETC"],
	100: ["Gnosis", "xDAI"],
	109: ["Shibarium", "BONE"],
	130: ["Unichain", "ETH"],
	137: ["Polygon PoS", "POL"],
	204: ["opBNB", "BNB"],
	250: ["Fantom", "FTM"],
	252: ["Fraxtal", "FRAX"],
	324: ["ZKsync Era", "ETH"],
	480: ["World Chain", "ETH"],
	1135: ["Lisk", "ETH"],
	1337: ["geth development chain", "ETH"],
	5000: ["Mantle", "MNT"],
	8453: ["Base", "ETH"],
	31337: ["anvil development chain", "ETH"],
	34443: ["Mode", "ETH"],
	42161: ["Arbitrum One", "ETH"],
	42170: ["Arbitrum Nova", "ETH"],
	42220: ["Celo", "CELO"],
	43114: ["Avalanche C-Chain", "AVAX"],
	57073: ["Ink", "ETH"],
	59144: ["Linea", "ETH"],
	80002: ["Polygon Amoy", "POL"],
	81457: ["Blast", "ETH"],
	84531: ["Base Goerli", "ETH"],
	84532: ["Base Sepolia", "ETH"],
	534352: ["Scroll", "ETH"],
	7777777: ["Zora", "ETH"],
	11155111: ["Sepolia", "ETH"],
	11155420: ["OP Sepolia", "ETH"],
};

/** Contracts of collectibles from before ERC-721, whose logs look like those of an amount. */
export const OLD_NFTS: readonly string[] = [
	"eip155:1/erc20:0x06012c8cf97bead5deae237070f9587f8e7a266d",
	"eip155:1/erc20:0x41a322b28d0ff354040e2cbc676f0320d8c8850d",
	"eip155:1/erc20:0x79986af15539de2db9a5086382daeda917a9cf0c",
];

/** EVM chains. */
export const EVM: VerifiedFamily = {
	namespace: "eip155",
	ledger: "accounts",
	reference: /^[1-9][0-9]{0,31}$/,
	chains: CHAINS,
	// Some 120,000,000 ETH were issued in ten years; ETC stops below 211,000,000.
	limits: {
		1: { genesis: "2015-07-30T15:26:13Z", coins: 1_000_000_000n * 10n ** 18n },
		61: { genesis: "2015-07-30T15:26:13Z", coins: 1_000_000_000n * 10n ** 18n },
	},
	decimals: 18,
	asset: (asset) => /^(slip44:60|erc20:0x[0-9a-f]{40})$/.test(asset),
	account: /^(0x[0-9a-f]{40}|unknown)$/,
	tokens: { standard: "erc20", published: EVM_TOKENS, shown: checksummed },
	hash: /^0x[0-9a-f]{64}$/,
	kindWrong: evmKindWrong,
	seeds: accountSeeds("0x[0-9a-fA-F]{64}"),
	burned: [NOBODY, "0x000000000000000000000000000000000000dead"],
	storedAddress: (address) => address.toLowerCase(),
};
