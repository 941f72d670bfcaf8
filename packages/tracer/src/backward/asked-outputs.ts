import {
	addressOf,
	type ChainId,
	formatOutpoint,
	InputError,
	type LedgerReader,
	type OutputReader,
	outputPages,
	placeKey,
	type UtxoTransaction,
} from "@clew/core";
import { seedsOutput } from "../outputs/output-seeds.js";
import type { Seed } from "../seeds.js";
import { mirrorPlace } from "./mirrored-outputs.js";
import type { AskedOutput, OutputsBack } from "./outputs-back.js";

/**
 * The outputs that seeds ask about: `outpoint:` that one, `tx:` what a transaction pays to others than who paid, `account:ADDRESS@HEIGHT`
 * what an address held unspent at the end of a block. Throws InputError where the case does not know.
 */
export async function askedOutputs(
	source: LedgerReader & OutputReader,
	chain: ChainId,
	seeds: readonly Seed[],
): Promise<OutputsBack["asked"]> {
	const asked = new Map<number, AskedOutput[]>();
	const add = (place: { readonly height: number; readonly txIndex: number }, one: AskedOutput) => {
		const key = placeKey(mirrorPlace(place));
		asked.set(key, [...(asked.get(key) ?? []), one]);
	};
	for (const [origin, seed] of seeds.entries()) {
		if (seed.kind === "balance") {
			for (const { index, ...place } of await unspentAt(source, seed)) add(place, { origin, index });
			continue;
		}
		const tx = await namedBy(source, chain, seed);
		for (const index of tx.outputs.keys()) if (seedsOutput(seed, tx, index)) add(tx, { origin, index });
	}
	return asked;
}

async function namedBy(source: OutputReader, chain: ChainId, seed: Seed): Promise<UtxoTransaction> {
	const txid = seed.kind === "outpoint" ? seed.outpoint.txid : seed.kind === "tx" ? seed.txHash : undefined;
	const tx = txid === undefined ? undefined : await source.utxoTransaction(chain, txid);
	if (tx === undefined)
		throw new InputError(`transaction ${txid} is not in the case`, { hint: "Ingest or import the block it belongs to." });
	if (seed.kind !== "outpoint") return tx;
	const output = tx.outputs[seed.outpoint.vout];
	if (output === undefined) throw new InputError(`${formatOutpoint(seed.outpoint)}: the transaction has ${tx.outputs.length} outputs`);
	if (output.value === 0n) throw new InputError(`${formatOutpoint(seed.outpoint)} holds nothing`);
	return tx;
}

async function unspentAt(source: LedgerReader & OutputReader, { account, height, spec }: Extract<Seed, { kind: "balance" }>) {
	const { coverage } = await source.profile(account, 1);
	if (!coverage.some(({ fromHeight, toHeight }) => fromHeight <= height && height <= toHeight))
		throw new InputError(
			`${spec}: what ${addressOf(account)} held at block ${height} is not known: nobody read that block or its history there`,
		);
	const held = [];
	let paid = 0;
	const pages = outputPages(
		(from, limit) => source.outputsOf(account, from, limit),
		({ place }) => place,
	);
	for await (const page of pages)
		for (const { place, spender, value } of page) {
			if (place.height > height) continue;
			paid++;
			if (value > 0n && (spender === undefined || spender.height > height)) held.push(place);
		}
	if (paid === 0) throw new InputError(`${spec}: the case holds no output that pays ${addressOf(account)} at or before block ${height}`);
	if (held.length === 0) throw new InputError(`${spec}: ${addressOf(account)} held nothing at the end of block ${height}`);
	return held;
}
