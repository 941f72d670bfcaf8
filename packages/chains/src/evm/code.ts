import { type AccountCode, type ChainId, NodeError, trustedAccountId } from "@clew/core";

/** What a delegated account has for code (EIP-7702): a mark of three bytes, and the contract that acts for it. */
const DELEGATION = /^0xef0100([0-9a-f]{40})$/;

/** Reads what `eth_getCode` answered. Throws NodeError (NODE_BAD_ANSWER) for an answer that is no code: it would read as "no contract". */
export function codeFrom(answer: unknown, chain: ChainId, node: string, of: string): AccountCode {
	if (typeof answer !== "string" || !/^0x([0-9a-fA-F]{2})*$/.test(answer))
		throw new NodeError("NODE_BAD_ANSWER", node, `code of ${of} is not bytes`);
	const [, delegate] = DELEGATION.exec(answer.toLowerCase()) ?? [];
	if (delegate !== undefined) return { kind: "delegated", to: trustedAccountId(chain, `0x${delegate}`) };
	return { kind: answer === "0x" ? "none" : "contract" };
}
