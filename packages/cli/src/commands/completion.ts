import { Command } from "@commander-js/extra-typings";
import { type CompletedCommand, SHELLS, scriptFor } from "../completion.js";
import type { Context } from "../context.js";

/** `clew completion`: what a shell loads to complete command lines. */
export function completionCommand(context: Context) {
	return new Command("completion")
		.description("what a shell loads to complete command lines: `source <(clew completion bash)`, in fish `clew completion fish | source`")
		.argument("<shell>", `one of ${SHELLS.join(", ")}`)
		.action((shell, _, command) => context.print(scriptFor(shell, command.parent as unknown as CompletedCommand)));
}
