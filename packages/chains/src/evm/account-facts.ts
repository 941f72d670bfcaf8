import { type AccountCode, type AccountId, addressOf, type ChainId, chainOf, evmChainNumber, NodeError } from "@clew/core";
import { keccak256 } from "ethers";
import { codeFrom } from "./code.js";
import { type RpcOptions, rpcClient } from "./rpc-client.js";

type Client = ReturnType<typeof rpcClient>;

/** keccak256("Approval(address,address,uint256)"), EIP-20. */
const APPROVAL = "0x8c5be1e5ebec7d5bd14f71427d1e84f3dd0314c0f7b2291e5b200ac8c7c3b925";
/** keccak256("ApprovalForAll(address,address,bool)"), EIP-721 and EIP-1155. */
const APPROVAL_FOR_ALL = "0x17307eab39ab6107e8899845ad3d59bd9653f200f220920489ca2b5937696c31";
/** How far back approvals are looked for: about two weeks of Ethereum; most nodes refuse much longer ranges. */
const APPROVAL_BLOCKS = 100_000n;

/** What one node says of an account at its head. */
export interface AccountFacts {
	readonly node: string;
	readonly nonce: bigint;
	/** Wei. */
	readonly balance: bigint;
	/** Code of its own; of an account that lets a contract act for it (EIP-7702) false: it is a person's. */
	readonly isContract: boolean;
	/** The contract that its key lets act for it, with the hash of its code (keccak-256); without where there is none to act. */
	readonly delegate: { readonly address: string; readonly codeHash: string | undefined } | undefined;
	/** Transactions in which `owner` let the account spend its tokens, of about the last 100,000 blocks. */
	readonly approvals: readonly string[];
}

/** Asks a node about an account, and about approvals that `owner` gave it. One node's word. Throws NodeError. */
export async function readAccountFacts(
	url: string,
	account: AccountId,
	owner: AccountId | undefined,
	options: RpcOptions = {},
): Promise<AccountFacts> {
	const chain = evmChainNumber(chainOf(account));
	const client = rpcClient(url, options);
	const number = async (method: string, params: readonly unknown[]): Promise<bigint> => {
		const answer = await client.call(method, params);
		if (typeof answer !== "string" || !/^0x[0-9a-fA-F]{1,64}$/.test(answer))
			throw new NodeError("NODE_BAD_ANSWER", client.name, `${method} is no number`);
		return BigInt(answer);
	};
	try {
		if ((await number("eth_chainId", [])) !== chain)
			throw new NodeError("NODE_WRONG_CHAIN", client.name, `serves another chain than ${chainOf(account)}`);
		const address = addressOf(account);
		const [nonce, balance, code, head] = await Promise.all([
			number("eth_getTransactionCount", [address, "latest"]),
			number("eth_getBalance", [address, "latest"]),
			client.call("eth_getCode", [address, "latest"]),
			number("eth_blockNumber", []),
		]);
		const acting = codeFrom(code, chainOf(account), client.name, address);
		const delegate = await delegateOf(client, acting, chainOf(account));
		const approvals = owner === undefined ? [] : await approvalsOf(client, addressOf(owner), address, head);
		return { node: client.name, nonce, balance, isContract: acting.kind === "contract", delegate, approvals };
	} finally {
		client.close();
	}
}

/** Whom the code of an account names, with the hash of the code that acts for it: the same code stands at many addresses. */
async function delegateOf(client: Client, code: AccountCode, chain: ChainId): Promise<AccountFacts["delegate"]> {
	if (code.kind !== "delegated") return undefined;
	const bytes = await client.call("eth_getCode", [addressOf(code.to), "latest"]);
	const acting = codeFrom(bytes, chain, client.name, addressOf(code.to)).kind === "contract";
	return { address: addressOf(code.to), codeHash: acting ? keccak256(bytes as string) : undefined };
}

async function approvalsOf(client: Client, owner: string, spender: string, head: bigint): Promise<string[]> {
	const word = (address: string) => `0x${address.slice(2).padStart(64, "0")}`;
	const from = head > APPROVAL_BLOCKS ? head - APPROVAL_BLOCKS : 0n;
	const logs = await client.call("eth_getLogs", [
		{
			fromBlock: `0x${from.toString(16)}`,
			toBlock: `0x${head.toString(16)}`,
			topics: [[APPROVAL, APPROVAL_FOR_ALL], word(owner), word(spender)],
		},
	]);
	if (!Array.isArray(logs)) throw new NodeError("NODE_BAD_ANSWER", client.name, "eth_getLogs gave no list");
	return logs.flatMap((log: unknown) => {
		const { transactionHash } = log as { transactionHash?: unknown };
		return typeof transactionHash === "string" && /^0x[0-9a-f]{64}$/.test(transactionHash) ? [transactionHash] : [];
	});
}
