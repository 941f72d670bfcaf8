import { keccak_256 } from "@noble/hashes/sha3.js";
import type { BalanceProof } from "../bundle/formats.js";
import { fromHex, toNumber } from "../encoding/bytes.js";
import { bytesItem, decodeRlp, listItem } from "../encoding/rlp.js";
import { Refusal } from "../failure.js";
import { EVM_FIELD, evmHeader } from "../proofs/headers.js";
import { mustEqual } from "../proofs/proven-block.js";
import { provenEntry, TrieNode } from "../proofs/trie.js";

const BALANCE = 1;

/**
 * What an account held at the end of a block, 0 where the state has no such account, down to the block's header (EIP-1186). Gives the
 * header's hash. Throws Error when the proof does not show it.
 */
export function checkBalance(proof: BalanceProof): string {
	const { hash, height, field } = evmHeader(proof.header);
	mustEqual("block hash", proof.hash, hash);
	mustEqual("height of the header", proof.height, height);
	const address = /^eip155:[0-9]+:0x([0-9a-f]{40})$/.exec(proof.account)?.[1];
	if (address === undefined || !proof.account.startsWith(`${proof.chain}:`)) throw new Refusal("names no account of its chain");
	const account = provenEntry(
		field(EVM_FIELD.state),
		keccak_256(fromHex(address)),
		proof.nodes.map((node) => new TrieNode(fromHex(node))),
	);
	const held = account instanceof Uint8Array ? toNumber(bytesItem(listItem(decodeRlp(account))[BALANCE])) : 0;
	mustEqual("balance", proof.balance, held.toString());
	return proof.hash;
}
