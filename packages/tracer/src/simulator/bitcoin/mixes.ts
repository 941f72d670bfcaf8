import type { AccountId, Hash, OutputRecord } from "@clew/core";
import { nullAccount } from "@clew/core";
import { shuffled } from "../random.js";
import { type Client, type Coin, feeFor, SIMULATED_BITCOIN, sum } from "./chain.js";
import type { MixFamily } from "./truth.js";
import type { Ground, Payment, Wallet } from "./wallet.js";

const DUST = 1_000n;
const CLIENT: Client = { version: 1, sequence: 0xffffffff, locktime: false };
const TYPE = "p2wpkh";

/** Somebody who takes part in a mix with some coins. */
export interface Party {
	readonly wallet: Wallet;
	readonly coins: readonly Coin[];
}

/** One mix of several parties' coins; inputs and outputs in an order of chance. */
function join(ground: Ground, family: MixFamily, coins: readonly Coin[], payments: readonly Payment[]): Hash {
	const { chain, random, truth } = ground;
	const outputs = payments.map(({ account, value }) => chain.output(account, value));
	const txid = chain.send(shuffled(random, coins), shuffled(random, outputs), CLIENT);
	truth.mixes[txid] = family;
	return txid;
}

/** What a party gets back besides its denominated outputs, when it is worth an output. */
function rest(wallet: Wallet, value: bigint): Payment[] {
	return value < DUST ? [] : [{ account: wallet.fresh(TYPE), value }];
}

/** A market round: the taker pays the makers a little, everybody gets the same amount and their own change. */
export function joinMarket(ground: Ground, taker: Party, makers: readonly Party[], amount: bigint): Hash | undefined {
	const { random } = ground;
	const parties = [taker, ...makers];
	const fee = feeFor(
		parties.reduce((n, { coins }) => n + coins.length, 0),
		parties.length * 2,
		BigInt(2 + random.below(10)),
	);
	const makerFee = 100n + BigInt(random.below(2_000));
	const left = parties.map(({ coins }, i) => sum(coins) - amount + (i === 0 ? -fee - makerFee * BigInt(makers.length) : makerFee));
	if (left.some((value) => value < 0n)) return undefined;
	return join(
		ground,
		"joinmarket",
		parties.flatMap(({ coins }) => coins),
		parties.flatMap(({ wallet }, i) => [{ account: wallet.fresh(TYPE), value: amount }, ...rest(wallet, left[i] as bigint)]),
	);
}

/**
 * A round of Wasabi 1: outputs of about 0.1 BTC, in version 1.1 also of twice, four times and so on; the rest is change, a little the
 * coordinator's.
 */
export function wasabi1(ground: Ground, parties: readonly Party[], coordinator: Wallet, levels: boolean): Hash {
	const { random } = ground;
	const denomination = random.amount(9_900_000n, 10_050_000n);
	const rate = BigInt(2 + random.below(10));
	const payments: Payment[] = [];
	let earned = 0n;
	for (const { wallet, coins } of parties) {
		let left = sum(coins) - feeFor(coins.length, 2, rate);
		for (let level = 0; level === 0 || levels; level++) {
			const value = denomination << BigInt(level);
			const fee = (value * 3n) / 1_000n;
			if (left < value + fee) break;
			payments.push({ account: wallet.fresh(TYPE), value });
			left -= value + fee;
			earned += fee;
		}
		payments.push(...rest(wallet, left));
	}
	payments.push(...rest(coordinator, earned));
	return join(
		ground,
		levels ? "wasabi-1.1" : "wasabi-1.0",
		parties.flatMap(({ coins }) => coins),
		payments,
	);
}

/** Wasabi 2's standard denominations, in satoshi, largest first: 2^i, 3^i, 2 x 3^i, 10^i, 2 x 10^i, 5 x 10^i from 5,000. */
const WASABI2 = [
	...new Set(
		[
			[2n, 1n],
			[3n, 1n],
			[3n, 2n],
			[10n, 1n],
			[10n, 2n],
			[10n, 5n],
		].flatMap(([base, times]) => Array.from({ length: 31 }, (_, i) => (times as bigint) * (base as bigint) ** BigInt(i))),
	),
]
	.filter((value) => value >= 5_000n && value <= 1_000_000_000n)
	.sort((a, b) => (a < b ? 1 : -1));
const WASABI2_OUTPUTS = 10;

/** A round of Wasabi 2: everybody breaks up their sum into standard denominations, of which a round uses a part. */
export function wasabi2(ground: Ground, parties: readonly Party[]): Hash {
	const { random } = ground;
	const used = WASABI2.filter(() => random.chance(0.3));
	const rate = BigInt(2 + random.below(10));
	const payments = parties.flatMap(({ wallet, coins }) => {
		let left = sum(coins) - feeFor(coins.length, WASABI2_OUTPUTS + 1, rate);
		const own: Payment[] = [];
		for (const value of used)
			while (left >= value && own.length < WASABI2_OUTPUTS) {
				own.push({ account: wallet.fresh(TYPE), value });
				left -= value;
			}
		if (left >= 5_000n) own.push({ account: wallet.fresh(TYPE), value: left });
		return own;
	});
	return join(
		ground,
		"wasabi-2",
		parties.flatMap(({ coins }) => coins),
		payments,
	);
}

const POOL = 1_000_000n;
const POOL_FEE = 50_000n;
const SURPLUS = { least: 15_000n, most: 30_000n };
const MIX_SIZE = 5;
const MOST_ENTRANTS = 4;
const MOST_PREMIXES = 8;
const FREE = 0.4;

/** Whirlpool's pool of 0.01 BTC: users bring coins in with a tx0, then five at a time are mixed, again and again for free. */
export class Whirlpool {
	private readonly ground: Ground;
	private readonly coordinator: Wallet;
	private readonly entering: Party[] = [];
	private readonly mixed: Party[] = [];

	/** `liquidity` are wallets, of different owners, whose coins of exactly the denomination the pool starts with. */
	constructor(ground: Ground, coordinator: Wallet, liquidity: readonly Wallet[]) {
		this.ground = ground;
		this.coordinator = coordinator;
		for (const wallet of liquidity)
			for (const coin of wallet.coins.filter(({ value }) => value === POOL)) this.hold(this.mixed, { wallet, coins: [coin] });
	}

	/**
	 * Breaks up a user's coins; the premix outputs wait for a mix. Returns those outputs' accounts and values, and the fee's; undefined when
	 * there is too little.
	 */
	enter(wallet: Wallet, coins: readonly Coin[]): { premixes: readonly Coin[]; fee: Payment; change?: Payment } | undefined {
		const { chain, random, truth } = this.ground;
		const premix = POOL + random.amount(SURPLUS.least, SURPLUS.most);
		const spendable = sum(coins) - POOL_FEE - feeFor(coins.length, MOST_PREMIXES + 3, 5n);
		const count = Number(spendable / premix);
		if (count < 1) return undefined;
		const premixes = Array.from({ length: Math.min(count, MOST_PREMIXES) }, () => ({ account: wallet.fresh(TYPE), value: premix }));
		const fee: Payment = { account: this.coordinator.fresh(TYPE), value: POOL_FEE };
		const change = rest(wallet, spendable - premix * BigInt(premixes.length))[0];
		const message: OutputRecord = { account: nullAccount(SIMULATED_BITCOIN), value: 0n, scriptType: "op_return", data: random.hex(128) };
		const outputs = [message, ...[fee, ...(change ? [change] : []), ...premixes].map((p) => chain.output(p.account, p.value))];
		const txid = chain.send(coins, outputs, CLIENT);
		truth.mixes[txid] = "whirlpool-tx0";
		if (change !== undefined) truth.change[txid] = 2;
		const own = new Set<AccountId>(premixes.map(({ account }) => account));
		const entered = wallet.coins.filter(({ account }) => own.has(account));
		for (const coin of entered) this.hold(this.entering, { wallet, coins: [coin] });
		return { premixes: entered, fee, ...(change === undefined ? {} : { change }) };
	}

	/** Mixes as long as enough owners wait. */
	mix(): void {
		const { random } = this.ground;
		for (;;) {
			const owners = new Set<string>();
			const entrants = this.take(this.entering, owners, 1 + random.below(MOST_ENTRANTS));
			const others = this.take(this.mixed, owners, MIX_SIZE - entrants.length);
			if (entrants.length === 0 || entrants.length + others.length < MIX_SIZE) {
				this.entering.push(...entrants);
				this.mixed.push(...others);
				return;
			}
			const parties = [...entrants, ...others];
			const outputs = parties.map(({ wallet }) => ({ account: wallet.fresh(TYPE), value: POOL }));
			join(
				this.ground,
				"whirlpool-mix",
				parties.flatMap(({ coins }) => coins),
				outputs,
			);
			for (const [i, { wallet }] of parties.entries()) {
				const coin = wallet.coins.find(({ account }) => account === outputs[i]?.account);
				if (coin !== undefined && !random.chance(FREE)) this.hold(this.mixed, { wallet, coins: [coin] });
			}
		}
	}

	/** Coins in the pool are not spent by their wallets otherwise. */
	private hold(list: Party[], party: Party): void {
		for (const coin of party.coins) party.wallet.drop(coin);
		list.push(party);
	}

	/** Takes parties of owners that are not among those yet. */
	private take(list: Party[], owners: Set<string>, most: number): Party[] {
		const taken: Party[] = [];
		for (let i = list.length - 1; i >= 0 && taken.length < most; i--) {
			const party = list[i] as Party;
			if (owners.has(party.wallet.owner)) continue;
			owners.add(party.wallet.owner);
			taken.push(party);
			list.splice(i, 1);
		}
		return taken;
	}
}
