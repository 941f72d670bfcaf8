import { type AccountId, type ChainId, InputError, parseChainId, quote, type TransactionRecord } from "@clew/core";
import { ETHER, SimulatedChain } from "./chain.js";
import { drain, poison, steal } from "./crime.js";
import { Exchange, honestStep, Mixer, type World } from "./people.js";
import { randomFrom } from "./random.js";
import { PLAYBOOKS, type Playbook, type Truth } from "./truth.js";

/** The chain of every made-up world: no real one, so that nothing of it is mistaken for a fact. */
export const SIMULATED_CHAIN: ChainId = parseChainId("eip155:424242");

/** A world to make: the same options give the same world, to the byte. */
export interface SimulateOptions {
	readonly seed: number;
	/** Transfers, about. */
	readonly size: number;
	readonly playbooks: readonly Playbook[];
}

/** One block of a world. */
export interface SimulatedBlock {
	readonly height: number;
	readonly transactions: readonly TransactionRecord[];
}

const HONEST = 300;
const EXCHANGES = 4;
const PER_TRANSFERS = 500;
const AIRDROP = 1_200;
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
 * Makes a world of honest people, exchanges that sweep deposits, a mixer, a pool, thieves, poisoners, drainers, an airdrop and busy strangers that are none of it;
 * blocks come as they are made, the truth is complete when the last one came. Memory grows with accounts, not with transfers. Throws InputError (USAGE).
 */
export function simulate(options: SimulateOptions): {
	readonly blocks: Generator<SimulatedBlock>;
	readonly truth: Truth;
	readonly contracts: readonly AccountId[];
} {
	if (options.size < MIN_SIZE) throw new InputError(`a world has at least ${MIN_SIZE} transfers`, { code: "USAGE" });
	const world = makeWorld(options);
	return { blocks: play(world, options), truth: world.truth, contracts: world.chain.contracts };
}

function makeWorld({ seed, size }: SimulateOptions): World {
	const random = randomFrom(seed);
	const chain = new SimulatedChain(SIMULATED_CHAIN, random);
	const truth: Truth = {
		schema: "clew.truth/1",
		seed,
		size,
		chain: SIMULATED_CHAIN,
		services: [],
		depositAddresses: {},
		mixers: [],
		mixerLinks: [],
		poisonings: [],
		drainers: [],
		airdrops: [],
		decoys: [],
		thefts: [],
	};
	const rich = (amount: bigint) => {
		const account = chain.account();
		chain.endow(account, amount);
		return account;
	};
	const token = chain.token();
	const pool = chain.contract();
	chain.endow(pool, 10n ** 12n, token);
	const world: World = { chain, random, truth, token, pool, rich, exchanges: [], honest: [], mixer: undefined };
	for (let i = 0; i < EXCHANGES; i++) world.exchanges.push(new Exchange(world));
	world.mixer = new Mixer(world);
	const people = Math.max(HONEST, Math.floor(size / 100));
	for (let i = 0; i < people; i++) {
		const person = rich(random.amount(ETHER, 60n * ETHER));
		if (random.chance(0.5)) chain.endow(person, random.amount(5_000n, 200_000n), token);
		world.honest.push(person);
	}
	return world;
}

function* play(world: World, { size, playbooks }: SimulateOptions): Generator<SimulatedBlock> {
	const { chain, random, truth } = world;
	const strangers = busyStrangers(world);
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
		for (const stranger of strangers) if (random.chance(0.02)) stranger();
		if (random.chance(0.2)) {
			for (const exchange of world.exchanges) exchange.sweep();
			world.mixer?.payOut();
		}
		if (chain.transfers >= next) {
			next += PER_TRANSFERS;
			const playbook = playbooks[crimes++ % Math.max(1, playbooks.length)];
			if (playbook !== undefined) steal(world, playbook);
			poison(world, poisoner);
			if (random.chance(0.5)) drain(world, random.pick(drainers));
		}
		yield* finished(chain);
	}
	airdrop(world);
	for (const exchange of world.exchanges) exchange.sweep(true);
	world.mixer?.payOut(true);
	chain.seal();
	yield* finished(chain);
}

function* finished(chain: SimulatedChain): Generator<SimulatedBlock> {
	for (const transactions of chain.takeFinished()) yield { height: transactions[0]?.height ?? 0, transactions };
}

/** Accounts that many pay, that pay many, or that pass on what they get, and are no services. */
function busyStrangers(world: World): (() => void)[] {
	const { chain, random, honest, truth } = world;
	const [merchant, payroll, forwarder, boss] = [chain.account(), world.rich(5_000n * ETHER), world.rich(ETHER), world.rich(ETHER)];
	truth.decoys.push(merchant, payroll, forwarder, boss);
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
