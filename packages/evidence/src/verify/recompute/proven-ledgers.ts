import type { Trace } from "../bundle/formats.js";
import { DERIVED, type ProvenBlock } from "../proofs/proven-block.js";
import { type ShownMove, type ShownMoves, type ShownTransaction, shownOf } from "../proofs/shown.js";
import { askedWrong } from "./asked-moves.js";
import { isKept, type Ledgers, type LedgerTransaction, type LedgerTransfer, placeOf } from "./ledgers.js";
import { type MatchedMove, misplaced } from "./proven-order.js";

/** Movements that proofs of the bundle show, of all of its ledgers. */
export interface ProvenLedgers {
	readonly proven: number;
	readonly of: number;
	/** Movements of followed accounts and whole transactions that proofs show, where files alone told of them, and not or otherwise. */
	readonly otherwise: number;
}

/** What a trace says that its proofs are held against. */
type Told = Pick<Trace, "edges" | "seeds"> & Partial<Pick<Trace, "assets">>;

/** Sources that tell a whole transaction, as it stands in its block. */
const NODES = new Set(["node", "node-unverified", "quorum"]);

/**
 * Compares ledgers with the proofs of the bundle. A transaction that nodes told, or that no row is about, must stand in the ledgers as its
 * proof shows it, with all that an account whose ledger is kept moved in it; what a file told of one, and a proof shows otherwise, is not
 * counted as proven. Of `nfts` numbers are no amounts; without them all assets that the trace does not know may be such.
 */
export function compareProven(
	ledgers: Ledgers,
	trace: Told,
	blocks: ReadonlyMap<number, ProvenBlock>,
	differ: (what: string) => void,
	nfts?: ReadonlySet<string>,
): ProvenLedgers {
	const told = new Map<string, boolean>();
	for (const { txHash, provenance } of trace.edges) told.set(txHash, (told.get(txHash) ?? true) && NODES.has(provenance));
	const byNodes = (txHash: string) => told.get(txHash) ?? true;
	let [proven, otherwise] = [0, 0];
	for (const tx of ledgers.transactions) {
		const shown = blocks.get(placeOf(tx.place)[0] ?? -1)?.transaction?.(tx.txid);
		const wrong = shown && (differenceOf(tx, shown) ?? placeDifference(tx, shown));
		if (wrong === undefined && shown?.inputs.every(({ value }) => value !== undefined)) proven++;
		else if (wrong !== undefined && byNodes(tx.txid)) differ(`transaction ${tx.txid}: ${wrong}, and its proof shows another`);
		else if (wrong !== undefined) otherwise++;
	}
	const keeps = keepsOf(ledgers, trace);
	const needed = neededOf(ledgers, trace, keeps, nfts);
	const transactions = byTransaction(ledgers.transfers);
	for (const block of blocks.values())
		for (const txHash of block.transactions) {
			const shown = shownOf(block, txHash);
			if (shown === undefined) continue;
			const all = transactions.get(txHash) ?? [];
			const moves = all.filter(({ position }) => placeOf(position)[0] === block.height);
			const { left, wrong, unproven, twins } = matched(moves, shown);
			const elsewhere = [
				...all.filter((move) => !moves.includes(move)).map((move) => ({ move, what: `its transaction stands in block ${block.height}` })),
				...misplaced(twins, unproven, shown, byNodes(txHash)),
			];
			const out = new Set(elsewhere.map(({ move }) => move));
			proven += twins.filter(({ move }) => !out.has(move)).length;
			const place = placeOf(moves[0]?.position ?? `${block.height}.${shown.index}`).slice(0, 2);
			const missing = left.filter((move) => needed(move, txHash, place));
			const { asked } = shown;
			const other = asked && askedWrong(moves, asked, (account) => keeps(account, txHash, place));
			if (!byNodes(txHash)) {
				otherwise += wrong.length + missing.length + elsewhere.length + (other === undefined ? 0 : 1);
				continue;
			}
			if (asked !== undefined && other !== undefined)
				differ(`transaction ${txHash} calls for a ${inWords(asked)}, and in the ledgers ${other}`);
			for (const { position } of wrong) differ(`the movement at ${position} is none that the proof of its transaction shows`);
			for (const { move, what } of elsewhere) differ(`the movement at ${move.position} does not stand where its proof shows it: ${what}`);
			for (const move of missing) differ(`transaction ${txHash} lacks a movement that its proof shows: ${inWords(move)}`);
		}
	return { proven, of: ledgers.transfers.length + ledgers.transactions.length, otherwise };
}

type Keeps = (account: string, txHash: string, place: readonly number[]) => boolean;

/** Tells whether ledgers hold what an account moved in a transaction: it is kept by then, or a seed is the whole transaction. */
function keepsOf({ accounts }: Ledgers, { seeds }: Told): Keeps {
	const seeded = new Set(seeds.map(({ spec }) => spec.toLowerCase()));
	const kept = new Map(accounts.map((one) => [one.account, one]));
	return (account, txHash, place) => {
		const own = kept.get(account);
		return seeded.has(`tx:${txHash}`) || (own !== undefined && isKept(own, place));
	};
}

/** Tells whether a movement that is shown must stand in the ledgers, as its parties' do. Of logs those of collectibles are no money. */
function neededOf(
	{ transfers }: Ledgers,
	{ assets = {} }: Told,
	keeps: Keeps,
	nfts: ReadonlySet<string> | undefined,
): (move: ShownMove, txHash: string, place: readonly number[]) => boolean {
	const money = new Set([...Object.keys(assets), ...transfers.map(({ asset }) => asset)]);
	const isMoney = ({ asset, kind }: ShownMove) =>
		kind === "fee" || kind === "native" || money.has(asset) || (nfts !== undefined && !nfts.has(asset));
	return (move, txHash, place) => {
		const { from, to, amount, optional } = move;
		if (amount === "0" || from === to || optional || !isMoney(move)) return false;
		return keeps(from, txHash, place) || keeps(to, txHash, place);
	};
}

/** By transaction, in their order. */
function byTransaction(transfers: readonly LedgerTransfer[]): ReadonlyMap<string, readonly LedgerTransfer[]> {
	const found = new Map<string, LedgerTransfer[]>();
	for (const transfer of transfers) {
		const known = found.get(transfer.txHash);
		if (known === undefined) found.set(transfer.txHash, [transfer]);
		else known.push(transfer);
	}
	return found;
}

/** What ledgers and a proof say of one transaction. */
interface Matched {
	/** Movements of the proof that are none of the ledgers. */
	readonly left: readonly ShownMove[];
	/** Movements of the ledgers that the proof does not show, though it would. */
	readonly wrong: readonly LedgerTransfer[];
	/** Movements of which a proof says nothing. */
	readonly unproven: readonly LedgerTransfer[];
	readonly twins: readonly MatchedMove[];
}

/** Takes each movement of the ledgers out of what is shown. */
function matched(moves: readonly LedgerTransfer[], shown: ShownMoves): Matched {
	const alike = new Map<string, ShownMove[]>();
	for (const move of shown.moves) {
		const same = alike.get(inWords(move));
		if (same === undefined) alike.set(inWords(move), [move]);
		else same.push(move);
	}
	const open = new Map([...alike].map(([words, all]) => [words, [...all].reverse()]));
	const some = [...(shown.some ?? [])];
	const taken = new Set<ShownMove>();
	const wrong: LedgerTransfer[] = [];
	const unproven: LedgerTransfer[] = [];
	const twins: MatchedMove[] = [];
	for (const move of moves) {
		if (!shown.kinds.has(move.kind)) {
			const same = some.findIndex((one) => inWords(one) === inWords(move));
			if (same < 0) unproven.push(move);
			else twins.push({ move, twins: some.splice(same, 1) });
			continue;
		}
		const words = inWords(move);
		const twin = open.get(words)?.pop();
		if (twin === undefined) wrong.push(move);
		else {
			taken.add(twin);
			if (twin.optional) unproven.push(move);
			else twins.push({ move, twins: alike.get(words) ?? [] });
		}
	}
	return { left: shown.moves.filter((move) => !taken.has(move)), wrong, unproven, twins };
}

function inWords({ kind, from, to, asset, amount }: ShownMove): string {
	return `${kind} of ${amount} of ${asset} from ${from} to ${to}`;
}

/** Where a transaction stands in its block by its proof, if elsewhere than ledgers say: where its source told an index. */
function placeDifference({ place }: LedgerTransaction, { index }: ShownTransaction): string | undefined {
	const [, stated = -1] = placeOf(place);
	return stated === index || stated >= DERIVED ? undefined : `it stands at place ${stated} of its block, not ${index}`;
}

/** What ledgers say of a transaction and its proof does not; undefined where they agree. */
function differenceOf(tx: LedgerTransaction, { index, inputs, outputs }: ShownTransaction): string | undefined {
	if (tx.coinbase !== (index === 0)) return `it is called ${tx.coinbase ? "a coinbase" : "no coinbase"}`;
	if (tx.inputs.length !== inputs.length) return `it spends ${tx.inputs.length} outputs`;
	for (const [i, { outpoint, value, account }] of tx.inputs.entries()) {
		const known = inputs[i];
		if (known === undefined || known.outpoint !== outpoint) return `it spends ${outpoint}`;
		const open = known.value === undefined || value === undefined;
		if (!open && (known.value !== value || known.account !== account)) return `it spends ${value} of ${account} at ${outpoint}`;
	}
	if (tx.outputs.length !== outputs.length) return `it makes ${tx.outputs.length} outputs`;
	for (const [i, { account, value }] of tx.outputs.entries())
		if (outputs[i]?.account !== account || outputs[i]?.value !== value) return `it pays ${value} to ${account}`;
	return undefined;
}
