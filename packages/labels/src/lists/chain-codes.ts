import {
	accountId,
	type ChainFamily,
	type ChainId,
	chainWord,
	DEFAULT_CHAIN,
	ETHEREUM,
	everyChain,
	InputError,
	isAddress,
	isTronAddress,
	parseChainId,
	quote,
	TRON_MAINNET,
} from "@clew/core";

/** Coins that had a chain of their own before, with addresses of another form, under the same code: those are not followed. */
const OLDER_FORMS = new Set(["BNB", "AVAX", "CRO", "KCS", "MATIC", "AVALANCHE", "BINANCE"]);
/** Tokens that exist on several chains: the form of the address says on which kind of chain. */
const TOKENS = new Set(["USDT", "USDC", "DAI", "BUSD", "TUSD", "USDP", "WETH", "WBTC", "LINK", "SHIB"]);

const MAX_CODE = 60;

/** The account that a list's code and address mean, or the kind of chain that is not followed. */
export type Listed = { readonly subject: string } | { readonly notFollowed: string };

/**
 * Reads an address under the code of a coin, token or network, or a CAIP-2 chain. Throws InputError (BAD_ADDRESS) when it is no address of
 * a chain that is followed, and InputError for a code that nobody knows: the address may be of any chain.
 */
export function listedAccount(address: string, code: string): Listed {
	const text = address.trim();
	if (text === "") throw new InputError("has no address", { code: "BAD_ADDRESS" });
	const name = code.trim().toUpperCase();
	// OFAC lists Tron addresses under XBT and ETH: that is the list's slip, and no other chain has such addresses.
	if (isTronAddress(text)) return { subject: accountId(TRON_MAINNET, text) };
	if (name === "") throw new InputError("names no currency and no network");
	const notFollowed = { notFollowed: code.trim().slice(0, MAX_CODE) };
	if (TOKENS.has(name)) {
		const chain = chainOfForm(text);
		return chain === undefined ? notFollowed : { subject: accountId(chain, text) };
	}
	const on = chainOfCell(code);
	if ("notFollowed" in on || (OLDER_FORMS.has(name) && !isAddress(text))) return notFollowed;
	return { subject: accountId("chain" in on ? on.chain : everyChain(on.every), text) };
}

/** The chain of an address by its form alone; undefined for a form that is not followed. */
function chainOfForm(address: string): ChainId | undefined {
	if (address.startsWith("0x")) return ETHEREUM;
	return /^(bc1|[13])/i.test(address) ? parseChainId("bitcoin") : undefined;
}

/** What a cell that names a chain says: one that is followed, every chain of a family, or one that is not followed. */
export type ChainOrNot = { readonly chain: ChainId } | { readonly every: ChainFamily } | { readonly notFollowed: string };

/**
 * Reads the chain of a row: a CAIP-2 id, a number, a name, a code such as `BTC`, or `EVM` for every EVM chain. Throws InputError for a word
 * that nobody knows.
 */
export function chainOfCell(text: string): ChainOrNot {
	const word = chainWord(text);
	if (word.kind === "chain") return { chain: word.chain };
	if (word.kind === "every-chain") return { every: word.family };
	if (word.kind === "not-followed") return { notFollowed: text.trim().slice(0, MAX_CODE) };
	throw new InputError(`${quote(text.slice(0, MAX_CODE))} is no chain that Clew knows`, {
		hint: `Write a CAIP-2 id such as ${DEFAULT_CHAIN}, the chain's name, or EVM for every EVM chain.`,
	});
}
