import { OTHER_COINS } from "./bitcoin/other-coins.js";

/**
 * Chains that are known and not followed: names and codes of coins (SLIP-44) as lists of labels write them, in lower case with single
 * spaces. What is neither here nor of a family is a word that nobody knows, which says nothing about where an address is.
 */
const NAMES: ReadonlySet<string> = new Set(
	`ada|cardano|aion|algo|algorand|apt|aptos|ar|arweave|atom|cosmos|cosmos hub|azero|aleph zero|bch|bitcoin cash|bitcoincash|bep2|bnb beacon chain|binance chain|beacon chain bep2|
	bitshares|bts|blockstream|bsv|bitcoin sv|bitcoinsv|btg|bitcoin gold|ccd|concordium|ckb|nervos|coreum|dash|dcr|decred|dfinity|icp|internet computer|dgb|digibyte|
	doge|dogecoin|dot|polkadot|egld|elrond|multiversx|eos|eosio|vaulta|etp|metaverse|fil|filecoin|flow|fct|grin|hbar|hedera|hive|hnt|helium|icx|icon|injective|iost|
	iota|miota|juno|kaspa|kas|kda|kadena|ksm|kusama|l btc|lbtc|liquid|liquid network|lightning|lightning network|lsk|ltc|litecoin|luna|luna2|lunc|terra|
	terra classic|mina|mob|mobilecoin|mona|monacoin|nano|xno|near|near protocol|neo|neo3|nem|xem|nmc|namecoin|nxt|omni|omni layer|ont|ontology|osmo|osmosis|ppc|peercoin|
	qtum|ravencoin|rvn|ripple|rune|thorchain|rose|oasis|oasis network|sc|sia|siacoin|secret|scrt|sei cosmos|smr|shimmer|sol|solana|solana beta|sol solana|spl|stacks|stx|stark|
	starknet|strk|steem|stellar|xlm|sui|sui network|symbol|xym|tao|bittensor|tezos|xtz|theta|tia|celestia|ton|toncoin|the open network|
	v systems|vsys|vtc|vertcoin|waves|wax|waxp|xch|chia|xcp|counterparty|xdg|xec|ecash|xmr|monero|xns|xrd|radix|xrp|xrp ledger|xrpl|xvg|verge|yoyow|
	zcash|zec|zen|horizen|zil|ziliqa|zilliqa`
		.split("|")
		.map((name) => name.trim()),
);

/** Namespaces of CAIP-2 ids (https://namespaces.chainagnostic.org) of chains that are of no family here. */
const NAMESPACES: ReadonlySet<string> = new Set(
	"algorand antelope aptos arweave cip34 cosmos eosio fil flow hedera hive iota koinos lip9 mina monero near polkadot radix solana starknet stacks stellar sui tezos ton tron tvm waves xrpl".split(
		" ",
	),
);

/** True for the name, in lower case with single spaces, or the CAIP-2 id of a chain that is known and that no family holds. */
export function isKnownElsewhere(name: string): boolean {
	const [namespace, reference] = name.split(":");
	if (reference === undefined) return NAMES.has(name);
	return OTHER_COINS.has(name) || (NAMESPACES.has(namespace ?? "") && reference !== "");
}
