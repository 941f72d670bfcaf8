import { type AccountId, accountId, InputError, NodeError, parseChainId, quote } from "@clew/core";
import { namehash } from "ethers";
import { type RpcClient, type RpcOptions, rpcClient } from "./rpc-client.js";

/** The registry of ENS on Ethereum mainnet. */
const REGISTRY = "0x00000000000c2e074ec69a0dfb2997ba6c7d2e1e";
/** Selectors of `resolver(bytes32)` of the registry (EIP-137) and `addr(bytes32)` of resolvers. */
const RESOLVER = "0x0178b8bf";
const ADDR = "0x3b3b57de";
const MAINNET = parseChainId("eip155:1");
const ADDRESS_WORD = /^0x0{24}([0-9a-fA-F]{40})$/;
const NOBODY = "0".repeat(40);

/** What a name stands for on Ethereum mainnet, by one node's word. */
export interface ResolvedName {
	readonly account: AccountId;
	readonly node: string;
}

/**
 * Asks the registry for a name's resolver, and that for its address. Throws InputError when the name stands for nothing on the chain, and
 * NodeError.
 */
export async function readEnsName(url: string, name: string, options: RpcOptions = {}): Promise<ResolvedName> {
	const node = nodeOf(name);
	const client = rpcClient(url, options);
	try {
		if ((await client.call("eth_chainId", [])) !== "0x1")
			throw new NodeError("NODE_WRONG_CHAIN", client.name, "serves another chain than Ethereum mainnet, where ENS names live");
		const resolver = await addressFrom(client, REGISTRY, RESOLVER + node);
		if (resolver === REFUSED) throw unresolved(name, "could not be resolved, and was not checked: the ENS registry refused to answer");
		if (resolver === undefined) throw unresolved(name, "has no resolver of its own in the ENS registry");
		const address = await addressFrom(client, `0x${resolver}`, ADDR + node);
		// A resolver that only answers off the chain reverts (EIP-3668).
		if (address === REFUSED)
			throw unresolved(name, "could not be resolved, and was not checked: its resolver refused to answer on the chain");
		if (address === undefined) throw unresolved(name, "has no address set on the chain");
		return { account: accountId(MAINNET, `0x${address}`), node: client.name };
	} finally {
		client.close();
	}
}

function nodeOf(name: string): string {
	try {
		return namehash(name).slice(2);
	} catch (cause) {
		throw new InputError(`${quote(name)} is not a valid ENS name`, {
			code: "USAGE",
			cause,
			hint: "Look at every character of it, or give the address.",
		});
	}
}

function unresolved(name: string, why: string): InputError {
	return new InputError(`${quote(name)} ${why}`, { hint: "Names that are kept off the chain are not resolved: give the address." });
}

/** What a contract that reverts says: nothing, which is not "no address". */
const REFUSED = Symbol("refused");

/** The address that a call answers in lower case without 0x; undefined for none. */
async function addressFrom(client: RpcClient, to: string, data: string): Promise<string | typeof REFUSED | undefined> {
	let answer: unknown;
	try {
		answer = await client.call("eth_call", [{ to, data }, "latest"]);
	} catch (error) {
		if (error instanceof NodeError && /revert/i.test(error.message)) return REFUSED;
		throw error;
	}
	if (answer === "0x") return undefined;
	const found = typeof answer === "string" ? ADDRESS_WORD.exec(answer)?.[1]?.toLowerCase() : undefined;
	if (found === undefined) throw new NodeError("NODE_BAD_ANSWER", client.name, "eth_call gave no address");
	return found === NOBODY ? undefined : found;
}
