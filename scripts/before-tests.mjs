// Tests that run clew run what is built: the command line and the explorer's page are put together anew where the packages were built since.
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { buildApp } from "./app.mjs";
import { buildExplorer } from "./explorer.mjs";

export async function setup() {
	await buildExplorer();
	if (existsSync(fileURLToPath(new URL("../packages/cli/dist/main.js", import.meta.url)))) await buildApp();
}
