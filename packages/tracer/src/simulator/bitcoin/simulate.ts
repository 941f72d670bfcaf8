import { InputError, type UtxoBlock } from "@clew/core";
import { type Random, randomFrom } from "../random.js";
import type { Playbook } from "../truth.js";
import { type Coin, OutputChain, SIMULATED_BITCOIN } from "./chain.js";
import { steal } from "./crime.js";
import { Whirlpool } from "./mixes.js";
import { BTC, Exchange, honestStep, type World } from "./people.js";
import type { BitcoinTruth } from "./truth.js";
import { type Ground, type Payment, someStyle, Wallet } from "./wallet.js";

/** A Bitcoin world to make: the same options give the same world, to the byte. */
export interface SimulateBitcoinOptions {
	readonly seed: number;
	/** Transactions, about. */
	readonly size: number;
	readonly playbooks: readonly Playbook[];
}

const MIN_SIZE = 2_000;
const PEOPLE = { least: 300, most: 1_500, share: 100 };
const DISCREET = 0.2;
const COMPANIES = 24;
const EXCHANGES = 4;
const FLOAT = 250n * BTC;
const LIQUIDITY = 12;
const POOL_COINS = 20;
const POOL_COIN = 1_000_000n;
const PER_TRANSACTIONS = 250;
const OUTPUTS_AT_ONCE = 100;

/**
 * Makes a chain of outputs as Bitcoin's: people with wallets of several kinds, companies, exchanges that collect deposits and pay in
 * batches, mixes of every family that is recognised, PayJoins, payments that only look like mixes, and thieves. Blocks come as they are
 * made; the truth is complete when the last one came. Throws InputError (USAGE).
 */
export function simulateBitcoin(options: SimulateBitcoinOptions): { readonly blocks: Generator<UtxoBlock>; readonly truth: BitcoinTruth } {
	if (options.size < MIN_SIZE) throw new InputError(`a Bitcoin world has at least ${MIN_SIZE} transactions`, { code: "USAGE" });
	const world = makeWorld(options);
	return { blocks: play(world, options), truth: world.truth };
}

function makeWorld({ seed, size }: SimulateBitcoinOptions): World {
	const random = randomFrom(seed);
	const truth: BitcoinTruth = {
		schema: "clew.bitcoin-truth/1",
		seed,
		size,
		chain: SIMULATED_BITCOIN,
		owners: {},
		change: {},
		mixes: {},
		payJoins: [],
		services: {},
		thefts: [],
	};
	const mined: Coin[] = [];
	const chain = new OutputChain(random, { receive: (coin) => mined.push(coin), drop: (coin) => miner.drop(coin) }, (account) => {
		truth.owners[account] = "miner";
	});
	const ground: Ground = { chain, random, truth };
	const wallet = (owner: string, type?: "p2wpkh") =>
		new Wallet(ground, owner, { ...someStyle(random), ...(type === undefined ? {} : { type }) });
	const count = Math.min(PEOPLE.most, Math.max(PEOPLE.least, Math.floor(size / PEOPLE.share)));
	const people = Array.from({ length: count }, (_, i) => wallet(`person-${i + 1}`));
	const companies = Array.from({ length: COMPANIES }, (_, i) => wallet(`company-${i + 1}`));
	const exchanges = Array.from({ length: EXCHANGES }, (_, i) => new Exchange(ground, `exchange-${i + 1}`, FLOAT));
	const liquidity = Array.from({ length: LIQUIDITY }, (_, i) => wallet(`liquidity-${i + 1}`, "p2wpkh"));
	const coordinator = wallet("coordinator", "p2wpkh");
	const endowments = [
		...people.flatMap((person) => someCoins(random, person, BTC / 10n, BTC)),
		...companies.flatMap((company) => someCoins(random, company, BTC, 5n * BTC)),
		...liquidity.flatMap((one) => Array.from({ length: POOL_COINS }, () => ({ account: one.fresh(), value: POOL_COIN }))),
		...exchanges.map(({ hot }) => ({ account: hot.fresh(), value: FLOAT })),
	];
	const miner: Wallet = new Wallet(ground, "miner", { ...someStyle(random), type: "p2wpkh", change: "fresh", select: "oldest" });
	for (const coin of mined.splice(0)) miner.receive(coin);
	for (let i = 0; i < endowments.length; i += OUTPUTS_AT_ONCE) miner.pay(endowments.slice(i, i + OUTPUTS_AT_ONCE));
	const whirlpool = new Whirlpool(ground, coordinator, liquidity);
	const discreet = people.filter(() => random.chance(DISCREET));
	return { ...ground, people, discreet, companies, exchanges, coordinator, whirlpool };
}

/** A few coins at addresses of their own to start with. */
function someCoins(random: Random, wallet: Wallet, least: bigint, most: bigint): Payment[] {
	return Array.from({ length: 1 + random.below(4) }, () => ({ account: wallet.fresh(), value: random.amount(least, most) }));
}

function* play(world: World, { size, playbooks }: SimulateBitcoinOptions): Generator<UtxoBlock> {
	const { chain } = world;
	let [crimes, next] = [0, PER_TRANSACTIONS];
	while (chain.transactions < size) {
		honestStep(world);
		if (chain.transactions >= next) {
			next += PER_TRANSACTIONS;
			const playbook = playbooks[crimes++ % Math.max(1, playbooks.length)];
			if (playbook !== undefined) steal(world, playbook);
		}
		yield* chain.takeFinished();
	}
	world.whirlpool.mix();
	chain.seal();
	yield* chain.takeFinished();
}
