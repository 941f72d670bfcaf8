import {
	type AccountId,
	type AssetId,
	type ChainId,
	EVENT_BAND,
	erc20Asset,
	type Hash,
	nativeAsset,
	nullAccount,
	type TransactionRecord,
	type TransferRecord,
	trustedAccountId,
} from "@clew/core";
import type { Random } from "./random.js";

const ETHER = 10n ** 18n;
const GWEI = 10n ** 9n;
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

/** An account chain that grows: keeps balances, so that nobody pays what he has not, and hands out finished blocks. */
export class SimulatedChain {
	readonly chain: ChainId;
	readonly native: AssetId;
	readonly contracts: AccountId[] = [];
	transfers = 0;
	height = GENESIS_HEIGHT;
	private readonly random: Random;
	private readonly balances = new Map<string, bigint>();
	private block: TransactionRecord[] = [];
	private readonly finished: TransactionRecord[][] = [];
	private sent = 0;

	constructor(chain: ChainId, random: Random) {
		this.chain = chain;
		this.native = nativeAsset(chain);
		this.random = random;
	}

	account(address = `0x${this.random.hex(40)}`): AccountId {
		return trustedAccountId(this.chain, address);
	}

	contract(): AccountId {
		const account = this.account();
		this.contracts.push(account);
		return account;
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
		this.append([record]);
	}

	/** One transaction: the payer's fee, then the moves in order. Returns its hash. Throws RangeError when somebody pays what he has not. */
	send(payer: AccountId, moves: readonly Move[], fee = this.fee()): Hash {
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
		return this.append(records);
	}

	/** What a plain transaction costs. */
	fee(): bigint {
		return 21_000n * (10n + BigInt(this.random.below(40))) * GWEI;
	}

	/** Lets blocks pass. */
	wait(blocks: number): void {
		this.seal();
		this.height += blocks;
	}

	/** Blocks that are done, each once. */
	*takeFinished(): Generator<readonly TransactionRecord[]> {
		for (let block = this.finished.shift(); block !== undefined; block = this.finished.shift()) yield block;
	}

	seal(): void {
		if (this.block.length === 0) return;
		this.finished.push(this.block);
		this.block = [];
		this.height++;
	}

	private append(transfers: readonly TransferRecord[]): Hash {
		if (this.block.length >= TX_PER_BLOCK) this.seal();
		this.sent++;
		const hash = `0x${this.sent.toString(16).padStart(64, "0")}` as Hash;
		this.block.push({ hash, height: this.height, txIndex: this.block.length, transfers });
		this.transfers += transfers.length;
		return hash;
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
