import type { ChainId } from "../../ids.js";
import { RULES } from "../../rules.js";
import type { ChainFamily } from "../family.js";
import { isTronAddress, looksLikeTron, normalizeTronAddress, tronAddress, tronDigits } from "./address.js";

/** The main network, by the last four bytes of its genesis block's id (CAIP-2, https://namespaces.chainagnostic.org/tron). */
export const TRON_MAINNET = "tron:0x2b6653dc" as ChainId;
/** Sun in a TRX. */
const TRX_DECIMALS = 6;
/** About a hundred billion TRX were made: none holds ten times as much. */
const MOST_SUN = 1_000_000_000_000n * 10n ** BigInt(TRX_DECIMALS);
const SLIP44_TRX = 195;
/** Nobody's: the address of 20 zero bytes. Mints come from it, and fees and burned tokens go to it. */
export const TRON_NOBODY = "T9yD14Nj9j7xAB4dbGeiX9h8unkKHxuWwb";
/** The genesis block's "Blackhole", which took in fees until they were burned without it. */
export const TRON_BLACK_HOLE = "TLsV52sRDL79HXGGm9yzwKibb6BeruhUzy";

const EXPLORER = "tronscan.org";
/** Other names by which files call it, with the standards of its tokens. */
const NAMES: ReadonlySet<string> = new Set(["tron", "trx", "trc10", "trc20", "trc 10", "trc 20", "tron network"]);
/** When block 1 was made (Unix seconds), and the seconds of a slot: each block has one of its own. */
const FIRST_BLOCK = 1_529_891_469;
const SLOT_SECONDS = 3;
/** Ids of TRC-10 tokens count from 1,000,001. */
const TRC10 = /^(?:trc10:)?(1[0-9]{6,8})$/;
/** Addresses in the name of a file: base58check, or the 21 bytes in hex. */
const IN_NAMES =
	/(?<![1-9A-HJ-NP-Za-km-z])T[1-9A-HJ-NP-Za-km-z]{33}(?![1-9A-HJ-NP-Za-km-z])|(?<![0-9a-fA-F])41[0-9a-fA-F]{40}(?![0-9a-fA-F])/g;

/** Tron's main network. */
export const TRON: ChainFamily = {
	namespace: "tron",
	name: "Tron",
	ledger: "accounts",
	main: TRON_MAINNET,
	chains: [TRON_MAINNET],
	names: ["tron"],
	typed: "tron",
	typedChain: (text) => (text === "tron" || text === TRON_MAINNET ? TRON_MAINNET : undefined),
	namedChain: (name) => (NAMES.has(name) ? TRON_MAINNET : undefined),
	explorerChain: (host) => (host.replace(/^www\./, "") === EXPLORER ? TRON_MAINNET : undefined),
	accountPage: (_, address) => `https://${EXPLORER}/#/address/${address}`,
	explorerPage: (chain, kind, id) => (chain === TRON_MAINNET ? `https://${EXPLORER}/#/${kind}/${id}` : undefined),
	chainName: (chain) => (chain === TRON_MAINNET ? "Tron" : undefined),
	coin: () => ({ symbol: "TRX", decimals: TRX_DECIMALS, known: true, slip44: SLIP44_TRX }),
	normalizeAddress: (address) => normalizeTronAddress(address),
	displayAddress: (address) => address,
	chainOfAddress: (text, usual) =>
		looksLikeTron(text) || (usual === TRON_MAINNET && /^0x[0-9a-f]{40}$/i.test(text)) ? TRON_MAINNET : undefined,
	requestedAccount(text) {
		const address = /^tron:(T[1-9A-HJ-NP-Za-km-z]{33})(?:\?.*)?$/i.exec(text)?.[1];
		return address === undefined ? undefined : `tron:${address}`;
	},
	addressesIn: (fileName) =>
		(fileName.match(IN_NAMES) ?? []).flatMap((text) =>
			text.startsWith("41") ? [tronAddress(text.slice(2).toLowerCase())] : isTronAddress(text) ? [text] : [],
		),
	burns: [TRON_NOBODY, TRON_BLACK_HOLE],
	sharedKeys: false,
	keyDigits: { of: tronDigits, address: tronAddress },
	nobody: TRON_NOBODY,
	hash: { pattern: /^[0-9a-f]{64}$/, words: "64 hex digits", typed: /^0x[0-9a-f]{64}$/ },
	impossibleTime(_, height, time) {
		if (height < 1 || (height - 1) * SLOT_SECONDS <= time - FIRST_BLOCK) return undefined;
		const by = new Date(time * 1000).toISOString().slice(0, 19);
		return `Tron had no block ${height} by ${by}: it makes no more than one in ${SLOT_SECONDS} seconds`;
	},
	mostCoins: (chain) => (chain === TRON_MAINNET ? MOST_SUN : undefined),
	setsClock: () => false,
	unorderedTimes: 0,
	earlyTimes: 60,
	modelled: false,
	mispType: "text",
	words: {
		ingested: "transfers",
		stored: "transfers",
		hash: "TXID",
		imports: "FILES or blocks",
		calls: "a node that keeps internal transactions, such as TronGrid",
	},
	rules: RULES.filter((rule) => rule !== "tiho"),
	tokens: {
		namespace: "trc20",
		address: (text) => (looksLikeTron(text) || /^0x[0-9a-f]{40}$/i.test(text) ? normalizeTronAddress(text) : undefined),
	},
	otherAsset(text) {
		const id = TRC10.exec(text)?.[1];
		return id === undefined ? undefined : `trc10:${id}`;
	},
};
