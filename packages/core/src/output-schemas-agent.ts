import { z } from "zod";
import { custodyEntry, whole } from "./output-parts.js";

/** Outputs about what assistants asked and proposed. */
export const agentSchemas = {
	"clew.agent-log/1": z.strictObject({
		schema: z.literal("clew.agent-log/1"),
		logs: z.array(
			z.strictObject({
				name: z.string(),
				broken: z
					.string()
					.nullable()
					.describe("what of its chain of hashes does not hold, or differs from what the custody log says of it"),
				entries: z.array(custodyEntry),
			}),
		),
		gone: z.array(z.string()).describe("logs that the custody log names and that are not beside the case"),
	}),
	"clew.agent-proposals/1": z.strictObject({
		schema: z.literal("clew.agent-proposals/1"),
		proposals: z.array(
			z.strictObject({
				id: z.string(),
				kind: z.enum(["freeze", "label", "watch", "fetch"]),
				account: z.string(),
				trace: z.string().optional().describe("as the assistant was served it: another id where a victim's name was taken out"),
				category: z.string().optional(),
				entity: z.string().optional().describe("the assistant's words, as all that it says why"),
				why: z.string(),
				cites: z.array(z.strictObject({ id: z.string(), fact: z.string().describe("as JSON") })),
				by: z.string().optional().describe("the assistant's program, as it calls itself"),
				at: z.string(),
				log: z.string(),
				entry: whole,
				hash: z.string(),
				state: z.enum(["waiting", "accepted", "refused"]),
			}),
		),
	}),
};
