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
	type DecodedBlock,
	type Hash,
	InputError,
	isNative,
	NodeError,
	publishedAssets,
	quote,
	type RawHeader,
	throwIfAborted,
	tokenContract,
	tronDigits,
} from "@clew/core";
import { z } from "zod";
import type { HttpOptions } from "../../http/http-client.js";
import { readTronBlock } from "../answers.js";
import { decodeTronBlock } from "../decode/decode.js";
import { parseInfoList } from "../decode/info.js";
import { tronEvidence } from "../proofs.js";
import { readAccount, type ToldAccount } from "./account.js";
import { type TronClient, tronClient } from "./client.js";
import { tronHistory } from "./history.js";
import { blockOfJson, headerOfJson, infosOfJson, JsonRefusal, statedId } from "./json.js";

const BLOCK = "wallet/getblockbynum";
const INFOS = "wallet/gettransactioninfobyblocknum";
/** Hex digits of a genesis block's id by which CAIP-2 names its chain. */
const REFERENCE_DIGITS = 8;
/** `balanceOf(address)`, and the owner of calls that are nobody's. */
const BALANCE_OF = "balanceOf(address)";
const NOBODY = `41${"0".repeat(40)}`;
const WORD_DIGITS = 64;
const nodeInfoShape = z.looseObject({
	solidityBlock: z.string().optional(),
	configNodeInfo: z.looseObject({ codeVersion: z.string().optional() }).optional(),
});
const infoShape = z.looseObject({ blockNumber: z.string().regex(/^[0-9]{1,10}$/) });
const calledShape = z.looseObject({
	result: z.looseObject({ result: z.literal(true) }),
	constant_result: z.tuple([z.string().regex(/^[0-9a-f]{64}$/i)]),
});

/** A Tron chain through one node, whose genesis block is compared with the chain's name. Throws NodeError. */
export async function connectTronSource(url: string, chain: ChainId, options: HttpOptions = {}): Promise<ChainSource> {
	const client = tronClient(url, options);
	const answer = await client.call(BLOCK, { num: 0 });
	const genesis = reading(client, "block 0", () => statedId(answer));
	const found = `tron:0x${genesis.slice(-REFERENCE_DIGITS)}`;
	if (found !== chain)
		throw new NodeError("NODE_WRONG_CHAIN", client.name, `serves ${found}, the case is about ${chain}`, {
			hint: "Give the URL of a node of the case's chain.",
		});
	const info = nodeInfoShape.safeParse(await client.call("wallet/getnodeinfo", {}).catch(unlessTold));
	const version = info.data?.configNodeInfo?.codeVersion?.slice(0, 40);
	return new TronSource(client, chain, version === undefined ? "java-tron HTTP API" : `java-tron ${version}`);
}

/** What a node does not tell is no reason to leave it; what may come with time is. */
function unlessTold(error: unknown): undefined {
	if (error instanceof NodeError && (!error.retryable || error.code === "NODE_BAD_ANSWER")) return undefined;
	throw error;
}

/** Reads an answer; a refusal names the node and what was asked. */
function reading<T>({ name }: TronClient, what: string, read: () => T): T {
	try {
		return read();
	} catch (error) {
		if (!(error instanceof InputError)) throw error;
		const code = error instanceof JsonRefusal ? error.code : "NODE_BAD_ANSWER";
		throw new NodeError(code as "NODE_BAD_ANSWER", name, `${what}: ${error.message}`, { cause: error });
	}
}

/** A block as the node told it, recomputed. */
interface Told {
	readonly bytes: Buffer;
	readonly infos: Buffer | undefined;
	readonly unread: string;
	readonly block: DecodedBlock;
}

class TronSource implements ChainSource {
	readonly ledger = "accounts";
	readonly chain: ChainId;
	readonly name: string;
	private readonly client: TronClient;
	private readonly version: string;
	private readonly accounts = new Map<string, ToldAccount>();
	/** The highest block that it called solid. */
	private solidSeen = -1;

	constructor(client: TronClient, chain: ChainId, version: string) {
		this.client = client;
		this.name = client.name;
		this.chain = chain;
		this.version = version;
	}

	async capabilities(): Promise<Capabilities> {
		return { client: this.version, blockReceipts: true, traces: "none" };
	}

	requests(): number {
		return this.client.requests();
	}

	close(): void {}

	/** The newest block that two thirds of the witnesses built upon: it is not taken back any more. */
	async head(): Promise<BlockHeader> {
		const { id, header } = await this.solid();
		const { height, parent, time } = header;
		this.solidSeen = Math.max(this.solidSeen, height);
		return { height, hash: id as Hash, parent: parent as Hash, time: Math.floor(time / 1000) };
	}

	private async solid() {
		try {
			const newest = await this.client.call("walletsolidity/getnowblock", {});
			return reading(this.client, "newest block", () => headerOfJson(newest));
		} catch (error) {
			if (!(error instanceof NodeError) || error.code !== "NODE_UNSUPPORTED") throw error;
		}
		// Many full nodes have this on another port only.
		const info = nodeInfoShape.safeParse(await this.client.call("wallet/getnodeinfo", {}));
		const height = /^Num:([0-9]{1,10}),ID:[0-9a-f]{64}$/i.exec(info.data?.solidityBlock ?? "")?.[1];
		if (height === undefined) throw new NodeError("NODE_UNSUPPORTED", this.name, "does not tell which of its blocks is the last solid one");
		return this.header(Number(height));
	}

	async rawHeader(height: number): Promise<RawHeader> {
		const { id, header } = await this.header(height);
		return { hash: id as Hash, header: header.raw.toString("hex") };
	}

	private async header(height: number) {
		const json = await this.blockJson(height);
		const found = reading(this.client, `block ${height}`, () => headerOfJson(json));
		this.mustBe(height, found.header.height);
		return found;
	}

	private mustBe(asked: number, got: number): void {
		if (got !== asked) throw new NodeError("NODE_LIED", this.name, `block ${asked}: the node sent block ${got} instead`);
	}

	private async blockJson(height: number): Promise<unknown> {
		const answer = await this.client.call(BLOCK, { num: height });
		if (typeof answer === "object" && answer !== null && Object.keys(answer).length === 0)
			throw new NodeError("NODE_BAD_ANSWER", this.name, `block ${height} does not exist (yet) on this node`, { retryable: true });
		return answer;
	}

	async block(height: number, signal?: AbortSignal): Promise<DecodedBlock> {
		return (await this.told(height, signal)).block;
	}

	async evidence(height: number, cited: ReadonlySet<Hash>, signal?: AbortSignal): Promise<BlockEvidence<DecodedBlock>> {
		const { bytes, infos, unread } = await this.told(height, signal);
		return reading(this.client, `block ${height}`, () => tronEvidence(this.chain, height, bytes, infos, cited, unread));
	}

	private async told(height: number, signal: AbortSignal | undefined): Promise<Told> {
		throwIfAborted(signal);
		if (height === 0)
			throw new NodeError("NODE_UNSUPPORTED", this.name, "the genesis block bears no signature and is not read", {
				hint: "Begin at block 1.",
			});
		const json = await this.blockJson(height);
		const { header } = reading(this.client, `block ${height}`, () => headerOfJson(json));
		this.mustBe(height, header.height);
		const { bytes, unread } = reading(this.client, `block ${height}`, () => blockOfJson(json));
		const { block, checked } = this.checked(height, bytes, unread);
		throwIfAborted(signal);
		const told = block.transactions.length === 0 ? Buffer.alloc(0) : await this.infos(height);
		try {
			const infos = told === undefined ? undefined : parseInfoList(told);
			return { bytes, infos: told, unread, block: decodeTronBlock(this.chain, { block, checked, infos, provenance: "node" }) };
		} catch (error) {
			if (!(error instanceof InputError)) throw error;
			// The two answers may be of two forks, where the node went from one to the other between them.
			const hint = "If it persists, ask another node.";
			throw new NodeError("NODE_BAD_ANSWER", this.name, error.message, { cause: error, hint, retryable: true });
		}
	}

	private checked(height: number, bytes: Buffer, unread: string) {
		try {
			return readTronBlock(bytes, undefined, height, unread);
		} catch (error) {
			if (!(error instanceof InputError)) throw error;
			throw new NodeError("NODE_LIED", this.name, error.message, { cause: error });
		}
	}

	/** Undefined where the node does not offer them: their lack is a gap of the block. */
	private async infos(height: number): Promise<Buffer | undefined> {
		try {
			const answer = await this.client.call(INFOS, { num: height });
			return reading(this.client, `infos of block ${height}`, () => infosOfJson(answer));
		} catch (error) {
			if (error instanceof NodeError && error.code === "NODE_UNSUPPORTED") return undefined;
			throw error;
		}
	}

	async heightOf(hash: Hash): Promise<number> {
		const info = infoShape.safeParse(await this.client.call("wallet/gettransactioninfobyid", { value: hash }));
		if (info.success) return Number(info.data.blockNumber);
		throw new NodeError("NODE_BAD_ANSWER", this.name, `knows no transaction ${hash} in a block`, {
			hint: "Check the hash and the chain, or use a node that keeps old transactions.",
		});
	}

	/** Of tokens whose makers publish what they are; contracts are not asked. */
	async assets(assets: readonly AssetId[]): Promise<readonly AssetInfo[]> {
		return publishedAssets(assets);
	}

	/**
	 * What an account holds right now, where the last solid block is the one asked of before and after: of TRX with all that is staked, of a
	 * token what its contract says.
	 */
	async balance(account: AccountId, asset: AssetId, height: number): Promise<bigint> {
		if (isNative(asset)) {
			const { trx } = await this.account(account, height);
			if ("unread" in trx)
				throw this.untold(`the balance of ${quote(account)}: what ${trx.unread.slice(0, 3).map(quote).join(", ")} hold is not known`);
			return trx.liquid + trx.staked + trx.lent + trx.unfreezing;
		}
		const contract = tokenContract(asset);
		if (contract === undefined) throw this.untold("balances of TRC-10 tokens, part of which may be on sale");
		const answer = await this.called(contract, BALANCE_OF, account, height);
		if (answer === undefined) throw new NodeError("NODE_BAD_ANSWER", this.name, `balance of ${quote(account)} is not a number`);
		return answer;
	}

	/** An account at the last solid block, asked once: what it was there does not change. */
	private async account(account: AccountId, height: number): Promise<ToldAccount> {
		const key = `${height} ${account}`;
		const known = this.accounts.get(key);
		if (known !== undefined) return known;
		await this.mustBeSolid(height);
		const digits = tronDigits(addressOf(account));
		const answer = await this.client.call("walletsolidity/getaccount", { address: `41${digits}` });
		await this.mustBeSolid(height);
		const told = reading(this.client, `account ${addressOf(account)}`, () => readAccount(answer, digits));
		this.accounts.set(key, told);
		return told;
	}

	async says(contract: AccountId, question: string, about: AccountId, height: number): Promise<boolean | undefined> {
		const answer = await this.called(contract, question, about, height);
		return answer === 0n || answer === 1n ? answer === 1n : undefined;
	}

	/** The number that a contract answers to a question about an account; undefined where it answers none. */
	private async called(contract: AccountId, question: string, about: AccountId, height: number): Promise<bigint | undefined> {
		await this.mustBeSolid(height);
		const answer = await this.client.call("walletsolidity/triggerconstantcontract", {
			owner_address: NOBODY,
			contract_address: `41${tronDigits(addressOf(contract))}`,
			function_selector: question,
			parameter: tronDigits(addressOf(about)).padStart(WORD_DIGITS, "0"),
		});
		await this.mustBeSolid(height);
		const read = calledShape.safeParse(answer);
		return read.success ? BigInt(`0x${read.data.constant_result[0]}`) : undefined;
	}

	private async mustBeSolid(height: number): Promise<void> {
		// The last solid block only goes up.
		const solid = height < this.solidSeen ? this.solidSeen : (await this.head()).height;
		if (solid !== height)
			throw this.untold(`balances, or answers of contracts, at block ${height}, only at its last solid block, which is ${solid} now`);
	}

	private untold(what: string): NodeError {
		return new NodeError("NODE_UNSUPPORTED", this.name, `a node of Tron is not asked for ${what}`);
	}

	async history(): Promise<AccountHistory> {
		return tronHistory(this.client, this.chain, async (height) => (await this.header(height)).header.time);
	}

	async codeOf(account: AccountId, height: number): Promise<AccountCode> {
		return { kind: (await this.account(account, height)).isContract ? "contract" : "none" };
	}

	async balanceProof(): Promise<BalanceProof> {
		throw this.untold("proofs of balances: its blocks hold no root over accounts");
	}
}
