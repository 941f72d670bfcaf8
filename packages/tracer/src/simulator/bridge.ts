import { type AccountId, addressOf, evmChainNumber, ZERO_ADDRESS } from "@clew/core";
import { ETHER } from "./chain.js";
import type { World } from "./people.js";

const PROTOCOL = "across";
/** What a relayer keeps of an amount, one part in this many. */
const SHARE = 1_000n;
const MOST_DELAY = 100;

/** Two contracts, one a chain, and a relayer who pays out on one side what was paid in on the other, less a share. */
export class Bridge {
	private readonly relayers: ReadonlyMap<World, AccountId>;
	private readonly contracts: ReadonlyMap<World, AccountId>;
	private deposits = 0;

	constructor(near: World, far: World) {
		const sides = [near, far] as const;
		this.contracts = new Map(sides.map((side) => [side, side.chain.contract()]));
		this.relayers = new Map(sides.map((side) => [side, side.rich(1_000_000n * ETHER)]));
		near.truth.bridges.push(...this.contracts.values());
	}

	/** Pays in on one chain; what comes out at `receiver` on the other, after a while. */
	cross(from: World, to: World, sender: AccountId, receiver: AccountId, amount: bigint): bigint {
		const contract = this.contracts.get(from) as AccountId;
		const number = evmChainNumber(from.chain.chain);
		const key = `${PROTOCOL}:${number}:${++this.deposits}`;
		const out = amount - amount / SHARE;
		const token = ZERO_ADDRESS;
		from.chain.send(sender, [{ from: sender, to: contract, amount }], {
			logs: [
				{
					kind: "bridge-out",
					protocol: PROTOCOL,
					contract,
					key,
					details: {
						depositor: addressOf(sender),
						token,
						amount: amount.toString(),
						outToken: token,
						outAmount: out.toString(),
						toChain: to.chain.chain,
						receiver: addressOf(receiver),
					},
				},
			],
		});
		to.chain.wait(to.random.below(MOST_DELAY));
		const relayer = this.relayers.get(to) as AccountId;
		const there = this.contracts.get(to) as AccountId;
		to.chain.send(
			relayer,
			[
				{ from: relayer, to: there, amount: out },
				{ from: there, to: receiver, amount: out, internal: true },
			],
			{
				logs: [
					{
						kind: "bridge-in",
						protocol: PROTOCOL,
						contract: there,
						key,
						account: receiver,
						details: {
							depositor: addressOf(sender),
							inToken: token,
							inAmount: amount.toString(),
							receiver: addressOf(receiver),
							outAmount: out.toString(),
							token,
							amount: out.toString(),
							fromChain: from.chain.chain,
						},
					},
				],
			},
		);
		from.truth.crossings[key] = receiver;
		return out;
	}
}
