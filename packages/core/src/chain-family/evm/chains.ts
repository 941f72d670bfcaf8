import { InputError } from "../../errors.js";
import type { ChainId } from "../../ids.js";

/** What is known of one EVM chain; facts of the registry `ethereum-lists/chains` (MIT) and of each coin's published wrapped contract. */
export interface EvmChain {
	/** Chain id of EIP-155. */
	readonly id: number;
	readonly name: string;
	/** Symbol of the native coin; all of these have 18 decimals. */
	readonly symbol: string;
	/** Short name of the registry, which EIP-3770 puts before addresses; absent where none is known. */
	readonly short?: string;
	/** Hosts of its explorers. */
	readonly sites?: readonly string[];
	/** Names of the coin from before it was renamed, and those that sites use instead. */
	readonly otherSymbols?: readonly string[];
	/** Contract that wraps the native coin as a token, lower case; absent where none is known. */
	readonly wrapped?: `0x${string}`;
	/** True where blocks carry deposit transactions of type 0x7e (OP stack). */
	readonly opStack?: true;
	/** True where Bor makes blocks, whose state-sync transactions stand in no root. */
	readonly bor?: true;
	/**
	 * `unknown` where the rule of its hashes is not published, another than Ethereum's, or was never tried here: what does not come out is
	 * the node's word (`node-unverified`) and no lie.
	 */
	readonly hashes?: "unknown";
	/** Whose client makes its blocks, where headers or transactions have forms of their own; absent where they are Ethereum's. */
	readonly client?: EvmClient;
	/** More coins than there ever were; absent where no bound is known. */
	readonly mostCoins?: bigint;
	/** True where clocks are set by hand; absent where blocks are made at the times that they state. */
	readonly setsClock?: true;
}

/**
 * Clients whose blocks have forms of their own: Nitro (Arbitrum), coreth (Avalanche's C-Chain), AuRa's authorities (Gnosis before it
 * merged), Celo, Scroll and Mantle.
 */
export type EvmClient = "nitro" | "coreth" | "aura" | "celo" | "scroll" | "mantle";

/** Base units in a gwei, in which validators' withdrawals are counted. */
export const GWEI = 10n ** 9n;

/** The id of a chain by its number (EIP-155). */
export function evmChainId(number: number | string): ChainId {
	return `eip155:${number}` as ChainId;
}

/** Ethereum's main chain. */
export const ETHEREUM = evmChainId(1);

/** Gnosis Chain and its test network, whose validators stake a token: a withdrawal there is claimed from a contract, as that token. */
const STAKE_TOKENS: ReadonlySet<string> = new Set(["eip155:100", "eip155:10200"]);

/** True where a validator's withdrawal, as a block tells it, adds to an account's coins (EIP-4895). */
export function creditsWithdrawals(chain: ChainId): boolean {
	return !STAKE_TOKENS.has(chain);
}

/** Decimals of every native coin of an EVM chain: the protocol counts value in 10^-18. */
export const EVM_NATIVE_DECIMALS = 18;

const OP_STACK_WETH = "0x4200000000000000000000000000000000000006";

/** Some 120 million ether were made, and twice as many coins of Ethereum Classic ever will be. */
const BILLION = 1_000_000_000n;

const CHAINS: readonly EvmChain[] = [
	{
		id: 1,
		name: "Ethereum",
		symbol: "ETH",
		short: "eth",
		wrapped: "0xc02aaa39b223fe8d0a0e5c4f27ead9083c756cc2",
		sites: ["etherscan.io", "eth.blockscout.com"],
		mostCoins: BILLION,
	},
	{
		id: 10,
		name: "OP Mainnet",
		symbol: "ETH",
		short: "oeth",
		wrapped: OP_STACK_WETH,
		opStack: true,
		sites: ["optimistic.etherscan.io", "explorer.optimism.io"],
	},
	{ id: 14, name: "Flare", symbol: "FLR", short: "flr", sites: ["flarescan.com"], hashes: "unknown" },
	{
		id: 25,
		name: "Cronos",
		symbol: "CRO",
		short: "cro",
		wrapped: "0x5c7f8a570d578ed84e63fdfa7b1ee72deae1ae23",
		sites: ["cronoscan.com", "explorer.cronos.org"],
		hashes: "unknown",
	},
	{
		id: 30,
		name: "Rootstock",
		symbol: "RBTC",
		short: "rsk",
		sites: ["explorer.rootstock.io", "rootstock.blockscout.com"],
		hashes: "unknown",
	},
	{ id: 40, name: "Telos EVM", symbol: "TLOS", sites: ["teloscan.io"], hashes: "unknown" },
	{
		id: 56,
		name: "BNB Smart Chain",
		symbol: "BNB",
		short: "bnb",
		wrapped: "0xbb4cdb9cbd36b01bd1cbaebf2de08d9173bc095c",
		sites: ["bscscan.com"],
	},
	{ id: 61, name: "Ethereum Classic", symbol: "ETC", short: "etc", sites: ["etc.blockscout.com"], mostCoins: BILLION },
	{ id: 97, name: "BNB Smart Chain Testnet", symbol: "tBNB", short: "bnbt", sites: ["testnet.bscscan.com"] },
	{
		id: 100,
		name: "Gnosis",
		symbol: "xDAI",
		short: "gno",
		wrapped: "0xe91d153e0b41518a2ce8dd3d7944fa863463a97d",
		sites: ["gnosisscan.io", "gnosis.blockscout.com"],
		client: "aura",
	},
	{ id: 109, name: "Shibarium", symbol: "BONE", short: "shib", bor: true, sites: ["shibariumscan.io"] },
	{ id: 122, name: "Fuse", symbol: "FUSE", short: "fuse", sites: ["explorer.fuse.io"], hashes: "unknown" },
	{ id: 128, name: "HECO", symbol: "HT", short: "heco", sites: ["hecoinfo.com"], hashes: "unknown" },
	{
		id: 130,
		name: "Unichain",
		symbol: "ETH",
		short: "unichain",
		wrapped: OP_STACK_WETH,
		opStack: true,
		sites: ["uniscan.xyz", "unichain.blockscout.com"],
	},
	{
		id: 137,
		name: "Polygon PoS",
		symbol: "POL",
		short: "matic",
		otherSymbols: ["MATIC"],
		wrapped: "0x0d500b1d8e8ef31e21c99d1db9a6444d3adf1270",
		bor: true,
		sites: ["polygonscan.com"],
	},
	{ id: 143, name: "Monad", symbol: "MON", short: "mon", sites: ["monadscan.com"], hashes: "unknown" },
	{ id: 146, name: "Sonic", symbol: "S", short: "sonic", sites: ["sonicscan.org"], hashes: "unknown" },
	{ id: 169, name: "Manta Pacific", symbol: "ETH", short: "manta", sites: ["pacific-explorer.manta.network"], hashes: "unknown" },
	{ id: 196, name: "X Layer", symbol: "OKB", short: "okb", hashes: "unknown" },
	{
		id: 204,
		name: "opBNB",
		symbol: "BNB",
		short: "obnb",
		wrapped: OP_STACK_WETH,
		opStack: true,
		sites: ["opbnbscan.com", "opbnb.bscscan.com"],
	},
	{
		id: 250,
		name: "Fantom",
		symbol: "FTM",
		short: "ftm",
		wrapped: "0x21be370d5312f44cb42ce377bc9b8a0cef1a4c83",
		sites: ["ftmscan.com", "explorer.fantom.network"],
		hashes: "unknown",
	},
	{ id: 252, name: "Fraxtal", symbol: "FRAX", short: "fraxtal", otherSymbols: ["frxETH"], opStack: true, sites: ["fraxscan.com"] },
	{ id: 314, name: "Filecoin EVM", symbol: "FIL", sites: ["filfox.info"], hashes: "unknown" },
	{ id: 321, name: "KCC", symbol: "KCS", short: "kcs", sites: ["explorer.kcc.io"], hashes: "unknown" },
	{
		id: 324,
		name: "ZKsync Era",
		symbol: "ETH",
		short: "zksync",
		wrapped: "0x5aea5775959fbc2557cc8789bc1bf90a239d9a91",
		sites: ["era.zksync.network", "explorer.zksync.io"],
		hashes: "unknown",
	},
	{ id: 369, name: "PulseChain", symbol: "PLS", short: "pls", sites: ["scan.pulsechain.com", "otter.pulsechain.com"], hashes: "unknown" },
	{ id: 480, name: "World Chain", symbol: "ETH", short: "wc", wrapped: OP_STACK_WETH, opStack: true, sites: ["worldscan.org"] },
	{ id: 999, name: "HyperEVM", symbol: "HYPE", short: "hyper_evm", sites: ["hyperevmscan.io"], hashes: "unknown" },
	{
		id: 1088,
		name: "Metis Andromeda",
		symbol: "METIS",
		short: "metis-andromeda",
		sites: ["andromeda-explorer.metis.io"],
		hashes: "unknown",
	},
	{ id: 1101, name: "Polygon zkEVM", symbol: "ETH", short: "zkevm", sites: ["zkevm.polygonscan.com"], hashes: "unknown" },
	{ id: 1116, name: "Core Blockchain", symbol: "CORE", sites: ["scan.coredao.org"], hashes: "unknown" },
	{ id: 1135, name: "Lisk", symbol: "ETH", short: "lisk", wrapped: OP_STACK_WETH, opStack: true, sites: ["blockscout.lisk.com"] },
	{ id: 1284, name: "Moonbeam", symbol: "GLMR", short: "mbeam", sites: ["moonbeam.moonscan.io", "moonscan.io"], hashes: "unknown" },
	{ id: 1285, name: "Moonriver", symbol: "MOVR", short: "mriver", sites: ["moonriver.moonscan.io"], hashes: "unknown" },
	{ id: 1329, name: "Sei EVM", symbol: "SEI", sites: ["seitrace.com", "seiscan.io"], hashes: "unknown" },
	{ id: 1337, name: "geth development chain", symbol: "ETH", setsClock: true },
	{ id: 1514, name: "Story", symbol: "IP", sites: ["storyscan.io"], hashes: "unknown" },
	{ id: 1868, name: "Soneium", symbol: "ETH", short: "soneium", sites: ["soneium.blockscout.com"], hashes: "unknown" },
	{ id: 2020, name: "Ronin", symbol: "RON", short: "ron", sites: ["app.roninchain.com", "explorer.roninchain.com"], hashes: "unknown" },
	{ id: 2222, name: "Kava EVM", symbol: "KAVA", sites: ["kavascan.com"], hashes: "unknown" },
	{ id: 2741, name: "Abstract", symbol: "ETH", sites: ["abscan.org"], hashes: "unknown" },
	{
		id: 5000,
		name: "Mantle",
		symbol: "MNT",
		short: "mantle",
		wrapped: "0x78c1b0c915c4faa5fffa6cabf0219da63d7f4cb8",
		sites: ["mantlescan.xyz", "explorer.mantle.xyz"],
		client: "mantle",
	},
	{ id: 7000, name: "ZetaChain", symbol: "ZETA", short: "zetachain-mainnet", sites: ["explorer.zetachain.com"], hashes: "unknown" },
	{
		id: 8217,
		name: "Kaia",
		symbol: "KAIA",
		short: "kaia-mainnet",
		otherSymbols: ["KLAY"],
		sites: ["kaiascan.io", "kaiascope.com"],
		hashes: "unknown",
	},
	{
		id: 8453,
		name: "Base",
		symbol: "ETH",
		short: "base",
		wrapped: OP_STACK_WETH,
		opStack: true,
		sites: ["basescan.org", "base.blockscout.com"],
	},
	{ id: 9001, name: "Evmos", symbol: "EVMOS", sites: ["escan.live"], hashes: "unknown" },
	{ id: 9745, name: "Plasma", symbol: "XPL", short: "plasma", sites: ["plasmascan.to"], hashes: "unknown" },
	{ id: 17000, name: "Holesky", symbol: "ETH", short: "holesky", sites: ["holesky.etherscan.io"] },
	{ id: 31337, name: "anvil development chain", symbol: "ETH", setsClock: true },
	{ id: 33139, name: "ApeChain", symbol: "APE", sites: ["apescan.io"], hashes: "unknown" },
	{
		id: 34443,
		name: "Mode",
		symbol: "ETH",
		short: "mode",
		wrapped: OP_STACK_WETH,
		opStack: true,
		sites: ["explorer.mode.network", "modescan.io"],
	},
	{
		id: 42161,
		name: "Arbitrum One",
		symbol: "ETH",
		short: "arb1",
		wrapped: "0x82af49447d8a07e3bd95bd0d56f35241523fbab1",
		sites: ["arbiscan.io", "arbitrum.blockscout.com"],
		client: "nitro",
	},
	{
		id: 42170,
		name: "Arbitrum Nova",
		symbol: "ETH",
		short: "arb-nova",
		wrapped: "0x722e8bdd2ce80a4422e880164f2079488e115365",
		sites: ["nova.arbiscan.io"],
		client: "nitro",
	},
	{
		id: 42220,
		name: "Celo",
		symbol: "CELO",
		short: "celo",
		sites: ["celoscan.io", "explorer.celo.org", "celo.blockscout.com"],
		client: "celo",
	},
	{
		id: 43114,
		name: "Avalanche C-Chain",
		symbol: "AVAX",
		short: "avax",
		wrapped: "0xb31f66aa3c1e785363f0875a1b74e27b85fd66c7",
		sites: ["snowtrace.io", "snowscan.xyz"],
		client: "coreth",
	},
	{ id: 57073, name: "Ink", symbol: "ETH", short: "ink", wrapped: OP_STACK_WETH, opStack: true, sites: ["explorer.inkonchain.com"] },
	{
		id: 59144,
		name: "Linea",
		symbol: "ETH",
		short: "linea",
		wrapped: "0xe5d7c2a44ffddf6b295a15c148167daaaf5cf34f",
		sites: ["lineascan.build", "explorer.linea.build"],
	},
	{
		id: 80002,
		name: "Polygon Amoy",
		symbol: "POL",
		short: "polygonamoy",
		otherSymbols: ["MATIC"],
		bor: true,
		sites: ["amoy.polygonscan.com"],
	},
	{ id: 80094, name: "Berachain", symbol: "BERA", short: "berachain", sites: ["berascan.com"], hashes: "unknown" },
	{
		id: 81457,
		name: "Blast",
		symbol: "ETH",
		short: "blastmainnet",
		wrapped: "0x4300000000000000000000000000000000000004",
		opStack: true,
		sites: ["blastscan.io"],
	},
	{ id: 84531, name: "Base Goerli", symbol: "ETH", short: "basegor", wrapped: OP_STACK_WETH, opStack: true },
	{
		id: 84532,
		name: "Base Sepolia",
		symbol: "ETH",
		short: "basesep",
		wrapped: OP_STACK_WETH,
		opStack: true,
		sites: ["sepolia.basescan.org"],
	},
	{ id: 167000, name: "Taiko", symbol: "ETH", sites: ["taikoscan.io"], hashes: "unknown" },
	{
		id: 534352,
		name: "Scroll",
		symbol: "ETH",
		short: "scr",
		wrapped: "0x5300000000000000000000000000000000000004",
		sites: ["scrollscan.com"],
		client: "scroll",
	},
	{ id: 560048, name: "Hoodi", symbol: "ETH", short: "hoodi", sites: ["hoodi.etherscan.io"] },
	{ id: 7777777, name: "Zora", symbol: "ETH", short: "zora", wrapped: OP_STACK_WETH, opStack: true, sites: ["explorer.zora.energy"] },
	{
		id: 11155111,
		name: "Sepolia",
		symbol: "ETH",
		short: "sep",
		wrapped: "0xfff9976782d46cc05630d1f6ebab18b2324d6b14",
		sites: ["sepolia.etherscan.io"],
	},
	{
		id: 11155420,
		name: "OP Sepolia",
		symbol: "ETH",
		short: "opsep",
		wrapped: OP_STACK_WETH,
		opStack: true,
		sites: ["sepolia-optimism.etherscan.io"],
	},
	{ id: 1313161554, name: "Aurora", symbol: "ETH", short: "aurora", sites: ["explorer.aurora.dev", "aurorascan.dev"], hashes: "unknown" },
];

const BY_SITE: ReadonlyMap<string, ChainId> = new Map(
	CHAINS.flatMap(({ id, sites = [] }) => sites.map((site) => [site, evmChainId(id)] as const)),
);

/** The chain whose explorer answers at a host in lower case, `www.` before it or not; undefined for every other host. */
export function evmChainOfSite(host: string): ChainId | undefined {
	return BY_SITE.get(host.replace(/^www\./, ""));
}

/** True where the rule of a chain's hashes is known, so that what does not come out was not told as it is. */
export function knowsHashes(chain: ChainId): boolean {
	const known = evmChain(chain);
	return known !== undefined && known.hashes === undefined;
}

/**
 * True where an account without code pays coins by transactions that it signs, which its count of them tells, and in no other way: by
 * Ethereum's rules and the OP stack's. Not known of chains with clients of their own (Nitro takes a retryable ticket's fee from an account
 * that signed nothing here), nor of those whose rules were never tried here.
 */
export function evmAccountsPayBySigning(chain: ChainId): boolean {
	const known = evmChain(chain);
	return known !== undefined && known.hashes === undefined && known.client === undefined && known.bor === undefined;
}

const BY_ID: ReadonlyMap<string, EvmChain> = new Map(CHAINS.map((chain) => [`eip155:${chain.id}`, chain]));

/** Every EVM chain of the table. */
export const EVM_CHAINS: readonly ChainId[] = CHAINS.map(({ id }) => evmChainId(id));

/** What is known of an EVM chain; undefined for one that the table does not hold, and for every other kind of chain. */
export function evmChain(chain: ChainId): EvmChain | undefined {
	return BY_ID.get(chain);
}

/** Chains besides the OP stack whose transactions pay for their data on the first layer apart from gas: Mantle and Scroll. */
const OTHERS_WITH_L1_FEE: ReadonlySet<number> = new Set([5000, 534352]);

/** True where a transaction's fee has a part that gas used times gas price leaves out: a receipt's `l1Fee`. */
export function chargesL1Fee(chain: ChainId): boolean {
	const known = evmChain(chain);
	return known !== undefined && (known.opStack === true || OTHERS_WITH_L1_FEE.has(known.id));
}

/** The numeric chain id of an `eip155` chain. Throws InputError for another namespace. */
export function evmChainNumber(chain: ChainId): bigint {
	const [namespace, reference] = chain.split(":");
	if (namespace !== "eip155" || reference === undefined || !/^[0-9]+$/.test(reference)) {
		throw new InputError(`${chain} is not an EVM chain`);
	}
	return BigInt(reference);
}
