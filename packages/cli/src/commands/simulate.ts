import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import {
	ClewError,
	canonicalJson,
	type GraphStore,
	InputError,
	replaceDetections,
	type Source,
	type TransactionRecord,
	throwIfAborted,
} from "@clew/core";
import { createCase, openCase } from "@clew/graph-store";
import { detect, type Evaluation, evaluate, PLAYBOOKS, parsePlaybooks, SIMULATED_CHAIN, simulate, truthSchema } from "@clew/tracer";
import { Command } from "@commander-js/extra-typings";
import { height, positive } from "../arguments.js";
import type { Context } from "../context.js";
import { json, printTable } from "../output.js";

const CASE = "world.clew";
const TRUTH = "truth.json";
const CHUNK = 20_000;
const SECONDS_PER_BLOCK = 12;
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
		.option("--seed <n>", "chooses the world", height, 1)
		.option("--size <transfers>", "about how many transfers", positive, 100_000)
		.requiredOption("--out <folder>", "a new folder")
		.action(async (options) => {
			const world = simulate({ seed: options.seed, size: options.size, playbooks: parsePlaybooks(options.scenario) });
			makeFolder(options.out);
			const store = await createCase(join(options.out, CASE), {
				title: `simulated world ${options.seed}`,
				chain: SIMULATED_CHAIN,
				at: new Date(0).toISOString().replace(".000Z", "Z"),
			});
			try {
				const count = await fill(store, world, context);
				writeFileSync(join(options.out, TRUTH), `${canonicalJson(world.truth)}\n`);
				context.print(`${count} transfers, ${world.truth.thefts.length} thefts; truth in ${join(options.out, TRUTH)}`);
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

async function fill(store: GraphStore, world: ReturnType<typeof simulate>, context: Context): Promise<number> {
	let chunk: TransactionRecord[] = [];
	let [first, last] = [0, 0];
	let times = new Map<number, number>();
	const flush = async () => {
		await store.putTransactions(SIMULATED_CHAIN, chunk, times, SOURCE, "node");
		[chunk, times] = [[], new Map()];
	};
	await store.atomically(async () => {
		for (const { height: at, transactions } of world.blocks) {
			throwIfAborted(context.signal);
			first ||= at;
			last = at;
			times.set(at, at * SECONDS_PER_BLOCK);
			chunk.push(...transactions);
			if (chunk.length < CHUNK) continue;
			await flush();
			context.progress(`block ${at}`);
		}
		await flush();
		await store.putContracts(world.contracts);
		await store.putCoverage([
			{ chain: SIMULATED_CHAIN, fromHeight: first, toHeight: last, kinds: ["internal", "native", "token"], source: SOURCE.id, note: "" },
		]);
	});
	context.clearProgress();
	return (await store.counts()).transfers;
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
				const { signal } = context;
				const detections = await detect(store, SIMULATED_CHAIN, {
					signal,
					onProgress: ({ transfers }) => context.progress(`looking: ${transfers} transfers`),
				});
				await store.atomically(() => replaceDetections(store, SIMULATED_CHAIN, detections));
				const evaluation = await evaluate(store, truth, detections, (done, of) => {
					throwIfAborted(signal);
					context.progress(`tracing: ${done} of ${of}`);
				});
				context.clearProgress();
				if (options.json) context.print(json(evaluation));
				else printEvaluation(context, evaluation);
			} finally {
				await store.close();
			}
		});
}

function readTruth(path: string) {
	try {
		return truthSchema.parse(JSON.parse(readFileSync(path, "utf8")));
	} catch (cause) {
		throw cause instanceof ClewError
			? cause
			: new InputError("is no truth of a simulated world", { where: path, cause, hint: "Make one with: clew simulate --out FOLDER" });
	}
}

const rate = (thousandths: number | undefined) => (thousandths === undefined ? "" : (thousandths / 1_000).toFixed(3));

function printEvaluation(context: Context, { world, heuristics, playbooks }: Evaluation): void {
	context.print(context.colours.bold(`world ${world.seed}, ${world.size} transfers, ${world.thefts} thefts`));
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
			{ title: "detections" },
			...rules.map((rule) => ({ title: rule, right: true })),
			{ title: "right stop", right: true },
			{ title: "strangers a theft", right: true },
		],
		playbooks.map((p) => [
			p.playbook,
			p.detections ? "stop" : "ignored",
			...rules.map((rule) => `${rate(p.byRule[rule]?.precision)} / ${rate(p.byRule[rule]?.recall)}`),
			rate(p.stops),
			String(p.accused),
		]),
	);
	context.note(
		"rules: precision / recall by amount, of what a trace says is where; strangers: accounts outside the theft that some rule calls tainted",
	);
}
