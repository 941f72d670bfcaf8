import { nativeAsset } from "../chain-family/accounts.js";
import { BITCOIN_MAINNET } from "../chain-family/bitcoin/networks.js";
import { evmChainId } from "../chain-family/evm/chains.js";
import { InputError } from "../errors.js";
import { quote } from "../hostile-text.js";
import { type AccountId, addressOf, type ChainId, erc20Asset, trustedAccountId } from "../ids.js";
import type { PriceOrigin } from "./price-row.js";
import { type Priced, parseCurrency, parsePriced } from "./unit.js";

/**
 * An oracle's contract that logs `AnswerUpdated(int256 indexed current, uint256 indexed roundId, uint256 updatedAt)`. It is the aggregator,
 * not the proxy that others ask: the proxy logs nothing, and points to another aggregator from time to time.
 */
export interface PriceFeed {
	readonly aggregator: AccountId;
	readonly asset: Priced;
	readonly unit: Priced;
	/** The answer is in units of 10 to the power of minus this. */
	readonly decimals: number;
}

const [ETHEREUM, BNB_CHAIN, POLYGON] = [1, 56, 137].map(evmChainId) as [ChainId, ChainId, ChainId];

/** What the feeds are prices of, by the names that the tables below use. */
const ASSETS: Readonly<Record<string, Priced>> = {
	ETH: nativeAsset(ETHEREUM),
	BTC: nativeAsset(BITCOIN_MAINNET.chain),
	BNB: nativeAsset(BNB_CHAIN),
	MATIC: nativeAsset(POLYGON),
	DAI: erc20Asset(ETHEREUM, "0x6b175474e89094c44da98b954eedeac495271d0f"),
	TUSD: erc20Asset(ETHEREUM, "0x0000000000085d4780b73119b644ae5ecd22b376"),
	USDP: erc20Asset(ETHEREUM, "0x8e870d67f660d95d5be530380d0ec0bd388289e1"),
	GUSD: erc20Asset(ETHEREUM, "0x056fd409e1d7a124bd7017459dfea2f387b6d5cd"),
	LUSD: erc20Asset(ETHEREUM, "0x5f98805a4e8be255a32880fdec7f6728c6568ba0"),
	STETH: erc20Asset(ETHEREUM, "0xae7ab96520de3a18e5e111b5eaab095312d7fe84"),
	LINK: erc20Asset(ETHEREUM, "0x514910771af9ca656af840dff83e8264ecf986ca"),
	UNI: erc20Asset(ETHEREUM, "0x1f9840a85d5af5bf1d1762f925bdaddc4201f984"),
	AAVE: erc20Asset(ETHEREUM, "0x7fc66500c84a76ad7e9c93437bfc5ac33e2ddae9"),
	MKR: erc20Asset(ETHEREUM, "0x9f8f72aa9304c8b593d555f12ef6589cc3a579a2"),
};

/**
 * Chainlink's aggregators of prices in dollars, all with 8 decimals. By chain; facts of the tables of feeds that
 * `duneanalytics/spellbook` keeps: `models/chainlink/ethereum/chainlink_ethereum_price_feeds_oracle_addresses.sql` at commit 12910649, and
 * `models/chainlink/polygon/chainlink_polygon_price_feeds_oracle_addresses_legacy.sql` at commit 7c75d807, both read on 2026-11-30. They
 * are of 2023: an aggregator that was put in place later is not there, and is given with `--feed`.
 */
const DOLLAR_FEEDS: Readonly<Record<string, string>> = {
	[ETHEREUM]: `ETH 0xe62b71cf983019bff55bc83b48601ce8419650cc BTC 0xdbe1941bfbe4410d6865b9b7078e0b49af144d2d
		BNB 0xc45ebd0f901ba6b2b8c7e70b717778f055ef5e6d MATIC 0x4b35f7854e1fd8291f4ec714ac3ebb1dea450585
		DAI 0x478238a1c8b862498c74d0647329aef9ea6819ed TUSD 0x98953e9c76573e06ec265bdde1dbb89fa02d56d3
		USDP 0xf3d70857b489ecc6768d0982b773e1cba9e1f00b GUSD 0x6a805f2580b8d75d40331c26c074c2c42961e7f2
		LUSD 0x27b97a63091d185ce056e1747624b9b92baad056 STETH 0xda31bc2b08f22ae24aed5f6eb1e71e96867ba196
		LINK 0x20807cf61ad17c31837776fa39847a2fa1839e81 UNI 0x373bce97bec13bfa8a5f07cc578ec2d77f80c589
		AAVE 0x8116b273cd75d79c382afacc706659ded5e0a59d MKR 0x71febc2f741f113af322e1b576ef005a4424574f
		KRW 0x86e345d4113e1105053a81240c75b56b437da6ef`,
	[POLYGON]: `EUR 0x310990e8091b5cf083fa55f500f140cfbb959016 GBP 0x3f7f90e0f782e325401f6323ba93e717f519f382
		CHF 0x8123beacb5bca3afa0c9ff71b28549d58cec8176 SGD 0x45ede0ea5cbbe380c663c7c3015cc7c986669fec
		PHP 0x8a2355ec4678186164dc17dfc2c5d0d083d7fd66 CAD 0x88b79bfce730bbb74f23ab8940b37b86859caa2e
		JPY 0xeaf35f06410014234bee87980a902c21f78cb426 SEK 0x542d2af7f89a61205f3da2d3d13e29b56bde7b46
		AUD 0x0a9823c5cd84099fde8566a1adf0f2bb41cc6e7d CNY 0xf07eac7a48eb772613479d6a8fc42675f1befb47
		KRW 0xfd54f97a6c408561b5df798c04ae08b27ca0d7f7 MXN 0x2e2ed40fc4f1774def278830f8fe3b6e77956ec8
		NZD 0xe63032a70f6eb617970829fbfa365d7c44bdbbbf PLN 0x08f8d217e6f07ae423a2ad2ffb226ffcb577708d
		BRL 0x6dbd1be1a83005d26b582d61937b406300b05a8f`,
};
const DOLLAR_DECIMALS = 8;

/** Every feed whose contract is published. */
export const PRICE_FEEDS: readonly PriceFeed[] = Object.entries(DOLLAR_FEEDS).flatMap(([chain, words]) =>
	[...words.matchAll(/([A-Z]+)\s+(0x[0-9a-f]{40})/g)].map(([, name = "", address = ""]) => ({
		aggregator: trustedAccountId(chain as ChainId, address),
		asset: ASSETS[name] ?? parseCurrency(name),
		unit: parseCurrency("USD"),
		decimals: DOLLAR_DECIMALS,
	})),
);

const MAX_FEED_DECIMALS = 36;

/**
 * A feed as a person names it: `AGGREGATOR,ASSET,UNIT,DECIMALS`. Throws InputError, of a published feed for anything but what is published
 * of it as well.
 */
export function parseFeed(text: string, chain: ChainId): PriceFeed {
	const [aggregator = "", asset = "", unit = "", decimals = "", ...more] = text.split(",").map((part) => part.trim());
	if (more.length > 0 || !/^[0-9]{1,2}$/.test(decimals) || Number(decimals) > MAX_FEED_DECIMALS || !/^0x[0-9a-fA-F]{40}$/.test(aggregator))
		throw new InputError(`${quote(text)} is no feed`, {
			code: "USAGE",
			hint: "Write AGGREGATOR,ASSET,UNIT,DECIMALS: the contract that logs the answers, not the proxy that is asked for them.",
		});
	const feed: PriceFeed = {
		aggregator: trustedAccountId(chain, aggregator.toLowerCase()),
		asset: parsePriced(asset, chain),
		unit: parsePriced(unit, chain),
		decimals: Number(decimals),
	};
	if (feed.asset === feed.unit) throw new InputError(`${quote(text)} is a price of ${feed.asset} in itself`, { code: "USAGE" });
	const published = PRICE_FEEDS.find((one) => one.aggregator === feed.aggregator);
	if (published !== undefined && (["asset", "unit", "decimals"] as const).some((name) => published[name] !== feed[name]))
		throw new InputError(
			`${feed.aggregator} is published as a feed of ${published.asset} in ${published.unit} with ${published.decimals} decimals`,
			{ code: "USAGE", hint: "Name the contract that logs what you mean." },
		);
	return feed;
}

/** Who says a feed's prices: the contract, and how its numbers are read. */
export function feedOrigin({ aggregator, decimals }: PriceFeed): PriceOrigin {
	return { id: `feed ${aggregator} with ${decimals} decimals`, tier: "proven" };
}

/** Where a feed's answer stands in the case's proofs. */
export function feedPlace(txHash: string, log: number): string {
	return `log ${log} of transaction ${txHash}`;
}

/** The addresses of some feeds, as logs name them. */
export function feedAddresses(feeds: readonly PriceFeed[]): string[] {
	return feeds.map(({ aggregator }) => addressOf(aggregator));
}
