import { runJailed } from "@clew/agent";
import { InputError, quote } from "@clew/core";
import { Command } from "@commander-js/extra-typings";
import { collect, positive } from "../arguments.js";
import type { Context } from "../context.js";

const LOOPBACK = /^http:\/\/(127\.0\.0\.1|localhost|\[::1\]):\d{1,5}\/?$/;
const MEMORY_MB = 1_024;

/** `clew agent jail`: an assistant's tool server where it can reach nothing else. */
export function agentJailCommand(context: Context) {
	return new Command("jail")
		.description("run a command (an assistant's tool server) where it reaches no network, no file and no other process")
		.argument("<command...>", "after --, with its arguments; its streams are yours")
		.option("--read <path>", "a file or folder that it may read, besides the system's programs; may come several times", collect, [])
		.option("--guard <url>", "a running clew guard, its only node: at http://127.0.0.1:8546 in the jail, and in $CLEW_EVM_RPC")
		.option("--env <name>", "a variable of your environment that it gets; may come several times", collect, [])
		.option("--memory <mb>", "the most that one of its processes may hold", positive, MEMORY_MB)
		.action(async (command, options) => {
			if (options.guard !== undefined && !LOOPBACK.test(options.guard))
				throw new InputError(`${quote(options.guard)} is no guard of this machine`, {
					code: "USAGE",
					hint: "Give the address that clew guard prints, such as http://127.0.0.1:8546.",
				});
			const environment = Object.fromEntries(options.env.flatMap((name) => [[name, process.env[name] ?? ""] as const]));
			const code = await runJailed({
				command,
				reads: options.read,
				...(options.guard === undefined ? {} : { guard: new URL(options.guard) }),
				memoryMb: options.memory,
				environment,
				signal: context.signal,
			});
			if (code !== 0) throw new InputError(`the command ended with ${code}`, { code: "USAGE" });
		});
}
