import { hasTickets } from "../evm/tickets.js";
import { DERIVED, LOG_BAND } from "../proofs/proven-block.js";
import type { ShownMove, ShownMoves } from "../proofs/shown.js";
import { type LedgerTransfer, placeOf } from "./ledgers.js";

/** Event indices that a kind has in every transaction; all else that no log shows stands between these and the logs. */
const FEE = 0;
const VALUE = 1;

/** A movement as ledgers tell it, and the movements of the proof that it may be: several where a receipt logs the same twice. */
export interface MatchedMove {
	readonly move: LedgerTransfer;
	readonly twins: readonly ShownMove[];
}

/**
 * Movements that stand elsewhere than the proof of their transaction shows, with what is wrong. Of nodes each has the index of its
 * transaction, and logs are as far apart as in the receipt: where the first of them stands in the block no proof shows. Of a file an index
 * that it told is compared, and of its logs the order alone. `unproven` are the transaction's other movements. All in position order.
 */
export function misplaced(
	matched: readonly MatchedMove[],
	unproven: readonly LedgerTransfer[],
	{ index }: Pick<ShownMoves, "index">,
	byNodes: boolean,
): { readonly move: LedgerTransfer; readonly what: string }[] {
	const found = new Map<LedgerTransfer, string>();
	const wrong = (move: LedgerTransfer, what: string) => void (found.has(move) || found.set(move, what));
	for (const { move } of [...matched, ...unproven.map((move) => ({ move }))]) {
		const [, tx = -1] = placeOf(move.position);
		if (tx !== index && (byNodes || tx < DERIVED)) wrong(move, `its transaction stands at place ${index} of its block`);
	}
	for (const move of unproven) {
		const event = eventOf(move);
		if (move.kind === "internal" && (event <= VALUE || event >= LOG_BAND) && !(event === FEE && redeems(move, matched)))
			wrong(move, "a call stands behind the value and before the logs");
	}
	const logs = matched.filter(({ twins }) => twins.some(({ log }) => log !== undefined));
	for (const one of matched) {
		if (logs.includes(one)) continue;
		const event = one.twins[0]?.event ?? (one.move.kind === "native" ? VALUE : FEE);
		if (eventOf(one.move) !== event) wrong(one.move, `it stands at event ${event} of its transaction`);
	}
	for (const move of byNodes ? apart(logs) : unordered(logs)) wrong(move, "its receipt logs it in another order, or another place");
	return [...found].map(([move, what]) => ({ move, what }));
}

/** True for what an escrow pays the sender of a redeemed ticket, before that moves on. */
function redeems({ to, asset, amount }: LedgerTransfer, matched: readonly MatchedMove[]): boolean {
	const pays = ({ move }: MatchedMove) => move.kind === "native" && move.from === to && move.amount === amount && move.asset === asset;
	return hasTickets(asset) && matched.some(pays);
}

function eventOf({ position }: LedgerTransfer): number {
	return placeOf(position)[2] ?? -1;
}

const placesOf = ({ twins }: MatchedMove): number[] => twins.flatMap(({ log }) => (log === undefined ? [] : [log]));

/** All logs, unless there is one place in the block for the receipt's first with which each of them stands where it does. */
function apart(logs: readonly MatchedMove[]): readonly LedgerTransfer[] {
	const firsts = logs.map((one) => placesOf(one).map((place) => eventOf(one.move) - LOG_BAND - place));
	const [some = [], ...others] = firsts;
	return some.some((first) => first >= 0 && others.every((all) => all.includes(first))) ? [] : logs.map(({ move }) => move);
}

/** Logs that cannot stand behind those before them. */
function unordered(logs: readonly MatchedMove[]): readonly LedgerTransfer[] {
	let last = -1;
	return logs.flatMap((one) => {
		const next = placesOf(one)
			.filter((place) => place > last)
			.sort((a, b) => a - b)[0];
		if (next === undefined) return [one.move];
		last = next;
		return [];
	});
}
