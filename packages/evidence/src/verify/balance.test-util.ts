import { createMerkleProof, createMPT } from "@ethereumjs/mpt";
import { RLP } from "@ethereumjs/rlp";
import { keccak_256 } from "@noble/hashes/sha3.js";
import { ETHEREUM, evmHeaderOf } from "./blocks.test-util.js";
import type { BalanceProof } from "./bundle/formats.js";
import { fromHex, toHex } from "./encoding/bytes.js";

const STATE = 3;

/** What an account holds in a state of many, or that the state has no such account, by another library's trie. */
export async function provenBalance(address: string, exists = true): Promise<BalanceProof & { readonly schema: string }> {
	const trie = await createMPT();
	for (let i = 1; i <= 40; i++) await trie.put(keccak_256(Uint8Array.of(i)), RLP.encode([1, i, new Uint8Array(32), new Uint8Array(32)]));
	if (exists) await trie.put(keccak_256(fromHex(address)), RLP.encode([1, 0x1234, new Uint8Array(32), new Uint8Array(32)]));
	const nodes = await createMerkleProof(trie, keccak_256(fromHex(address)));
	const header = evmHeaderOf({ [STATE]: trie.root() });
	const rest = { chain: ETHEREUM, height: "5", account: `${ETHEREUM}:0x${address}`, balance: exists ? String(0x1234) : "0" };
	return { schema: "clew.proof.balance/1", ...header, ...rest, nodes: nodes.map((node) => `0x${toHex(node)}`) };
}
