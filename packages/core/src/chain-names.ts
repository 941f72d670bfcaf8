import { BITCOIN_NETWORKS } from "./bitcoin-networks.js";
import { EVM_CHAINS, evmChain } from "./evm-chains.js";
import { type ChainId, parseChainId } from "./ids.js";

/**
 * Names of chains besides their own in the table, in lower case with single spaces and without `mainnet` behind them: codes of coins,
 * older and shorter names.
 */
const OTHER_NAMES: Readonly<Record<string, number>> = {
	eth: 1,
	mainnet: 1,
	homestead: 1,
	op: 10,
	optimism: 10,
	cro: 25,
	rbtc: 30,
	rootstock: 30,
	rsk: 30,
	bsc: 56,
	bnb: 56,
	"bnb chain": 56,
	bep20: 56,
	binance: 56,
	"binance smart chain": 56,
	etc: 61,
	xdai: 100,
	"gnosis chain": 100,
	matic: 137,
	pol: 137,
	polygon: 137,
	ftm: 250,
	kcs: 321,
	zksync: 324,
	mnt: 5000,
	arb: 42_161,
	arbitrum: 42_161,
	avax: 43_114,
	avalanche: 43_114,
};
const BITCOIN_NAMES: Readonly<Record<string, string>> = { btc: "bitcoin", xbt: "bitcoin", bitcoin: "bitcoin" };

const simple = (text: string) =>
	text
		.toLowerCase()
		.replace(/[-_\s]+/g, " ")
		.trim();

const BY_NAME: ReadonlyMap<string, ChainId> = new Map([
	...EVM_CHAINS.map((chain) => [simple(evmChain(chain)?.name ?? chain), chain] as const),
	...Object.entries(OTHER_NAMES).map(([name, id]) => [name, parseChainId(`eip155:${id}`)] as const),
	...BITCOIN_NETWORKS.map(({ name, chain }) => [simple(name), chain] as const),
	...Object.entries(BITCOIN_NAMES).map(([name, network]) => [name, parseChainId(network)] as const),
]);

/**
 * The followed chain that a cell names: by a CAIP-2 id, an EIP-155 number (decimal, `0xa4b1`, `1.0`), a name or the code of its coin, in
 * any letters and with any of space, dash and underscore, `mainnet` behind it or not. Undefined for every other text.
 */
export function chainNamed(text: string): ChainId | undefined {
	const name = simple(text);
	const number = /^0x[0-9a-f]{1,13}$/.test(name) ? BigInt(name).toString() : /^([1-9][0-9]{0,17})(?:\.0+)?$/.exec(name)?.[1];
	if (number !== undefined) return number === "0" ? undefined : parseChainId(`eip155:${number}`);
	const id = text.trim();
	if (/^eip155:[1-9][0-9]{0,17}$/i.test(id)) return parseChainId(id.toLowerCase());
	if (id.startsWith("bip122:")) return BITCOIN_NETWORKS.find(({ chain }) => chain === id)?.chain;
	return BY_NAME.get(name) ?? BY_NAME.get(name.replace(/ mainnet$/, ""));
}
