import { accountId, nativeAsset, nullAccount, startOf, type TraceResult, type UtxoRecord } from "@clew/core";
import { OUTPUT_RULES, oracleTold, outputsTold } from "../../../packages/tracer/src/oracle/output-answers.test-util.js";
import { askOutputs, type OutputOracleSeed } from "../../../packages/tracer/src/oracle/output-oracle.test-util.js";
import { buildResult } from "../../../packages/tracer/src/result.js";
import { parseSeed } from "../../../packages/tracer/src/seeds.js";
import { DEFAULT_STOP_PARAMETERS } from "../../../packages/tracer/src/stops.js";
import { defaultRequest, runTrace } from "../../../packages/tracer/src/trace.js";
import { atDesk } from "../../trials/reading.js";
import { difference } from "../difference.js";
import { shuffled } from "../shuffled.js";
import { type MinedChain, mined, REGTEST } from "./chain.js";
import { fileWriter } from "./files.js";
import type { Ask, FilePlan, SeedPlan, Transaction, World } from "./world.js";

export const COIN = nativeAsset(REGTEST);
/** First place of transactions in a block whose order nobody told. */
const UNTOLD = 8_192;

/** How a world's files come into the case: what renames its parties, and in which order the files come (0: as planned). */
export interface Reading {
	readonly salt: string;
	readonly order: number;
}
export const PLAIN: Reading = { salt: "", order: 0 };

/** A case that a world's files made, its chain, and the engine's answers by question. */
export interface ReadWorld {
	readonly chain: MinedChain;
	readonly held: readonly string[];
	readonly results: ReadonlyMap<number, TraceResult>;
}

/** Imports a world's files and asks its questions. Throws what is refused, of which nothing is to be. */
export function readWorld(world: World, { salt, order }: Reading): Promise<ReadWorld> {
	const chain = mined(world.transactions, salt);
	const told = toldOf(world);
	return atDesk(async (desk) => {
		const write = fileWriter(desk, chain);
		for (const [n, plan] of inOrder(world.files, order).entries()) await desk.store.atomically((tx) => write(plan, n)(tx));
		const results = new Map<number, TraceResult>();
		for (const [n, ask] of world.asks.entries()) {
			const seeds = askable(ask, told);
			if (seeds.length > 0) results.set(n, await traced(desk.store, { ...ask, seeds }, chain));
		}
		const held = await desk.store.utxoTransactions(REGTEST, startOf(0), 10_000);
		return { chain, results, held: held.map(({ height, txIndex, txid }) => `${height}.${txIndex} ${txid}`) };
	}, REGTEST);
}

/** Files in another order, whole blocks one after the other all the same. */
function inOrder(files: readonly FilePlan[], order: number): FilePlan[] {
	const isWhole = ({ form }: FilePlan) => form === "blocks" || form === "node";
	const blocks = files.filter(isWhole);
	return shuffled(files, order).map((file) => (isWhole(file) ? (blocks.shift() as FilePlan) : file));
}

async function traced(source: Parameters<typeof runTrace>[1]["source"], ask: Ask, chain: MinedChain): Promise<TraceResult> {
	const seeds = ask.seeds.map((seed) => {
		const since = seed.kind === "account" ? { since: seed.since } : {};
		return parseSeed(specOf(seed, chain), REGTEST, { ...since, ...(seed.limit === undefined ? {} : { amount: BigInt(seed.limit) }) });
	});
	const request = {
		...defaultRequest(REGTEST, seeds),
		throughCoinJoins: true,
		fee: ask.fee,
		until: ask.until,
		dust: new Map(ask.dust === 0 ? [] : [[COIN, BigInt(ask.dust)]]),
		stops: { ...DEFAULT_STOP_PARAMETERS, serviceTransfers: ask.serviceTransfers },
	};
	return buildResult(await runTrace(request, { source }), source, { id: "c", title: "t", cutoff: 0, sources: [] });
}

function specOf(seed: SeedPlan, chain: MinedChain): string {
	if (seed.kind === "account") return `account:${chain.accountOf(seed.party).split(":")[2]}`;
	return seed.kind === "tx" ? `tx:${chain.txidOf(seed.id)}` : `outpoint:${chain.txidOf(seed.id)}:${seed.vout}`;
}

/** What a world's files tell: transactions, those of whole blocks, and up to which height blocks are whole. */
interface Told {
	readonly transactions: readonly Transaction[];
	readonly whole: number;
}

function toldOf({ transactions, files }: World): Told {
	const ids = new Set(files.flatMap((file) => file.transactions));
	const whole = Math.max(0, ...files.map(({ heights }) => heights[1]));
	return { transactions: transactions.filter(({ id, height }) => ids.has(id) || height <= whole), whole };
}

/** Seeds that name something that the files tell and that can be marked. */
function askable({ seeds }: Ask, { transactions }: Told): SeedPlan[] {
	const valued = (id: number) => transactions.find((tx) => tx.id === id)?.outputs ?? [];
	return seeds.filter((seed) => {
		if (seed.kind === "account") return transactions.some(({ outputs }) => outputs.some(({ party }) => party === seed.party));
		if (seed.kind === "outpoint") return (valued(seed.id)[seed.vout]?.value ?? 0) > 0;
		return isTxSeed(seed.id, transactions);
	});
}

/** Whether a transaction pays something to another address than those of its inputs. */
function isTxSeed(id: number, transactions: readonly Transaction[]): boolean {
	const tx = transactions.find((one) => one.id === id);
	const payers = tx?.inputs.map((input) => transactions.find((one) => one.id === input.id)?.outputs[input.vout]?.party) ?? [];
	return tx?.outputs.some(({ party, value }) => value > 0 && (party === "nobody" || !payers.includes(party))) ?? false;
}

/** What is wrong with a case and the engine's word on it, in lines; empty when nothing is. */
export function wrongOf(world: World, { chain, held, results }: ReadWorld): string[] {
	const told = toldOf(world);
	const records = recordsOf(world, told, chain);
	const facts = difference(
		"held",
		held,
		records.map(({ height, txIndex, txid }) => `${height}.${txIndex} ${txid}`),
	);
	if (facts.length > 0) return facts;
	return [...results].flatMap(([n, result]) => {
		const ask = world.asks[n] as Ask;
		const documented = askOutputs({
			transactions: records,
			rules: OUTPUT_RULES,
			seeds: askable(ask, told).map((seed) => oracleSeed(seed, chain)),
			fee: ask.fee,
			until: ask.until,
			dust: ask.dust,
			serviceTransfers: ask.serviceTransfers,
			labels: new Map(),
			timeless: new Set(),
			fetchedFrom: (height) => height <= told.whole,
		});
		return difference(`question ${n + 1}:`, outputsTold(result, COIN), oracleTold(documented));
	});
}

function oracleSeed(seed: SeedPlan, chain: MinedChain): OutputOracleSeed {
	const limit = seed.limit === undefined ? {} : { limit: seed.limit };
	if (seed.kind === "account") return { ...limit, kind: "account", account: accountOf(seed.party, chain), since: seed.since };
	if (seed.kind === "tx") return { ...limit, kind: "tx", txid: chain.txidOf(seed.id) };
	return { ...limit, kind: "outpoint", outpoint: `${chain.txidOf(seed.id)}:${seed.vout}` };
}

const accountOf = (party: number, chain: MinedChain) => accountId(REGTEST, chain.accountOf(party).split(":")[2] ?? "");

/** The transactions as a case must hold them, by docs/imports.md: without their block after those they spend, else by id. */
function recordsOf(world: World, { transactions, whole }: Told, chain: MinedChain): UtxoRecord[] {
	const record = (tx: Transaction, txIndex: number): UtxoRecord => ({
		txid: chain.txidOf(tx.id) as UtxoRecord["txid"],
		height: tx.height,
		txIndex,
		version: 2,
		locktime: 0,
		coinbase: tx.index === 0,
		inputs: tx.inputs.map(({ id, vout }) => {
			const spent = world.transactions.find((one) => one.id === id)?.outputs[vout];
			const previous = spent && { previous: factsOf(spent, chain) };
			return { outpoint: { txid: chain.txidOf(id) as UtxoRecord["txid"], vout }, sequence: 0xffffffff, ...previous };
		}),
		outputs: tx.outputs.map((output) => factsOf(output, chain)),
	});
	const untold = transactions.filter(({ height }) => height > whole);
	const heights = [...new Set(untold.map(({ height }) => height))];
	return [
		...transactions.filter(({ height }) => height <= whole).map((tx) => record(tx, tx.index)),
		...heights.flatMap((height) =>
			afterSpent(
				untold.filter((tx) => tx.height === height),
				chain,
			).map((tx, n) => record(tx, UNTOLD + n)),
		),
	];
}

function factsOf({ party, value }: Transaction["outputs"][number], chain: MinedChain) {
	const account = party === "nobody" ? nullAccount(REGTEST) : accountOf(party, chain);
	return { value: BigInt(value), account, scriptType: party === "nobody" ? "op_return" : "p2wpkh" } as const;
}

/** The coinbase, then each after those of its block that it spends, else by id. */
function afterSpent(block: readonly Transaction[], chain: MinedChain): Transaction[] {
	const left = [...block]
		.sort((a, b) => (chain.txidOf(a.id) < chain.txidOf(b.id) ? -1 : 1))
		.sort((a, b) => Number(a.index > 0) - Number(b.index > 0));
	const done: Transaction[] = [];
	while (left.length > 0) {
		const next = left.findIndex(({ inputs }) => inputs.every(({ id }) => !left.some((other) => other.id === id)));
		done.push(...left.splice(next, 1));
	}
	return done;
}
