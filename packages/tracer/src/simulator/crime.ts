import { type AccountId, addressOf } from "@clew/core";
import { ETHER, feeAt } from "./chain.js";
import { approve, swap, WEI_PER_TOKEN, type World } from "./people.js";
import { end, type Playbook, type Theft } from "./truth.js";

const MILLI = ETHER / 1_000n;
const MANY_BLOCKS = 400;

/** Steals from an honest person and plays one playbook to its end; the books say where every unit is. */
export function steal(world: World, playbook: Playbook): void {
	const { chain, random, truth } = world;
	const victim = world.rich(200n * ETHER);
	const thief = chain.account();
	const amount = random.amount(20n * ETHER, 150n * ETHER);
	const transaction = chain.send(victim, [{ from: victim, to: thief, amount }]);
	const theft: Theft = { playbook, victim, thief, transaction, amount: amount.toString(), ends: {}, stops: {} };
	PLAYS[playbook](world, thief, theft);
	truth.thefts.push(theft);
}

/** Passes on an amount, or all that an account has, less the fee. */
function passOn({ chain }: World, from: AccountId, to: AccountId, amount?: bigint): void {
	const gasPrice = chain.gasPrice();
	chain.send(from, [{ from, to, amount: amount ?? chain.balanceOf(from) - feeAt(gasPrice) }], { gasPrice });
}

/** Pays into the thief's own deposit address at an exchange. */
function cashOut(world: World, theft: Theft, from: AccountId, amount?: bigint): void {
	const { chain, random, exchanges } = world;
	const exchange = random.pick(exchanges);
	const most = chain.balanceOf(from) - 6n * MILLI;
	const paid = amount === undefined || amount > most ? most : amount;
	exchange.deposit(from, paid);
	end(theft, exchange.addressFor(from), paid, "service");
}

/** What is left where the thief stopped. */
function rest({ chain }: World, theft: Theft, accounts: Iterable<AccountId>): void {
	for (const account of accounts) if (chain.balanceOf(account) > 0n) end(theft, account, chain.balanceOf(account), "unspent");
}

const PLAYS: Readonly<Record<Playbook, (world: World, thief: AccountId, theft: Theft) => void>> = {
	peel(world, thief, theft) {
		let at = thief;
		const used = [at];
		for (let hop = 0; hop < 8; hop++) {
			const next = world.chain.account();
			cashOut(world, theft, at, world.chain.balanceOf(at) / 10n);
			passOn(world, at, next);
			world.chain.wait(1 + world.random.below(20));
			at = next;
			used.push(at);
		}
		rest(world, theft, used);
	},
	split(world, thief, theft) {
		const { chain } = world;
		const parts = Array.from({ length: 6 }, () => chain.account());
		const share = (chain.balanceOf(thief) - MILLI * 10n) / 6n;
		for (const part of parts) passOn(world, thief, part, share);
		for (const part of parts.slice(0, 4)) cashOut(world, theft, part);
		rest(world, theft, [thief, ...parts]);
	},
	merge(world, thief, theft) {
		const { chain } = world;
		const parts = Array.from({ length: 4 }, () => chain.account());
		const share = (chain.balanceOf(thief) - MILLI * 10n) / 4n;
		for (const part of parts) passOn(world, thief, part, share);
		chain.wait(world.random.below(MANY_BLOCKS));
		const collector = chain.account();
		for (const part of parts) passOn(world, part, collector);
		cashOut(world, theft, collector);
		rest(world, theft, [thief, ...parts, collector]);
	},
	exchange(world, thief, theft) {
		const hop = world.chain.account();
		passOn(world, thief, hop);
		cashOut(world, theft, hop);
		rest(world, theft, [thief, hop]);
	},
	mixer(world, thief, theft) {
		const { chain, mixer } = world;
		if (mixer === undefined) return;
		const hop = chain.account();
		passOn(world, thief, hop);
		const out = chain.account();
		while (chain.balanceOf(hop) > 11n * ETHER) {
			mixer.deposit(hop, out, 2);
			end(theft, mixer.pools[2]?.account as AccountId, 10n * ETHER, "mixer");
		}
		rest(world, theft, [thief, hop]);
	},
	swap(world, thief, theft) {
		const { chain, random, token } = world;
		const wei = ((chain.balanceOf(thief) - MILLI * 20n) / WEI_PER_TOKEN) * WEI_PER_TOKEN;
		const hop = chain.account();
		// Straight to another account, or to himself and then there.
		if (random.chance(0.5)) swap(world, thief, wei, hop);
		else {
			const tokens = swap(world, thief, wei);
			chain.send(thief, [{ from: thief, to: hop, amount: tokens, asset: token }]);
		}
		// In wei, as the pool changes them: one asset for the whole theft.
		end(theft, hop, wei, "unspent");
		rest(world, theft, [thief]);
	},
	bridge(world, thief, theft) {
		const { chain, random, beyond } = world;
		const hop = chain.account();
		passOn(world, thief, hop);
		if (beyond !== undefined) {
			const there = beyond.world;
			const arrival = there.chain.account();
			beyond.bridge.cross(world, there, hop, arrival, chain.balanceOf(hop) - MILLI * 20n);
			const next = there.chain.account();
			passOn(there, arrival, next);
			if (random.chance(0.5)) cashOut(there, theft, next);
			rest(there, theft, [arrival, next]);
		}
		rest(world, theft, [thief, hop]);
	},
	wait(world, thief, theft) {
		const hop = world.chain.account();
		passOn(world, thief, hop);
		rest(world, theft, [thief, hop]);
	},
	decoys(world, thief, theft) {
		const { chain, random, honest } = world;
		for (let i = 0; i < 10; i++) {
			const stranger = random.pick(honest);
			const dust = random.amount(MILLI, 10n * MILLI);
			passOn(world, thief, stranger, dust);
			end(theft, stranger, dust, "unspent");
		}
		const hop = chain.account();
		passOn(world, thief, hop);
		cashOut(world, theft, hop);
		rest(world, theft, [thief, hop]);
	},
};

/** Puts a look-alike of somebody whom a person really paid into that person's history. */
export function poison(world: World, poisoner: AccountId): void {
	const { chain, random, honest, token, truth } = world;
	const victim = random.pick(honest);
	const paid = chain.balanceOf(victim) / 3n;
	if (paid < MILLI * 10n) return;
	const style = random.below(4);
	const tokens = chain.balanceOf(victim, token) / 4n;
	const withToken = style !== 1 && tokens > 1_000n;
	// The imitator signs, so its address is the one that is drawn; nobody will know that the other one came second.
	const imitator = chain.account();
	const imitated = chain.account(lookAlike(random, addressOf(imitator)));
	chain.send(victim, [
		withToken ? { from: victim, to: imitated, amount: tokens, asset: token } : { from: victim, to: imitated, amount: paid },
	]);
	chain.wait(random.below(5));
	if (style === 0) chain.send(poisoner, [{ from: victim, to: imitator, amount: 0n, asset: token }]);
	else if (style === 1) {
		chain.send(poisoner, [{ from: poisoner, to: imitator, amount: 2n * MILLI }]);
		chain.send(imitator, [{ from: imitator, to: victim, amount: 10n ** 9n }]);
	} else {
		const fake = chain.token();
		chain.endow(imitator, 10n ** 12n, fake);
		chain.send(poisoner, [{ from: imitator, to: victim, amount: withToken ? tokens : paid / WEI_PER_TOKEN + 1n, asset: fake }]);
	}
	truth.poisonings.push({ victim, imitator, imitated });
}

/** An address with the same first and last digits as another, more or fewer. */
function lookAlike(random: World["random"], address: string): string {
	const [start, finish] = random.pick([
		[4, 4],
		[3, 4],
		[4, 3],
		[5, 5],
		[3, 3],
		[2, 3],
		[6, 6],
	] as const);
	return `0x${address.slice(2, 2 + start)}${random.hex(40 - start - finish)}${address.slice(-finish)}`;
}

/**
 * A drainer: takes a holder's tokens, by an approval given before or a permit signed off the chain, in a transaction of its own, and splits
 * them with whoever brought the victim.
 */
export function drain(world: World, drainer: { readonly account: AccountId; readonly operator: AccountId; readonly share: bigint }): void {
	const { chain, random, honest, token } = world;
	const victim = random.pick(honest);
	const tokens = chain.balanceOf(victim, token);
	if (tokens < 1_000n) return;
	if (random.chance(0.5) && chain.balanceOf(victim) > MILLI * 20n) approve(world, victim, drainer.operator);
	const fee = (tokens * drainer.share) / 100n;
	chain.send(drainer.operator, [
		{ from: victim, to: drainer.account, amount: fee, asset: token },
		{ from: victim, to: chain.account(), amount: tokens - fee, asset: token },
	]);
}
