import { Command } from "@commander-js/extra-typings";
import type { Context, Finding } from "../context.js";
import { agentJailCommand } from "./agent-jail.js";
import { agentLogCommand, agentTextCommand } from "./agent-log.js";
import { agentProposalsCommand } from "./agent-proposals.js";
import { agentServeCommand } from "./agent-serve.js";

/** `clew agent`: a case for an assistant to read, and a place where its tools can do no harm. */
export function agentCommand(context: Context, finding: Finding) {
	return new Command("agent")
		.description("serve a case to an assistant, read-only and isolated; run its tools where they reach nothing")
		.addCommand(agentServeCommand(context))
		.addCommand(agentJailCommand(context))
		.addCommand(agentProposalsCommand(context))
		.addCommand(agentLogCommand(context, finding))
		.addCommand(agentTextCommand(context));
}
