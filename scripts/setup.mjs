// Installs and builds, only where needed. Node and npm are enough: pnpm comes through npx.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export const root = fileURLToPath(new URL("..", import.meta.url));
const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
const OLDEST_NODE = [20, 19];

/** Runs a command with its output shown; ends this process when it fails. */
export function must(command, args, options = {}) {
	const result = spawnSync(command, args, { cwd: root, stdio: "inherit", shell: process.platform === "win32", ...options });
	if (result.status !== 0) {
		console.error(`\n${[command, ...args].join(" ")} failed${result.error ? `: ${result.error.message}` : ""}`);
		process.exit(result.status ?? 1);
	}
}

/** Runs a program of the workspace. */
export function tool(name, args, options = {}) {
	must(join(root, "node_modules", ".bin", name), args, options);
}

function installed() {
	const stamp = join(root, "node_modules", ".clew-setup");
	const key = createHash("sha256")
		.update(readFileSync(join(root, "pnpm-lock.yaml")))
		.update(process.version)
		.digest("hex");
	if (existsSync(stamp) && readFileSync(stamp, "utf8") === key) return;
	console.log("installing (the first time takes a minute or two) ...");
	must("npx", ["-y", manifest.packageManager, "install", "--frozen-lockfile", "--reporter=append-only", "--loglevel=warn"]);
	mkdirSync(join(root, "node_modules"), { recursive: true });
	writeFileSync(stamp, key);
}

/** Makes sure that dependencies are installed and every package is built. */
export function setup() {
	const [major, minor] = process.versions.node.split(".").map(Number);
	if (major < OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor < OLDEST_NODE[1])) {
		console.error(`Clew needs Node.js ${OLDEST_NODE.join(".")} or newer; this is ${process.versions.node}.`);
		process.exit(1);
	}
	installed();
	tool("tsc", ["-b"]);
	must(process.execPath, ["scripts/verifier.mjs"]);
	must(process.execPath, ["scripts/starter.mjs"]);
	must(process.execPath, ["scripts/app.mjs"]);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) setup();
