import { existsSync, mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { ClewError, compareText, InputError, NodeError, type TraceResult } from "@clew/core";
import { exportCommand } from "../commands/export.js";
import { freezeCommand } from "../commands/freeze.js";
import type { Context } from "../context.js";
import type { Papers } from "./screen.js";

/** What a command printed with --json, and nothing of what it notes. */
export async function answerTo(
	context: Context,
	command: (context: Context) => { parseAsync(argv: string[], options: { from: "user" }): Promise<unknown> },
	args: readonly string[],
): Promise<unknown> {
	const printed: string[] = [];
	const quiet: Context = { ...context, print: (text) => void printed.push(text), note: () => {}, progress: context.progress };
	await command(quiet).parseAsync([...args, "--json"], { from: "user" });
	return JSON.parse(printed.join("\n"));
}

/**
 * Writes the report with its picture, and the packets, of a kept trace, as `clew export` and `clew freeze` do; those that were written
 * before from the same trace stay. What could not be written is said, and is no error.
 */
export async function writePapers(
	context: Context,
	{ id, edges, leaves }: Pick<TraceResult, "id" | "edges" | "leaves">,
	{
		place,
		out,
		recipients,
		requests: wanted,
		rpc = [],
		valued,
	}: {
		readonly place: string;
		readonly out: string;
		readonly recipients: string | undefined;
		readonly requests: boolean;
		/** Nodes that are asked what is there now, for requests that say it. */
		readonly rpc?: readonly string[];
		/** Where values are asked for: the options that ask, and what tells papers by other prices apart. */
		readonly valued?: { readonly options: readonly string[]; readonly key: string } | undefined;
	},
): Promise<Papers> {
	const why: string[] = [];
	const folder = join(out, id);
	if (edges.length + leaves.length === 0) return { report: undefined, picture: undefined, packets: [], why: ["nothing moved: no report"] };
	mkdirSync(folder, { recursive: true });
	const name = (paper: string) => (valued === undefined ? paper : `${paper}-${valued.key}`);
	const values = valued?.options ?? [];
	const bundle = join(folder, name("report"));
	const written = await attempt(bundle, why, () =>
		answerTo(context, exportCommand, ["--case", place, "--trace", id, "--out", bundle, ...values]),
	);
	const requests = join(folder, name("requests"));
	const registry = recipients === undefined ? [] : ["--recipients", recipients];
	const ask = ["--case", place, "--trace", id, "--out", requests, ...registry, ...values];
	const nodes = rpc.flatMap((url) => ["--rpc", url]);
	const asked = wanted && (await attempt(requests, why, () => answerTo(context, freezeCommand, [...ask, ...nodes])));
	return {
		report: written ? join(bundle, "report.html") : undefined,
		picture: written ? join(bundle, "flow.svg") : undefined,
		packets: asked ? packetsIn(requests) : [],
		why,
	};
}

/** True where the folder is there afterwards. Throws what is no bad input, no conflict of the case with its trace, and of no node. */
async function attempt(folder: string, why: string[], write: () => Promise<unknown>): Promise<boolean> {
	if (existsSync(folder)) return true;
	try {
		await write();
	} catch (error) {
		if (!(error instanceof InputError || error instanceof NodeError || (error instanceof ClewError && error.code === "CONFLICT")))
			throw error;
		why.push(error.message);
	}
	return existsSync(folder);
}

function packetsIn(folder: string): Papers["packets"] {
	return readdirSync(folder, { withFileTypes: true })
		.filter((entry) => entry.isDirectory())
		.map(({ name }) => ({ folder: join(folder, name), entity: name.slice(name.indexOf("-") + 1) }))
		.sort((a, b) => compareText(a.folder, b.folder));
}
