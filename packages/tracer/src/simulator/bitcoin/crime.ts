import { end, type Playbook, type Theft } from "../truth.js";
import type { Coin } from "./chain.js";
import { BTC, joinWasabi, type World } from "./people.js";
import { someStyle, Wallet } from "./wallet.js";

/** What thieves can do on a chain of outputs: there is nothing to swap with. */
export const BITCOIN_PLAYBOOKS: readonly Playbook[] = ["peel", "split", "merge", "exchange", "mixer", "wait", "decoys"];

type Thief = { readonly wallet: Wallet; readonly theft: Theft };

/** Takes all coins of an honest person and plays one playbook to its end; the books say where every satoshi is. */
export function steal(world: World, playbook: Playbook): void {
	const { random, people, truth } = world;
	const rich = people.filter(({ balance }) => balance > BTC / 2n);
	const play = PLAYS[playbook];
	if (rich.length === 0 || play === undefined) return;
	const victim = random.pick(rich);
	const wallet = new Wallet(world, `thief-${truth.thefts.length + 1}`, { ...someStyle(random), reuse: 0, change: "fresh" });
	const thief = wallet.fresh();
	const first = victim.coins[0] as Coin;
	const taken = victim.sweep(thief);
	if (taken === undefined) return;
	const { txid: transaction, value } = taken;
	const theft: Theft = { playbook, victim: first.account, thief, transaction, amount: value.toString(), ends: {}, stops: {} };
	play(world, { wallet, theft });
	for (const { account, value } of wallet.coins) end(theft, account, value, "unspent");
	truth.thefts.push(theft);
}

/** Moves coins to a new address of the thief's; the coin that arrives. */
function hop(world: World, { wallet }: Thief, coins: readonly Coin[] = wallet.coins): Coin | undefined {
	const account = wallet.fresh();
	wallet.sweep(account, coins);
	world.chain.wait(world.random.below(20));
	return wallet.coins.find((coin) => coin.account === account);
}

/** Pays part of a coin, or all of it, into the thief's account at an exchange. */
function cashOut({ random, exchanges }: World, { wallet, theft }: Thief, coin: Coin | undefined, amount?: bigint): void {
	if (coin === undefined) return;
	const account = random.pick(exchanges).addressFor(wallet.owner);
	if (amount === undefined) {
		const paid = wallet.sweep(account, [coin]);
		if (paid !== undefined) end(theft, account, paid.value, "service");
	} else if (wallet.pay([{ account, value: amount }], [coin]) !== undefined) end(theft, account, amount, "service");
}

/** Cuts all coins of the thief into equal parts; the coins that came of it. */
function cut(world: World, { wallet }: Thief, parts: number): readonly Coin[] {
	const value = (wallet.balance - BTC / 1_000n) / BigInt(parts);
	wallet.pay(
		Array.from({ length: parts }, () => ({ account: wallet.fresh(), value })),
		wallet.coins,
	);
	world.chain.wait(world.random.below(50));
	return wallet.coins.filter((coin) => coin.value === value);
}

const PLAYS: Partial<Readonly<Record<Playbook, (world: World, thief: Thief) => void>>> = {
	peel(world, thief) {
		for (let link = 0; link < 8; link++) {
			const [coin] = thief.wallet.coins;
			if (coin !== undefined) cashOut(world, thief, coin, coin.value / 10n);
			world.chain.wait(1 + world.random.below(20));
		}
	},
	split(world, thief) {
		for (const coin of cut(world, thief, 6).slice(0, 4)) cashOut(world, thief, coin);
	},
	merge(world, thief) {
		cut(world, thief, 4);
		cashOut(world, thief, hop(world, thief));
	},
	exchange(world, thief) {
		cashOut(world, thief, hop(world, thief));
	},
	mixer(world, thief) {
		const { wallet, theft } = thief;
		const coin = hop(world, thief);
		if (coin === undefined) return;
		if (world.random.chance(0.5)) {
			if (joinWasabi(world, wallet, coin)) closeMixed(theft, wallet, [coin]);
			return;
		}
		const entered = world.whirlpool.enter(wallet, [coin]);
		if (entered === undefined) return;
		end(theft, entered.fee.account, entered.fee.value, "unspent");
		for (const { account, value } of entered.premixes) end(theft, account, value, "mixer");
	},
	wait(world, thief) {
		hop(world, thief);
	},
	decoys(world, thief) {
		const { random, people } = world;
		const gifts = Array.from({ length: 10 }, () => ({ account: random.pick(people).fresh(), value: random.amount(2_000n, 50_000n) }));
		if (thief.wallet.pay(gifts) !== undefined) for (const { account, value } of gifts) end(thief.theft, account, value, "unspent");
		cashOut(world, thief, hop(world, thief));
	},
};

/** What went into a mix is at its door; what came out is nobody's to tell. */
function closeMixed(theft: Theft, wallet: Wallet, coins: readonly Coin[]): void {
	for (const { account, value } of coins) end(theft, account, value, "mixer");
	for (const coin of wallet.coins) wallet.drop(coin);
}
