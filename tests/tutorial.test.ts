import { spawnSync } from "node:child_process";
import { readFileSync, rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { MAIN, ROOT, scratch } from "./clew.js";

const folder = scratch();
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Exit codes of commands that end with another than 0. */
const ENDS: Readonly<Record<string, number>> = { investigate: 5 };

/** Spaces and ids, which depend on when the case was made, left out. */
const plain = (text: string) => text.replace(/[0-9a-f]{16}(?![0-9a-f])/g, "ID").replace(/\s+/g, " ");

it("each command of the tutorial runs in its order, and prints the lines that the page shows", { timeout: 600_000 }, () => {
	symlinkSync(join(ROOT, "fixtures"), join(folder, "fixtures"));
	const page = readFileSync(join(ROOT, "docs/tutorial.md"), "utf8");
	const shown = [...page.matchAll(/```\n\$ clew ([^\n]*)\n([\s\S]*?)```/g)];
	expect(shown.length).toBeGreaterThan(6);
	for (const [, command = "", lines = ""] of shown) {
		const args = command.split(" ");
		const { status, stdout, stderr } = spawnSync(process.execPath, [MAIN, ...args], {
			cwd: folder,
			encoding: "utf8",
			env: { ...process.env, NO_COLOR: "1" },
		});
		expect(status, `${command}\n${stderr}`).toBe(ENDS[args[0] ?? ""] ?? 0);
		const printed = plain(`${stdout} ${stderr}`);
		for (const line of lines.trim().split("\n")) expect(printed, command).toContain(plain(line).trim());
	}
});
