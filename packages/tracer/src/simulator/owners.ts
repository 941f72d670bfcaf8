import type { AccountId, AssetId } from "@clew/core";
import { ETHER, feeAt, type SimulatedBlock, SimulatedChain } from "./chain.js";
import { type Random, randomFrom } from "./random.js";
import { SIMULATED_CHAIN } from "./simulate.js";

/** A made-up world of people with several accounts, and who really owns which. */
export interface OwnersWorld {
	readonly blocks: readonly SimulatedBlock[];
	/** Contracts of the world, tokens aside. */
	readonly contracts: readonly AccountId[];
	/** Owner by account, of people alone: accounts of services and deposit addresses are nobody's here. */
	readonly owners: ReadonlyMap<AccountId, number>;
}

/** Blocks of 12 seconds. */
const HOUR = 300;
const DAY = 24 * HOUR;
const PEOPLE = 400;
const GWEI_PRICE = 20_000_000_000n;
const FEE = feeAt(GWEI_PRICE);
/** What a token transfer costs at most. */
const GAS = 200_000n * GWEI_PRICE;
const TOKENS = 1_000_000n;

interface Person {
	readonly owner: number;
	readonly main: AccountId;
	/** One at each exchange that it uses. */
	readonly deposit: AccountId;
	readonly accounts: AccountId[];
}

/**
 * Makes a world of people who fund, use, empty and cash out accounts of their own in the ways that clustering looks for, and of people
 * who do the same with accounts of others: employers who pay fresh accounts the same wage on one day, friends who lend each other gas,
 * brokers who let customers pay into their deposit address, collectors of gifts, a faucet, a contract that disperses. Shares of each are
 * made up: error rates are those of this world. The same seed gives the same world.
 */
export function simulateOwners(seed: number): OwnersWorld {
	const world = new Owners(randomFrom(seed));
	world.play();
	return world.result();
}

class Owners {
	private readonly random: Random;
	private readonly chain: SimulatedChain;
	private readonly owners = new Map<AccountId, number>();
	private readonly hot: AccountId;
	private readonly token: AssetId;
	private readonly payer: AccountId;
	private readonly blocks: SimulatedBlock[] = [];
	private people = 0;

	constructor(random: Random) {
		this.random = random;
		this.chain = new SimulatedChain(SIMULATED_CHAIN, random);
		this.token = this.chain.token();
		this.hot = this.rich(10_000_000n);
		this.payer = this.rich(1_000n);
		this.chain.endow(this.payer, TOKENS * ETHER, this.token);
	}

	play(): void {
		const all = Array.from({ length: PEOPLE }, () => this.person());
		const steps = [
			() => this.siblings(this.random.pick(all)),
			() => this.spread(this.random.pick(all)),
			() => this.tank(this.random.pick(all)),
			() => this.withdrawn(this.random.pick(all)),
			() => this.collect(this.random.pick(all)),
			() => this.wages(this.random.pick(all)),
			() => this.lendGas(this.random.pick(all), this.random.pick(all)),
			() => this.broker(this.random.pick(all), this.random.pick(all)),
			() => this.gift(this.random.pick(all)),
		];
		for (let i = 0; i < 2 * PEOPLE; i++) {
			this.random.pick(steps)();
			if (this.random.chance(0.5)) this.cashOut(this.random.pick(all));
			this.chain.wait(this.random.below(HOUR));
			this.blocks.push(...this.chain.takeFinished());
		}
		this.faucet();
		this.disperse();
		for (const person of all) if (this.random.chance(0.3)) this.cashOut(person);
		this.chain.seal();
		this.blocks.push(...this.chain.takeFinished());
	}

	result(): OwnersWorld {
		return { blocks: this.blocks, contracts: this.chain.contracts, owners: this.owners };
	}

	private rich(ether: bigint): AccountId {
		const account = this.chain.account();
		this.chain.endow(account, ether * ETHER);
		return account;
	}

	private pay(from: AccountId, to: AccountId, amount: bigint): void {
		if (this.chain.balanceOf(from) >= amount + FEE && amount > 0n) this.chain.send(from, [{ from, to, amount }], { gasPrice: GWEI_PRICE });
	}

	private payTokens(from: AccountId, to: AccountId): void {
		const amount = this.chain.balanceOf(from, this.token);
		if (amount > 0n && this.chain.balanceOf(from) >= GAS)
			this.chain.send(from, [{ from, to, amount, asset: this.token }], { gasPrice: GWEI_PRICE });
	}

	/** Everybody's first coins are a withdrawal from the exchange, and everybody has a deposit address there. */
	private person(): Person {
		const owner = this.people++;
		const main = this.chain.account();
		this.owners.set(main, owner);
		this.pay(this.hot, main, this.random.amount(20n * ETHER, 200n * ETHER));
		return { owner, main, deposit: this.chain.account(), accounts: [main] };
	}

	private own(person: Person): AccountId {
		const account = this.chain.account();
		this.owners.set(account, person.owner);
		person.accounts.push(account);
		return account;
	}

	private some(least: number, most: number): number {
		return least + this.random.below(most - least + 1);
	}

	/** Several fresh accounts within an hour, with the same sum: a trader's, a farmer's, a thief's. */
	private siblings(person: Person): void {
		const sum = this.random.amount(ETHER / 100n, ETHER);
		for (let i = this.some(2, 6); i > 0; i--) this.pay(person.main, this.own(person), sum + this.random.amount(0n, sum / 50n));
	}

	/** One fresh account now and then, with whatever sum. */
	private spread(person: Person): void {
		this.pay(person.main, this.own(person), this.random.amount(ETHER / 100n, 2n * ETHER));
	}

	/** Tokens come to fresh accounts, which get the gas to move them on from the main one. */
	private tank(person: Person): void {
		for (let i = this.some(1, 4); i > 0; i--) {
			const account = this.own(person);
			this.chain.send(this.payer, [{ from: this.payer, to: account, amount: ETHER, asset: this.token }], { gasPrice: GWEI_PRICE });
			this.chain.wait(this.random.below(2 * DAY));
			this.pay(person.main, account, GAS + this.random.amount(0n, 2n * GAS));
			this.payTokens(account, this.random.chance(0.5) ? person.main : this.own(person));
		}
	}

	/** A fresh account of its own straight from the exchange. */
	private withdrawn(person: Person): void {
		this.pay(this.hot, this.own(person), this.random.amount(ETHER, 10n * ETHER));
	}

	/** All that its accounts hold goes into one. */
	private collect(person: Person): void {
		const [target, ...others] = [...person.accounts].reverse();
		if (target === undefined) return;
		for (const account of others) if (account !== person.main) this.pay(account, target, this.chain.balanceOf(account) - FEE);
	}

	/** Into its deposit address, and from there into the hot wallet. */
	private cashOut(person: Person, account = this.random.pick(person.accounts), deposit = person.deposit): void {
		const amount = this.chain.balanceOf(account) / 3n;
		if (amount < ETHER / 100n) return;
		this.pay(account, deposit, amount);
		this.chain.wait(this.random.below(20));
		this.pay(deposit, this.hot, this.chain.balanceOf(deposit) - FEE);
	}

	/** One day, the same sum, to fresh accounts of others. */
	private wages(employer: Person): void {
		const wage = this.random.amount(ETHER, 3n * ETHER);
		for (let i = this.some(2, 5); i > 0; i--) {
			const account = this.chain.account();
			this.owners.set(account, this.people++);
			this.pay(employer.main, account, wage + this.random.amount(0n, wage / 20n));
		}
	}

	/** A friend gives the gas with which somebody else moves tokens. */
	private lendGas(friend: Person, person: Person): void {
		const account = this.own(person);
		this.chain.send(this.payer, [{ from: this.payer, to: account, amount: ETHER, asset: this.token }], { gasPrice: GWEI_PRICE });
		this.pay(friend.main, account, 2n * GAS);
		this.payTokens(account, person.main);
	}

	/** A customer pays into a broker's deposit address. */
	private broker(broker: Person, customer: Person): void {
		this.cashOut(customer, this.random.pick(customer.accounts), broker.deposit);
	}

	/** Friends to whom one person had given first coins give them all to a third. */
	private gift(person: Person): void {
		const target = this.chain.account();
		this.owners.set(target, this.people++);
		for (let i = this.some(2, 4); i > 0; i--) {
			const friend = this.chain.account();
			this.owners.set(friend, this.people++);
			this.pay(person.main, friend, this.random.amount(ETHER / 10n, ETHER));
			this.pay(friend, target, this.chain.balanceOf(friend) - FEE);
		}
	}

	/** The same small sum to a hundred strangers. */
	private faucet(): void {
		const faucet = this.rich(1_000n);
		for (let i = 0; i < 100; i++) {
			const account = this.chain.account();
			this.owners.set(account, this.people++);
			this.pay(faucet, account, ETHER / 100n);
		}
	}

	/** Strangers paid by a contract in one transaction. */
	private disperse(): void {
		const contract = this.chain.contract();
		const caller = this.rich(100n);
		const strangers = Array.from({ length: 10 }, () => this.chain.account());
		for (const account of strangers) this.owners.set(account, this.people++);
		const sum = ETHER / 10n;
		this.chain.send(caller, [
			{ from: caller, to: contract, amount: sum * 10n },
			...strangers.map((to) => ({ from: contract, to, amount: sum, internal: true })),
		]);
	}
}

/** How often a heuristic is right in a world, over pairs of accounts of people. */
export interface PairErrors {
	/** Pairs that it joins. */
	readonly joined: number;
	/** Of these, pairs with one owner. */
	readonly right: number;
	/** Pairs with one owner in all. */
	readonly pairs: number;
}

/** Counts pairs of people's accounts in groups that are said to have one owner each. */
export function pairErrors(groups: readonly (readonly AccountId[])[], owners: ReadonlyMap<AccountId, number>): PairErrors {
	const perOwner = new Map<number, number>();
	for (const owner of owners.values()) perOwner.set(owner, (perOwner.get(owner) ?? 0) + 1);
	const pairs = [...perOwner.values()].reduce((sum, n) => sum + (n * (n - 1)) / 2, 0);
	let [joined, right] = [0, 0];
	for (const group of groups) {
		const known = group.flatMap((account) => owners.get(account) ?? []);
		joined += (known.length * (known.length - 1)) / 2;
		const same = new Map<number, number>();
		for (const owner of known) same.set(owner, (same.get(owner) ?? 0) + 1);
		right += [...same.values()].reduce((sum, n) => sum + (n * (n - 1)) / 2, 0);
	}
	return { joined, right, pairs };
}
