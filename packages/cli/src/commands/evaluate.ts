import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ClewError, type Detection, type GraphStore, InputError, replaceDetections, throwIfAborted } from "@clew/core";
import { openCase } from "@clew/graph-store";
import {
	type BitcoinTruth,
	bridgeLabels,
	detect,
	type Evaluation,
	evaluate,
	evaluateBitcoin,
	SIMULATED_CHAIN,
	SIMULATED_FAR_CHAIN,
	serviceLabels,
	type Truth,
	worldTruthSchema,
} from "@clew/tracer";
import { Command } from "@commander-js/extra-typings";
import type { Context } from "../context.js";
import { json } from "../output.js";
import { CASE, TRUTH } from "../simulated-world.js";
import { printTable } from "../table.js";

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
		await store.atomically((tx) => replaceDetections(tx, chain, own));
		detections.push(...own);
	}
	await store.atomically((tx) => tx.putLabels(bridgeLabels(truth)));
	return evaluate(store, truth, detections, tracing(context));
}

async function evaluateOutputs(store: GraphStore, truth: BitcoinTruth, context: Context): Promise<Evaluation> {
	const { signal } = context;
	context.progress("clustering");
	const labels = await serviceLabels(store, truth, signal);
	await store.atomically((tx) => tx.putLabels(labels));
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
