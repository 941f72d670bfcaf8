// Loaded by every program that a test starts while mutants run: modules of the build are taken from the overlay, and what ran is noted.
import { appendFileSync } from "node:fs";
import { register } from "node:module";
import process from "node:process";

register("./preload-hooks.mjs", import.meta.url);

process.on("exit", () => {
	const [folder, test] = [process.env.CLEW_REACH, process.env.CLEW_REACH_TEST];
	if (!folder || !test || !globalThis.clewReach) return;
	appendFileSync(`${folder}/${encodeURIComponent(test)}`, [...globalThis.clewReach, ""].join("\n"));
});
