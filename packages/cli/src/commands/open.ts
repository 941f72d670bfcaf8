import { spawn } from "node:child_process";
import type { ChainId } from "@clew/core";
import { openExplorer } from "@clew/web";
import { Command, InvalidArgumentError } from "@commander-js/extra-typings";
import { CASE_OPTION, onChain, withCase } from "../case-file.js";
import type { Context } from "../context.js";
import { BY_OPTION } from "../custody-statement.js";
import { storedTrace } from "../stored-trace.js";

const MAX_PORT = 65_535;

/** `clew open`: a trace as a local web page. */
export function openCommand(context: Context) {
	return new Command("open")
		.description("look at a trace: a web page of this machine alone, read-only without --write; Ctrl-C ends it")
		.option(...CASE_OPTION)
		.option("--trace <id>", "which trace: its id, or 'last'", "last")
		.option("--port <n>", "where it listens on 127.0.0.1 (default: any that is free)", portNumber, 0)
		.option("--no-browser", "print the link only")
		.option("--write", "let the page write notes, names, groups, places, what is hidden and decisions into the case", false)
		.option(...BY_OPTION)
		.action((options) =>
			withCase(options, async (store) => {
				const first = await storedTrace(store, options.trace);
				const explorer = await openExplorer({
					store: onChain(store, first.chain as ChainId),
					traceOf: (wanted) => (wanted === first.id ? Promise.resolve(first) : storedTrace(store, wanted)),
					port: options.port,
					...(options.write ? { now: () => context.now() } : {}),
				});
				try {
					const link = `${explorer.link}${options.trace === "last" ? "" : `#${first.id}`}`;
					context.print(`trace ${first.id}: ${link}`);
					context.print("the link opens once, in one browser of this machine; Ctrl-C ends it");
					if (options.browser) showInBrowser(link, (why) => context.note(why));
					await new Promise<void>((resolve) => context.signal.addEventListener("abort", () => resolve(), { once: true }));
				} finally {
					await explorer.close();
				}
			}),
		);
}

function portNumber(text: string): number {
	if (!/^\d{1,5}$/.test(text) || Number(text) > MAX_PORT) throw new InvalidArgumentError("a number from 0 (any) to 65535");
	return Number(text);
}

/** What opens a link on each system. */
const OPENERS: Readonly<Partial<Record<NodeJS.Platform, readonly [string, ...string[]]>>> = {
	darwin: ["open"],
	win32: ["rundll32", "url.dll,FileProtocolHandler"],
};

/** Where there is no browser to open, the link that was printed is the way. */
function showInBrowser(link: string, note: (why: string) => void): void {
	const [program, ...args] = OPENERS[process.platform] ?? ["xdg-open"];
	const child = spawn(program, [...args, link], { stdio: "ignore", detached: true });
	child.once("error", () => note("no browser could be opened: open the link yourself"));
	child.unref();
}
