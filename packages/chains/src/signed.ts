import type { ChainId, SignedBitcoin, SignedTron } from "@clew/core";

/** What reads raw transactions of a network of Bitcoin before a node has them; loads the Bitcoin library only when called. */
export async function signedBitcoinReader(chain: ChainId): Promise<(hex: string) => SignedBitcoin> {
	const { readSignedBitcoin } = await import("./bitcoin/signed.js");
	return (hex) => readSignedBitcoin(hex, chain);
}

/** What reads transactions of Tron before a node has them, as `broadcasthex` and `broadcasttransaction` take them. */
export async function signedTronReader(
	chain: ChainId,
): Promise<{ readonly fromHex: (hex: string) => SignedTron; readonly fromJson: (text: string) => SignedTron }> {
	const { readSignedTron, readSignedTronJson } = await import("./tron/signed/signed.js");
	return { fromHex: (hex) => readSignedTron(hex, chain), fromJson: (text) => readSignedTronJson(text, chain) };
}
