import {
	type AccountCode,
	type AccountHistory,
	type AccountId,
	type AssetId,
	type AssetInfo,
	addressOf,
	type BalanceProof,
	type BlockEvidence,
	type BlockHeader,
	type Capabilities,
	type ChainId,
	type ChainSource,
	canonicalJson,
	type DecodedBlock,
	evmChain,
	type Hash,
	isNative,
	type NftContract,
	NodeError,
	type PartOfBlock,
	type RawHeader,
	throwIfAborted,
	tokenContract,
	type Wanted,
} from "@clew/core";
import { hexlify, id } from "ethers";
import { z } from "zod";
import { RefusedError } from "../http/refusals.js";
import { type BlockAnswers, parseAnswer, readAnswers, transactionHashes } from "./answers.js";
import { codeFrom } from "./code.js";
import { decodeBlock } from "./decode.js";
import { encodedHeader, hashDoubt } from "./forms/headers.js";
import { evmHistory } from "./history.js";
import { cutTo, PART_SCHEMA, readPart, wantedOf } from "./part.js";
import { checkChain, probe } from "./probe.js";
import { proveBlock } from "./proofs.js";
import { type RpcClient, type RpcOptions, rpcClient } from "./rpc-client.js";
import { accountProofShape, headerShape, quantity } from "./shapes.js";
import type { StateReader } from "./state-history.js";
import { BALANCE_OF, describeToken, type View, WORD_DIGITS, whyNft } from "./token-facts.js";

/** `0x` and four bytes. */
const SELECTOR_LENGTH = 10;
/** How often a head that went back is asked for again before it counts as one of a chain that did. */
const HEADS_ASKED = 4;
/** Blocks that are kept for a history, and until they are fetched. */
const PEEKED = 4;
/** States of accounts that are kept at most. */
const STATES = 4_000;
/** Blocks behind the head that no reorganisation of a chain here reached; the deepest on record had 157 (Polygon, February 2023). */
const DEEPEST_REORGANISATION = 200;

const hex = (height: number): string => `0x${height.toString(16)}`;
const stateKey = (method: string, address: string, height: number): string => `${method} ${address} ${height}`;

const locatedShape = z.looseObject({ blockNumber: quantity });

/** See `openEvmSource`. */
export async function connectEvmSource(url: string, chain: ChainId, options: RpcOptions = {}): Promise<ChainSource> {
	const trust = options.trust === true || evmChain(chain)?.hashes === "unknown";
	const client = rpcClient(url, options);
	try {
		await checkChain(client, chain);
		return new EvmSource(client, chain, await probe(client), trust);
	} catch (error) {
		client.close();
		throw error;
	}
}

class EvmSource implements ChainSource {
	readonly ledger = "accounts";
	readonly chain: ChainId;
	readonly name: string;
	private readonly client: RpcClient;
	private readonly known: Capabilities;
	/** True where the node's word is taken for what does not come out. */
	private readonly trust: boolean;
	/** The height of the last block that was told. */
	private seen = 0;
	private finder: Promise<AccountHistory> | undefined;
	private final: Promise<number> | undefined;
	/** The last blocks by their heights; new are those that a history alone looked into: they are fetched next. */
	private readonly peeked = new Map<number, { readonly block: unknown; readonly isNew: boolean }>();
	/** States of accounts that a history read. */
	private readonly states = new Map<string, Promise<unknown>>();

	constructor(client: RpcClient, chain: ChainId, capabilities: Capabilities, trust: boolean) {
		this.client = client;
		this.name = client.name;
		this.chain = chain;
		this.known = capabilities;
		this.trust = trust;
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
		const answer = locatedShape.safeParse(await this.client.present("eth_getTransactionByHash", [hash]));
		if (!answer.success)
			throw new NodeError("NODE_BAD_ANSWER", this.name, `knows no transaction ${hash} in a block`, {
				hint: "Check the hash and the chain, or use a node that keeps old transactions.",
			});
		return Number(answer.data.blockNumber);
	}

	history(): Promise<AccountHistory> {
		const reader = { blockAt: (height: number) => this.peek(height), state: this.read };
		this.finder ??= evmHistory(this.client, this.chain, reader);
		return this.finder;
	}

	/** The last block. One that lies before what was seen may be of a server that lags behind another of the same name: it is asked again. */
	async head(): Promise<BlockHeader> {
		let head = await this.lastBlock();
		for (let asked = 1; head.height < this.seen && asked < HEADS_ASKED; asked++) head = await this.lastBlock();
		this.seen = head.height;
		return head;
	}

	private async lastBlock(): Promise<BlockHeader> {
		const block = parseAnswer(
			this.name,
			headerShape,
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
		const answers = await this.answers(height);
		return decodeBlock(this.chain, readAnswers(this.name, this.chain, answers, this.trust));
	}

	async evidence(
		height: number,
		cited: ReadonlySet<Hash>,
		signal?: AbortSignal,
		only?: ReadonlySet<Hash>,
	): Promise<BlockEvidence<DecodedBlock>> {
		throwIfAborted(signal);
		const answers = await this.answers(height);
		const read = readAnswers(this.name, this.chain, answers, this.trust);
		const block = decodeBlock(this.chain, read);
		return {
			block,
			answers: canonicalJson(only === undefined ? answers : cutTo(answers, only)),
			...proveBlock(this.name, this.chain, read, block, cited),
		};
	}

	async partOf(height: number, { hashes, account }: Wanted, signal?: AbortSignal): Promise<PartOfBlock | undefined> {
		if (this.known.blockReceipts || this.known.traces !== "none" || evmChain(this.chain)?.bor === true) return undefined;
		throwIfAborted(signal);
		if (height > (await this.finalHeight())) return undefined;
		const block = await this.peek(height);
		const wanted = {
			hashes: new Set(hashes.map((hash) => hash.toLowerCase())),
			...(account === undefined ? {} : { address: addressOf(account) }),
		};
		const told = block === null ? undefined : wantedOf(this.name, height, block, wanted);
		if (told === undefined) return undefined;
		const part = { schema: PART_SCHEMA, height: height.toString(), block, receipts: await this.receiptsOf(told) } as const;
		return readPart(this.name, this.chain, part, this.trust);
	}

	/** The last block that the node calls final, or that lies too deep for a reorganisation. */
	private async finalHeight(): Promise<number> {
		this.final ??= this.askFinal().catch((error: unknown) => {
			this.final = undefined;
			throw error;
		});
		return this.final;
	}

	private async askFinal(): Promise<number> {
		const answer = headerShape.safeParse(await this.client.call("eth_getBlockByNumber", ["finalized", false]).catch(ifUnanswered));
		return answer.success ? Number(answer.data.number) : (await this.head()).height - DEEPEST_REORGANISATION;
	}

	/** What the node says of a block, call by call; nothing is checked but that the answers are there. */
	private async answers(height: number): Promise<BlockAnswers> {
		const tag = `0x${height.toString(16)}`;
		const held = this.peeked.get(height);
		const block = held?.isNew ? held.block : await this.wholeBlock(height);
		this.keep(height, block, false);
		if (block === null)
			throw new NodeError("NODE_BAD_ANSWER", this.name, `block ${height} does not exist (yet) on this node`, { retryable: true });
		const hashes = transactionHashes(this.name, height, block);
		const [receipts, traces] = await Promise.all([this.receipts(hashes, tag), this.traces(hashes, tag)]);
		return { schema: "clew.answers/1", height: height.toString(), block, receipts, ...traces };
	}

	private async wholeBlock(height: number): Promise<unknown> {
		return this.client.present("eth_getBlockByNumber", [hex(height), true]);
	}

	/** A block for a history: one that was asked for lately does. */
	private async peek(height: number): Promise<unknown> {
		const held = this.peeked.get(height);
		if (held !== undefined) return held.block;
		const block = await this.wholeBlock(height);
		this.keep(height, block, true);
		return block;
	}

	private keep(height: number, block: unknown, isNew: boolean): void {
		const [oldest] = this.peeked.keys();
		if (oldest !== undefined && this.peeked.size >= PEEKED) this.peeked.delete(oldest);
		this.peeked.set(height, { block, isNew });
	}

	private async receipts(hashes: readonly string[], tag: string): Promise<unknown> {
		if (hashes.length === 0) return [];
		if (this.known.blockReceipts) return this.client.present("eth_getBlockReceipts", [tag]);
		return this.receiptsOf(hashes);
	}

	private receiptsOf(hashes: readonly string[]): Promise<unknown[]> {
		return Promise.all(hashes.map((hash) => this.client.present("eth_getTransactionReceipt", [hash])));
	}

	private async traces(hashes: readonly string[], tag: string): Promise<Pick<BlockAnswers, "tracer" | "traces">> {
		const { traces: tracer } = this.known;
		if (tracer === "none" || hashes.length === 0) return { tracer, traces: null };
		try {
			return { tracer, traces: await this.client.call(tracer, tracer === "trace_block" ? [tag] : [tag, { tracer: "callTracer" }]) };
		} catch (error) {
			const failsForGood = error instanceof RefusedError && error.kind === "again";
			if (error instanceof NodeError && (!error.retryable || failsForGood) && error.code !== "NODE_LIED") return { tracer, traces: null };
			throw error;
		}
	}

	async assets(assets: readonly AssetId[]): Promise<readonly AssetInfo[]> {
		const described = await Promise.all(assets.map((asset) => describeToken(this.view, asset, this.client.secrets)));
		return described.filter((info) => info !== undefined);
	}

	async nfts(assets: readonly AssetId[]): Promise<readonly NftContract[]> {
		const asked = await Promise.all(assets.map(async (asset) => ({ asset, why: await whyNft(this.view, asset) })));
		return asked.flatMap(({ asset, why }) => (why === undefined ? [] : [{ asset, ...why }]));
	}

	private readonly view: View = async (to, data, tag = "latest") => {
		try {
			const answer = await this.client.call("eth_call", [{ to, data }, tag]);
			return typeof answer === "string" && /^0x([0-9a-fA-F]{2})*$/.test(answer) ? answer : undefined;
		} catch (error) {
			if (error instanceof NodeError && !error.retryable) return undefined;
			throw error;
		}
	};

	/** What a history reads of an account's state is kept for who asks the same next: opening balances, and end points. */
	private readonly read: StateReader["state"] = (method, address, height) => {
		const key = stateKey(method, address, height);
		const asked = this.states.get(key) ?? this.client.call(method, [address, hex(height)]);
		if (this.states.size >= STATES) for (const oldest of [...this.states.keys()].slice(0, STATES / 2)) this.states.delete(oldest);
		this.states.set(key, asked);
		asked.catch(() => this.states.delete(key));
		return asked;
	};

	private async stateOf(method: string, account: AccountId, height: number): Promise<unknown> {
		const address = addressOf(account);
		return this.states.get(stateKey(method, address, height)) ?? this.client.call(method, [address, hex(height)]);
	}

	async transactionCount(account: AccountId, height: number): Promise<number> {
		const answer = await this.stateOf("eth_getTransactionCount", account, height);
		return Number(parseAnswer(this.name, quantity, answer, "eth_getTransactionCount", height));
	}

	async balance(account: AccountId, asset: AssetId, height: number): Promise<bigint> {
		const tag = `0x${height.toString(16)}`;
		const address = addressOf(account);
		const contract = tokenContract(asset);
		const answer = isNative(asset)
			? await this.stateOf("eth_getBalance", account, height)
			: contract && (await this.view(addressOf(contract), BALANCE_OF + address.slice(2).padStart(WORD_DIGITS, "0"), tag));
		if (typeof answer !== "string" || !/^0x[0-9a-fA-F]{1,64}$/.test(answer))
			throw new NodeError("NODE_BAD_ANSWER", this.name, `balance of ${address} at block ${height} is not a number`);
		return BigInt(answer);
	}

	async says(contract: AccountId, question: string, about: AccountId, height: number): Promise<boolean | undefined> {
		const data = id(question).slice(0, SELECTOR_LENGTH) + addressOf(about).slice(2).padStart(WORD_DIGITS, "0");
		try {
			const answer = await this.client.call("eth_call", [{ to: addressOf(contract), data }, `0x${height.toString(16)}`]);
			return typeof answer === "string" && /^0x0{63}[01]$/.test(answer) ? answer.endsWith("1") : undefined;
		} catch (error) {
			if (!(error instanceof NodeError) || error.retryable) throw error;
			if (/revert|invalid opcode|out of gas|stack/i.test(error.message)) return undefined;
			throw new NodeError("NODE_UNSUPPORTED", this.name, `does not tell what contracts answered at block ${height}`, { cause: error });
		}
	}

	async codeOf(account: AccountId, height: number): Promise<AccountCode> {
		const answer = await this.stateOf("eth_getCode", account, height);
		return codeFrom(answer, this.chain, this.name, `${addressOf(account)} at block ${height}`);
	}

	async rawHeader(height: number): Promise<RawHeader> {
		const answer = await this.client.present("eth_getBlockByNumber", [`0x${height.toString(16)}`, false]);
		if (answer === null)
			throw new NodeError("NODE_BAD_ANSWER", this.name, `block ${height} does not exist (yet) on this node`, { retryable: true });
		const block = parseAnswer(this.name, headerShape, answer, "eth_getBlockByNumber", height);
		const hash = block.hash.toLowerCase() as Hash;
		const encoded = encodedHeader(this.chain, block);
		if (encoded.hash !== hash) {
			const why = hashDoubt(this.chain, block);
			const code = why === undefined ? "NODE_LIED" : "NODE_UNVERIFIED";
			throw new NodeError(code, this.name, `block ${height}: its header does not give its hash${why === undefined ? "" : `; ${why}`}`);
		}
		if (Number(block.number) !== height)
			throw new NodeError("NODE_LIED", this.name, `block ${height}: the node sent block ${Number(block.number)} instead`);
		return { hash, header: hexlify(encoded.bytes) };
	}

	async balanceProof(account: AccountId, height: number): Promise<BalanceProof> {
		const [header, proof] = await Promise.all([
			this.rawHeader(height),
			this.client.call("eth_getProof", [addressOf(account), [], `0x${height.toString(16)}`]),
		]);
		const { accountProof, balance } = parseAnswer(this.name, accountProofShape, proof, "eth_getProof", height);
		return {
			schema: "clew.proof.balance/1",
			chain: this.chain,
			height: height.toString(),
			...header,
			account,
			balance: BigInt(balance).toString(),
			nodes: accountProof.map((node) => node.toLowerCase()),
		};
	}
}

/** A node that does not know what is final answers nothing of it. */
function ifUnanswered(error: unknown): undefined {
	if (error instanceof NodeError && !error.retryable) return undefined;
	throw error;
}
