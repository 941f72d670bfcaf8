import { existsSync } from "node:fs";

/** Where systems keep Chromium. `CLEW_CHROMIUM` wins. */
export function chromiumPath(): string | undefined {
	const places = [
		process.env["CLEW_CHROMIUM"] ?? "",
		"/usr/bin/chromium",
		"/usr/bin/chromium-browser",
		"/usr/bin/google-chrome",
		"/snap/bin/chromium",
	];
	return places.find((path) => path !== "" && existsSync(path));
}
