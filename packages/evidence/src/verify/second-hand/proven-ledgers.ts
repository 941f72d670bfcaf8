import type { Trace } from "../formats.js";
import type { ProvenBlock } from "../proven-block.js";
import type { ShownMove, ShownMoves, ShownTransaction } from "../shown.js";
import { comparePlaces, type Ledgers, type LedgerTransaction, type LedgerTransfer, placeOf } from "./ledgers.js";

/** Movements that proofs of the bundle show, of all of its ledgers. */
export interface ProvenLedgers {
	readonly proven: number;
	readonly of: number;
}

/** Sources that tell a whole transaction, as it stands in its block. */
const NODES = new Set(["node", "quorum"]);
/** What a receipt shows; all else is the word of who made the ledgers. */
const SHOWN = ["fee", "native", "token", "mint", "burn"];

/**
 * Compares ledgers with the proofs of the bundle. A transaction that nodes told must stand in the ledgers as its proof shows it, with all
 * that an account whose ledger is kept moved in it; what a file told of one, and a proof shows otherwise, is not counted as proven.
 */
export function compareProven(
	ledgers: Ledgers,
	{ edges, seeds }: Pick<Trace, "edges" | "seeds">,
	blocks: ReadonlyMap<number, ProvenBlock>,
	differ: (what: string) => void,
): ProvenLedgers {
	const told = new Map<string, boolean>();
	for (const { txHash, provenance } of edges) told.set(txHash, (told.get(txHash) ?? true) && NODES.has(provenance));
	const seeded = new Set(seeds.map(({ spec }) => spec.toLowerCase()));
	const byNodes = (txHash: string) => told.get(txHash) ?? false;
	const kept = new Map(ledgers.accounts.map(({ account, since }) => [account, placeOf(since)]));
	let proven = 0;
	for (const tx of ledgers.transactions) {
		const shown = blocks.get(placeOf(tx.place)[0] ?? -1)?.transaction?.(tx.txid);
		const wrong = shown && differenceOf(tx, shown);
		if (wrong === undefined && shown?.inputs.every(({ value }) => value !== undefined)) proven++;
		else if (wrong !== undefined && byNodes(tx.txid)) differ(`transaction ${tx.txid}: ${wrong}, and its proof shows another`);
	}
	for (const [txHash, moves] of byTransaction(ledgers.transfers)) {
		const shown = shownOf(blocks.get(placeOf(moves[0]?.position ?? "")[0] ?? -1), txHash);
		if (shown === undefined) continue;
		const { left, wrong } = matched(moves, shown);
		proven += moves.filter(({ kind }) => shown.kinds.has(kind)).length - wrong.length;
		if (!byNodes(txHash)) continue;
		for (const { position } of wrong) differ(`the movement at ${position} is none that the proof of its transaction shows`);
		for (const move of missing(left, moves, kept, seeded.has(`tx:${txHash}`)))
			differ(`transaction ${txHash} lacks a movement that its proof shows: ${inWords(move)}`);
	}
	return { proven, of: ledgers.transfers.length + ledgers.transactions.length };
}

/** What is shown of a transaction; undefined where its proof shows nothing, which rows that rest on it are told of. */
function shownOf(block: ProvenBlock | undefined, txHash: string): ShownMoves | undefined {
	try {
		return block?.moves?.(txHash);
	} catch {
		return undefined;
	}
}

function byTransaction(transfers: readonly LedgerTransfer[]): ReadonlyMap<string, readonly LedgerTransfer[]> {
	const found = new Map<string, LedgerTransfer[]>();
	for (const transfer of transfers) {
		const known = found.get(transfer.txHash);
		if (known === undefined) found.set(transfer.txHash, [transfer]);
		else known.push(transfer);
	}
	return found;
}

/** Takes each movement of the ledgers out of what is shown: what is left over, and what is not shown though it would be. */
function matched(moves: readonly LedgerTransfer[], shown: ShownMoves): { left: readonly ShownMove[]; wrong: LedgerTransfer[] } {
	const open = new Map<string, ShownMove[]>();
	for (const move of [...shown.moves].reverse()) {
		const words = inWords(move);
		const same = open.get(words);
		if (same === undefined) open.set(words, [move]);
		else same.push(move);
	}
	const taken = new Set<ShownMove>();
	const wrong: LedgerTransfer[] = [];
	for (const move of moves) {
		if (!SHOWN.includes(move.kind) || !shown.kinds.has(move.kind)) continue;
		const twin = open.get(inWords(move))?.pop();
		if (twin === undefined) wrong.push(move);
		else taken.add(twin);
	}
	return { left: shown.moves.filter((move) => !taken.has(move)), wrong };
}

/**
 * Fee and value that are shown of accounts whose ledgers are kept by then, or of whoever, where a seed is the `whole` transaction. Of logs
 * some are no money, such as those of collectibles.
 */
function missing(
	left: readonly ShownMove[],
	moves: readonly LedgerTransfer[],
	kept: ReadonlyMap<string, readonly number[]>,
	whole: boolean,
): ShownMove[] {
	const place = placeOf(moves[0]?.position ?? "").slice(0, 2);
	const keeps = (account: string) => {
		const since = kept.get(account);
		return since !== undefined && comparePlaces(since, place) <= 0;
	};
	return left.filter(
		({ kind, from, to, amount }) =>
			amount !== "0" && from !== to && (kind === "fee" || kind === "native") && (whole || keeps(from) || keeps(to)),
	);
}

function inWords({ kind, from, to, asset, amount }: ShownMove): string {
	return `${kind} of ${amount} of ${asset} from ${from} to ${to}`;
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
