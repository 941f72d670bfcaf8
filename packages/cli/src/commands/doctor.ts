import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readerOf } from "@clew/chains";
import { type ChainId, ClewError, DEFAULT_CHAIN, defang, mustBeChained, parseFollowedChain } from "@clew/core";
import { createCase } from "@clew/graph-store";
import { findOrphans, orphanLines } from "@clew/workers";
import { Command } from "@commander-js/extra-typings";
import { openStore } from "../case-file.js";
import type { Context } from "../context.js";
import { placeOf } from "../endpoint-book.js";
import { keptTrace, traceLogOf } from "../kept-trace.js";
import { NODE_VARIABLES, openNode } from "../node.js";
import { json, moved } from "../output.js";

interface Check {
	readonly name: string;
	readonly ok: boolean;
	readonly detail: string;
}

const OLDEST_NODE = [20, 19] as const;

/** `clew doctor`: does everything that Clew needs work here? Exit 1 when something does not. */
export function doctorCommand(context: Context, finding: () => void) {
	return new Command("doctor")
		.description("check this machine, and with --case or --rpc a case and a node")
		.option("--case <file>", "open this case and check its custody log and its kept traces")
		.option("--rpc <url>", `ask this node what it can do (default: ${NODE_VARIABLES})`)
		.option("--chain <id>", `chain the node should serve (default: the case's, else ${DEFAULT_CHAIN})`)
		.option("--json", "as one JSON object", false)
		.action(async (options) => {
			const checks = [nodeVersion(), await check("embedded store", tryStore)];
			const place = options.case ?? (process.env["CLEW_CASE"] || undefined);
			let chain = parseFollowedChain(options.chain ?? DEFAULT_CHAIN);
			if (place !== undefined)
				checks.push(
					await check("case", async () => {
						const tried = await tryCase(place);
						if (options.chain === undefined) chain = tried.chain;
						return tried.detail;
					}),
				);
			const { nodeVariable, tryNode } = readerOf(chain);
			const rpc = options.rpc ?? process.env[nodeVariable];
			if (rpc)
				checks.push(
					await check("node", async () => tryNode(placeOf(rpc, chain, "blocks").url, chain, { attempts: 2, signal: context.signal })),
				);
			if (rpc && place !== undefined) checks.push(await check("case and node", () => compareCase(context, place, chain, rpc)));
			if (checks.some((c) => !c.ok)) finding();
			if (options.json) return context.print(json({ schema: "clew.doctor/1", checks }));
			for (const c of checks)
				context.print(`${c.ok ? context.colours.green("ok  ") : context.colours.red("FAIL")} ${c.name}: ${defang(c.detail)}`);
		});
}

async function check(name: string, work: () => Promise<string>): Promise<Check> {
	try {
		return { name, ok: true, detail: await work() };
	} catch (error) {
		// A path that is not there is a mistake in usage, in every command.
		if (error instanceof ClewError && error.code === "USAGE") throw error;
		return { name, ok: false, detail: error instanceof Error ? error.message : String(error) };
	}
}

function nodeVersion(): Check {
	const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
	const ok = major > OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor >= OLDEST_NODE[1]);
	return { name: "Node.js", ok, detail: `${process.versions.node}${ok ? "" : `; at least ${OLDEST_NODE.join(".")} is needed`}` };
}

async function tryStore(): Promise<string> {
	const folder = mkdtempSync(join(tmpdir(), "clew-doctor-"));
	try {
		const store = await createCase(join(folder, "probe.clew"), {
			title: "probe",
			chain: DEFAULT_CHAIN,
			at: "1970-01-01T00:00:00Z",
		});
		await store.close();
		return "SQLite opens, writes and closes";
	} finally {
		rmSync(folder, { recursive: true, force: true });
	}
}

/** Whether the case stands on the node's chain. Throws ClewError where it does not. */
async function compareCase(context: Context, place: string, chain: ChainId, rpc: string): Promise<string> {
	const store = await openStore(place);
	const node = await openNode(context, chain, { rpc: [rpc] });
	try {
		const orphans = await findOrphans(store, node);
		const lines = orphanLines(orphans);
		if (orphans.from !== undefined || orphans.ofFiles.length > 0) throw new ClewError("CONFLICT", lines.join("; "));
		const { agreed } = orphans;
		return [agreed === undefined ? "no block of both to compare" : `block ${agreed} of the case is the node's`, ...lines].join("; ");
	} finally {
		node.close();
		await store.close();
	}
}

async function tryCase(place: string): Promise<{ readonly detail: string; readonly chain: ChainId }> {
	const store = await openStore(place);
	try {
		const counts = await store.counts();
		const { title, chain } = store.info;
		const custody = await store.custody();
		mustBeChained(custody);
		const log = traceLogOf(custody);
		for (const id of await store.traceIds()) keptTrace(id, (await store.trace(id)) ?? [], log);
		return { detail: `${title}: ${chain}, ${moved(counts)}, ${custody.length} custody entries`, chain };
	} finally {
		await store.close();
	}
}
