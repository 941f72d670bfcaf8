import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";

const FILE = new URL("../dist/page/explorer.html", import.meta.url);

/** The page, and the policy under which a browser runs its own script and style and nothing else. */
export interface ExplorerPage {
	readonly html: string;
	readonly policy: string;
}

/** Reads what `scripts/explorer.mjs` made. Throws what the file system throws. */
export function explorerPage(): ExplorerPage {
	const html = readFileSync(FILE, "utf8");
	const inline = (tag: "script" | "style") => new RegExp(`<${tag}[^>]*>([\\s\\S]*?)</${tag}>`).exec(html)?.[1] ?? "";
	const hash = (text: string) => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
	return {
		html,
		policy: [
			"default-src 'none'",
			`script-src ${hash(inline("script"))}`,
			`style-src ${hash(inline("style"))}`,
			"connect-src 'self'",
			"base-uri 'none'",
			"form-action 'none'",
			"frame-ancestors 'none'",
			"require-trusted-types-for 'script'",
			"trusted-types 'none'",
		].join("; "),
	};
}
