import { ClewError, canonicalJson, compareText, sha256Hex } from "@clew/core";
import { z } from "zod";
import { KINDS } from "./facts.js";
import { OWN_WORDS } from "./own-words.js";
import { ANSWER, CHECKED, TOOLS, type ToolSpec } from "./tools.js";

/**
 * SHA-256 of what was reviewed: every tool as a client sees it, its tier, cost and effect, every field that a fact
 * can have, and every sentence of Clew's own.
 */
export const PINNED = "0432e2b55745d90ee3586933b01b58b1ef59af1b9d07b278c1db4cbf8ee481e2";

/** What is offered now, as canonical JSON. */
export function manifest(tools: Readonly<Record<string, ToolSpec>> = TOOLS): string {
	const listed = Object.entries(tools).map(([name, { input, ...spec }]) => ({ name, ...spec, input: schemaOf(input) }));
	const kinds = Object.entries(KINDS).map(([name, { tier, data }]) => ({ name, tier, data: z.toJSONSchema(data, { io: "input" }) }));
	return canonicalJson({
		tools: listed,
		kinds,
		words: [...OWN_WORDS].sort(compareText),
		answer: schemaOf(ANSWER),
		checked: schemaOf(CHECKED),
	});
}

function schemaOf(shape: z.ZodRawShape): object {
	return z.toJSONSchema(z.object(shape), { io: "input" });
}

/** Throws ClewError (USAGE) where what would be offered is not what was reviewed. */
export function mustBeReviewed(tools: Readonly<Record<string, ToolSpec>> = TOOLS): void {
	const found = sha256Hex(manifest(tools));
	if (found === PINNED) return;
	throw new ClewError("USAGE", `the tools are not those that were reviewed (sha256 ${found}, pinned ${PINNED})`, {
		hint: "Nothing is served. Install Clew anew; whoever changed packages/agent/src/tools.ts or facts.ts reviews it and pins the new hash.",
	});
}
