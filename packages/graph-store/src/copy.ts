import {
	type ChainId,
	ClewError,
	custodyStatement,
	FIRST_OUTPUT,
	type GraphStore,
	groupBy,
	type Hash,
	ledgerOf,
	mustBeChained,
	type OutputReader,
	type RecordStore,
	type Source,
	throwIfAborted,
	transactionPages,
	type UtxoRecord,
	type UtxoTransaction,
} from "@clew/core";

/** How a copy goes on. */
export interface CopyOptions {
	readonly signal?: AbortSignal;
	/** Called after every batch with the height reached. */
	readonly onProgress?: (height: number) => void;
}

const BATCH = 200;
const PROGRESS = "copy";

/** True while {@link copyCase} has begun to fill this case and has not ended. */
export async function isPartialCopy(store: RecordStore): Promise<boolean> {
	return (await store.record(PROGRESS, PROGRESS)) !== undefined;
}

/** Marks a case that was just made as the target of a copy. */
export async function beginCopy(store: RecordStore): Promise<void> {
	await store.putRecord(PROGRESS, PROGRESS, "0");
}

/**
 * Copies everything that a case holds into another one that {@link beginCopy} marked, made with the same title, chain and time. Both then
 * answer alike, to the byte. Interrupted, it goes on where it was when called again. Throws what the stores throw, and ClewError:
 * CASE_CORRUPT for a custody log whose chain does not hold, CONFLICT when the custody logs differ.
 */
export async function copyCase(from: GraphStore, to: GraphStore, { signal, onProgress }: CopyOptions = {}): Promise<void> {
	mustBeChained(await from.custody());
	const sources = await from.sources();
	for (const source of sources) await to.putSource(source);
	const chains = await from.chains();
	const { accounts, contracts, labels, openings, recordKinds } = await from.contents();
	const sourceOf = (id: string): Source => sources.find((s) => s.id === id) ?? { id, kind: "file", name: id, sha256: "", detail: "" };
	const reached = Number((await to.record(PROGRESS, PROGRESS)) ?? 0);
	for (const chain of chains) {
		const step = async (height: number) => {
			throwIfAborted(signal);
			onProgress?.(height);
			if (chains.length === 1) await to.putRecord(PROGRESS, PROGRESS, String(height));
		};
		const start = chains.length === 1 ? reached : 0;
		if (ledgerOf(chain) === "outputs") await copyOutputs(from, to, chain, sourceOf, step);
		else await copyHeights(from, to, chain, start, step);
		await to.putCoverage(await from.coverage(chain));
	}
	for (const part of parts(accounts)) await to.putAccounts(part);
	for (const part of parts(contracts)) await to.putContracts(part);
	for (const part of parts([...groupBy(labels, ({ account }) => account).values()])) await to.putLabels(part.flat());
	await to.putAssets(await from.assets());
	for (const { account, asset, height, amount, source } of openings)
		await to.putOpeningBalance(account, asset, height, amount, sourceOf(source));
	for (const cut of await from.clusterCuts()) await to.putClusterCut(cut);
	for (const id of await from.traceIds()) await to.putTrace(id, (await from.trace(id)) ?? []);
	for (const kind of recordKinds) {
		for (let after = "", more = true; more; ) {
			const page = await from.records(kind, after, BATCH);
			for (const { id, json } of page) await to.putRecord(kind, id, json);
			after = page[page.length - 1]?.id ?? after;
			more = page.length === BATCH;
		}
	}
	await copyCustody(from, to);
	await to.removeRecord(PROGRESS, PROGRESS);
}

async function copyHeights(
	from: GraphStore,
	to: GraphStore,
	chain: ChainId,
	start: number,
	step: (height: number) => Promise<void>,
): Promise<void> {
	for (let next = start; ; ) {
		const page = await from.heights(chain, next, BATCH);
		const last = page[page.length - 1];
		if (last === undefined) return;
		await to.putHeights(chain, page);
		next = last.height + 1;
		await step(last.height);
	}
}

/** Transactions again as records: whole blocks where the case holds the block's hash, else one by one. Stored ones are left alone. */
async function copyOutputs(
	from: GraphStore,
	to: GraphStore,
	chain: ChainId,
	sourceOf: (id: string) => Source,
	step: (height: number) => Promise<void>,
): Promise<void> {
	let next = 0;
	const flush = async (height: number, transactions: readonly UtxoTransaction[]) => {
		// Blocks without transactions of ours have headers only.
		for (; next <= height; next++) {
			const header = await from.header(chain, next);
			if (header === undefined) continue;
			const own = next === height ? transactions : [];
			const [first] = own;
			const records = await recordsOf(from, chain, own);
			if (header.hash !== undefined)
				await to.putUtxoBlocks(chain, [{ header, transactions: records }], sourceOf(first?.source ?? ""), first?.provenance ?? "node");
			else
				for (const [i, record] of records.entries()) {
					const { source, provenance } = own[i] as UtxoTransaction;
					await to.putUtxoTransactions(chain, [record], new Map([[next, header.time]]), sourceOf(source), provenance);
				}
		}
		await step(height);
	};
	let group: UtxoTransaction[] = [];
	for await (const page of transactionPages(from, chain, FIRST_OUTPUT)) {
		for (const tx of page) {
			if (group[0] !== undefined && group[0].height !== tx.height) {
				await flush(group[0].height, group);
				group = [];
			}
			group.push(tx);
		}
	}
	if (group[0] !== undefined) await flush(group[0].height, group);
}

async function recordsOf(from: OutputReader, chain: ChainId, transactions: readonly UtxoTransaction[]): Promise<UtxoRecord[]> {
	return Promise.all(
		transactions.map(async ({ txIndex, indexed, provenance: _, source: __, inputs, outputs, ...tx }) => {
			const txids = await from.txids(
				chain,
				inputs.map((input) => input.place),
			);
			return {
				...tx,
				...(indexed ? { txIndex } : {}),
				inputs: inputs.map(({ sequence, outpoint, place, previous, signed }, i) => ({
					sequence,
					outpoint: outpoint ?? { txid: txids[i] as Hash, vout: place?.index ?? 0 },
					...(previous ? { previous } : {}),
					...(signed ? { signed } : {}),
				})),
				outputs: outputs.map(({ spender: ___, ...output }) => output),
			};
		}),
	);
}

async function copyCustody(from: RecordStore, to: GraphStore): Promise<void> {
	const held = await to.custody();
	for (const [i, entry] of (await from.custody()).entries()) {
		const copy = held[i] ?? (await to.appendCustody(entry.at, entry.action, entry.detail, custodyStatement(entry)));
		if (copy.hash !== entry.hash)
			throw new ClewError("CONFLICT", `custody entry ${entry.sequence} of the two cases differs`, {
				hint: "Copy into a database or file that does not hold this case.",
			});
	}
}

function* parts<T>(list: readonly T[]): Generator<readonly T[]> {
	const size = BATCH * 25;
	for (let i = 0; i < list.length; i += size) yield list.slice(i, i + size);
}
