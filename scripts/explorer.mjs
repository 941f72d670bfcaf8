// Makes the page of the explorer: packages/web/dist/page/explorer.html, one file with its own script and style and nothing from elsewhere.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const source = join(root, "packages/web/src/page");
const target = join(root, "packages/web/dist/page");

/** Readable on purpose: whoever looks at evidence may want to read what shows it. */
export async function buildExplorer() {
	const { build } = await import("esbuild");
	const { outputFiles } = await build({
		entryPoints: [join(source, "main.ts")],
		bundle: true,
		write: false,
		format: "esm",
		platform: "browser",
		target: "es2022",
		legalComments: "inline",
		absWorkingDir: root,
	});
	const script = outputFiles[0].text.replaceAll("</script", "<\\/script");
	const style = readFileSync(join(source, "explorer.css"), "utf8");
	const page = readFileSync(join(source, "explorer.html"), "utf8")
		.replace("/*style*/", () => `\n${style}`)
		.replace("/*script*/", () => `\n${script}`);
	mkdirSync(target, { recursive: true });
	writeFileSync(join(target, "explorer.html"), page);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await buildExplorer();
