import { readFileSync } from "node:fs";
import type { SharedParts } from "@clew/evidence";

const FILE = new URL("../dist/page/share.html", import.meta.url);

/** One page with its data, its script and its style, under a policy that loads nothing. Throws what the file system throws. */
export function sharePage({ rows, sealed }: SharedParts): string {
	return readFileSync(FILE, "utf8")
		.replace("/*rows*/", () => rows)
		.replace("/*sealed*/", () => sealed);
}
