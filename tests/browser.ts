import { existsSync } from "node:fs";
import { missing } from "../scripts/services/service.js";

/** Where systems keep Chromium. `CLEW_CHROMIUM` wins. Undefined where there is none, which is said in one line; in CI that throws. */
export function chromiumPath(): string | undefined {
	const places = [
		process.env["CLEW_CHROMIUM"] ?? "",
		"/usr/bin/chromium",
		"/usr/bin/chromium-browser",
		"/usr/bin/google-chrome",
		"/snap/bin/chromium",
	];
	return (
		places.find((path) => path !== "" && existsSync(path)) ??
		missing("the page of the verifier is tried in Chromium, and there is none; install the package chromium, or set CLEW_CHROMIUM")
	);
}
