import { existsSync, readFileSync } from "node:fs";
import { InputError, shapeProblem } from "@clew/core";
import { CHANNELS, type DrillDone } from "@clew/lessons";
import { z } from "zod";
import { dataFile } from "./data-file.js";
import { writePrivately } from "./private-file.js";

const doneSchema = z.object({
	schema: z.literal("clew.drills/1"),
	done: z.array(
		z.object({
			at: z.iso.datetime(),
			channel: z.enum([...CHANNELS, "all"]),
			seed: z.number().int(),
			traps: z.number().int(),
			hits: z.number().int(),
			benign: z.number().int(),
			alarms: z.number().int(),
		}),
	),
});

/** Scores stay on this machine, in a file that its owner alone reads. */
const drillsFile = () => dataFile("drills.json", "CLEW_DRILLS");

/** Drills that were done here, in their order. Throws InputError for a file that is none of them. */
export function doneDrills(): readonly DrillDone[] {
	const path = drillsFile();
	if (!existsSync(path)) return [];
	const parsed = doneSchema.safeParse(readJson(path));
	if (parsed.success) return parsed.data.done;
	throw new InputError(`is no list of drills: ${shapeProblem(parsed.error, "file")}`, { where: path, hint: "Move it away to begin anew." });
}

function readJson(path: string): unknown {
	try {
		return JSON.parse(readFileSync(path, "utf8"));
	} catch {
		return undefined;
	}
}

/** Adds one, unless nothing was answered; gives all. */
export function keepDrill(drill: DrillDone): readonly DrillDone[] {
	const done = [...doneDrills(), ...(drill.traps + drill.benign === 0 ? [] : [drill])];
	writePrivately(drillsFile(), `${JSON.stringify({ schema: "clew.drills/1", done }, undefined, "\t")}\n`);
	return done;
}
