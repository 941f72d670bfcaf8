import type { ShownMove } from "../proofs/shown.js";
import type { LedgerTransfer } from "./ledgers.js";

/** A fee of such a contract is at most one part of so many. */
const FEE_OF = 500n;

/**
 * What is wrong with how ledgers tell a call of a published token's own `transfer`; undefined where they may be as they say. Its sender
 * pays what the call says, of which the contract may take a part for somebody else, and the receiver gets some; whoever was paid may be
 * made to pass on no more than that, as a token's maker does who takes back what is redeemed. `keeps` tells whose movements ledgers hold.
 */
export function askedWrong(
	moves: readonly Pick<LedgerTransfer, "from" | "to" | "asset" | "amount">[],
	asked: ShownMove,
	keeps: (account: string) => boolean,
): string | undefined {
	const amount = BigInt(asked.amount);
	const own = moves.filter(({ asset }) => asset === asked.asset);
	const sent = own.filter(({ from }) => from === asked.from);
	const on = own.filter((move) => !sent.includes(move));
	const sumOf = (all: readonly { readonly amount: string }[]) => all.reduce((sum, move) => sum + BigInt(move.amount), 0n);
	const total = sumOf(sent);
	if (total > amount) return `its sender pays ${total}`;
	if (on.some(({ from }) => from !== asked.to)) return "somebody else pays";
	if (sumOf(on) > amount) return `its receiver passes on ${sumOf(on)}`;
	// Of what goes to its sender ledgers say nothing.
	if (amount === 0n || asked.from === asked.to) return undefined;
	if (keeps(asked.from) && total !== amount) return `its sender pays ${total}`;
	const fees = sumOf(sent.filter(({ to }) => to !== asked.to));
	if (fees * FEE_OF > amount) return `of it ${fees} go to others, more than a fee`;
	const isPaid = sent.some(({ to }) => to === asked.to);
	return (keeps(asked.from) || keeps(asked.to)) && !isPaid ? "its receiver gets nothing" : undefined;
}
