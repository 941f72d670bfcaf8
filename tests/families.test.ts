import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { FAMILIES, ledgerOf } from "@clew/core";
import { expect, it } from "vitest";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const COMMENT = /\/\*[\s\S]*?\*\/|(?<=^|\s)\/\/.*$/gm;
/** Asking whether a chain is of one family, by name or by the namespace of its ids, which may be a word with other uses. */
const ASKS = new RegExp(
	[
		"isUtxo",
		"is(Bitcoin|Tron)\\b",
		...FAMILIES.map(({ namespace }) => (/[0-9]/.test(namespace) ? namespace : `(?<![a-z])${namespace}:`)),
	].join("|"),
	"gi",
);
/** Where each package keeps what it knows of one family. */
const FOLDERS = ["core/src/chain-family", "chains/src", "evidence/src/verify"].flatMap((folder) =>
	["evm", "bitcoin", "tron"].map((family) => `packages/${folder}/${family}/`),
);
/** Files that may name a namespace, with the number of places and the reason. */
const EXCEPTIONS: Readonly<Record<string, readonly [places: number, why: string]>> = {
	"packages/graph-store/src/sqlite/schema.ts": [6, "a migration of stored text, which stays as it ran"],
};

function sources(folder: string): string[] {
	return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
		const path = join(folder, entry.name);
		if (entry.isDirectory()) return sources(path);
		return /\.ts$/.test(entry.name) && !/\.test(-util)?\.ts$/.test(entry.name) ? [path] : [];
	});
}

it("nobody outside a family's folder asks which family a chain is of", () => {
	const found: Record<string, number> = {};
	for (const name of readdirSync(join(ROOT, "packages")))
		for (const path of sources(join(ROOT, "packages", name, "src"))) {
			const file = relative(ROOT, path).replaceAll("\\", "/");
			if (FOLDERS.some((folder) => file.startsWith(folder))) continue;
			const places = readFileSync(path, "utf8").replace(COMMENT, "").match(ASKS)?.length ?? 0;
			if (places > 0) found[file] = places;
		}
	expect(found).toEqual(Object.fromEntries(Object.entries(EXCEPTIONS).map(([file, [places]]) => [file, places])));
});

it("every family says where its money lies, and of each of its chains what it is called", () => {
	for (const { chains, ledger, chainName, main, names, typedChain } of FAMILIES) {
		expect(chains).toContain(main);
		for (const chain of chains) expect([ledgerOf(chain), chainName(chain)]).toEqual([ledger, expect.any(String)]);
		for (const name of names) expect(chains).toContain(typedChain(name));
	}
});
