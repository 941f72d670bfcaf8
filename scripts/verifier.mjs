// Makes the verifier that goes into every bundle: verify.mjs for Node, verify.html for a browser, each one file without anything beside it;
// and notes what this build was made of: the hash of the lock file, and that of all sources, by which builds of one version are told apart.
import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const source = join(root, "packages/evidence/src/verify");
const target = join(root, "packages/evidence/dist/verifier");

const sha256 = (content) => createHash("sha256").update(content).digest("hex");

// In a clean checkout: git ls-files packages/*/src | LC_ALL=C sort | xargs sha256sum | sha256sum
function sourceHash() {
	const paths = readdirSync(join(root, "packages"))
		.flatMap((name) => readdirSync(join(root, "packages", name, "src"), { recursive: true }).map((path) => `packages/${name}/src/${path}`))
		.map((path) => path.replaceAll("\\", "/"))
		.filter((path) => statSync(join(root, path)).isFile())
		.sort();
	return sha256(paths.map((path) => `${sha256(readFileSync(join(root, path)))}  ${path}\n`).join(""));
}

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
	writeFileSync(join(target, "lock.sha256"), `${sha256(readFileSync(join(root, "pnpm-lock.yaml")))}\n`);
	writeFileSync(join(root, "packages/cli/dist/source.sha256"), `${sourceHash()}\n`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await buildVerifier();
