import { type AccountId, type AssetId, addressOf, tokenContract, ZERO_ADDRESS } from "@clew/core";
import type { Bridge } from "./bridge.js";
import { ETHER, type Log, type SimulatedChain } from "./chain.js";
import type { Exchange } from "./exchange.js";
import type { Random } from "./random.js";
import type { Truth } from "./truth.js";

/** Blocks of 12 seconds in a day. */
const DAY = 7_200;
const DENOMINATIONS = [ETHER / 10n, ETHER, 10n * ETHER];
const MILLI = ETHER / 1_000n;
/** Gas prices that people type in themselves are no whole gwei. */
const ODD_WEI = 1_000_000_000;
const UNLIMITED = (2n ** 256n - 1n).toString();

/** Tornado-like pools: whoever pays in is paid out later, at another address, often by a relayer who keeps a share. */
export class Mixer {
	readonly pools: readonly { readonly account: AccountId; readonly denomination: bigint }[];
	private readonly world: World;
	private readonly relayers: readonly AccountId[];
	private readonly waiting: Waiting[] = [];

	constructor(world: World) {
		this.world = world;
		this.pools = DENOMINATIONS.map((denomination) => ({ account: world.chain.contract(), denomination }));
		this.relayers = [0, 1, 2].map(() => world.rich(1_000n * ETHER));
		world.truth.mixers.push(...this.pools.map((pool) => pool.account));
	}

	/**
	 * Pays one denomination in; it comes out at `receiver` after a while. Who withdraws without a relayer and chooses his gas price pays it
	 * both times.
	 */
	deposit(depositor: AccountId, receiver: AccountId, pool: number, { relayed = true, gasPrice }: MixOptions = {}): void {
		const { chain, random } = this.world;
		const { account, denomination } = this.pools[pool] as (typeof this.pools)[number];
		const price = gasPrice ?? chain.gasPrice();
		const log: Log = { kind: "mixer-deposit", protocol: "tornado", contract: account, details: { gasPrice: price.toString() } };
		chain.send(depositor, [{ from: depositor, to: account, amount: denomination }], { gasPrice: price, logs: [log] });
		const at = chain.height + 50 + random.below(3 * DAY);
		this.waiting.push({ depositor, receiver, pool, at, relayed, ...(gasPrice === undefined ? {} : { gasPrice }) });
	}

	payOut(all = false): void {
		const { chain, random, truth } = this.world;
		for (let i = this.waiting.length - 1; i >= 0; i--) {
			const { depositor, receiver, pool, at, relayed, gasPrice = chain.gasPrice() } = this.waiting[i] as Waiting;
			if (!all && chain.height < at) continue;
			this.waiting.splice(i, 1);
			const { account, denomination } = this.pools[pool] as (typeof this.pools)[number];
			const relayer = random.pick(this.relayers);
			const fee = relayed ? denomination / 200n : 0n;
			const payer = relayed ? relayer : chain.balanceOf(receiver) > MILLI * 20n ? receiver : relayer;
			const log: Log = {
				kind: "mixer-withdrawal",
				protocol: "tornado",
				contract: account,
				account: receiver,
				details: { relayer: fee > 0n ? addressOf(relayer) : ZERO_ADDRESS, fee: fee.toString(), gasPrice: gasPrice.toString() },
			};
			chain.send(
				payer,
				[
					{ from: account, to: receiver, amount: denomination - fee, internal: true },
					...(fee > 0n ? [{ from: account, to: relayer, amount: fee, internal: true }] : []),
				],
				{ gasPrice, logs: [log] },
			);
			truth.mixerLinks.push({ depositor, receiver });
		}
	}
}

/** How somebody uses the mixer. */
interface MixOptions {
	readonly relayed?: boolean;
	/** Wei; chosen by the user for both transactions. */
	readonly gasPrice?: bigint;
}

interface Waiting extends MixOptions {
	readonly depositor: AccountId;
	readonly receiver: AccountId;
	readonly pool: number;
	readonly at: number;
	readonly relayed: boolean;
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
	/** Another chain, and the way there; set once both stand. */
	beyond: { readonly bridge: Bridge; readonly world: World } | undefined;
	/** A pool that exchanges ether for the token at a fixed price. */
	readonly pool: AccountId;
	/** A new account with some ether. */
	rich(amount: bigint): AccountId;
}

/** One token unit costs this much ether, so that both sides are whole. */
export const WEI_PER_TOKEN = ETHER / 1_000n;

/** Pays ether into the pool, which gives tokens to the account or to somebody else, in one transaction; returns how many. */
export function swap({ chain, pool, token }: World, account: AccountId, wei: bigint, receiver = account): bigint {
	const got = wei / WEI_PER_TOKEN;
	const log: Log = {
		kind: "swap",
		protocol: "uniswap-v2",
		contract: pool,
		account: receiver,
		details: { paid: wei.toString(), got: got.toString() },
	};
	chain.send(
		account,
		[
			{ from: account, to: pool, amount: wei },
			{ from: pool, to: receiver, amount: got, asset: token },
		],
		{ logs: [log] },
	);
	return got;
}

/** Lets a spender take a holder's tokens from now on. */
export function approve({ chain, token }: World, holder: AccountId, spender: AccountId): void {
	const details = { spender: addressOf(spender), amount: UNLIMITED };
	chain.send(holder, [], {
		logs: [{ kind: "approval", protocol: "erc-20", contract: tokenContract(token) as AccountId, account: holder, details }],
	});
}

/** One thing that an honest person does, chosen by chance. */
export function honestStep(world: World): void {
	const { chain, random, honest, exchanges, mixer, beyond } = world;
	const who = random.pick(honest);
	const balance = chain.balanceOf(who);
	const spend = balance / BigInt(2 + random.below(20));
	if (spend < MILLI * 20n) return void random.pick(exchanges).withdraw(who, random.amount(ETHER / 5n, 20n * ETHER));
	const what = random.below(100);
	if (what < 43) chain.send(who, [{ from: who, to: random.pick(honest), amount: spend }]);
	else if (what < 68) random.pick(exchanges).deposit(who, spend);
	else if (what < 78) swap(world, who, (spend / WEI_PER_TOKEN) * WEI_PER_TOKEN || WEI_PER_TOKEN);
	else if (what < 86) sendTokens(world, who);
	else if (what < 94) random.pick(exchanges).withdraw(who, random.amount(ETHER / 5n, 5n * ETHER));
	else if (what < 95) approve(world, who, world.pool);
	else if (what < 97 && beyond !== undefined) beyond.bridge.cross(world, beyond.world, who, random.pick(beyond.world.honest), spend);
	else if (mixer !== undefined) mixSome(world, mixer, who, balance);
}

function sendTokens(world: World, who: AccountId): void {
	const { chain, random, honest, token, exchanges } = world;
	const tokens = chain.balanceOf(who, token) / 3n;
	if (tokens === 0n) return;
	if (random.chance(0.4)) random.pick(exchanges).deposit(who, tokens, token);
	else chain.send(who, [{ from: who, to: random.pick(honest), amount: tokens, asset: token }]);
}

/**
 * A few people of a hundred use a mixer; some are careless: they come out where they went in, pay their old address afterwards, or withdraw
 * by themselves at a gas price that nobody else chooses.
 */
function mixSome({ chain, random, honest, exchanges }: World, mixer: Mixer, who: AccountId, balance: bigint): void {
	const pool = balance > 12n * ETHER && random.chance(0.4) ? 2 : balance > 2n * ETHER ? 1 : 0;
	const { denomination } = mixer.pools[pool] as Mixer["pools"][number];
	if (balance < denomination + MILLI * 30n) return;
	if (random.chance(0.15)) {
		mixer.deposit(who, who, pool, { relayed: false });
		return;
	}
	const fresh = chain.account();
	honest.push(fresh);
	if (random.chance(0.1)) {
		random.pick(exchanges).withdraw(fresh, MILLI * 50n);
		mixer.deposit(who, fresh, pool, { relayed: false, gasPrice: chain.gasPrice() + BigInt(1 + random.below(ODD_WEI)) });
	} else mixer.deposit(who, fresh, pool);
	if (random.chance(0.2)) for (let i = 0; i < 3; i++) chain.send(who, [{ from: who, to: fresh, amount: MILLI }]);
}
