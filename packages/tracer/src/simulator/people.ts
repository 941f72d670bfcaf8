import type { AccountId, AssetId } from "@clew/core";
import { ETHER, type SimulatedChain } from "./chain.js";
import type { Random } from "./random.js";
import type { Truth } from "./truth.js";

/** Blocks of 12 seconds in a day. */
const DAY = 7_200;
const DENOMINATIONS = [ETHER / 10n, ETHER, 10n * ETHER];
const MILLI = ETHER / 1_000n;

/** An exchange: customers pay into addresses of their own, which are swept to a wallet that pays withdrawals. */
export class Exchange {
	readonly hot: AccountId;
	private readonly world: World;
	private readonly deposits = new Map<AccountId, AccountId>();
	private readonly due: { address: AccountId; asset: AssetId; at: number }[] = [];

	constructor(world: World) {
		this.world = world;
		this.hot = world.chain.account();
		world.chain.endow(this.hot, 50_000n * ETHER);
		world.chain.endow(this.hot, 50_000_000n, world.token);
		world.truth.services.push(this.hot);
	}

	/** The deposit address of a customer, the same each time. */
	addressFor(customer: AccountId): AccountId {
		let address = this.deposits.get(customer);
		if (address === undefined) {
			address = this.world.chain.account();
			this.deposits.set(customer, address);
			this.world.truth.depositAddresses[address] = this.hot;
		}
		return address;
	}

	deposit(customer: AccountId, amount: bigint, asset = this.world.chain.native): void {
		const { chain, random } = this.world;
		const address = this.addressFor(customer);
		chain.send(customer, [{ from: customer, to: address, amount, asset }]);
		this.due.push({ address, asset, at: chain.height + 5 + random.below(600) });
	}

	/** Sweeps what is due: ether less the fee; tokens after the wallet sent gas. */
	sweep(all = false): void {
		const { chain } = this.world;
		for (let i = this.due.length - 1; i >= 0; i--) {
			const { address, asset, at } = this.due[i] as (typeof this.due)[number];
			if (!all && chain.height < at) continue;
			this.due.splice(i, 1);
			const fee = chain.fee();
			const amount = chain.balanceOf(address, asset) - (asset === chain.native ? fee : 0n);
			if (amount <= 0n) continue;
			if (asset !== chain.native && chain.balanceOf(address) < fee) chain.send(this.hot, [{ from: this.hot, to: address, amount: fee }]);
			chain.send(address, [{ from: address, to: this.hot, amount, asset }], fee);
		}
	}

	withdraw(to: AccountId, amount: bigint): void {
		this.world.chain.send(this.hot, [{ from: this.hot, to, amount }]);
	}
}

/** Tornado-like pools: whoever pays in is paid out later, at another address, often by a relayer who keeps a share. */
export class Mixer {
	readonly pools: readonly { readonly account: AccountId; readonly denomination: bigint }[];
	private readonly world: World;
	private readonly relayers: readonly AccountId[];
	private readonly waiting: { depositor: AccountId; receiver: AccountId; pool: number; at: number; relayed: boolean }[] = [];

	constructor(world: World) {
		this.world = world;
		this.pools = DENOMINATIONS.map((denomination) => ({ account: world.chain.contract(), denomination }));
		this.relayers = [0, 1, 2].map(() => world.rich(ETHER));
		world.truth.mixers.push(...this.pools.map((pool) => pool.account));
	}

	/** Pays one denomination in; it comes out at `receiver` after a while. */
	deposit(depositor: AccountId, receiver: AccountId, pool: number, relayed = true): void {
		const { chain, random } = this.world;
		const { account, denomination } = this.pools[pool] as (typeof this.pools)[number];
		chain.send(depositor, [{ from: depositor, to: account, amount: denomination }]);
		this.waiting.push({ depositor, receiver, pool, at: chain.height + 50 + random.below(3 * DAY), relayed });
	}

	payOut(all = false): void {
		const { chain, random, truth } = this.world;
		for (let i = this.waiting.length - 1; i >= 0; i--) {
			const { depositor, receiver, pool, at, relayed } = this.waiting[i] as (typeof this.waiting)[number];
			if (!all && chain.height < at) continue;
			this.waiting.splice(i, 1);
			const { account, denomination } = this.pools[pool] as (typeof this.pools)[number];
			const relayer = random.pick(this.relayers);
			const fee = relayed ? denomination / 200n : 0n;
			const payer = relayed ? relayer : chain.balanceOf(receiver) > MILLI * 10n ? receiver : relayer;
			chain.send(payer, [
				{ from: account, to: receiver, amount: denomination - fee, internal: true },
				...(fee > 0n ? [{ from: account, to: relayer, amount: fee, internal: true }] : []),
			]);
			truth.mixerLinks.push({ depositor, receiver });
		}
	}
}

/** Everything that actors share. */
export interface World {
	readonly chain: SimulatedChain;
	readonly random: Random;
	readonly truth: Truth;
	readonly token: AssetId;
	readonly exchanges: Exchange[];
	readonly honest: AccountId[];
	/** Set once the world stands. */
	mixer: Mixer | undefined;
	/** A pool that exchanges ether for the token at a fixed price. */
	readonly pool: AccountId;
	/** A new account with some ether. */
	rich(amount: bigint): AccountId;
}

/** One token unit costs this much ether, so that both sides are whole. */
export const WEI_PER_TOKEN = ETHER / 1_000n;

/** Pays ether into the pool and receives tokens, in one transaction; returns how many. */
export function swap({ chain, pool, token }: World, account: AccountId, wei: bigint): bigint {
	const tokens = wei / WEI_PER_TOKEN;
	chain.send(account, [
		{ from: account, to: pool, amount: wei },
		{ from: pool, to: account, amount: tokens, asset: token },
	]);
	return tokens;
}

/** One thing that an honest person does, chosen by chance. */
export function honestStep(world: World): void {
	const { chain, random, honest, exchanges, mixer } = world;
	const who = random.pick(honest);
	const balance = chain.balanceOf(who);
	const spend = balance / BigInt(2 + random.below(20));
	if (spend < MILLI * 20n) return void random.pick(exchanges).withdraw(who, random.amount(ETHER / 5n, 20n * ETHER));
	const what = random.below(100);
	if (what < 45) chain.send(who, [{ from: who, to: random.pick(honest), amount: spend }]);
	else if (what < 70) random.pick(exchanges).deposit(who, spend);
	else if (what < 80) swap(world, who, (spend / WEI_PER_TOKEN) * WEI_PER_TOKEN || WEI_PER_TOKEN);
	else if (what < 88) sendTokens(world, who);
	else if (what < 96) random.pick(exchanges).withdraw(who, random.amount(ETHER / 5n, 5n * ETHER));
	else if (mixer !== undefined) mixSome(world, mixer, who, balance);
}

function sendTokens(world: World, who: AccountId): void {
	const { chain, random, honest, token, exchanges } = world;
	const tokens = chain.balanceOf(who, token) / 3n;
	if (tokens === 0n) return;
	if (random.chance(0.4)) random.pick(exchanges).deposit(who, tokens, token);
	else chain.send(who, [{ from: who, to: random.pick(honest), amount: tokens, asset: token }]);
}

/** A few people of a hundred use a mixer; some are careless and come out where they went in, or pay their old address afterwards. */
function mixSome({ chain, random, honest }: World, mixer: Mixer, who: AccountId, balance: bigint): void {
	const pool = balance > 12n * ETHER && random.chance(0.4) ? 2 : balance > 2n * ETHER ? 1 : 0;
	const { denomination } = mixer.pools[pool] as Mixer["pools"][number];
	if (balance < denomination + MILLI * 20n) return;
	const careless = random.chance(0.15);
	const fresh = chain.account();
	if (!careless) honest.push(fresh);
	mixer.deposit(who, careless ? who : fresh, pool, !careless);
	if (!careless && random.chance(0.2)) for (let i = 0; i < 3; i++) chain.send(who, [{ from: who, to: fresh, amount: MILLI }]);
}
