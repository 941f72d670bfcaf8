import { homedir } from "node:os";
import { join } from "node:path";

/** A file of Clew's in the user's data folder, unless an environment variable names another place. */
export function dataFile(name: string, variable: string): string {
	return process.env[variable] || join(process.env["XDG_DATA_HOME"] || join(homedir(), ".local", "share"), "clew", name);
}
