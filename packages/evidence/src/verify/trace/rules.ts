import type { Amounts } from "../bundle/formats.js";
import { ledgerOf } from "../chain-family/registry.js";

/** The one rule that conserves nothing. */
export const POISON = "poison";

/** Every rule of an account chain, and of one whose money lies on outputs, in the order of results. */
const RULES = {
	accounts: ["fifo", "lifo", "haircut", POISON, "libr", "difo", "dilo"],
	outputs: ["fifo", "lifo", "haircut", POISON, "tiho", "difo", "dilo"],
} as const;

/** The rules that a trace of a chain can run. */
export function rulesOf(chain: string): readonly string[] {
	return RULES[ledgerOf(chain)];
}

/** Those that conserve value: what is asked for is what all of them agree on. */
export function conservingRulesOf(chain: string): readonly string[] {
	return rulesOf(chain).filter((rule) => rule !== POISON);
}

/** Rules whose amounts are claims, which may overlap and are never added up over origins. */
export function isClaim(rule: string): boolean {
	return rule === "libr" || rule === POISON;
}

/** True where an amount stands under each of the rules, and under no other. */
export function statesEach(amounts: Amounts, rules: readonly string[]): boolean {
	return Object.keys(amounts).sort().join() === [...rules].sort().join();
}
