import { accountId, type ChainId, chainNamed, ETHEREUM, InputError, isAddress, isTronAddress, parseChainId } from "@clew/core";

/** Coins that had a chain of their own before, with addresses of another form, under the same code: those are not followed. */
const OLDER_FORMS = new Set(["BNB", "AVAX", "CRO", "KCS", "MATIC", "AVALANCHE", "BINANCE"]);
/** Tokens that exist on several chains: the form of the address says on which kind of chain. */
const TOKENS = new Set(["USDT", "USDC", "DAI", "BUSD", "TUSD", "USDP", "WETH", "WBTC", "LINK", "SHIB"]);

const MAX_CODE = 60;

/** The account that a list's code and address mean, or the kind of chain that is not followed. */
export type Listed = { readonly subject: string } | { readonly notFollowed: string };

/** Reads an address under the code of a coin, token or network, or a CAIP-2 chain. Throws InputError (BAD_ADDRESS) when it is no address of a chain that is followed. */
export function listedAccount(address: string, code: string): Listed {
	const text = address.trim();
	if (text === "") throw new InputError("has no address", { code: "BAD_ADDRESS" });
	const name = code.trim().toUpperCase();
	// OFAC lists Tron addresses under XBT and ETH: that is the list's slip, and an account of a chain that is not followed.
	if (isTronAddress(text)) return { notFollowed: "TRX" };
	const chain = chainNamed(code) ?? (TOKENS.has(name) ? chainOfForm(text) : undefined);
	if (chain === undefined || (OLDER_FORMS.has(name) && !isAddress(text)))
		return { notFollowed: name === "" ? "no currency" : code.trim().slice(0, MAX_CODE) };
	return { subject: accountId(chain, text) };
}

/** The chain of an address by its form alone; undefined for a form that is not followed. */
function chainOfForm(address: string): ChainId | undefined {
	if (address.startsWith("0x")) return ETHEREUM;
	return /^(bc1|[13])/i.test(address) ? parseChainId("bitcoin") : undefined;
}

/** What a cell that names a chain says: one that is followed, or not. */
export type ChainOrNot = { readonly chain: ChainId } | { readonly notFollowed: string };

/** Reads the chain of a row: a CAIP-2 id, a number, a name, or a code such as `BTC`. */
export function chainOfCell(text: string): ChainOrNot {
	const chain = chainNamed(text);
	return chain === undefined ? { notFollowed: text.slice(0, MAX_CODE) } : { chain };
}
