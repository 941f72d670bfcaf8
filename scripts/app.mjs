// Makes the command line that starts fast: one module a command with what it needs, in packages/cli/dist/app. Loading some thousand small
// modules takes longer than running most commands. What it is made of is the built packages; it is made anew after each build.

import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const target = join(root, "packages/cli/dist/app");
const ENTRY = "packages/cli/dist/main.js";

/** Loaded from where they are installed, with the package that names them: native code, files beside the code, threads, scripts for a server. */
const INSTALLED = {
	"better-sqlite3": "graph-store",
	"neo4j-driver": "graph-store",
	bullmq: "workers",
	ioredis: "workers",
	"prom-client": "workers",
	pino: "cli",
	pdfkit: "evidence",
};

/** What bundled code of others may ask for, and how what is installed is found. */
const BANNER = `import { createRequire as requireFrom } from "node:module";
const require = requireFrom(import.meta.url);
const installedWith = (owner, name) => requireFrom(owner === "cli" ? import.meta.url : import.meta.resolve("@clew/" + owner))(name);`;

const LICENCE = /^(licen[cs]e|copying|notice)/i;

/** `import.meta.url` of a module of ours is the module's own place, wherever the package is installed. */
const ownPlaces = {
	name: "own places",
	setup(build) {
		build.onLoad({ filter: /[\\/]packages[\\/][a-z-]+[\\/]dist[\\/].*\.js$/ }, ({ path }) => {
			const text = readFileSync(path, "utf8");
			if (!text.includes("import.meta.url")) return undefined;
			const [, name, inside] = /packages\/([a-z-]+)\/dist\/(.*)$/.exec(path.split(sep).join("/"));
			const place =
				name === "cli" ? `new URL("../${inside}", import.meta.url)` : `new URL("./${inside}", import.meta.resolve("@clew/${name}"))`;
			return { contents: text.replaceAll("import.meta.url", `${place}.href`), loader: "js" };
		});
	},
};

const installed = {
	name: "installed",
	setup(build) {
		const names = new RegExp(`^(${Object.keys(INSTALLED).join("|")})$`);
		build.onResolve({ filter: names }, ({ path }) => ({ path, namespace: "installed", sideEffects: false }));
		build.onLoad({ filter: /.*/, namespace: "installed" }, ({ path }) => {
			const owner = INSTALLED[path];
			const found = createRequire(join(root, "packages", owner, "package.json"))(path);
			const names = Object.keys(found).filter((name) => /^[A-Za-z_$][\w$]*$/.test(name) && name !== "default");
			const loaded = `const it = installedWith(${JSON.stringify(owner)}, ${JSON.stringify(path)});\nexport default it;`;
			return { contents: `${loaded}\n${names.map((name) => `export const ${name} = it.${name};`).join("\n")}`, loader: "js" };
		});
	},
};

/** The packages of others that are in it, each with its licence's text: whoever passes it on passes these on. */
function notices(inputs) {
	const folders = new Set(Object.keys(inputs).flatMap((path) => /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1] ?? []));
	const texts = [...folders].map((folder) => {
		const place = join(root, folder);
		const { name, version, license } = JSON.parse(readFileSync(join(place, "package.json"), "utf8"));
		const files = readdirSync(place).filter((file) => LICENCE.test(file));
		return `${name} ${version} (${license})\n\n${files.map((file) => readFileSync(join(place, file), "utf8").trim()).join("\n\n")}\n`;
	});
	return `${[...new Set(texts)].sort().join(`\n${"-".repeat(72)}\n\n`)}`;
}

/** Builds it beside the last one, and puts it in its place where it differs: whoever runs that meanwhile is not disturbed. */
export async function buildApp() {
	const { build } = await import("esbuild");
	const { outputFiles, metafile } = await build({
		entryPoints: [{ in: join(root, ENTRY), out: "clew" }],
		bundle: true,
		splitting: true,
		write: false,
		metafile: true,
		format: "esm",
		platform: "node",
		target: "node20",
		outdir: target,
		absWorkingDir: root,
		legalComments: "none",
		logLevel: "error",
		plugins: [ownPlaces, installed],
		banner: { js: BANNER },
	});
	const files = new Map(outputFiles.map(({ path, text }) => [relative(target, path), text]));
	files.set("THIRD-PARTY-LICENCES.txt", notices(metafile.inputs));
	const same = (name, text) => existsSync(join(target, name)) && readFileSync(join(target, name), "utf8") === text;
	if ([...files].every(([name, text]) => same(name, text)) && readdirSync(target).length === files.size) return;
	const fresh = `${target}.${process.pid}`;
	for (const [name, text] of files) {
		mkdirSync(dirname(join(fresh, name)), { recursive: true });
		writeFileSync(join(fresh, name), text);
	}
	rmSync(target, { recursive: true, force: true });
	renameSync(fresh, target);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await buildApp();
