import type { AccountId, AssetId } from "@clew/core";
import { ETHER, feeAt, gasOf, type Move } from "./chain.js";
import type { World } from "./people.js";

const FLOAT = 50_000n * ETHER;
const TOKEN_FLOAT = 50_000_000n;
/** Blocks between two looks at how much lies in the hot wallet. */
const REBALANCE_BLOCKS = 1_500;
const TO_COLD = 0.65;
/** Contracts that are emptied in one transaction at most. */
const MOST_IN_BATCH = 20;

/** How an exchange collects deposits. */
export type Collects = "in the hot wallet" | "in a wallet apart" | "by contracts";

/**
 * A custodial exchange: customers pay into addresses of their own, which are swept; a hot wallet pays withdrawals, and what is too much
 * lies in a cold one. Some exchanges collect in a wallet of its own, which passes on most of it to the hot one; some give out contracts,
 * which they empty several at a time.
 */
export class Exchange {
	readonly hot: AccountId;
	private readonly world: World;
	private readonly collector: AccountId;
	private readonly byContracts: boolean;
	private readonly cold: AccountId;
	private readonly deposits = new Map<AccountId, AccountId>();
	private readonly due: { address: AccountId; asset: AssetId; at: number }[] = [];
	private nextRebalance: number;

	constructor(world: World, collects: Collects) {
		const { chain, truth, token } = world;
		this.world = world;
		this.hot = chain.account();
		this.collector = collects === "in a wallet apart" ? chain.account() : this.hot;
		this.byContracts = collects === "by contracts";
		this.cold = chain.account();
		this.nextRebalance = chain.height + REBALANCE_BLOCKS;
		chain.endow(this.hot, FLOAT);
		chain.endow(this.hot, TOKEN_FLOAT, token);
		if (this.collector !== this.hot) chain.endow(this.collector, ETHER);
		truth.services.push(...new Set([this.collector, this.hot]));
		truth.hotWallets.push(this.hot);
		truth.coldWallets[this.cold] = this.hot;
	}

	/** The deposit address of a customer, the same each time. */
	addressFor(customer: AccountId): AccountId {
		let address = this.deposits.get(customer);
		if (address === undefined) {
			const { chain } = this.world;
			address = this.byContracts ? chain.contract() : chain.account();
			this.deposits.set(customer, address);
			this.world.truth.depositAddresses[address] = this.collector;
		}
		return address;
	}

	deposit(customer: AccountId, amount: bigint, asset = this.world.chain.native): void {
		const { chain, random } = this.world;
		const address = this.addressFor(customer);
		chain.send(customer, [{ from: customer, to: address, amount, asset }]);
		this.due.push({ address, asset, at: chain.height + 5 + random.below(600) });
	}

	/** Sweeps what is due: ether less the fee; tokens after a wallet sent gas; contracts together, in one transaction of the hot wallet. */
	sweep(all = false): void {
		const { chain } = this.world;
		const batch: Move[] = [];
		for (let i = this.due.length - 1; i >= 0; i--) {
			const { address, asset, at } = this.due[i] as (typeof this.due)[number];
			if (!all && chain.height < at) continue;
			this.due.splice(i, 1);
			if (!this.byContracts) this.collect(address, asset);
			else if (!batch.some((move) => move.from === address && move.asset === asset))
				batch.push({ from: address, to: this.hot, amount: chain.balanceOf(address, asset), asset, internal: true });
		}
		const moves = batch.filter(({ amount }) => amount > 0n);
		for (let i = 0; i < moves.length; i += MOST_IN_BATCH) chain.send(this.hot, moves.slice(i, i + MOST_IN_BATCH));
		if (chain.height >= this.nextRebalance) this.rebalance();
	}

	withdraw(to: AccountId, amount: bigint): void {
		this.world.chain.send(this.hot, [{ from: this.hot, to, amount }]);
	}

	private collect(address: AccountId, asset: AssetId): void {
		const { chain } = this.world;
		const gasPrice = chain.gasPrice();
		const native = asset === chain.native;
		const amount = chain.balanceOf(address, asset) - (native ? feeAt(gasPrice) : 0n);
		if (amount <= 0n) return;
		const move: Move = { from: address, to: this.collector, amount, asset };
		const fee = gasPrice * gasOf([move]);
		if (!native && chain.balanceOf(address) < fee) chain.send(this.hot, [{ from: this.hot, to: address, amount: fee }]);
		chain.send(address, [move], { gasPrice });
	}

	/** Passes on what was collected apart, then moves a tenth of the hot wallet into the cold, or some back. */
	private rebalance(): void {
		const { chain, random } = this.world;
		this.nextRebalance = chain.height + REBALANCE_BLOCKS;
		const pay = (from: AccountId, to: AccountId, amount: bigint) => {
			if (amount > ETHER) chain.send(from, [{ from, to, amount }]);
		};
		if (this.collector !== this.hot) pay(this.collector, this.hot, (chain.balanceOf(this.collector) * 9n) / 10n);
		if (random.chance(TO_COLD)) pay(this.hot, this.cold, chain.balanceOf(this.hot) / 10n);
		else pay(this.cold, this.hot, chain.balanceOf(this.cold) / 2n);
	}
}
