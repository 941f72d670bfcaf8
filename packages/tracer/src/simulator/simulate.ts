import { type AccountId, type ChainId, evmChainId, InputError, quote } from "@clew/core";
import { Bridge } from "./bridge.js";
import { ETHER, type SimulatedBlock, SimulatedChain } from "./chain.js";
import { drain, poison, steal } from "./crime.js";
import { type Collects, Exchange } from "./exchange.js";
import { honestStep, Mixer, type World } from "./people.js";
import { type Random, randomFrom } from "./random.js";
import { PLAYBOOKS, type Playbook, type Truth } from "./truth.js";

/** The chain of every made-up world: no real one, so that nothing of it is mistaken for a fact. */
export const SIMULATED_CHAIN: ChainId = evmChainId(424242);
/** The chain beyond the bridge. */
export const SIMULATED_FAR_CHAIN: ChainId = evmChainId(424243);

/** A world to make: the same options give the same world, to the byte. */
export interface SimulateOptions {
	readonly seed: number;
	/** Transfers, about. */
	readonly size: number;
	readonly playbooks: readonly Playbook[];
	/** Makes an address of 40 random hexadecimal digits, for a world that is played on nodes; they are the address itself unless given. */
	readonly addressOf?: (digits: string) => string;
}

const HONEST = 300;
const EXCHANGES: readonly Collects[] = ["in the hot wallet", "in a wallet apart", "in the hot wallet", "by contracts"];
const FAR_PEOPLE = 100;
/** How often somebody on the far chain does something, a step on the near one. */
const FAR_STEPS = 0.1;
const PER_TRANSFERS = 500;
const AIRDROP = 1_200;
const TILLS = 4;
/** More than a plain payment costs, in wei. */
const MAX_FEE = ETHER / 500n;
const MIN_SIZE = 5_000;

/** Parses a list of playbooks, of those that there are on a chain. Throws InputError (USAGE). */
export function parsePlaybooks(text: string, available: readonly Playbook[] = PLAYBOOKS): readonly Playbook[] {
	if (text === "all") return available;
	return text.split(",").map((name) => {
		const found = available.find((playbook) => playbook === name);
		if (found === undefined)
			throw new InputError(`there is no playbook ${quote(name)} on this chain`, {
				code: "USAGE",
				hint: `There are ${available.join(", ")}, or all.`,
			});
		return found;
	});
}

/**
 * Makes a world of honest people, exchanges that sweep deposits into hot and cold wallets, a mixer, a pool, a bridge to a smaller chain,
 * thieves, poisoners, drainers, an airdrop and busy strangers that are none of it; blocks of both chains come as they are made, the truth
 * is complete when the last one came. Memory grows with accounts, not with transfers. Throws InputError (USAGE).
 */
export function simulate(options: SimulateOptions): {
	readonly blocks: Generator<SimulatedBlock>;
	readonly truth: Truth;
	/** Contracts of both chains, complete when the last block came. */
	readonly contracts: () => readonly AccountId[];
} {
	if (options.size < MIN_SIZE) throw new InputError(`a world has at least ${MIN_SIZE} transfers`, { code: "USAGE" });
	const { near, far } = makeWorlds(options);
	const strangers = busyStrangers(near);
	return {
		blocks: play(near, far, strangers, options),
		truth: near.truth,
		contracts: () => [...near.chain.contracts, ...far.chain.contracts],
	};
}

function makeWorlds({ seed, size, addressOf }: SimulateOptions): { readonly near: World; readonly far: World } {
	const random = randomFrom(seed);
	const truth: Truth = {
		schema: "clew.truth/1",
		seed,
		size,
		chain: SIMULATED_CHAIN,
		services: [],
		depositAddresses: {},
		hotWallets: [],
		coldWallets: {},
		mixers: [],
		mixerLinks: [],
		poisonings: [],
		drainers: [],
		airdrops: [],
		pools: [],
		bridges: [],
		crossings: {},
		decoys: [],
		thefts: [],
	};
	const near = emptyWorld(new SimulatedChain(SIMULATED_CHAIN, random, addressOf), random, truth);
	const far = emptyWorld(new SimulatedChain(SIMULATED_FAR_CHAIN, random, addressOf), random, truth);
	for (const collects of EXCHANGES) near.exchanges.push(new Exchange(near, collects));
	far.exchanges.push(new Exchange(far, "in the hot wallet"));
	near.mixer = new Mixer(near);
	populate(near, Math.max(HONEST, Math.floor(size / 100)));
	populate(far, FAR_PEOPLE);
	const bridge = new Bridge(near, far);
	near.beyond = { bridge, world: far };
	far.beyond = { bridge, world: near };
	return { near, far };
}

function emptyWorld(chain: SimulatedChain, random: Random, truth: Truth): World {
	const rich = (amount: bigint) => {
		const account = chain.account();
		chain.endow(account, amount);
		return account;
	};
	const token = chain.token();
	const pool = chain.contract();
	chain.endow(pool, 10n ** 12n, token);
	truth.pools.push(pool);
	return { chain, random, truth, token, pool, rich, exchanges: [], honest: [], mixer: undefined, beyond: undefined };
}

function populate({ chain, random, token, rich, honest }: World, people: number): void {
	for (let i = 0; i < people; i++) {
		const person = rich(random.amount(ETHER, 60n * ETHER));
		if (random.chance(0.5)) chain.endow(person, random.amount(5_000n, 200_000n), token);
		honest.push(person);
	}
}

function* play(
	world: World,
	far: World,
	strangers: readonly (() => void)[],
	{ size, playbooks }: SimulateOptions,
): Generator<SimulatedBlock> {
	const { chain, random, truth } = world;
	const poisoner = world.rich(1_000n * ETHER);
	const drainers = [0, 1].map(() => ({
		account: chain.account(),
		operator: world.rich(100n * ETHER),
		share: BigInt(random.pick([15, 20, 25])),
	}));
	truth.drainers.push(...drainers.map((drainer) => drainer.account));
	let [crimes, next] = [0, PER_TRANSFERS];
	while (chain.transfers < size) {
		honestStep(world);
		if (random.chance(FAR_STEPS)) honestStep(far);
		for (const stranger of strangers) if (random.chance(0.02)) stranger();
		if (random.chance(0.2)) {
			for (const exchange of [...world.exchanges, ...far.exchanges]) exchange.sweep();
			world.mixer?.payOut();
		}
		if (chain.transfers >= next) {
			next += PER_TRANSFERS;
			const playbook = playbooks[crimes++ % Math.max(1, playbooks.length)];
			if (playbook !== undefined) steal(world, playbook);
			poison(world, poisoner);
			if (random.chance(0.5)) drain(world, random.pick(drainers));
		}
		yield* chain.takeFinished();
		yield* far.chain.takeFinished();
	}
	airdrop(world);
	for (const exchange of [...world.exchanges, ...far.exchanges]) exchange.sweep(true);
	world.mixer?.payOut(true);
	for (const one of [chain, far.chain]) {
		one.seal();
		yield* one.takeFinished();
	}
}

/**
 * Accounts that many pay, that pay many, that pass on what they get, that take out much, or whose events lie, and that are no services,
 * pools or bridges.
 */
function busyStrangers(world: World): (() => void)[] {
	const { chain, random, honest, truth, exchanges } = world;
	const [merchant, payroll, forwarder, boss] = [chain.account(), world.rich(5_000n * ETHER), world.rich(ETHER), world.rich(ETHER)];
	const [whale, liar] = [world.rich(ETHER), chain.contract()];
	const whaleExchange = random.pick(exchanges);
	const tills = Array.from({ length: TILLS }, () => chain.account());
	const owner = chain.account();
	truth.decoys.push(merchant, payroll, forwarder, boss, whale, liar, owner, ...tills);
	const small = ETHER / 50n;
	return [
		() => {
			const customer = random.pick(honest);
			if (chain.balanceOf(customer) > 2n * small) chain.send(customer, [{ from: customer, to: merchant, amount: small }]);
		},
		() => {
			if (chain.balanceOf(payroll) > 2n * ETHER) chain.send(payroll, [{ from: payroll, to: random.pick(honest), amount: small }]);
		},
		() => {
			// Somebody who is paid by one and gives some of it, never all at once, to the same person.
			if (chain.balanceOf(forwarder) > ETHER / 2n)
				chain.send(forwarder, [{ from: forwarder, to: boss, amount: chain.balanceOf(forwarder) / 3n }]);
			else if (chain.balanceOf(payroll) > 2n * ETHER) chain.send(payroll, [{ from: payroll, to: forwarder, amount: ETHER }]);
		},
		() => {
			// A rich customer who takes out much at once, seldom, and pays some of it in again.
			if (!random.chance(0.05)) return;
			if (chain.balanceOf(whale) > 1_500n * ETHER) whaleExchange.deposit(whale, 1_000n * ETHER);
			else whaleExchange.withdraw(whale, random.amount(300n * ETHER, 800n * ETHER));
		},
		() => {
			// A business with several tills, which pass on all that customers pay: to an owner, not to a service.
			const [customer, till] = [random.pick(honest), random.pick(tills)];
			if (chain.balanceOf(customer) < 4n * small) return;
			chain.send(customer, [{ from: customer, to: till, amount: small }]);
			chain.wait(random.below(20));
			chain.send(till, [{ from: till, to: owner, amount: chain.balanceOf(till) - MAX_FEE }]);
		},
		() => {
			// A contract that says it exchanged, and moved nothing.
			const caller = random.pick(honest);
			const details = { paid: ETHER.toString(), got: "1000" };
			if (random.chance(0.1) && chain.balanceOf(caller) > small)
				chain.send(caller, [], { logs: [{ kind: "swap", protocol: "uniswap-v2", contract: liar, account: caller, details }] });
		},
	];
}

/** A token handed to very many, most of whom never asked. */
function airdrop({ chain, truth, rich }: World): void {
	const giver = rich(10n * ETHER);
	const token = chain.token();
	chain.endow(giver, 10n ** 9n, token);
	truth.airdrops.push(giver);
	for (let sent = 0; sent < AIRDROP; sent += 100) {
		chain.send(
			giver,
			Array.from({ length: 100 }, () => ({ from: giver, to: chain.account(), amount: 100n, asset: token })),
		);
	}
}
