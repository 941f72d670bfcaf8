import { readFileSync } from "node:fs";

/** Parsed content of a file of fixtures/evm-chains: headers, blocks or transactions of chains with forms of their own. */
export function chainFixture(name: string): unknown {
	return JSON.parse(readFileSync(new URL(`../../../../fixtures/evm-chains/${name}.json`, import.meta.url), "utf8"));
}
