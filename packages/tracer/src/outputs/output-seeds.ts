import {
	type AccountId,
	type ChainId,
	formatOutpoint,
	InputError,
	type OutputPlace,
	type OutputReader,
	outputPages,
	placeKey,
	type UtxoTransaction,
} from "@clew/core";
import type { Arrival, Seed } from "../seeds.js";

/** Which outputs of which transactions seeds mark, as far as it is known before the sweep. */
export interface OutputSeeds {
	/** Keys of transactions in which some seed marks something. */
	readonly places: ReadonlySet<number>;
	/** What comes out of passages, by {@link placeKey} of its transaction. */
	readonly arrivals: ReadonlyMap<number, readonly Arrival[]>;
}

/** Looks the seeds up. Throws InputError when a seeded transaction or output is not in the case. */
export async function planOutputSeeds(
	source: OutputReader,
	chain: ChainId,
	seeds: readonly Seed[],
	arrivals: readonly Arrival[] = [],
): Promise<OutputSeeds> {
	const byPlace = new Map<number, Arrival[]>();
	for (const arrival of arrivals) byPlace.set(placeKey(arrival.at), [...(byPlace.get(placeKey(arrival.at)) ?? []), arrival]);
	const places = new Set<number>(byPlace.keys());
	for (const seed of seeds) {
		if (seed.kind === "passage") continue;
		if (seed.kind === "account") await addReceipts(source, seed.account, { ...seed.since, index: 0 }, places);
		else places.add(placeKey(await seededTransaction(source, chain, seed)));
	}
	return { places, arrivals: byPlace };
}

async function addReceipts(source: OutputReader, account: AccountId, since: OutputPlace, places: Set<number>): Promise<void> {
	const receipts = outputPages(
		(from, limit) => source.outputsOf(account, from, limit),
		({ place }) => place,
		since,
	);
	for await (const page of receipts) for (const { place } of page) places.add(placeKey(place));
}

async function seededTransaction(source: OutputReader, chain: ChainId, seed: Seed): Promise<UtxoTransaction> {
	const txid = seed.kind === "outpoint" ? seed.outpoint.txid : seed.kind === "tx" ? seed.txHash : undefined;
	const tx = txid === undefined ? undefined : await source.utxoTransaction(chain, txid);
	if (tx === undefined)
		throw new InputError(`transaction ${txid} is not in the case`, { hint: "Ingest or import the block it belongs to." });
	if (seed.kind === "outpoint") {
		const output = tx.outputs[seed.outpoint.vout];
		if (output === undefined) throw new InputError(`${formatOutpoint(seed.outpoint)}: the transaction has ${tx.outputs.length} outputs`);
		if (output.value === 0n) throw new InputError(`${formatOutpoint(seed.outpoint)} holds nothing`);
	}
	return tx;
}

/**
 * True when a seed marks an output: `outpoint:` that one, `account:` what pays the address, `tx:` every output that does not go back to an
 * address the inputs spent from.
 */
export function seedsOutput(seed: Seed, tx: UtxoTransaction, vout: number): boolean {
	const output = tx.outputs[vout];
	if (output === undefined) return false;
	switch (seed.kind) {
		case "outpoint":
			return seed.outpoint.txid === tx.txid && seed.outpoint.vout === vout;
		case "account":
			return seed.account === output.account && tx.height >= seed.since.height;
		case "tx":
			return seed.txHash === tx.txid && !tx.inputs.some((input) => input.previous?.account === output.account);
		case "transfer":
		case "balance":
		case "passage":
			return false;
	}
}
