import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));
const overlay = process.env.CLEW_OVERLAY;

/** Gives a module of a package's build from the overlay if it lies there. */
export function load(url, context, next) {
	if (overlay && url.startsWith("file:") && url.includes("/dist/")) {
		const path = join(overlay, fileURLToPath(url).slice(root.length));
		if (existsSync(path)) return { format: "module", source: readFileSync(path, "utf8"), shortCircuit: true };
	}
	return next(url, context);
}
