import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { bubblewrap, codeOf, jailArguments } from "./jail.js";

describe("a jail", () => {
	let folder: string;
	beforeEach(() => {
		folder = mkdtempSync(join(tmpdir(), "clew-jail-test-"));
	});
	afterEach(() => rmSync(folder, { recursive: true, force: true }));

	it("shares nothing but what was named, each read-only unless it is for sockets", () => {
		const args = jailArguments({
			reads: ["/data/a", { from: "/tmp/copy", to: "/served/case.clew" }],
			writes: [{ from: "/tmp/s", to: "/served/sockets" }],
			environment: { PATH: "/usr/bin" },
			command: ["node", "--version"],
		});
		for (const flag of ["--unshare-all", "--die-with-parent", "--new-session", "--clearenv"]) expect(args).toContain(flag);
		expect(args).not.toContain("--share-net");
		const bound = args.flatMap((arg, i) => (/^--(bind|dev-bind)/.test(arg) ? [args[i + 1]] : []));
		expect(bound).toEqual(["/tmp/s"]);
		const read = args.flatMap((arg, i) => (arg === "--ro-bind" ? [`${args[i + 1]} ${args[i + 2]}`] : []));
		expect(read).toEqual(["/data/a /data/a", "/tmp/copy /served/case.clew"]);
		expect(args.slice(args.indexOf("--"))).toEqual(["--", "node", "--version"]);
	});

	it("is refused where there is no bubblewrap, and says how to get it", () => {
		expect(() => bubblewrap(folder)).toThrow(/bubblewrap \(bwrap\) is not installed/);
		writeFileSync(join(folder, "bwrap"), "no program");
		expect(() => bubblewrap(folder)).toThrow();
		chmodSync(join(folder, "bwrap"), 0o755);
		expect(bubblewrap(`${folder}:/none`)).toBe(join(folder, "bwrap"));
	});

	it("sees of a workspace its packages and modules, and none of its other files", () => {
		const places = codeOf(new URL(import.meta.url).pathname);
		expect(places.map((place) => place.split("/").at(-1)).sort()).toEqual(["node_modules", "packages"]);
	});
});
