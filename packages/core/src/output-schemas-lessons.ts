import { z } from "zod";
import { whole } from "./output-parts.js";

const integer = z
	.string()
	.regex(/^[0-9]+$/)
	.describe("in base units");

const channel = z.enum(["wallet", "chat", "mail", "phone", "site"]);
const drilled = z.enum([...channel.options, "all"]);
const moment = z.string().describe("ISO time");

/** Outputs of commands for people: guides and drills. */
export const lessonSchemas = {
	"clew.guide/1": z.strictObject({
		schema: z.literal("clew.guide/1"),
		topic: z.string(),
		title: z.string(),
		language: z.string(),
		draft: z.string().describe("says that nobody who speaks the language has read it; empty of English"),
		first: z.string(),
		sections: z.array(z.strictObject({ heading: z.string(), items: z.array(z.string()), steps: z.boolean().describe("in this order") })),
	}),
	"clew.drill/1": z.strictObject({
		schema: z.literal("clew.drill/1"),
		channel: drilled,
		seed: whole,
		language: z.string(),
		messages: z.array(
			z.strictObject({
				number: whole,
				channel,
				text: z.array(z.string()),
				trap: z.boolean().optional().describe("this and the following are absent without answers"),
				said: z.boolean().optional().describe("true: it was called a trap"),
				why: z.string().optional(),
			}),
		),
		score: z.strictObject({ traps: whole, hits: whole, benign: whole, alarms: whole }).optional(),
		next: moment.optional().describe("when the same drill is due again"),
	}),
	"clew.drills-due/1": z.strictObject({
		schema: z.literal("clew.drills-due/1"),
		next: z.array(z.strictObject({ channel: drilled, last: moment, due: moment, isDue: z.boolean() })),
	}),
	"clew.drill-investigate/1": z.union([
		z
			.strictObject({
				schema: z.literal("clew.drill-investigate/1"),
				seed: whole,
				size: whole,
				case: z.string(),
				victim: z.string(),
				transaction: z.string(),
				amount: integer,
			})
			.describe("the task"),
		z
			.strictObject({
				schema: z.literal("clew.drill-investigate/1"),
				playbook: z.string(),
				rightThousandths: whole.describe("of the stolen money, placed where it is"),
				stolen: integer,
				right: integer,
				wrong: integer.describe("placed where none of it is, or more than is there"),
				accused: z.array(z.string()).describe("accounts that were named and hold none of it"),
				ends: z.array(z.strictObject({ account: z.string(), there: integer, found: integer })),
			})
			.describe("the marks"),
	]),
};
