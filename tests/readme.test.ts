import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { ROOT } from "./clew.js";

/** The README says that it cuts long lines here. */
const WIDTH = 126;

/** What each command printed, by its command line; ids that depend on when the demo's case was made are left out. */
function sections(text: string): Map<string, string> {
	const found = new Map<string, string>();
	for (const part of `\n${text}`.split("\n$ ").slice(1)) {
		const [command = "", ...lines] = part.split("\n");
		const cut = lines.map((line) =>
			line
				.slice(0, WIDTH)
				.trimEnd()
				.replace(/\b[0-9a-f]{16}\b/g, "ID"),
		);
		found.set(command, cut.join("\n").trim());
	}
	return found;
}

it("prints what the README shows", () => {
	const { status, stdout, stderr } = spawnSync(process.execPath, ["scripts/demo.mjs", "--built"], {
		cwd: ROOT,
		encoding: "utf8",
		env: { ...process.env, NO_COLOR: "1" },
	});
	expect(status, stderr).toBe(0);
	const printed = sections(stdout);
	const shown = sections(/It prints[^\n]*\n\n```\n([\s\S]*?)```/.exec(readFileSync(join(ROOT, "README.md"), "utf8"))?.[1] ?? "");
	expect([...shown.keys()].map((command) => command.split(" ")[1])).toEqual(["trace", "verify"]);
	for (const [command, lines] of shown) expect(lines, command).toBe(printed.get(command));
});
