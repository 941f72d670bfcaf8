import { custodyStatement, type GraphStore, InputError } from "@clew/core";
import { beginCopy, copyCase, isPartialCopy } from "@clew/graph-store";
import { Command } from "@commander-js/extra-typings";
import { createStore, openStore, showPlace } from "../case-file.js";
import type { Context } from "../context.js";
import { noteDone } from "../custody-notes.js";
import { BY_OPTION, type StatementOptions, statedBy, WHY_OPTION } from "../custody-statement.js";
import { moved } from "../output.js";

/** `clew store copy`: moves a case between a file and Neo4j. */
export function storeCommand(context: Context) {
	const command = new Command("store").description("where cases are kept");
	command
		.command("copy")
		.description("copy a case with all it holds, from a file to Neo4j or back; interrupted, it goes on when called again")
		.requiredOption("--from <place>", "case file, or neo4j://host:port/database?case=ID")
		.requiredOption("--to <place>", "file to make, or neo4j://host:port/database")
		.option(...BY_OPTION)
		.option(...WHY_OPTION)
		.action(async ({ from, to, ...stated }) => {
			const source = await openStore(from, { stated });
			try {
				const { id, title, chain, createdAt } = source.info;
				// A copy's log begins as the other does, whatever program made that.
				const [first] = await source.custody();
				const request = { title, chain, at: createdAt, stated: custodyStatement(first ?? {}) };
				const target = await createStore(to, request).then(
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
					await noteCopy(context, source, target, { from, to }, stated);
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

/** Both cases say that one was copied: the last entry that they share, and from where or to where. */
async function noteCopy(
	context: Context,
	source: GraphStore,
	target: GraphStore,
	{ from, to }: { readonly from: string; readonly to: string },
	stated: StatementOptions,
): Promise<void> {
	const last = (await target.custody()).at(-1);
	const shared = last === undefined ? "nothing" : `everything up to entry ${last.sequence}, sha256 ${last.hash}`;
	await noteDone(context, target, "case copied here", `from ${showPlace(from)}: ${shared}`, statedBy(stated));
	await noteDone(context, source, "case copied", `to ${showPlace(to)}: ${shared}`);
}

/** The unfinished copy at the target; otherwise the error that was met when making it. */
async function resume(to: string, id: string, error: unknown) {
	if (!(error instanceof InputError) || error.code !== "USAGE") throw error;
	const store = await openStore(to.includes("://") && !to.includes("case=") ? `${to}${to.includes("?") ? "&" : "?"}case=${id}` : to);
	if (store.info.id === id && (await isPartialCopy(store))) return store;
	await store.close();
	throw error;
}
