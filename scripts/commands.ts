// Writes the pages of docs/commands from the definitions of the commands and their examples; a test compares them with what is committed.
import { mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describedProgram } from "../packages/cli/src/run.js";
import { commandPages } from "./commands/pages.js";

const folder = fileURLToPath(new URL("../docs/commands/", import.meta.url));
mkdirSync(folder, { recursive: true });
for (const name of readdirSync(folder)) rmSync(join(folder, name));
for (const [name, text] of commandPages(await describedProgram())) writeFileSync(join(folder, name), text);
