import type { AccountId, AssetId } from "@clew/core";
import { ETHER, feeAt, gasOf } from "./chain.js";
import type { World } from "./people.js";

const FLOAT = 50_000n * ETHER;
const TOKEN_FLOAT = 50_000_000n;
/** Blocks between two looks at how much lies in the hot wallet. */
const REBALANCE_BLOCKS = 1_500;
const TO_COLD = 0.65;

/**
 * A custodial exchange: customers pay into addresses of their own, which are swept; a hot wallet pays withdrawals, and what is too much lies in a cold one.
 * Some exchanges collect in a wallet of its own, which passes on most of it to the hot one.
 */
export class Exchange {
	readonly hot: AccountId;
	private readonly world: World;
	private readonly collector: AccountId;
	private readonly cold: AccountId;
	private readonly deposits = new Map<AccountId, AccountId>();
	private readonly due: { address: AccountId; asset: AssetId; at: number }[] = [];
	private nextRebalance: number;

	constructor(world: World, collects: "in the hot wallet" | "apart") {
		const { chain, truth, token } = world;
		this.world = world;
		this.hot = chain.account();
		this.collector = collects === "apart" ? chain.account() : this.hot;
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
			address = this.world.chain.account();
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

	/** Sweeps what is due: ether less the fee; tokens after a wallet sent gas. */
	sweep(all = false): void {
		const { chain } = this.world;
		for (let i = this.due.length - 1; i >= 0; i--) {
			const { address, asset, at } = this.due[i] as (typeof this.due)[number];
			if (!all && chain.height < at) continue;
			this.due.splice(i, 1);
			this.collect(address, asset);
		}
		if (chain.height >= this.nextRebalance) this.rebalance();
	}

	withdraw(to: AccountId, amount: bigint): void {
		this.world.chain.send(this.hot, [{ from: this.hot, to, amount }]);
	}

	private collect(address: AccountId, asset: AssetId): void {
		const { chain } = this.world;
		const gasPrice = chain.gasPrice();
		const move = { from: address, to: this.collector, amount: chain.balanceOf(address, asset), asset };
		if (asset === chain.native) {
			const amount = move.amount - feeAt(gasPrice);
			if (amount > 0n) chain.send(address, [{ from: address, to: this.collector, amount }], { gasPrice });
			return;
		}
		const fee = gasPrice * gasOf([move]);
		if (move.amount === 0n) return;
		if (chain.balanceOf(address) < fee) chain.send(this.hot, [{ from: this.hot, to: address, amount: fee }]);
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
