import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { bubblewrap, codeOf, jailArguments, mustHoldNoDoor } from "./jail.js";

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

	it("has no memory to write to but what is bounded: its root and devices are read-only once they are made", () => {
		const args = jailArguments({ reads: ["/data/a"], environment: {}, noNamespaces: true, command: ["true"] });
		const mounts = args.flatMap((arg, i) => (arg === "--tmpfs" ? [`${args[i - 2]} ${args[i + 1]}`] : []));
		expect(mounts).toEqual(["--size /dev/shm", "--size /tmp"]);
		expect(args.flatMap((arg, i) => (arg === "--remount-ro" ? [args[i + 1]] : []))).toEqual(["/dev", "/"]);
		expect(args.lastIndexOf("--remount-ro")).toBeGreaterThan(Math.max(args.lastIndexOf("--ro-bind"), args.lastIndexOf("--tmpfs")));
		expect(args).toContain("--disable-userns");
	});

	it("takes no folder that holds a socket or a pipe: read-only, they lead out all the same", async () => {
		const inner = join(folder, "a", "b");
		mkdirSync(inner, { recursive: true });
		writeFileSync(join(inner, "file"), "");
		expect(() => mustHoldNoDoor(folder)).not.toThrow();
		const server = createServer();
		await new Promise<void>((resolve) => server.listen(join(inner, "agent"), resolve));
		expect(() => mustHoldNoDoor(folder)).toThrow(/is a socket/);
		expect(() => mustHoldNoDoor(join(inner, "agent"))).toThrow(/is a socket/);
		await new Promise((resolve) => server.close(resolve));
		const pipe = join(inner, "pipe");
		execFileSync("mkfifo", [pipe]);
		expect(() => mustHoldNoDoor(folder)).toThrow(/is a pipe/);
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
