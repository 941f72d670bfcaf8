// Makes the pages of the explorer: packages/web/dist/page/explorer.html, and share.html, which checks and shows what it holds without a
// server. Each is one file with its own script and style and nothing from elsewhere.
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const source = join(root, "packages/web/src");
const target = join(root, "packages/web/dist/page");

/** Readable on purpose: whoever looks at evidence may want to read what shows it. A page that is sent has names, but no spaces. */
async function script(entry, isSent) {
	const { build } = await import("esbuild");
	const { outputFiles } = await build({
		entryPoints: [join(source, entry)],
		bundle: true,
		write: false,
		format: "esm",
		platform: "browser",
		target: "es2022",
		legalComments: "inline",
		minifyWhitespace: isSent,
		minifySyntax: isSent,
		// Modules of evidence that are for Node are left out with what they import.
		external: ["node:*"],
		absWorkingDir: root,
	});
	return `\n${outputFiles[0].text.replaceAll("</script", "<\\/script")}`;
}

/** Data of a shared page, and the policy under which only its own script runs. */
function shared(page, code, style) {
	const hash = (text) => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
	const policy = `default-src 'none'; script-src ${hash(code)}; style-src ${hash(style)}; base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'; trusted-types 'none'`;
	const data = ["rows", "sealed"].map((id) => `<script type="text/plain" id="clew-${id}">/*${id}*/</script>\n`).join("");
	const unchecked =
		"<strong>not checked</strong><p>The script of this page does not run, or not yet: nothing that it says was checked.</p>";
	return page
		.replace('<div id="seal" role="status" hidden></div>', () => `<div id="seal" role="status" class="bad unchecked">${unchecked}</div>`)
		.replace('<meta name="viewport"', () => `<meta http-equiv="Content-Security-Policy" content="${policy}">\n<meta name="viewport"`)
		.replace('<script type="module">', () => `${data}<script type="module">`);
}

export async function buildExplorer() {
	const style = `\n${readFileSync(join(source, "page/explorer.css"), "utf8")}`;
	const page = readFileSync(join(source, "page/explorer.html"), "utf8");
	const filled = (text, code) => text.replace("/*style*/", () => style).replace("/*script*/", () => code);
	mkdirSync(target, { recursive: true });
	writeFileSync(join(target, "explorer.html"), filled(page, await script("page/main.ts", false)));
	const code = await script("share/main.ts", true);
	writeFileSync(join(target, "share.html"), filled(shared(page, code, style), code));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await buildExplorer();
