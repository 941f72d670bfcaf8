import { accountId, BITCOIN_NETWORKS, bitcoinNetwork, type ChainId, InputError, isAddress, isTronAddress, parseChainId } from "@clew/core";

const bitcoin = parseChainId("bitcoin");
const evm = (id: number): ChainId => parseChainId(`eip155:${id}`);

/** Codes of coins and networks, as lists write them, of chains that Clew follows. */
const CHAINS: Readonly<Record<string, ChainId>> = {
	BTC: bitcoin,
	XBT: bitcoin,
	ETH: evm(1),
	OP: evm(10),
	CRO: evm(25),
	RBTC: evm(30),
	BSC: evm(56),
	BNB: evm(56),
	BEP20: evm(56),
	ETC: evm(61),
	XDAI: evm(100),
	GNOSIS: evm(100),
	MATIC: evm(137),
	POL: evm(137),
	POLYGON: evm(137),
	FTM: evm(250),
	KCS: evm(321),
	MNT: evm(5000),
	BASE: evm(8453),
	ARB: evm(42_161),
	CELO: evm(42_220),
	AVAX: evm(43_114),
	LINEA: evm(59_144),
};
/** Coins that had a chain of their own before, with addresses of another form, under the same code: those are not followed. */
const OLDER_FORMS = new Set(["BNB", "AVAX", "CRO", "KCS", "MATIC"]);
/** Tokens that exist on several chains: the form of the address says on which kind of chain. */
const TOKENS = new Set(["USDT", "USDC", "DAI", "BUSD", "TUSD", "USDP", "WETH", "WBTC", "LINK", "SHIB"]);

const MAX_CODE = 60;
const CAIP2 = /^[-a-z0-9]{3,8}:[-_a-zA-Z0-9]{1,32}$/;

/** The account that a list's code and address mean, or the kind of chain that is not followed. */
export type Listed = { readonly subject: string } | { readonly notFollowed: string };

/** Reads an address under the code of a coin, token or network, or a CAIP-2 chain. Throws InputError (BAD_ADDRESS) when it is no address of a chain that is followed. */
export function listedAccount(address: string, code: string): Listed {
	const text = address.trim();
	if (text === "") throw new InputError("has no address", { code: "BAD_ADDRESS" });
	const name = code.trim().toUpperCase();
	// OFAC lists Tron addresses under XBT and ETH: that is the list's slip, and an account of a chain that is not followed.
	if (isTronAddress(text)) return { notFollowed: "TRX" };
	const chain = CHAINS[name] ?? followedChain(code.trim()) ?? (TOKENS.has(name) ? chainOfForm(text) : undefined);
	if (chain === undefined || (OLDER_FORMS.has(name) && !isAddress(text)))
		return { notFollowed: name === "" ? "no currency" : code.trim().slice(0, MAX_CODE) };
	return { subject: accountId(chain, text) };
}

/** A CAIP-2 chain that is followed; undefined for any other text. */
export function followedChain(text: string): ChainId | undefined {
	if (!text.includes(":")) return BITCOIN_NETWORKS.find((network) => network.name === text)?.chain;
	if (!CAIP2.test(text)) return undefined;
	const chain = parseChainId(text);
	return /^eip155:[1-9][0-9]*$/.test(chain) || bitcoinNetwork(chain) !== undefined ? chain : undefined;
}

/** The chain of an address by its form alone; undefined for a form that is not followed. */
function chainOfForm(address: string): ChainId | undefined {
	if (address.startsWith("0x")) return CHAINS["ETH"];
	return /^(bc1|[13])/i.test(address) ? bitcoin : undefined;
}

/** What a cell that names a chain says: one that is followed, or not. */
export type ChainOrNot = { readonly chain: ChainId } | { readonly notFollowed: string };

/** Reads the chain of a row: a CAIP-2 id, or a code such as `BTC`. */
export function chainOfCell(text: string): ChainOrNot {
	const chain = CHAINS[text.toUpperCase()] ?? followedChain(text);
	return chain === undefined ? { notFollowed: text.slice(0, MAX_CODE) } : { chain };
}
