import { readFileSync } from "node:fs";
import { InputError } from "@clew/core";
import { z } from "zod";
import { FEATURES } from "./features.js";

/** One tree as parallel arrays: `feature` is -1 at a leaf; `value` is a node's mean, in log-odds. */
const treeSchema = z.strictObject({
	feature: z.array(z.number().int()),
	threshold: z.array(z.number()),
	left: z.array(z.number().int()),
	right: z.array(z.number().int()),
	value: z.array(z.number()),
});

const modelSchema = z.strictObject({
	schema: z.literal("clew.trees/1"),
	version: z.number().int(),
	features: z.array(z.string()),
	/** Log-odds before any tree speaks. */
	base: z.number(),
	trees: z.array(treeSchema).max(1_000),
});
export type TreeModel = z.infer<typeof modelSchema>;

/** What trees say of one vector: a probability, and by how much each feature moved its log-odds, in the order of the features. */
export interface LearnedScore {
	readonly probability: number;
	readonly contributions: readonly { readonly feature: string; readonly logOdds: number }[];
}

/** Reads a model; without a path the one that comes along. Throws InputError when it is not one, or is about other features. */
export function readModel(path?: string): TreeModel {
	const place = path ?? new URL("../../model.json", import.meta.url);
	let model: TreeModel;
	try {
		model = modelSchema.parse(JSON.parse(readFileSync(place, "utf8")));
	} catch (cause) {
		throw new InputError("is no model", { where: String(path ?? "model.json"), cause });
	}
	const { features, trees } = model;
	const sound = trees.every((tree) => {
		const size = tree.feature.length;
		const child = (at: number, node: number) => node > at && node < size;
		return (
			size > 0 &&
			[tree.threshold, tree.left, tree.right, tree.value].every((list) => list.length === size) &&
			tree.feature.every(
				(f, at) => f === -1 || (f >= 0 && f < features.length && child(at, tree.left[at] ?? 0) && child(at, tree.right[at] ?? 0)),
			)
		);
	});
	if (!sound || features.join() !== FEATURES.join())
		throw new InputError("is a model for other features, or its trees are not trees", { where: String(path ?? "model.json") });
	return model;
}

/**
 * Walks every tree (gradient boosting with log loss: the log-odds are the base plus the leaves). A feature's contribution is the change of
 * the nodes' means along the path where it was asked (Saabas 2014); base and contributions add up to the log-odds.
 */
export function scoreTrees({ base, trees, features }: TreeModel, vector: readonly number[]): LearnedScore {
	const moved = features.map(() => 0);
	let logOdds = base;
	for (const { feature, threshold, left, right, value } of trees) {
		let at = 0;
		logOdds += value[0] ?? 0;
		for (let asked = feature[0] ?? -1; asked >= 0; asked = feature[at] ?? -1) {
			// scikit-learn compares in single precision.
			const next = Math.fround(vector[asked] ?? 0) <= (threshold[at] ?? 0) ? left[at] : right[at];
			const change = (value[next ?? 0] ?? 0) - (value[at] ?? 0);
			moved[asked] = (moved[asked] ?? 0) + change;
			logOdds += change;
			at = next ?? 0;
		}
	}
	return {
		probability: 1 / (1 + Math.exp(-logOdds)),
		contributions: features.map((name, i) => ({ feature: name, logOdds: moved[i] ?? 0 })),
	};
}
