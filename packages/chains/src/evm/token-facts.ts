import { type AssetId, type AssetInfo, addressOf, MAX_DECIMALS, type NftContract, scrub, tokenContract } from "@clew/core";
import { AbiCoder } from "ethers";

/** Selectors of `symbol()`, `decimals()` and `balanceOf(address)` (EIP-20). */
const SYMBOL = "0x95d89b41";
const DECIMALS = "0x313ce567";
export const BALANCE_OF = "0x70a08231";
export const WORD_DIGITS = 64;
/** `supportsInterface(0x80ac58cd)`: is it an ERC-721 (EIP-165, EIP-721)? */
const IS_ERC721 = `0x01ffc9a780ac58cd${"0".repeat(WORD_DIGITS - 8)}`;
/** `allowance(0, 0)`, which every ERC-20 has, and no NFT (EIP-20). */
const ALLOWANCE = `0xdd62ed3e${"0".repeat(2 * WORD_DIGITS)}`;
/** `balanceOf` of address 1: of the null address an NFT need not say. */
const BALANCE_OF_NOBODY = `${BALANCE_OF}${"1".padStart(WORD_DIGITS, "0")}`;
const MAX_SYMBOL = 64;

/**
 * What a contract answers to a call, in hex; undefined where it answers nothing, or the node cannot say. `tag`: the block, the last
 * without.
 */
export type View = (to: string, data: string, tag?: string) => Promise<string | undefined>;

/** Decimals and symbol of a token; undefined for a contract that does not tell them. The symbol is without `secrets`. */
export async function describeToken(view: View, asset: AssetId, secrets: readonly string[]): Promise<AssetInfo | undefined> {
	const contract = tokenContract(asset);
	if (contract === undefined) return undefined;
	const to = addressOf(contract);
	const [decimals, symbol] = await Promise.all([view(to, DECIMALS), view(to, SYMBOL)]);
	if (decimals === undefined || decimals.length !== 2 + WORD_DIGITS || BigInt(decimals) > BigInt(MAX_DECIMALS)) return undefined;
	return { asset, decimals: Number(decimals), symbol: scrub(decodeSymbol(symbol ?? "0x"), secrets) };
}

/** Why a contract's numbers are ids; undefined when they are amounts, or when this node cannot say. */
export async function whyNft(view: View, asset: AssetId): Promise<Omit<NftContract, "asset"> | undefined> {
	const contract = tokenContract(asset);
	if (contract === undefined) return undefined;
	const to = addressOf(contract);
	const isWord = (answer: string | undefined) => answer?.length === 2 + WORD_DIGITS;
	const [erc721, decimals, allowance, balance] = await Promise.all(
		[IS_ERC721, DECIMALS, ALLOWANCE, BALANCE_OF_NOBODY].map((data) => view(to, data)),
	);
	const cents = isWord(decimals) ? BigInt(decimals as string) : undefined;
	if (cents !== undefined && cents > 0n) return undefined;
	if (isWord(erc721) && BigInt(erc721 as string) === 1n)
		return { by: "interface", why: "the contract says that it is an ERC-721 (ERC-165)" };
	// That it knows balances shows that the node can ask it at all.
	if (cents !== undefined || isWord(allowance) || !isWord(balance)) return undefined;
	return { by: "guess", why: "the contract knows balances, but neither decimals() nor allowance(), which a token of amounts has" };
}

/** `symbol()` as string, or as bytes32 of old tokens. Hostile text, cut to 64 characters. */
function decodeSymbol(hex: string): string {
	try {
		if (hex.length === 2 + WORD_DIGITS) return Buffer.from(hex.slice(2), "hex").toString("utf8").replace(/\0+$/, "").slice(0, MAX_SYMBOL);
		return String(AbiCoder.defaultAbiCoder().decode(["string"], hex)[0]).slice(0, MAX_SYMBOL);
	} catch {
		return "";
	}
}
