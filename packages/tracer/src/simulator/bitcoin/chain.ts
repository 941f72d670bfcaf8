import {
	type AccountId,
	type BitcoinNetwork,
	base58Address,
	bitcoinNetwork,
	blockSubsidy,
	type ChainId,
	type Hash,
	type OutputRecord,
	parseChainId,
	type ScriptType,
	segwitAddress,
	trustedAccountId,
	type UtxoBlock,
	type UtxoRecord,
} from "@clew/core";
import type { Random } from "../random.js";

/**
 * The chain of every made-up Bitcoin world: a test network, so that nothing of it is mistaken for a fact, and that its steps can be played
 * on a real node.
 */
export const SIMULATED_BITCOIN: ChainId = parseChainId("bitcoin-regtest");
const NETWORK = bitcoinNetwork(SIMULATED_BITCOIN) as BitcoinNetwork;

/**
 * Blocks before the first payment: their coinbases are all the money of the world, and they give a test network time to vote for segregated
 * witness (BIP 9).
 */
const FIRST_BLOCKS = 450;
/** Blocks whose coinbases are spent: those before the first halving. */
const MONEY_BLOCKS = NETWORK.halvingInterval - 1;
const GENESIS_TIME = 1_600_000_000;
const SECONDS_PER_BLOCK = 600;
const MOST_IN_BLOCK = 40;

/** Kinds of addresses that people have. */
export type AddressType = Extract<ScriptType, "p2pkh" | "p2sh" | "p2wpkh" | "p2tr">;

/** An unspent output as its owner's wallet knows it. */
export interface Coin {
	readonly outpoint: { readonly txid: Hash; readonly vout: number };
	readonly value: bigint;
	readonly account: AccountId;
	readonly scriptType: ScriptType;
}

/** What a wallet program writes into every transaction. */
export interface Client {
	readonly version: number;
	readonly sequence: number;
	/** True for the height of the next block in the locktime, against fee sniping; false for 0. */
	readonly locktime: boolean;
}

/** Who is told of coins that come and go. */
export interface Holder {
	receive(coin: Coin): void;
	drop(coin: Coin): void;
}

/** A made-up chain: blocks with transactions that keep Bitcoin's rules of value, place and maturity. Signatures are not made. */
export class OutputChain {
	/** Transactions so far, coinbases aside. */
	transactions = 0;
	/** Height of the block being filled. */
	height = 1;
	private readonly random: Random;
	private readonly holders = new Map<AccountId, Holder>();
	private readonly addressTypes = new Map<AccountId, AddressType>();
	private block: UtxoRecord[] = [];
	private finished: UtxoBlock[] = [];
	private counter = 0;
	private readonly miner: AccountId;

	constructor(random: Random, miner: Holder, register: (account: AccountId) => void) {
		this.random = random;
		this.miner = this.address("p2wpkh", miner);
		register(this.miner);
		this.startBlock();
		while (this.height <= FIRST_BLOCKS) this.seal();
	}

	/** A new address, whose coins a holder is told of. */
	address(type: AddressType, holder: Holder): AccountId {
		const bytes = Uint8Array.from({ length: type === "p2tr" ? 32 : 20 }, () => this.random.below(256));
		const account = trustedAccountId(SIMULATED_BITCOIN, ADDRESS[type](bytes));
		this.holders.set(account, holder);
		this.addressTypes.set(account, type);
		return account;
	}

	/** An output that pays an address. */
	output(account: AccountId, value: bigint): OutputRecord {
		return { account, value, scriptType: this.addressTypes.get(account) as AddressType };
	}

	/**
	 * A transaction into the block being filled; what the outputs leave is the fee. Throws RangeError when they leave nothing. Returns its
	 * txid.
	 */
	send(coins: readonly Coin[], outputs: readonly OutputRecord[], client: Client): Hash {
		const fee = sum(coins) - sum(outputs);
		if (fee <= 0n || coins.length === 0) throw new RangeError(`transaction ${this.counter} would pay a fee of ${fee}`);
		const txid = this.nextTxid();
		this.block.push({
			txid,
			height: this.height,
			txIndex: this.block.length,
			version: client.version,
			locktime: client.locktime ? this.height - 1 : 0,
			coinbase: false,
			inputs: coins.map(({ outpoint, value, account, scriptType }) => ({
				outpoint,
				sequence: client.sequence,
				previous: { value, account, scriptType },
			})),
			outputs,
		});
		this.transactions++;
		for (const coin of coins) this.holders.get(coin.account)?.drop(coin);
		this.deliver(txid, outputs);
		if (this.block.length > MOST_IN_BLOCK || this.random.chance(1 / MOST_IN_BLOCK)) this.seal();
		return txid;
	}

	/** Lets blocks go by. */
	wait(blocks: number): void {
		for (let i = 0; i < blocks; i++) this.seal();
	}

	/** Ends the block being filled. */
	seal(): void {
		const { height } = this;
		this.finished.push({
			header: {
				height,
				hash: blockHash(height),
				parent: height === 1 ? (NETWORK.genesis as Hash) : blockHash(height - 1),
				time: GENESIS_TIME + height * SECONDS_PER_BLOCK,
			},
			transactions: this.block,
		});
		this.height++;
		this.startBlock();
	}

	/** Blocks that were ended since the last call. */
	takeFinished(): readonly UtxoBlock[] {
		const { finished } = this;
		this.finished = [];
		return finished;
	}

	private startBlock(): void {
		const txid = this.nextTxid();
		const outputs = [this.output(this.miner, blockSubsidy(this.height, NETWORK))];
		this.block = [{ txid, height: this.height, txIndex: 0, version: 2, locktime: 0, coinbase: true, inputs: [], outputs }];
		if (this.height <= MONEY_BLOCKS) this.deliver(txid, outputs);
	}

	private deliver(txid: Hash, outputs: readonly OutputRecord[]): void {
		for (const [vout, { account, value, scriptType }] of outputs.entries())
			if (scriptType !== "op_return") this.holders.get(account)?.receive({ outpoint: { txid, vout }, value, account, scriptType });
	}

	private nextTxid(): Hash {
		return (++this.counter).toString(16).padStart(64, "0") as Hash;
	}
}

const ADDRESS: Readonly<Record<AddressType, (bytes: Uint8Array) => string>> = {
	p2pkh: (bytes) => base58Address(bytes, NETWORK.pubKeyHash),
	p2sh: (bytes) => base58Address(bytes, NETWORK.scriptHash),
	p2wpkh: (bytes) => segwitAddress(0, bytes, NETWORK.hrp),
	p2tr: (bytes) => segwitAddress(1, bytes, NETWORK.hrp),
};

function blockHash(height: number): Hash {
	return height.toString(16).padStart(64, "b") as Hash;
}

/** Satoshi of coins or outputs together. */
export function sum(list: readonly { readonly value: bigint }[]): bigint {
	return list.reduce((total, { value }) => total + value, 0n);
}

/** About what a miner asks for a transaction, in satoshi; at least what nodes relay. */
export function feeFor(inputs: number, outputs: number, rate: bigint): bigint {
	return BigInt(inputs * 150 + outputs * 45 + 20) * rate;
}
