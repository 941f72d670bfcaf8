import type { AccountId, Hash, OutputRecord } from "@clew/core";
import type { Random } from "../random.js";
import { type AddressType, type Client, type Coin, feeFor, type Holder, type OutputChain, sum } from "./chain.js";
import type { BitcoinTruth } from "./truth.js";

/** Change below this is left to the miner, in satoshi. */
const DUST = 1_000n;
const MOST_FEE_RATE = 20;

/** How somebody's wallet behaves. */
export interface Style extends Client {
	readonly type: AddressType;
	readonly change: "fresh" | "paying";
	readonly select: "largest" | "oldest";
	/** The chance that an address that was paid before is given out again. */
	readonly reuse: number;
}

/** What wallets share: the chain they are on, chance, and the truth that they write. */
export interface Ground {
	readonly chain: OutputChain;
	readonly random: Random;
	readonly truth: BitcoinTruth;
}

/** A payment to make. */
export interface Payment {
	readonly account: AccountId;
	readonly value: bigint;
}

/** Coins of one owner, and how they are spent. One owner may have several wallets. */
export class Wallet implements Holder {
	readonly owner: string;
	readonly style: Style;
	private readonly ground: Ground;
	private readonly held = new Set<Coin>();
	private readonly addresses: AccountId[] = [];

	constructor(ground: Ground, owner: string, style: Style) {
		this.ground = ground;
		this.owner = owner;
		this.style = style;
	}

	receive(coin: Coin): void {
		this.held.add(coin);
	}

	drop(coin: Coin): void {
		this.held.delete(coin);
	}

	get coins(): readonly Coin[] {
		return [...this.held];
	}

	get balance(): bigint {
		return sum(this.coins);
	}

	/** A new address. */
	fresh(type: AddressType = this.style.type): AccountId {
		const account = this.ground.chain.address(type, this);
		this.ground.truth.owners[account] = this.owner;
		this.addresses.push(account);
		return account;
	}

	/** An address to be paid at: a new one, or by the style's chance one that was given out before. */
	address(): AccountId {
		const { random } = this.ground;
		return this.addresses.length > 0 && random.chance(this.style.reuse) ? random.pick(this.addresses) : this.fresh();
	}

	/** The coins that the wallet would spend to pay an amount and the fee, undefined when it cannot. */
	choose(amount: bigint, outputs: number, rate: bigint): Coin[] | undefined {
		const order = this.style.select === "largest" ? this.coins.toSorted((a, b) => (a.value < b.value ? 1 : -1)) : this.coins;
		const chosen: Coin[] = [];
		let total = 0n;
		for (const coin of order) {
			chosen.push(coin);
			total += coin.value;
			if (total >= amount + feeFor(chosen.length, outputs + 1, rate)) return chosen;
		}
		return undefined;
	}

	/** Pays, change to the wallet itself at a place left to chance; undefined when the coins (all, or those given) do not suffice. */
	pay(payments: readonly Payment[], coins?: readonly Coin[]): Hash | undefined {
		const { chain, random, truth } = this.ground;
		const rate = BigInt(1 + random.below(MOST_FEE_RATE));
		const amount = sum(payments);
		const chosen = coins ?? this.choose(amount, payments.length, rate);
		const first = chosen?.[0];
		if (chosen === undefined || first === undefined) return undefined;
		const left = sum(chosen) - amount - feeFor(chosen.length, payments.length + 1, rate);
		if (left < 0n) return undefined;
		const outputs: OutputRecord[] = payments.map(({ account, value }) => chain.output(account, value));
		const change = left < DUST ? undefined : chain.output(this.style.change === "fresh" ? this.fresh() : first.account, left);
		if (change === undefined) return chain.send(chosen, outputs, this.style);
		const vout = random.below(outputs.length + 1);
		outputs.splice(vout, 0, change);
		const txid = chain.send(chosen, outputs, this.style);
		truth.change[txid] = vout;
		return txid;
	}

	/** Everything, or the coins given, to one address, less the fee; what was sent, undefined when there is too little. */
	sweep(account: AccountId, coins: readonly Coin[] = this.coins): { readonly txid: Hash; readonly value: bigint } | undefined {
		const { chain, random } = this.ground;
		const value = sum(coins) - feeFor(coins.length, 1, BigInt(1 + random.below(MOST_FEE_RATE)));
		if (coins.length === 0 || value < DUST) return undefined;
		return { txid: chain.send(coins, [chain.output(account, value)], this.style), value };
	}
}

/** A wallet program, drawn by chance. */
export function someStyle(random: Random): Style {
	return {
		type: random.pick(["p2pkh", "p2sh", "p2wpkh", "p2wpkh", "p2wpkh", "p2tr"] as const),
		version: random.pick([1, 2, 2]),
		sequence: random.pick([0xffffffff, 0xfffffffe, 0xfffffffd, 0xfffffffd]),
		locktime: random.chance(0.5),
		change: random.chance(0.85) ? "fresh" : "paying",
		select: random.pick(["largest", "oldest"] as const),
		reuse: random.pick([0, 0, 0.3, 0.9]),
	};
}
