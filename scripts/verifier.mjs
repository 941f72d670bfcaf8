// Makes the verifier that goes into every bundle: verify.mjs for Node, verify.html for a browser, each one file without anything beside it.
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const source = join(root, "packages/evidence/src/verify");
const target = join(root, "packages/evidence/dist/verifier");

/** Readable on purpose: whoever verifies may want to read what verifies. */
export async function buildVerifier() {
	const { build } = await import("esbuild");
	const bundle = async (entry, platform) => {
		const { outputFiles } = await build({
			entryPoints: [join(source, entry)],
			bundle: true,
			write: false,
			format: "esm",
			platform,
			target: platform === "node" ? "node20" : "es2022",
			legalComments: "inline",
			absWorkingDir: root,
		});
		return outputFiles[0].text;
	};
	mkdirSync(target, { recursive: true });
	writeFileSync(
		join(target, "verify.mjs"),
		`#!/usr/bin/env node\n// The verifier of Clew's evidence bundles, in one file. Apache-2.0.\n${await bundle("main.ts", "node")}`,
	);
	const page = (await bundle("page.ts", "browser")).replaceAll("</script", "<\\/script");
	writeFileSync(
		join(target, "verify.html"),
		readFileSync(join(source, "page.html"), "utf8").replace("/*verifier*/", () => `\n${page}`),
	);
	writeFileSync(
		join(target, "lock.sha256"),
		`${createHash("sha256")
			.update(readFileSync(join(root, "pnpm-lock.yaml")))
			.digest("hex")}\n`,
	);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await buildVerifier();
