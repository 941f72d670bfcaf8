import { type ChainId, evmChainId, isNative, ledgerOf, type Transfer, tokenContract } from "@clew/core";

/** What a swap's memo asks of THORChain ("Transaction Memos"). */
export interface SwapMemo {
	/** THORChain's name of the chain that is paid out on, upper case; `THOR` where nothing leaves it (synths, trade and secured assets). */
	readonly chain: string;
	/** The asset there, upper case; of a token with its contract, or the end of it, after a hyphen. */
	readonly symbol: string;
	/** Who is paid; undefined where it is somebody's THORName. */
	readonly to: string | undefined;
	/** The least that may be paid out, in hundred-millionths of a coin; undefined where the memo sets none. */
	readonly limit: bigint | undefined;
	/** True for a swap in several parts, of which some may be paid back instead. */
	readonly inParts: boolean;
}

/** What is short for a chain's own coin (thornode, `common/asset.go`, `ShortCode`); the codes are one case. */
const SHORT: ReadonlyMap<string, string> = new Map([
	["a", "AVAX.AVAX"],
	["b", "BTC.BTC"],
	["c", "BCH.BCH"],
	["d", "DOGE.DOGE"],
	["e", "ETH.ETH"],
	["f", "BASE.ETH"],
	["g", "GAIA.ATOM"],
	["l", "LTC.LTC"],
	["o", "SOL.SOL"],
	["r", "THOR.RUNE"],
	["s", "BSC.BNB"],
	["tr", "TRON.TRX"],
	["x", "XRP.XRP"],
]);
/** THORChain's names of chains with contracts, and their own coins. */
const COINS: Readonly<Record<string, string>> = { ETH: "ETH", AVAX: "AVAX", BSC: "BNB", BASE: "ETH" };
const NAMES: ReadonlyMap<ChainId, string> = new Map([
	[evmChainId(1), "ETH"],
	[evmChainId(43_114), "AVAX"],
	[evmChainId(56), "BSC"],
	[evmChainId(8_453), "BASE"],
]);
const BITCOIN = "BTC";
/** Where assets live that are of THORChain itself. */
const ITSELF = "THOR";
/** THORNames end at 30 characters; the shortest Bitcoin addresses that anybody uses have more. */
const MIN_ADDRESS = 31;

/**
 * Reads a swap's memo: `=:ASSET:ADDRESS[/REFUND]:LIMIT[/INTERVAL/PARTS]:…`, also with `s` or `swap` in place of `=`. Undefined for every
 * other memo.
 */
export function swapMemo(memo: string): SwapMemo | undefined {
	const [action = "", asset = "", to = "", limit = ""] = memo.split(":");
	if (!/^(=|s|swap)$/i.test(action) || asset === "") return undefined;
	const [least = "", interval = ""] = limit.split("/");
	const [, chain = ITSELF, mark = ".", symbol = asset] = /^([^~./-]*)([~./-])(.*)$/.exec(SHORT.get(asset) ?? asset) ?? [];
	return {
		chain: mark === "." ? chain.toUpperCase() : ITSELF,
		symbol: symbol.toUpperCase(),
		to: addressIn(to),
		limit: limitIn(least),
		inParts: Number(interval) > 0,
	};
}

function addressIn(to: string): string | undefined {
	const [address = ""] = to.split("/");
	if (/^0x[0-9a-f]{40}$/i.test(address)) return address.toLowerCase();
	// A name has at most 30 characters and no digit before the payload of an address; bech32 is one case.
	return address.length >= MIN_ADDRESS ? address.replace(/^(bc|tb|bcrt)1.*/i, (text) => text.toLowerCase()) : undefined;
}

/** A limit, in full or as digits and an exponent; none where it is zero or cannot be read. */
function limitIn(text: string): bigint | undefined {
	const [, digits, exponent = "0"] = /^(\d{1,30})(?:e(\d{1,2}))?$/i.exec(text) ?? [];
	const limit = digits === undefined ? 0n : BigInt(digits) * 10n ** BigInt(exponent);
	return limit > 0n ? limit : undefined;
}

/** True when the memo asks for what this transfer pays out: the chain's own coin where it names that, or the token that it names there. */
export function asksFor({ chain, symbol }: SwapMemo, t: Pick<Transfer, "chain" | "asset">): boolean {
	if (!isNamed(chain, t.chain)) return false;
	if (symbol === coinOf(chain)) return isNative(t.asset);
	const contract = tokenContract(t.asset);
	const [, end] = /-(?:0X)?([0-9A-F]*)$/.exec(symbol) ?? [];
	// A ticker alone may be any token's.
	return contract !== undefined && (end === undefined || contract.endsWith(end.toLowerCase()));
}

/** Test networks and private chains go by the name of one that they copy. */
function isNamed(name: string, chain: ChainId): boolean {
	if (ledgerOf(chain) === "outputs") return name === BITCOIN;
	const own = NAMES.get(chain);
	return own === undefined ? Object.hasOwn(COINS, name) : own === name;
}

function coinOf(chain: string): string | undefined {
	return chain === BITCOIN ? BITCOIN : Object.hasOwn(COINS, chain) ? COINS[chain] : undefined;
}

/** Digits after the point of a coin with contracts, beyond those that limits have. */
const FURTHER_DIGITS = 10n;

/**
 * True for a payout in a chain's own coin of less than half of the memo's limit, which fees do not explain. A limit of a swap in parts
 * excludes nothing, since any of them may have been paid back; nor does one of a token, whose digits the memo does not tell.
 */
export function isFarBelow({ limit, inParts }: SwapMemo, { chain, asset, amount }: Pick<Transfer, "chain" | "asset" | "amount">): boolean {
	if (limit === undefined || inParts || !isNative(asset)) return false;
	return amount * 2n < (ledgerOf(chain) === "outputs" ? limit : limit * 10n ** FURTHER_DIGITS);
}
