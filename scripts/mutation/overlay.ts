import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { transformSync } from "esbuild";

/** Texts that stand in for source files, by path from the root: the files themselves are never written. */
export type Overlay = ReadonlyMap<string, string>;

/** Lays the overlay for programs that tests start from the build: compiled, in `folder`, where `preload.mjs` looks. */
export function layForBuild(overlay: Overlay, folder: string): void {
	rmSync(folder, { recursive: true, force: true });
	for (const [file, text] of overlay) {
		const path = join(folder, file.replace("/src/", "/dist/").replace(/\.ts$/, ".js"));
		mkdirSync(dirname(path), { recursive: true });
		writeFileSync(path, transformSync(text, { loader: "ts", format: "esm", target: "es2023" }).code);
	}
}
