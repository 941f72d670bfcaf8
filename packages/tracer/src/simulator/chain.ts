import {
	type AccountId,
	type AssetId,
	type ChainEvent,
	type ChainId,
	EVENT_BAND,
	erc20Asset,
	GWEI,
	type Hash,
	isNative,
	nativeAsset,
	nullAccount,
	sha256Hex,
	type TransactionRecord,
	type TransferRecord,
	trustedAccountId,
} from "@clew/core";
import type { Random } from "./random.js";

const ETHER = 10n ** 18n;
const GENESIS_HEIGHT = 1_000_000;
const TX_PER_BLOCK = 40;

/** A movement inside a transaction; the native coin unless an asset is named. */
export interface Move {
	readonly from: AccountId;
	readonly to: AccountId;
	readonly amount: bigint;
	readonly asset?: AssetId;
	readonly internal?: boolean;
}

/** What a contract logs of its own, besides token transfers. */
export type Log = Pick<ChainEvent, "kind" | "protocol" | "contract" | "account" | "key" | "details">;

/** What a transaction pays for gas and what its contracts log, where that is not left to chance and nothing. */
export interface SendOptions {
	/** Wei per gas; in whole gwei by chance unless given. */
	readonly gasPrice?: bigint;
	readonly logs?: readonly Log[];
}

/** A transaction with what it paid per gas, wei; 0 for money from nowhere. */
export interface SimulatedTransaction extends TransactionRecord {
	readonly gasPrice: bigint;
}

/** A block that is done, with the events that its contracts logged. */
export interface SimulatedBlock {
	readonly chain: ChainId;
	readonly height: number;
	readonly transactions: readonly SimulatedTransaction[];
	readonly events: readonly ChainEvent[];
}

const PLAIN_GAS = 21_000n;
/**
 * Gas of a transaction that calls a contract, and of every further movement or log in it: more than puppet contracts on a real node need.
 */
const CALL_GAS = 60_000n;
const STEP_GAS = 40_000n;

/** What a plain payment costs at a gas price, wei. */
export function feeAt(gasPrice: bigint): bigint {
	return PLAIN_GAS * gasPrice;
}

/** Gas that a transaction with these movements and this many logs pays for; a plain payment into a contract runs its code. */
export function gasOf(moves: readonly Move[], logs = 0, intoContract = false): bigint {
	const [first, ...others] = moves;
	const single = first !== undefined && others.length + logs === 0 && first.internal !== true;
	const plain = single && !intoContract && (first.asset === undefined || isNative(first.asset));
	return plain ? PLAIN_GAS : CALL_GAS + STEP_GAS * BigInt(moves.length + logs);
}

/** An account chain that grows: keeps balances, so that nobody pays what he has not, and hands out finished blocks. */
export class SimulatedChain {
	readonly chain: ChainId;
	readonly native: AssetId;
	private readonly contractSet = new Set<AccountId>();
	transfers = 0;
	height = GENESIS_HEIGHT;
	private readonly random: Random;
	private readonly addressOf: (digits: string) => string;
	private readonly balances = new Map<string, bigint>();
	private block: SimulatedTransaction[] = [];
	private events: ChainEvent[] = [];
	private readonly finished: SimulatedBlock[] = [];
	private sent = 0;

	constructor(chain: ChainId, random: Random, addressOf: (digits: string) => string = (digits) => `0x${digits}`) {
		this.addressOf = addressOf;
		this.chain = chain;
		this.native = nativeAsset(chain);
		this.random = random;
	}

	/** A new account; one with a given address signs nothing where a world is played on a node. */
	account(address = this.addressOf(this.random.hex(40))): AccountId {
		return trustedAccountId(this.chain, address);
	}

	contract(): AccountId {
		const account = this.account();
		this.contractSet.add(account);
		return account;
	}

	/** Contracts made so far, tokens aside. */
	get contracts(): readonly AccountId[] {
		return [...this.contractSet];
	}

	token(): AssetId {
		return erc20Asset(this.chain, `0x${this.random.hex(40)}`);
	}

	balanceOf(account: AccountId, asset: AssetId = this.native): bigint {
		return this.balances.get(`${account} ${asset}`) ?? 0n;
	}

	/** Coins from nowhere, as a withdrawal of the beacon chain: how the world gets its money. */
	endow(account: AccountId, amount: bigint, asset: AssetId = this.native): void {
		this.put(account, asset, amount);
		const kind = asset === this.native ? "withdrawal" : "mint";
		const record: TransferRecord = {
			kind,
			from: nullAccount(this.chain),
			to: account,
			asset,
			amount,
			eventIndex: asset === this.native ? EVENT_BAND.value : EVENT_BAND.log,
		};
		this.append([record], 0n);
	}

	/**
	 * One transaction: the payer's fee, then the moves in order, then the logs. Returns its hash. Throws RangeError when somebody pays what he
	 * has not.
	 */
	send(payer: AccountId, moves: readonly Move[], { gasPrice = this.gasPrice(), logs = [] }: SendOptions = {}): Hash {
		const intoContract = moves.some(({ to }) => this.contractSet.has(to));
		const fee = gasPrice * gasOf(moves, logs.length, intoContract);
		const none = nullAccount(this.chain);
		const records: TransferRecord[] = [{ kind: "fee", from: payer, to: none, asset: this.native, amount: fee, eventIndex: EVENT_BAND.fee }];
		this.take(payer, this.native, fee);
		let [internal, log] = [EVENT_BAND.internal as number, EVENT_BAND.log as number];
		for (const { from, to, amount, asset = this.native, internal: inside = false } of moves) {
			this.take(from, asset, amount);
			this.put(to, asset, amount);
			if (asset !== this.native) records.push({ kind: "token", from, to, asset, amount, eventIndex: log++ });
			else if (inside) records.push({ kind: "internal", from, to, asset, amount, eventIndex: internal++ });
			else records.push({ kind: "native", from, to, asset, amount, eventIndex: EVENT_BAND.value });
		}
		return this.append(
			records,
			gasPrice,
			logs.map((one) => ({ one, eventIndex: log++ })),
		);
	}

	/** What most people pay per gas: whole gwei, in wei. */
	gasPrice(): bigint {
		return (10n + BigInt(this.random.below(40))) * GWEI;
	}

	/** Lets blocks pass. */
	wait(blocks: number): void {
		this.seal();
		this.height += blocks;
	}

	/** Blocks that are done, each once. */
	*takeFinished(): Generator<SimulatedBlock> {
		for (let block = this.finished.shift(); block !== undefined; block = this.finished.shift()) yield block;
	}

	seal(): void {
		const { chain, height, block: transactions, events } = this;
		if (transactions.length === 0) return;
		this.finished.push({ chain, height, transactions, events });
		[this.block, this.events] = [[], []];
		this.height++;
	}

	private append(transfers: readonly TransferRecord[], gasPrice: bigint, logs: readonly { one: Log; eventIndex: number }[] = []): Hash {
		if (this.block.length >= TX_PER_BLOCK) this.seal();
		this.sent++;
		const { chain, height } = this;
		// Spread as hashes are: stores look them up by how they begin.
		const txHash = `0x${sha256Hex(`${chain}:${this.sent}`)}` as Hash;
		const txIndex = this.block.push({ hash: txHash, height, txIndex: this.block.length, transfers, gasPrice }) - 1;
		for (const { one, eventIndex } of logs) this.events.push({ ...one, chain, txHash, position: { height, txIndex, eventIndex } });
		this.transfers += transfers.length;
		return txHash;
	}

	private put(account: AccountId, asset: AssetId, amount: bigint): void {
		this.balances.set(`${account} ${asset}`, this.balanceOf(account, asset) + amount);
	}

	private take(account: AccountId, asset: AssetId, amount: bigint): void {
		const left = this.balanceOf(account, asset) - amount;
		if (left < 0n) throw new RangeError(`${account} has not ${amount} of ${asset}`);
		this.balances.set(`${account} ${asset}`, left);
	}
}

export { ETHER };
