import type { LabelCategory } from "@clew/core";

/** GraphSense's confidence scale (graphsense-tagpack-tool, `confidence.csv`), 0 to 100 by name. */
export const CONFIDENCE: Readonly<Record<string, number>> = {
	ownership: 100,
	override: 100,
	ledger_immanent: 100,
	manual_transaction: 90,
	service_api: 70,
	authority_data: 60,
	trusted_provider: 50,
	service_data: 50,
	forensic: 50,
	forensic_investigation: 50,
	untrusted_transaction: 40,
	web_crawl: 20,
	heuristic: 10,
	unknown: 5,
};

/** Concepts of the INTERPOL dark web and virtual assets taxonomy and older TagPack words, in the categories that Clew acts on. */
const CONCEPTS: Readonly<Record<string, LabelCategory>> = {
	exchange: "exchange",
	trading: "exchange",
	service: "other",
	hosted_wallet: "custodian",
	wallet_service: "custodian",
	custodian: "custodian",
	payment_processor: "payment_processor",
	gambling: "gambling",
	mixing_service: "mixing_service",
	coinjoin: "mixing_service",
	shared_wallet: "custodian",
	defi_bridge: "bridge",
	bridge: "bridge",
	defi_dex: "defi_dex",
	defi: "defi",
	defi_lending: "defi",
	market: "market",
	marketplace: "market",
	vendor_shop: "market",
	donation: "donation",
	organization: "other",
	miner: "miner",
	mining_service: "miner",
	faucet: "other",
	sanction: "sanctioned",
	sanctioned: "sanctioned",
	scam: "scam",
	fraud: "scam",
	rug_pull: "scam",
	sextortion: "scam",
	extortion: "scam",
	phishing: "phishing",
	ponzi_scheme: "ponzi",
	ponzi: "ponzi",
	hack: "hack",
	hacking: "hack",
	theft: "hack",
	exploit: "hack",
	ransomware: "ransomware",
	malware: "ransomware",
	terrorism: "terrorism",
	terrorism_financing: "terrorism",
	smart_contract: "contract",
	victim: "victim",
};

/** The category of a taxonomy word; undefined for a word that the taxonomy does not know. */
export function categoryOf(concept: string): LabelCategory | undefined {
	return CONCEPTS[
		concept
			.trim()
			.toLowerCase()
			.replaceAll(/[\s-]+/g, "_")
	];
}

/** Explorer tag pages whose accounts are an exchange's. */
const EXCHANGE_SLUGS = new Set(
	"binance bitfinex bithumb bitget bitmart bitpanda bitso bitstamp bittrex bybit ceffu coinbase coinex coinone crypto-com deribit ftx gate-io gemini hitbtc htx huobi korbit kraken kucoin lbank mexc okex okx poloniex robinhood upbit wazirx whitebit yobit".split(
		" ",
	),
);
/** Tags with which explorers mark what users reported. */
const REPORTED_SLUGS: Readonly<Record<string, LabelCategory>> = {
	"phish-hack": "phishing",
	phishing: "phishing",
	heist: "hack",
	exploit: "hack",
	hack: "hack",
	scam: "scam",
	"fake-phishing": "phishing",
	"ponzi-scheme": "ponzi",
	ransomware: "ransomware",
	"ofac-sanctions": "sanctioned",
	"ofac-sanctioned": "sanctioned",
	"money-laundering": "scam",
};
/** Contracts of a service through which no customer's money is held: tokens, governance, verifiers. */
/** `Huobi BTC (HBTC)` is a token contract. */
const TOKEN_NAME = /\btokens?$|\([A-Z0-9]{2,8}\)$/i;
const NOT_MONEY =
	/\b(token|tokens|governance|vesting|verifier|multisig|staking|mining|trees?|poseidon|donate|fund|registry|impl|deployer|helper|echoer|reward)\b/i;

/** The category of an explorer's tag, from the page's slug and the tag's text. */
export function categoryOfTag(slug: string, name: string): LabelCategory {
	const word = slug.trim().toLowerCase();
	const reported = REPORTED_SLUGS[word];
	if (reported !== undefined) return reported;
	if (word === "tornado-cash" || word === "mixer") return NOT_MONEY.test(name) ? "contract" : "mixing_service";
	if (EXCHANGE_SLUGS.has(word)) return TOKEN_NAME.test(name) ? "contract" : "exchange";
	if (word === "bridge") return TOKEN_NAME.test(name) ? "contract" : "bridge";
	if (word === "dex" || word === "uniswap" || word === "sushiswap" || word === "curve-fi") return "defi_dex";
	return categoryOf(word) ?? "other";
}
