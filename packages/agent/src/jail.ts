import { accessSync, constants, existsSync, realpathSync } from "node:fs";
import { delimiter, dirname, join, sep } from "node:path";
import { ClewError } from "@clew/core";

/** What a jailed program sees besides the system's own programs. */
export interface JailRequest {
	/** Read by it, nothing of it written: each at its own path, or at another one. */
	readonly reads: readonly (string | { readonly from: string; readonly to: string })[];
	/** Folders that it may write: for sockets. */
	readonly writes?: readonly { readonly from: string; readonly to: string }[];
	readonly environment: Readonly<Record<string, string>>;
	readonly folder?: string;
	readonly command: readonly string[];
}

/** What fits into the jail's own /tmp, which is memory. */
const TMP_BYTES = 64 * 1024 * 1024;

/** Folders of programs and libraries, and where they look for their settings; a machine may lack some. */
const SYSTEM = ["/usr", "/bin", "/sbin", "/lib", "/lib64", "/etc/alternatives", "/etc/ld.so.cache"];

/**
 * Arguments of bubblewrap for a program that reaches nothing: no network but a loopback of its own, no other process, no file but those
 * named, no way to more rights; it ends with whoever started it, and shares no terminal.
 */
export function jailArguments({ reads, writes = [], environment, folder = "/", command }: JailRequest): string[] {
	const pair = (flag: string, place: string | { readonly from: string; readonly to: string }) =>
		typeof place === "string" ? [flag, place, place] : [flag, place.from, place.to];
	return [
		...["--unshare-all", "--die-with-parent", "--new-session", "--cap-drop", "ALL", "--clearenv", "--hostname", "jail"],
		...SYSTEM.flatMap((place) => pair("--ro-bind-try", place)),
		...["--proc", "/proc", "--dev", "/dev", "--size", String(TMP_BYTES), "--tmpfs", "/tmp"],
		...reads.flatMap((place) => pair("--ro-bind", place)),
		...writes.flatMap((place) => pair("--bind", place)),
		...Object.entries(environment).flatMap(([name, value]) => ["--setenv", name, value]),
		...["--chdir", folder, "--", ...command],
	];
}

/** The program that makes the jail. Throws ClewError (USAGE) where this machine has none. */
export function bubblewrap(path = process.env["PATH"] ?? ""): string {
	for (const folder of path.split(delimiter)) {
		const candidate = join(folder, "bwrap");
		if (folder !== "" && isProgram(candidate)) return candidate;
	}
	throw new ClewError("USAGE", "bubblewrap (bwrap) is not installed, and nothing is run outside of it", {
		hint: "On Debian: apt install bubblewrap. --no-jail runs it without, with all that your user may do.",
	});
}

function isProgram(path: string): boolean {
	try {
		accessSync(path, constants.X_OK);
		return true;
	} catch {
		return false;
	}
}

/**
 * Folders of code that a script of ours needs: where it is installed, the packages beside it; where it is built, the workspace's packages
 * and modules, and nothing else of the workspace.
 */
export function codeOf(script: string): string[] {
	const real = realpathSync(script);
	const parts = real.split(sep);
	const modules = parts.indexOf("node_modules");
	if (modules > 0) return [parts.slice(0, modules + 1).join(sep)];
	const root = dirname(dirname(dirname(dirname(real))));
	return [join(root, "packages"), join(root, "node_modules")].filter((place) => existsSync(place));
}

/** This Node, and the folder that it needs where it stands outside of the system's. */
export function nodeOf(execPath = process.execPath): { readonly node: string; readonly reads: readonly string[] } {
	const node = realpathSync(execPath);
	return { node, reads: SYSTEM.some((place) => node.startsWith(`${place}/`)) ? [] : [dirname(dirname(node))] };
}
