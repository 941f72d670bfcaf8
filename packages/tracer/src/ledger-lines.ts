import {
	type AccountId,
	type AssetId,
	bitcoinNetwork,
	blockSubsidy,
	type ChainId,
	comparePositions,
	compareText,
	feeOf,
	formatOutpoint,
	formatPosition,
	type Hash,
	InputError,
	type LedgerReader,
	ledgerOf,
	MAX_EVENT_INDEX,
	type OutputPlace,
	type OutputReader,
	type Position,
	placeKey,
	startOf,
	type Transfer,
	transferPages,
	type UtxoTransaction,
} from "@clew/core";
import { readBlock } from "./outputs/coinbase.js";
import type { TraceRun } from "./trace.js";

/** Movements of a bundle's ledgers above which they are left out: what a reader's computer plays again within minutes. */
export const MAX_LEDGER_MOVEMENTS = 200_000;
const PAGE = 5_000;

type Source = LedgerReader | (LedgerReader & OutputReader);

/**
 * All that a stranger needs to play the rules of a run again: for each account whose ledger was kept every movement from the transaction on
 * that first counted, and what it had before (backward every movement up to the transaction that counted last); where money was not followed on, and what took in something given moved in its transaction;
 * on Bitcoin the transactions that it went through. Values for lines of canonical JSON, in one order; undefined where there are more than
 * {@link MAX_LEDGER_MOVEMENTS} movements.
 */
export async function ledgerLines(run: TraceRun, source: Source): Promise<readonly object[] | undefined> {
	return ledgerOf(run.request.chain) === "outputs" ? outputLines(run, source) : accountLines(run, source);
}

async function accountLines(run: TraceRun, source: LedgerReader): Promise<readonly object[] | undefined> {
	const { request, outcome, edges, stops } = run;
	const { chain, seeds } = request;
	const backward = request.direction === "backward";
	const moves = new Map<string, Transfer>();
	const isOutside = ({ height }: Position) => request.until !== undefined && (backward ? height < request.until : height > request.until);
	const add = (t: Transfer) => {
		if (!isOutside(t.position)) moves.set(formatPosition(t.position), t);
	};
	const accounts: { account: AccountId; since?: string; until?: string; opening: Record<AssetId, string> }[] = [];
	for (const [account, { height, txIndex }] of outcome.kept ?? []) {
		const place = { height, txIndex, eventIndex: 0 };
		const [first, end] = backward ? [startOf(request.until ?? 0), { ...place, eventIndex: MAX_EVENT_INDEX }] : [place, undefined];
		const balances = (await source.balancesBefore(account, first)).filter(({ amount }) => amount > 0n);
		const opening = Object.fromEntries(balances.map(({ asset, amount }) => [asset, amount.toString()]));
		accounts.push({ account, [backward ? "until" : "since"]: `${height}.${txIndex}`, opening });
		for await (const t of movesOf(source, account, first, (at) => (end === undefined ? isOutside(at) : comparePositions(at, end) > 0)))
			add(t);
		if (moves.size > MAX_LEDGER_MOVEMENTS) return undefined;
	}
	// What seeds name, too, where its receiver is not followed; of a seeded transaction all, for its net amounts.
	for (const { transfer } of edges) add(transfer);
	for (const seed of seeds) if (seed.kind === "tx") for (const t of await source.transaction(chain, seed.txHash)) add(t);
	// What somebody else's exchange took in shows as such by all that he moved in its transaction.
	for (const { what, at } of stops) {
		const given = what === "given" ? moves.get(formatPosition(at)) : undefined;
		if (given === undefined) continue;
		const other = backward ? given.from : given.to;
		for (const t of await source.transaction(chain, given.txHash)) if (t.from === other || t.to === other) add(t);
	}
	if (moves.size > MAX_LEDGER_MOVEMENTS) return undefined;
	const sorted = [...moves.values()].sort((a, b) => comparePositions(a.position, b.position));
	return [
		...accounts.sort((a, b) => compareText(a.account, b.account)).map((account) => ({ account })),
		...sorted.map((t) => ({ transfer: transferOf(t) })),
		...stops.map(({ at, ...rest }) => ({ stop: { ...rest, position: formatPosition(at) } })),
	];
}

/** An account's movements from a place on, up to the first that `isOver` tells. */
async function* movesOf(
	source: LedgerReader,
	account: AccountId,
	from: Position,
	isOver: (at: Position) => boolean,
): AsyncGenerator<Transfer> {
	for await (const page of transferPages((at, limit) => source.ledger(account, at, limit), from, PAGE))
		for (const t of page) {
			if (isOver(t.position)) return;
			yield t;
		}
}

function transferOf({ position, txHash, from, to, asset, amount, kind }: Transfer): object {
	return { position: formatPosition(position), txHash, from, to, asset, amount: amount.toString(), kind };
}

async function outputLines({ request, outcome, edges }: TraceRun, source: Source): Promise<readonly object[] | undefined> {
	const { chain } = request;
	if (!("utxoTransaction" in source)) throw new InputError(`${chain} is traced over outputs, and this source has none`, { code: "USAGE" });
	const touched = new Map<string, UtxoTransaction>();
	const blocks = new Map<number, UtxoTransaction[]>();
	// What is asked about is made by a transaction of which no row may tell.
	const asked = request.direction === "backward" ? outcome.seedings : [];
	for (const { transfer } of [...edges, ...asked]) {
		const { txHash, kind, position } = transfer;
		if (touched.size > MAX_LEDGER_MOVEMENTS) return undefined;
		if (kind === "collected-fee" && !blocks.has(position.height)) {
			const block = await readBlock(source, chain, position.height);
			blocks.set(position.height, block);
			for (const tx of block) if (tx.coinbase) touched.set(tx.txid, tx);
		}
		if (touched.has(txHash)) continue;
		const tx = await source.utxoTransaction(chain, txHash);
		if (tx !== undefined) touched.set(txHash, tx);
	}
	const sorted = [...touched.values()].sort((a, b) => a.height - b.height || a.txIndex - b.txIndex);
	const network = bitcoinNetwork(chain);
	return [
		...(await transactionLines(source, chain, sorted)),
		...[...blocks].map(([height, block]) => ({
			block: {
				height: height.toString(),
				subsidy: network === undefined ? "0" : blockSubsidy(height, network).toString(),
				fees: block.flatMap((tx) => (tx.coinbase ? [] : [{ txIndex: tx.txIndex, fee: (feeOf(tx) ?? 0n).toString() }])),
			},
		})),
	];
}

/** The case names an output that it holds by its place; a reader knows it by its transaction. */
async function transactionLines(source: OutputReader, chain: ChainId, transactions: readonly UtxoTransaction[]): Promise<object[]> {
	const places = transactions.flatMap(({ inputs }) => inputs.flatMap(({ outpoint, place }) => (outpoint ? [] : (place ?? []))));
	const names = new Map<number, Hash>();
	for (let i = 0; i < places.length; i += PAGE) {
		const part = places.slice(i, i + PAGE);
		for (const [n, txid] of (await source.txids(chain, part)).entries())
			if (txid !== undefined) names.set(placeKey(part[n] as OutputPlace), txid);
	}
	return transactions.map(({ height, txIndex, txid, coinbase, inputs, outputs }) => ({
		transaction: {
			place: `${height}.${txIndex}`,
			txid,
			coinbase,
			inputs: inputs.map(({ outpoint, place, previous }) => ({
				outpoint: outpoint ? formatOutpoint(outpoint) : `${place && names.get(placeKey(place))}:${place?.index}`,
				...(previous === undefined ? {} : { value: previous.value.toString(), account: previous.account }),
			})),
			outputs: outputs.map(({ account, value }) => ({ account, value: value.toString() })),
		},
	}));
}
