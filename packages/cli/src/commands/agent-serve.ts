import { randomBytes } from "node:crypto";
import { DEFAULT_BUDGET, ENDED, logFolderOf, SessionLog, serve } from "@clew/agent";
import { CUSTODY_GENESIS, type GraphStore, InputError } from "@clew/core";
import { Command } from "@commander-js/extra-typings";
import { positive } from "../arguments.js";
import { CASE_OPTION, casePlace, openStore } from "../case-file.js";
import type { Context } from "../context.js";
import { writeServedCopy } from "../served-copy.js";

const LOOPBACK = /^(127\.0\.0\.1|localhost|\[::1\]):(\d{1,5})$/;
const STORE = /^[a-z0-9+]+:\/\//i;
const NAME_BYTES = 4;

/** `clew agent serve`: the case over the Model Context Protocol. */
export function agentServeCommand(context: Context) {
	return new Command("serve")
		.description("serve a case over the Model Context Protocol: read-only, from a copy without victims' names, in a jail without network")
		.option(...CASE_OPTION)
		.option("--stdio", "one client, over standard input and output (default)", false)
		.option("--http <host:port>", "clients of this machine, over HTTP; port 0: any")
		.option("--no-jail", "without bubblewrap: the served process may then do all that your user may")
		.option("--max-calls <n>", "calls of all sessions; a search counts several", positive, DEFAULT_BUDGET.calls)
		.option("--max-rows <n>", "facts told in all sessions", positive, DEFAULT_BUDGET.rows)
		.option("--max-bytes <n>", "bytes answered in all sessions", positive, DEFAULT_BUDGET.bytes)
		.option("--max-seconds <n>", "time spent answering in all sessions", positive, DEFAULT_BUDGET.seconds)
		.action(async (options) => {
			if (options.stdio && options.http !== undefined) throw new InputError("--stdio and --http exclude each other", { code: "USAGE" });
			const [, host = "", port = ""] = LOOPBACK.exec(options.http ?? "") ?? [];
			if (options.http !== undefined && (host === "" || Number(port) > 65_535))
				throw new InputError(`${options.http} is not on this machine alone`, {
					code: "USAGE",
					hint: "Write 127.0.0.1:PORT, localhost:PORT or [::1]:PORT.",
				});
			const place = casePlace(options);
			if (STORE.test(place))
				throw new InputError("clew agent serves a case that is a file", {
					code: "USAGE",
					hint: "Copy it first: clew store copy --from PLACE --to FILE.",
				});
			const tool = `clew ${context.version}`;
			const name = `${context.now().replaceAll(":", "-")}-${randomBytes(NAME_BYTES).toString("hex")}.jsonl`;
			let anchored = Promise.resolve();
			// Another program may be writing the case: the next one, or the last, then names this one, too.
			const onGrown = () => {
				anchored = anchored.then(() => anchor(place, name, log, context.now())).catch(() => undefined);
			};
			const log = new SessionLog(logFolderOf(place), name, { now: () => context.now(), tool, onGrown });
			const head = await withStore(place, async (store) => ({ id: store.info.id, last: (await store.custody()).at(-1) }));
			log.note(
				"served",
				`case ${head.id}; last entry of its custody log ${head.last?.sequence ?? 0}, ${head.last?.hash ?? CUSTODY_GENESIS}`,
			);
			await anchor(place, name, log, context.now());
			try {
				await serve({
					copyTo: (to) => withStore(place, (store) => writeServedCopy(store, place, to, context.now())),
					log,
					budget: { calls: options.maxCalls, rows: options.maxRows, bytes: options.maxBytes, seconds: options.maxSeconds },
					version: context.version,
					jailed: options.jail,
					...(options.http === undefined ? {} : { http: { host, port: Number(port) } }),
					onReady: (url) => context.print(`serving to clients of this machine: ${url}`),
					signal: context.signal,
				});
			} finally {
				await anchored;
				log.note(ENDED, "");
				await anchor(place, name, log, context.now());
			}
		});
}

/** The case is open only while it is read or written: nothing of it stays in memory. */
async function withStore<T>(place: string, work: (store: GraphStore) => Promise<T>): Promise<T> {
	const store = await openStore(place);
	try {
		return await work(store);
	} finally {
		await store.close();
	}
}

/** The case's own log says how far the log beside it goes, at its beginning, now and then, and at its end, so that nobody cuts or changes it afterwards unseen. */
async function anchor(place: string, name: string, { head }: SessionLog, at: string): Promise<void> {
	if (head === undefined) return;
	await withStore(place, (store) =>
		store.appendCustody(at, "assistant served", `log ${name}: ${head.entries} entries, the last ${head.hash}`),
	);
}
