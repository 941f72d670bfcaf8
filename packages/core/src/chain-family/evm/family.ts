import { InputError } from "../../errors.js";
import { quote } from "../../hostile-text.js";
import type { ChainId } from "../../ids.js";
import { RULES } from "../../rules.js";
import { type ChainFamily, plainName } from "../family.js";
import { isAddress, normalizeAddress, toChecksumAddress, ZERO_ADDRESS } from "./address.js";
import { ETHEREUM, EVM_CHAINS, EVM_NATIVE_DECIMALS, evmChain, evmChainId, evmChainOfSite } from "./chains.js";
import { impossibleTime } from "./slots.js";

/** SLIP-44 coin type of ether; also used for the native coin of other EVM chains. */
const SLIP44_ETHER = 60;
const NUMBER = /^[1-9][0-9]{0,17}$/;

/** Names of chains besides their own in the table: codes of coins, older and shorter names. */
const OTHER_NAMES: Readonly<Record<string, number>> = {
	eth: 1,
	erc20: 1,
	"erc-20": 1,
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
	"bep-20": 56,
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

const BY_NAME: ReadonlyMap<string, ChainId> = new Map([
	...EVM_CHAINS.flatMap((chain) =>
		[evmChain(chain)?.name, evmChain(chain)?.short].map((name) => [plainName(name ?? chain), chain] as const),
	),
	...Object.entries(OTHER_NAMES).map(([name, id]) => [name, evmChainId(id)] as const),
]);

/** As EIP-3770 puts them before addresses. */
const BY_SHORT_NAME: ReadonlyMap<string, ChainId> = new Map(
	EVM_CHAINS.flatMap((chain) => {
		const short = evmChain(chain)?.short;
		return short === undefined ? [] : [[short, chain] as const];
	}),
);

/** Chains that run the Ethereum Virtual Machine, by their number (EIP-155). */
export const EVM: ChainFamily = {
	namespace: "eip155",
	name: "EVM",
	ledger: "accounts",
	main: ETHEREUM,
	chains: EVM_CHAINS,
	names: [],
	typed: "eip155:NUMBER such as eip155:1, or a name such as base",
	typedChain(text) {
		if (!text.startsWith("eip155:")) return BY_SHORT_NAME.get(text);
		return NUMBER.test(text.slice("eip155:".length)) ? (text as ChainId) : undefined;
	},
	namedChain(name) {
		const number = /^0x[0-9a-f]{1,13}$/.test(name) ? BigInt(name).toString() : /^([1-9][0-9]{0,17})(?:\.0+)?$/.exec(name)?.[1];
		return number !== undefined && NUMBER.test(number) ? (`eip155:${number}` as ChainId) : BY_NAME.get(name);
	},
	explorerChain: evmChainOfSite,
	accountPage(chain, address) {
		const [site] = evmChain(chain)?.sites ?? [];
		return site === undefined ? undefined : `https://${site}/address/${address}`;
	},
	explorerPage(chain, kind, id) {
		const [site] = evmChain(chain)?.sites ?? [];
		return site === undefined ? undefined : `https://${site}/${kind === "address" ? "address" : "tx"}/${id}`;
	},
	chainName: (chain) => evmChain(chain)?.name,
	coin(chain) {
		const { symbol, otherSymbols } = evmChain(chain) ?? {};
		const also = otherSymbols === undefined ? {} : { otherSymbols };
		const known = symbol !== undefined;
		return { symbol: symbol ?? `native coin of ${chain}`, decimals: EVM_NATIVE_DECIMALS, known, slip44: SLIP44_ETHER, ...also };
	},
	normalizeAddress: (address) => normalizeAddress(address),
	displayAddress: (address) => (isAddress(address) ? toChecksumAddress(address) : address),
	chainOfAddress: (text, usual) => (isAddress(text) ? (usual.startsWith("eip155:") ? usual : ETHEREUM) : undefined),
	requestedAccount,
	addressesIn: (fileName) => fileName.toLowerCase().match(/0x[0-9a-f]{40}(?![0-9a-f])/g) ?? [],
	burns: [ZERO_ADDRESS, "0x000000000000000000000000000000000000dead"],
	sharedKeys: true,
	keyDigits: { of: (stored) => stored.slice(2), address: (digits) => `0x${digits}` },
	nobody: ZERO_ADDRESS,
	hash: { pattern: /^0x[0-9a-f]{64}$/, words: "0x and 64 hex digits" },
	impossibleTime,
	mostCoins(chain) {
		const coins = evmChain(chain)?.mostCoins;
		return coins === undefined ? undefined : coins * 10n ** BigInt(EVM_NATIVE_DECIMALS);
	},
	setsClock: (chain) => evmChain(chain)?.setsClock ?? evmChain(chain) === undefined,
	unorderedTimes: 0,
	earlyTimes: 60,
	modelled: true,
	mispType: "text",
	words: {
		ingested: "transfers",
		stored: "transfers",
		hash: "TXHASH",
		imports: "FILES",
		calls: "a node that traces (debug_traceBlock or trace_block)",
	},
	rules: RULES.filter((rule) => rule !== "tiho"),
	tokens: { namespace: "erc20", address: (text) => (isAddress(text) ? normalizeAddress(text) : undefined) },
};

/** The account of a payment request (EIP-681). */
function requestedAccount(text: string): string | undefined {
	const request = /^ethereum:(?:pay-)?(.*)$/i.exec(text)?.[1];
	if (request === undefined) return undefined;
	const [, address, id = "1"] = /^(0x[0-9a-f]{40})(?:@([1-9][0-9]{0,9}))?(?:\?.*)?$/i.exec(request) ?? [];
	if (address === undefined)
		throw new InputError(`${quote(text)} is a payment request that names no plain address, or calls a contract`, {
			code: "USAGE",
			hint: "Give the address that is to be paid.",
		});
	return `${evmChainId(id)}:0x${address.slice(2)}`;
}
