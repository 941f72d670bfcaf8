// Makes one installable package of the command line: `npm install -g clew-cli-VERSION.tgz`. The project's other packages travel inside it;
// what is not ours is named with the range that the workspace uses, and npm fetches it. Usage: node scripts/pack.mjs [FOLDER] [--built].
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { must, root, setup } from "./setup.mjs";

const { packageManager } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
const QUIET = ["ignore", "ignore", "inherit"];
const OURS = /^@clew\//;

/** Packs one package, so that its manifest names versions that a registry knows, and unpacks it again. */
function unpacked(name, work) {
	const place = join(work, name);
	mkdirSync(place);
	const folder = join(root, "packages", name);
	must("npx", ["-y", packageManager, "pack", "--pack-destination", place], { cwd: folder, stdio: QUIET });
	must("tar", ["-xzf", join(place, readdirSync(place)[0]), "-C", place]);
	const packed = join(place, "package");
	return { packed, manifest: JSON.parse(readFileSync(join(packed, "package.json"), "utf8")) };
}

/** The packages of this project that one needs, itself first. */
function needed(name, work, found = new Map()) {
	if (found.has(name)) return found;
	const one = unpacked(name, work);
	found.set(name, one);
	for (const other of Object.keys(one.manifest.dependencies)) if (OURS.test(other)) needed(other.replace(OURS, ""), work, found);
	return found;
}

/** Packs the command line into a folder. */
function pack(folder) {
	const work = mkdtempSync(join(tmpdir(), "clew-pack-"));
	try {
		const [cli, ...others] = needed("cli", work).values();
		const dependencies = {};
		for (const { manifest } of [cli, ...others])
			for (const [name, range] of Object.entries(manifest.dependencies)) if (!OURS.test(name)) dependencies[name] = range;
		const bundleDependencies = others.map(({ manifest }) => manifest.name).sort();
		for (const { packed, manifest } of others) {
			dependencies[manifest.name] = manifest.version;
			cpSync(packed, join(cli.packed, "node_modules", manifest.name), { recursive: true });
		}
		const sorted = Object.fromEntries(Object.entries(dependencies).sort(([a], [b]) => (a < b ? -1 : 1)));
		writeFileSync(
			join(cli.packed, "package.json"),
			`${JSON.stringify({ ...cli.manifest, dependencies: sorted, bundleDependencies }, undefined, 2)}\n`,
		);
		mkdirSync(folder, { recursive: true });
		must("npm", ["pack", "--silent", "--pack-destination", resolve(folder)], { cwd: cli.packed });
	} finally {
		rmSync(work, { recursive: true, force: true });
	}
}

const { values, positionals } = parseArgs({ allowPositionals: true, options: { built: { type: "boolean", default: false } } });
if (!values.built) setup();
pack(positionals[0] ?? root);
