import type { AccountId } from "@clew/core";
import { type Coin, sum } from "./chain.js";
import { joinMarket, type Party, type Whirlpool, wasabi1, wasabi2 } from "./mixes.js";
import { type Ground, type Payment, someStyle, Wallet } from "./wallet.js";

export const BTC = 100_000_000n;
const CONSOLIDATE_LEAST = 8;
const PAYOUTS_LEAST = 12;
const NEW_DEPOSIT_ADDRESS = 0.1;
const ROUND_PAYMENTS = 0.3;
const ROUND = 1_000_000n;
const SMALLEST_PAYMENT = 20_000n;

/** All that lives in a world. */
export interface World extends Ground {
	readonly people: Wallet[];
	/** People who mix. */
	readonly discreet: Wallet[];
	/** Shops, which also pay salaries. */
	readonly companies: Wallet[];
	readonly exchanges: Exchange[];
	readonly coordinator: Wallet;
	readonly whirlpool: Whirlpool;
}

/**
 * A custodial exchange: an address for every customer, deposits collected many at a time, payouts in batches, and what is too much moved
 * into the cold.
 */
export class Exchange {
	readonly hot: Wallet;
	private readonly ground: Ground;
	private readonly deposits: Wallet;
	private readonly cold: Wallet;
	private readonly addresses = new Map<string, AccountId>();
	private readonly waiting: Payment[] = [];
	private readonly most: bigint;

	constructor(ground: Ground, owner: string, float: bigint) {
		const style = { ...someStyle(ground.random), select: "largest" as const };
		this.ground = ground;
		this.hot = new Wallet(ground, owner, style);
		this.deposits = new Wallet(ground, owner, style);
		this.cold = new Wallet(ground, owner, style);
		this.most = float * 2n;
	}

	/** The address that a customer pays into; now and then a new one. */
	addressFor(customer: string): AccountId {
		const old = this.addresses.get(customer);
		if (old !== undefined && !this.ground.random.chance(NEW_DEPOSIT_ADDRESS)) return old;
		const account = this.deposits.fresh();
		this.addresses.set(customer, account);
		return account;
	}

	/** Asks for a payout; it is made with others. */
	withdraw(to: AccountId, value: bigint): void {
		this.waiting.push({ account: to, value });
	}

	/** Collects deposits, pays out, moves money into the cold, each when there is enough of it. */
	work(): void {
		const { truth, random } = this.ground;
		const [first] = this.deposits.coins;
		if (first !== undefined && this.deposits.coins.length >= CONSOLIDATE_LEAST + random.below(20)) {
			truth.services[this.hot.owner] ??= first.account;
			this.deposits.sweep(this.hot.address());
		}
		if (this.waiting.length >= PAYOUTS_LEAST + random.below(20)) this.hot.pay(this.waiting.splice(0));
		const { balance } = this.hot;
		if (balance > this.most) this.hot.pay([{ account: this.cold.address(), value: balance / 2n }]);
	}
}

/** One thing that somebody honest does. */
export function honestStep(world: World): void {
	const { random } = world;
	let chance = random.below(1_000);
	for (const [weight, step] of STEPS) {
		chance -= weight;
		if (chance >= 0) continue;
		step(world);
		return;
	}
}

/** What people do, and how often in a thousand steps. */
const STEPS: readonly (readonly [weight: number, step: (world: World) => void])[] = [
	[
		530,
		({ random, people, companies }) => {
			const payer = random.pick(people);
			const payee = random.chance(0.5) ? random.pick(companies) : random.pick(people);
			const value = someAmount(random, payer, 3);
			if (payee !== payer && value > 0n) payer.pay([{ account: payee.address(), value }]);
		},
	],
	[
		180,
		({ random, people, companies, exchanges }) => {
			const payer = random.chance(0.9) ? random.pick(people) : random.pick(companies);
			const value = someAmount(random, payer, 2);
			if (value > 0n) payer.pay([{ account: random.pick(exchanges).addressFor(payer.owner), value }]);
		},
	],
	[
		200,
		({ random, people, exchanges }) => {
			const exchange = random.pick(exchanges);
			exchange.withdraw(random.pick(people).address(), random.amount(BTC / 50n, 2n * BTC));
			exchange.work();
		},
	],
	[8, payJoin],
	[40, salaries],
	[10, stonewall],
	[12, enterWhirlpool],
	[15, market],
	[3, (world) => wasabiRound(world, 12 + world.random.below(30), 7, (parties) => wasabi1(world, parties, world.coordinator, false))],
	[1, (world) => wasabiRound(world, 20 + world.random.below(30), 7, (parties) => wasabi1(world, parties, world.coordinator, true))],
	[1, (world) => wasabiRound(world, 12 + world.random.below(30), 4, (parties) => wasabi2(world, parties))],
];

/** Part of what a wallet holds, some of it in round figures; 0 when there is too little. */
function someAmount(random: Ground["random"], payer: Wallet, least: number): bigint {
	const value = payer.balance / BigInt(least + random.below(30));
	if (value < SMALLEST_PAYMENT) return 0n;
	return value > ROUND && random.chance(ROUND_PAYMENTS) ? (value / ROUND) * ROUND : value - BigInt(random.below(999));
}

/** The payee adds a coin of its own, so that payer and payee both have inputs. */
function payJoin({ chain, random, truth, people, companies }: World): void {
	const payer = random.pick(people);
	const payee = companies.find(({ style, coins }) => style.type === payer.style.type && coins.length > 0);
	const value = someAmount(random, payer, 3);
	const chosen = value === 0n ? undefined : payer.choose(value, 2, 10n);
	const added = payee === undefined ? undefined : random.pick([...payee.coins]);
	if (payee === undefined || added === undefined || chosen === undefined) return;
	const inputs = [...chosen, added];
	const left = sum(chosen) - value - BigInt(inputs.length) * 1_000n;
	if (left < 1_000n) return;
	const outputs = [chain.output(payee.fresh(), value + added.value), chain.output(payer.fresh(), left)];
	const flip = random.chance(0.5);
	const txid = chain.send(flip ? inputs.reverse() : inputs, flip ? outputs.reverse() : outputs, payer.style);
	truth.change[txid] = flip ? 0 : 1;
	truth.payJoins.push(txid);
}

/** A company pays several people the same: looks like a mix, and is none. */
function salaries({ random, people, companies }: World): void {
	const company = random.pick(companies);
	const paid = 3 + random.below(6);
	const value = (company.balance / BigInt(paid + 2) / 100_000n) * 100_000n;
	if (value < SMALLEST_PAYMENT) return;
	company.pay(Array.from({ length: paid }, () => ({ account: random.pick(people).address(), value: value < BTC / 5n ? value : BTC / 5n })));
}

/** A payment dressed as a mix of two: the payer adds an output of the same amount to itself and takes inputs enough for both. */
function stonewall({ chain, random, people }: World): void {
	const payer = random.pick(people);
	const payee = random.pick(people);
	const coins = payer.coins.slice(0, 6);
	const value = sum(coins) / 3n;
	if (coins.length < 2 || value < SMALLEST_PAYMENT || payee === payer) return;
	const left = (sum(coins) - 2n * value - BigInt(coins.length + 4) * 1_000n) / 2n;
	if (left < 1_000n) return;
	const own = [value, left, left - 200n].map((amount) => chain.output(payer.fresh(), amount));
	chain.send(coins, [chain.output(payee.address(), value), ...own], payer.style);
}

function enterWhirlpool({ random, discreet, whirlpool }: World): void {
	const user = random.pick(discreet);
	const coins = user.choose(someAmount(random, user, 2), 40, 5n);
	if (coins !== undefined) whirlpool.enter(user, coins);
	whirlpool.mix();
}

function market(world: World): void {
	const { random, discreet } = world;
	const parties = partiesFrom(world, 4 + random.below(4), 2);
	const [taker, ...makers] = parties;
	const amount = random.amount(BTC / 100n, BTC / 4n);
	const able = makers.filter(({ coins }) => sum(coins) > amount);
	if (taker !== undefined && able.length >= 3 && discreet.length > able.length) joinMarket(world, taker, able, amount);
}

/** People with coins worth mixing, each with some of them, at most so many. */
function partiesFrom({ random, discreet }: World, count: number, mostCoins: number): Party[] {
	const parties: Party[] = [];
	const seen = new Set<Wallet>();
	for (let tries = 0; parties.length < count && tries < count * 4; tries++) {
		const wallet = random.pick(discreet);
		if (seen.has(wallet)) continue;
		seen.add(wallet);
		const coins = wallet.coins.filter(({ value }) => value > 50_000n).slice(0, 1 + random.below(mostCoins));
		if (sum(coins) > BTC / 8n) parties.push({ wallet, coins });
	}
	return parties;
}

/** A round with this many people, when as many are found. */
export function wasabiRound(world: World, count: number, mostCoins: number, round: (parties: readonly Party[]) => unknown): void {
	const parties = partiesFrom(world, count, mostCoins);
	if (parties.length >= 12) round(parties);
}

/** A party that joins a round of Wasabi 1.0 with one coin of its own, beside others; false when too few people have coins. */
export function joinWasabi(world: World, wallet: Wallet, coin: Coin): boolean {
	const others = partiesFrom(world, 30, 2);
	if (others.length < 12) return false;
	wasabi1(world, [{ wallet, coins: [coin] }, ...others], world.coordinator, false);
	return true;
}
