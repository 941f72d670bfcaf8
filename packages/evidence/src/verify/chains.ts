import type { Fail } from "./bounds.js";
import { isBitcoin } from "./rules.js";

/** Names of chains and symbols of their own coins: what a verifier knows of them by itself. EVM chains by their number (EIP-155). */
const EVM: Readonly<Record<string, readonly [name: string, symbol: string]>> = {
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
/** Bitcoin's networks by the first 32 hex digits of their genesis block's hash (CAIP-2). */
const BITCOIN: Readonly<Record<string, readonly [name: string, symbol: string]>> = {
	"000000000019d6689c085ae165831e93": ["Bitcoin", "BTC"],
	"000000000933ea01ad0ee984209779ba": ["Bitcoin testnet3", "tBTC"],
	"00000000da84f2bafbbc53dee25a72ae": ["Bitcoin testnet4", "tBTC"],
	"00000008819873e925422c1ff0f99f7c": ["Bitcoin signet", "sBTC"],
	"0f9188f13cb7b2c71f2a335e3a4fc328": ["Bitcoin regtest", "rBTC"],
};
/** Decimals of the coin itself, which no source may tell otherwise. */
const DECIMALS = { accounts: 18, outputs: 8 } as const;
const COIN = /^((eip155|bip122):[-_a-zA-Z0-9]{1,32})\/slip44:/;

function known(chain: string): readonly [name: string, symbol: string] | undefined {
	const reference = chain.slice(chain.indexOf(":") + 1);
	const table = isBitcoin(chain) ? BITCOIN : EVM;
	return Object.hasOwn(table, reference) ? table[reference] : undefined;
}

/** What a chain is called in words. */
export function nameOfChain(chain: string): string {
	return known(chain)?.[0] ?? `chain ${chain}`;
}

/**
 * The coins among these assets have the decimals and the symbol of their chain: "native coin of CHAIN" where the table has none. Each
 * coin in `named` is described, so that its amounts can be read.
 */
export function checkCoins(
	assets: Readonly<Record<string, { readonly symbol: string; readonly decimals: number }>>,
	named: Iterable<string>,
	where: string,
	fail: Fail,
): void {
	for (const [asset, { symbol, decimals }] of Object.entries(assets)) {
		const chain = COIN.exec(asset)?.[1];
		if (chain === undefined) continue;
		const expected = isBitcoin(chain) ? DECIMALS.outputs : DECIMALS.accounts;
		if (decimals !== expected) fail(where, `${asset} has ${expected} decimals, not ${decimals}`);
		const symbols = [known(chain)?.[1] ?? [], `native coin of ${chain}`].flat();
		if (!symbols.includes(symbol)) fail(where, `${asset} is called ${JSON.stringify(symbol.slice(0, 40))}, and not ${symbols[0]}`);
	}
	for (const asset of new Set(named))
		if (COIN.test(asset) && !Object.hasOwn(assets, asset)) fail(where, `does not say what ${asset} is, of which it tells amounts`);
}
