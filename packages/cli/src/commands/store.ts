import { InputError } from "@clew/core";
import { beginCopy, copyCase, isPartialCopy } from "@clew/graph-store";
import { Command } from "@commander-js/extra-typings";
import { createStore, openStore, showPlace } from "../case-file.js";
import type { Context } from "../context.js";
import { moved } from "../output.js";

/** `clew store copy`: moves a case between a file and Neo4j. */
export function storeCommand(context: Context) {
	const command = new Command("store").description("where cases are kept");
	command
		.command("copy")
		.description("copy a case with all it holds, from a file to Neo4j or back; interrupted, it goes on when called again")
		.requiredOption("--from <place>", "case file, or neo4j://host:port/database?case=ID")
		.requiredOption("--to <place>", "file to make, or neo4j://host:port/database")
		.action(async ({ from, to }) => {
			const source = await openStore(from);
			try {
				const { id, title, chain, createdAt } = source.info;
				const target = await createStore(to, { title, chain, at: createdAt }).then(
					async (store) => {
						await beginCopy(store);
						return store;
					},
					(error) => resume(to, id, error),
				);
				try {
					await copyCase(source, target, {
						signal: context.signal,
						onProgress: (height) => context.progress(`copied up to block ${height}`),
					});
					context.clearProgress();
					context.print(`case ${id} copied to ${showPlace(to)}: ${moved(await target.counts())}`);
				} finally {
					await target.close();
				}
			} finally {
				await source.close();
			}
		});
	return command;
}

/** The unfinished copy at the target; otherwise the error that was met when making it. */
async function resume(to: string, id: string, error: unknown) {
	if (!(error instanceof InputError) || error.code !== "USAGE") throw error;
	const store = await openStore(to.includes("://") && !to.includes("case=") ? `${to}${to.includes("?") ? "&" : "?"}case=${id}` : to);
	if (store.info.id === id && (await isPartialCopy(store))) return store;
	await store.close();
	throw error;
}
