// Tests that run clew run what is built: the command line is put together anew where the packages were built since.
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { buildApp } from "./app.mjs";

export async function setup() {
	if (existsSync(fileURLToPath(new URL("../packages/cli/dist/main.js", import.meta.url)))) await buildApp();
}
