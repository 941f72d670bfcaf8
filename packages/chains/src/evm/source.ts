import {
	type AccountHistory,
	type AccountId,
	type AssetId,
	type AssetInfo,
	addressOf,
	type BlockHeader,
	type Capabilities,
	type ChainId,
	type ChainSource,
	type DecodedBlock,
	evmChainNumber,
	type Hash,
	isNative,
	MAX_DECIMALS,
	NodeError,
	throwIfAborted,
	tokenContract,
} from "@clew/core";
import { AbiCoder } from "ethers";
import { z } from "zod";
import { type CallTransfers, callsFromFrame, callsFromParity } from "./calls.js";
import { checkBlock } from "./check-block.js";
import { decodeBlock } from "./decode.js";
import { evmHistory } from "./history.js";
import { type RpcClient, type RpcOptions, rpcClient } from "./rpc-client.js";
import { blockShape, callTraceListShape, parityTraceShape, quantity, type RpcBlock, type RpcReceipt, receiptShape } from "./shapes.js";

/** Selectors of `symbol()`, `decimals()` and `balanceOf(address)` (EIP-20). */
const SYMBOL = "0x95d89b41";
const DECIMALS = "0x313ce567";
const BALANCE_OF = "0x70a08231";
const WORD_DIGITS = 64;
const MAX_SYMBOL = 64;

const locatedShape = z.looseObject({ blockNumber: quantity });

/** See `openEvmSource`. */
export async function connectEvmSource(url: string, chain: ChainId, options: RpcOptions = {}): Promise<ChainSource> {
	const client = rpcClient(url, evmChainNumber(chain), options);
	try {
		await checkChain(client, chain);
		return new EvmSource(client, chain, await probe(client));
	} catch (error) {
		client.close();
		throw error;
	}
}

async function checkChain(client: RpcClient, chain: ChainId): Promise<void> {
	const answer = await client.call("eth_chainId", []);
	const found = `eip155:${typeof answer === "string" && /^0x[0-9a-fA-F]+$/.test(answer) ? BigInt(answer) : "?"}`;
	if (found !== chain)
		throw new NodeError("NODE_WRONG_CHAIN", client.name, `serves ${found}, the case is about ${chain}`, {
			hint: "Give the URL of a node of the case's chain.",
		});
}

/** Asks for what a node may or may not offer; a method that fails for another reason than being unknown counts as missing too. */
async function probe(client: RpcClient): Promise<Capabilities> {
	const offers = async (method: string, params: readonly unknown[]): Promise<boolean> => {
		try {
			return Array.isArray(await client.call(method, params));
		} catch (error) {
			if (error instanceof NodeError && !error.retryable) return false;
			throw error;
		}
	};
	const version = await client.call("web3_clientVersion", []).catch(() => "unknown");
	const blockReceipts = await offers("eth_getBlockReceipts", ["latest"]);
	const parity = await offers("trace_block", ["latest"]);
	const geth = !parity && (await offers("debug_traceBlockByNumber", ["latest", { tracer: "callTracer" }]));
	return {
		client: String(version).slice(0, 100),
		blockReceipts,
		traces: parity ? "trace_block" : geth ? "debug_traceBlockByNumber" : "none",
	};
}

class EvmSource implements ChainSource {
	readonly chain: ChainId;
	readonly name: string;
	private readonly client: RpcClient;
	private readonly known: Capabilities;
	private finder: Promise<AccountHistory> | undefined;

	constructor(client: RpcClient, chain: ChainId, capabilities: Capabilities) {
		this.client = client;
		this.name = client.name;
		this.chain = chain;
		this.known = capabilities;
	}

	async capabilities(): Promise<Capabilities> {
		return this.known;
	}

	close(): void {
		this.client.close();
	}

	requests(): number {
		return this.client.requests();
	}

	async heightOf(hash: Hash): Promise<number> {
		const answer = locatedShape.safeParse(await this.client.call("eth_getTransactionByHash", [hash]));
		if (!answer.success)
			throw new NodeError("NODE_BAD_ANSWER", this.name, `knows no transaction ${hash} in a block`, {
				hint: "Check the hash and the chain, or use a node that keeps old transactions.",
			});
		return Number(answer.data.blockNumber);
	}

	history(): Promise<AccountHistory> {
		this.finder ??= evmHistory(this.client);
		return this.finder;
	}

	async head(): Promise<BlockHeader> {
		const block = this.parse(
			blockShape.omit({ transactions: true }),
			await this.client.call("eth_getBlockByNumber", ["latest", false]),
			"eth_getBlockByNumber",
			"latest",
		);
		return {
			height: Number(block.number),
			hash: block.hash.toLowerCase() as Hash,
			parent: block.parentHash.toLowerCase() as Hash,
			time: Number(block.timestamp),
		};
	}

	async block(height: number, signal?: AbortSignal): Promise<DecodedBlock> {
		throwIfAborted(signal);
		const tag = `0x${height.toString(16)}`;
		const answer = await this.client.call("eth_getBlockByNumber", [tag, true]);
		if (answer === null)
			throw new NodeError("NODE_BAD_ANSWER", this.name, `block ${height} does not exist (yet) on this node`, { retryable: true });
		const block = this.parse(blockShape, answer, "eth_getBlockByNumber", height);
		if (Number(block.number) !== height) throw this.lied(height, `the node sent block ${Number(block.number)} instead`);
		const [receipts, traced] = await Promise.all([this.receipts(block, tag), this.calls(block, tag)]);
		const unprovable = checkBlock(this.name, block, receipts);
		return decodeBlock(this.chain, { block, receipts, calls: traced.calls, gaps: [...unprovable, ...traced.gaps] });
	}

	private async receipts(block: RpcBlock, tag: string): Promise<RpcReceipt[]> {
		if (block.transactions.length === 0) return [];
		const answers = this.known.blockReceipts
			? await this.client.call("eth_getBlockReceipts", [tag])
			: await Promise.all(block.transactions.map((tx) => this.client.call("eth_getTransactionReceipt", [tx.hash])));
		const receipts = this.parse(receiptShape.array(), answers, "receipts", Number(block.number));
		if (receipts.some((r) => r.blockHash.toLowerCase() !== block.hash.toLowerCase())) {
			throw new NodeError(
				"NODE_BAD_ANSWER",
				this.name,
				`block ${Number(block.number)}: receipts are of another block; the chain may be reorganising`,
				{ retryable: true },
			);
		}
		return receipts;
	}

	/** Value moved by calls, by transaction; a gap when the node cannot tell, or tells something else than was asked. */
	private async calls(block: RpcBlock, tag: string): Promise<{ calls: ReadonlyMap<string, CallTransfers> | undefined; gaps: string[] }> {
		const { traces } = this.known;
		const gap = (why: string) => ({ calls: undefined, gaps: [`internal transfers not fetched: ${why}`] });
		if (traces === "none") return gap("the node offers no traces");
		if (block.transactions.length === 0) return { calls: new Map(), gaps: [] };
		try {
			const answer = await this.client.call(traces, traces === "trace_block" ? [tag] : [tag, { tracer: "callTracer" }]);
			const calls = traces === "trace_block" ? this.parityCalls(answer, block) : this.frameCalls(answer, block);
			return calls === undefined ? gap("the node's traces do not match the block's transactions") : { calls, gaps: [] };
		} catch (error) {
			if (error instanceof NodeError && !error.retryable && error.code !== "NODE_LIED") return gap("the node could not trace this block");
			throw error;
		}
	}

	private parityCalls(answer: unknown, block: RpcBlock): Map<string, CallTransfers> | undefined {
		const parsed = parityTraceShape.array().safeParse(answer);
		if (!parsed.success) return undefined;
		const groups = new Map<string, (typeof parsed.data)[number][]>();
		for (const trace of parsed.data) {
			if (trace.transactionHash == null) continue;
			const hash = trace.transactionHash.toLowerCase();
			const group = groups.get(hash);
			if (group) group.push(trace);
			else groups.set(hash, [trace]);
		}
		const calls = new Map<string, CallTransfers>();
		for (const tx of block.transactions) {
			const traces = groups.get(tx.hash.toLowerCase());
			if (traces === undefined || traces[0]?.traceAddress.length !== 0) return undefined;
			calls.set(tx.hash.toLowerCase(), callsFromParity(traces, this.chain));
		}
		return calls;
	}

	private frameCalls(answer: unknown, block: RpcBlock): Map<string, CallTransfers> | undefined {
		const parsed = callTraceListShape.safeParse(answer);
		if (!parsed.success || parsed.data.length !== block.transactions.length) return undefined;
		const calls = new Map<string, CallTransfers>();
		for (const [i, tx] of block.transactions.entries()) {
			const entry = parsed.data[i];
			if (entry === undefined || (entry.txHash != null && entry.txHash.toLowerCase() !== tx.hash.toLowerCase())) return undefined;
			calls.set(tx.hash.toLowerCase(), callsFromFrame(entry.result, this.chain));
		}
		return calls;
	}

	async assets(assets: readonly AssetId[]): Promise<readonly AssetInfo[]> {
		const described = await Promise.all(assets.map((asset) => this.describe(asset)));
		return described.filter((info) => info !== undefined);
	}

	private async describe(asset: AssetId): Promise<AssetInfo | undefined> {
		const contract = tokenContract(asset);
		if (contract === undefined) return undefined;
		const to = addressOf(contract);
		const [decimals, symbol] = await Promise.all([this.view(to, DECIMALS), this.view(to, SYMBOL)]);
		if (decimals === undefined || decimals.length !== 2 + WORD_DIGITS || BigInt(decimals) > BigInt(MAX_DECIMALS)) return undefined;
		return { asset, decimals: Number(decimals), symbol: decodeSymbol(symbol ?? "0x") };
	}

	private async view(to: string, data: string, tag = "latest"): Promise<string | undefined> {
		try {
			const answer = await this.client.call("eth_call", [{ to, data }, tag]);
			return typeof answer === "string" && /^0x([0-9a-fA-F]{2})*$/.test(answer) ? answer : undefined;
		} catch (error) {
			if (error instanceof NodeError && !error.retryable) return undefined;
			throw error;
		}
	}

	async balance(account: AccountId, asset: AssetId, height: number): Promise<bigint> {
		const tag = `0x${height.toString(16)}`;
		const address = addressOf(account);
		const contract = tokenContract(asset);
		const answer = isNative(asset)
			? await this.client.call("eth_getBalance", [address, tag])
			: contract && (await this.view(addressOf(contract), BALANCE_OF + address.slice(2).padStart(WORD_DIGITS, "0"), tag));
		if (typeof answer !== "string" || !/^0x[0-9a-fA-F]{1,64}$/.test(answer))
			throw new NodeError("NODE_BAD_ANSWER", this.name, `balance of ${address} at block ${height} is not a number`);
		return BigInt(answer);
	}

	private parse<T extends z.ZodType>(shape: T, answer: unknown, method: string, where: number | string): z.infer<T> {
		const parsed = shape.safeParse(answer);
		if (parsed.success) return parsed.data;
		const issue = parsed.error.issues[0];
		throw new NodeError(
			"NODE_BAD_ANSWER",
			this.name,
			`${method} (block ${where}): ${issue?.path.join(".") || "answer"}: ${issue?.message ?? "not as expected"}`,
			{
				hint: "The node answered half or something else; ask again, or ask another node.",
			},
		);
	}

	private lied(height: number, what: string): NodeError {
		return new NodeError("NODE_LIED", this.name, `block ${height}: ${what}`);
	}
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
