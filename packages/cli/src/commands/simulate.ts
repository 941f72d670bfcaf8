import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import {
	type ChainId,
	ClewError,
	canonicalJson,
	type DecodedBlock,
	type Detection,
	type GraphStore,
	type Hash,
	InputError,
	replaceDetections,
	type Source,
	throwIfAborted,
	type UtxoBlock,
} from "@clew/core";
import { createCase, openCase } from "@clew/graph-store";
import {
	BITCOIN_PLAYBOOKS,
	type BitcoinTruth,
	bridgeLabels,
	detect,
	type Evaluation,
	evaluate,
	evaluateBitcoin,
	PLAYBOOKS,
	parsePlaybooks,
	SIMULATED_BITCOIN,
	SIMULATED_CHAIN,
	SIMULATED_FAR_CHAIN,
	serviceLabels,
	simulate,
	simulateBitcoin,
	type Truth,
	worldTruthSchema,
} from "@clew/tracer";
import { Command } from "@commander-js/extra-typings";
import { height, positive } from "../arguments.js";
import type { Context } from "../context.js";
import { json, printTable } from "../output.js";

const CASE = "world.clew";
const TRUTH = "truth.json";
const CHUNK = 20_000;
const BLOCKS = 500;
const SECONDS_PER_BLOCK = 12;
const KINDS = ["internal", "native", "token"] as const;
const SOURCE: Source = {
	id: "simulated",
	kind: "node",
	name: "clew simulate",
	sha256: "",
	detail: "a made-up world; nothing of it happened",
};

/** `clew simulate`: a world whose truth is known. */
export function simulateCommand(context: Context) {
	return new Command("simulate")
		.description(
			"make a world of honest people, exchanges, a mixer and thieves whose every step is known, as a case and its truth; the same seed gives the same world",
		)
		.option("--scenario <playbooks>", `what thieves do: all, or some of ${PLAYBOOKS.join(",")}`, "all")
		.option("--bitcoin", "a chain of outputs like Bitcoin's, with wallets, exchanges and mixes, instead of one of accounts", false)
		.option("--seed <n>", "chooses the world", height, 1)
		.option("--size <transfers>", "about how many transfers; with --bitcoin, transactions", positive, 100_000)
		.requiredOption("--out <folder>", "a new folder")
		.action(async (options) => {
			const { seed, size } = options;
			const playbooks = parsePlaybooks(options.scenario, options.bitcoin ? BITCOIN_PLAYBOOKS : PLAYBOOKS);
			const world = options.bitcoin ? simulateBitcoin({ seed, size, playbooks }) : simulate({ seed, size, playbooks });
			makeFolder(options.out);
			const store = await createCase(join(options.out, CASE), {
				title: `simulated world ${seed}`,
				chain: world.truth.chain as ChainId,
				at: new Date(0).toISOString().replace(".000Z", "Z"),
			});
			try {
				await store.atomically(() => ("contracts" in world ? fill(store, world, context) : fillBitcoin(store, world, context)));
				context.clearProgress();
				writeFileSync(join(options.out, TRUTH), `${canonicalJson(world.truth)}\n`);
				const { transfers, transactions } = await store.counts();
				const size = "contracts" in world ? `${transfers} transfers` : `${transactions} transactions`;
				context.print(`${size}, ${world.truth.thefts.length} thefts; truth in ${join(options.out, TRUTH)}`);
			} finally {
				await store.close();
			}
		});
}

function makeFolder(folder: string): void {
	try {
		mkdirSync(folder);
	} catch (cause) {
		throw new InputError(`${folder} cannot be made`, {
			code: "USAGE",
			cause,
			hint: "Name a folder that does not exist yet, in one that does.",
		});
	}
}

async function fill(store: GraphStore, world: ReturnType<typeof simulate>, context: Context): Promise<void> {
	const chains = new Map<ChainId, { chunk: DecodedBlock[]; transactions: number; from: number; to: number }>();
	const flush = async (chain: ChainId) => {
		const own = chains.get(chain);
		if (own === undefined) return;
		own.transactions = 0;
		await store.putBlocks(chain, own.chunk.splice(0), SOURCE);
	};
	for (const { chain, height: at, transactions, events } of world.blocks) {
		throwIfAborted(context.signal);
		const own = chains.get(chain) ?? { chunk: [], transactions: 0, from: at, to: at };
		chains.set(chain, own);
		own.to = at;
		own.transactions += transactions.length;
		const header = { height: at, hash: `0x${at.toString(16).padStart(64, "0")}` as Hash, time: at * SECONDS_PER_BLOCK };
		own.chunk.push({ header, transactions, events, kinds: KINDS, contracts: [], gaps: [], provenance: "node" });
		if (own.transactions < CHUNK) continue;
		await flush(chain);
		context.progress(`block ${at}`);
	}
	for (const [chain, { from: fromHeight, to: toHeight }] of chains) {
		await flush(chain);
		await store.putCoverage([{ chain, fromHeight, toHeight, kinds: KINDS, source: SOURCE.id, note: "" }]);
	}
	await store.putContracts(world.contracts);
}

async function fillBitcoin(store: GraphStore, { blocks }: ReturnType<typeof simulateBitcoin>, context: Context): Promise<void> {
	const chunk: UtxoBlock[] = [];
	const flush = () => store.putUtxoBlocks(SIMULATED_BITCOIN, chunk.splice(0), SOURCE, "node");
	let toHeight = 0;
	for (const block of blocks) {
		throwIfAborted(context.signal);
		toHeight = block.header.height;
		chunk.push(block);
		if (chunk.length < BLOCKS) continue;
		await flush();
		context.progress(`block ${toHeight}`);
	}
	await flush();
	await store.putCoverage([{ chain: SIMULATED_BITCOIN, fromHeight: 0, toHeight, kinds: ["native"], source: SOURCE.id, note: "" }]);
}

/** `clew evaluate`: how often detectors and traces are wrong in a world whose truth is known. */
export function evaluateCommand(context: Context) {
	return new Command("evaluate")
		.description("error rates of every detector, and of every rule by playbook, in a simulated world")
		.argument("<world>", "folder that clew simulate made")
		.option("--json", "as one JSON object (schema clew.evaluation/1)", false)
		.action(async (folder, options) => {
			const truth = readTruth(join(folder, TRUTH));
			const store = await openCase(join(folder, CASE));
			try {
				const evaluation =
					truth.schema === "clew.truth/1" ? await evaluateAccounts(store, truth, context) : await evaluateOutputs(store, truth, context);
				context.clearProgress();
				if (options.json) context.print(json(evaluation));
				else printEvaluation(context, evaluation);
			} finally {
				await store.close();
			}
		});
}

async function evaluateAccounts(store: GraphStore, truth: Truth, context: Context): Promise<Evaluation> {
	const { signal } = context;
	const detections: Detection[] = [];
	for (const chain of [SIMULATED_CHAIN, SIMULATED_FAR_CHAIN]) {
		const own = await detect(store, chain, {
			signal,
			onProgress: ({ transfers }) => context.progress(`looking: ${transfers} transfers`),
		});
		await store.atomically(() => replaceDetections(store, chain, own));
		detections.push(...own);
	}
	await store.atomically(() => store.putLabels(bridgeLabels(truth)));
	return evaluate(store, truth, detections, tracing(context));
}

async function evaluateOutputs(store: GraphStore, truth: BitcoinTruth, context: Context): Promise<Evaluation> {
	const { signal } = context;
	context.progress("clustering");
	const labels = await serviceLabels(store, truth, signal);
	await store.atomically(() => store.putLabels(labels));
	return evaluateBitcoin(store, truth, { signal, onProgress: tracing(context) });
}

function tracing(context: Context): (done: number, of: number) => void {
	return (done, of) => {
		throwIfAborted(context.signal);
		context.progress(`tracing: ${done} of ${of}`);
	};
}

function readTruth(path: string): Truth | BitcoinTruth {
	try {
		return worldTruthSchema.parse(JSON.parse(readFileSync(path, "utf8")));
	} catch (cause) {
		throw cause instanceof ClewError
			? cause
			: new InputError("is no truth of a simulated world", { where: path, cause, hint: "Make one with: clew simulate --out FOLDER" });
	}
}

const rate = (thousandths: number | undefined) => (thousandths === undefined ? "" : (thousandths / 1_000).toFixed(3));

function printEvaluation(context: Context, { world, heuristics, playbooks }: Evaluation): void {
	context.print(context.colours.bold(`world ${world.seed} on ${world.chain}, size ${world.size}, ${world.thefts} thefts`));
	printTable(
		context,
		[
			{ title: "heuristic" },
			{ title: "found", right: true },
			{ title: "right", right: true },
			{ title: "there", right: true },
			{ title: "precision", right: true },
			{ title: "recall", right: true },
			{ title: "right by score", optional: true },
		],
		heuristics.map((h) => [
			h.heuristic,
			String(h.found),
			String(h.right),
			String(h.there),
			rate(h.precision),
			rate(h.recall),
			h.calibration.map(({ from, claims, right }) => `${from}+: ${right}/${claims}`).join(", "),
		]),
	);
	const rules = Object.keys(playbooks[0]?.byRule ?? {});
	printTable(
		context,
		[
			{ title: "playbook" },
			{ title: "services" },
			...rules.map((rule) => ({ title: rule, right: true })),
			{ title: "right stop", right: true },
			{ title: "strangers a theft", right: true },
		],
		playbooks.map((p) => [
			p.playbook,
			p.known ? "known" : "unknown",
			...rules.map((rule) => `${rate(p.byRule[rule]?.precision)} / ${rate(p.byRule[rule]?.recall)}`),
			rate(p.stops),
			String(p.accused),
		]),
	);
	context.note(
		"rules: precision / recall by amount, of what a trace says is where; strangers: accounts outside the theft that some rule calls tainted",
	);
}
