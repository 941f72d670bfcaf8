import { spawnSync } from "node:child_process";
import {
	accessSync,
	closeSync,
	constants,
	existsSync,
	lstatSync,
	opendirSync,
	readdirSync,
	readFileSync,
	realpathSync,
	type Stats,
} from "node:fs";
import { delimiter, dirname, join, sep } from "node:path";
import { ClewError, InputError, quote } from "@clew/core";

/** What a jailed program sees besides the system's own programs. */
export interface JailRequest {
	/** Read by it, nothing of it written: each at its own path, or at another one. */
	readonly reads: readonly (string | { readonly from: string; readonly to: string })[];
	/** Folders that it may write: for sockets. */
	readonly writes?: readonly { readonly from: string; readonly to: string }[];
	readonly environment: Readonly<Record<string, string>>;
	readonly folder?: string;
	/** Whether nothing in it may make namespaces of its own: see {@link canForbidNamespaces}. */
	readonly noNamespaces?: boolean;
	readonly command: readonly string[];
}

/** What fits into the jail's own /tmp, which is memory. */
const TMP_BYTES = 64 * 1024 * 1024;
/** What fits into its /dev/shm, which is memory, too. Every other folder of its own is read-only. */
const SHM_BYTES = 16 * 1024 * 1024;

/** Folders of programs and libraries, and where they look for their settings; a machine may lack some. */
const SYSTEM = ["/usr", "/bin", "/sbin", "/lib", "/lib64", "/etc/alternatives", "/etc/ld.so.cache"];

/**
 * Arguments of bubblewrap for a program that reaches nothing: no network but a loopback of its own, no other process, no file but those
 * named, no way to more rights; it ends with whoever started it, and shares no terminal.
 */
export function jailArguments({ reads, writes = [], environment, folder = "/", noNamespaces = false, command }: JailRequest): string[] {
	const pair = (flag: string, place: string | { readonly from: string; readonly to: string }) =>
		typeof place === "string" ? [flag, place, place] : [flag, place.from, place.to];
	return [
		...(noNamespaces ? ["--unshare-user", "--disable-userns"] : []),
		...["--unshare-all", "--die-with-parent", "--new-session", "--cap-drop", "ALL", "--clearenv", "--hostname", "jail"],
		...SYSTEM.flatMap((place) => pair("--ro-bind-try", place)),
		...["--proc", "/proc", "--dev", "/dev", "--size", String(SHM_BYTES), "--tmpfs", "/dev/shm", "--remount-ro", "/dev"],
		...["--size", String(TMP_BYTES), "--tmpfs", "/tmp"],
		...reads.flatMap((place) => pair("--ro-bind", place)),
		...writes.flatMap((place) => pair("--bind", place)),
		...Object.entries(environment).flatMap(([name, value]) => ["--setenv", name, value]),
		// The jail's own root is memory: once every place in it is made, nothing is written to it.
		...["--remount-ro", "/"],
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

/** Whether this bubblewrap, on this machine, can keep what it starts from making namespaces of its own (0.8 and later can). */
export function canForbidNamespaces(bwrap: string): boolean {
	const tried = ["--unshare-user", "--disable-userns", "--ro-bind", "/", "/", "--", "/bin/true"];
	return spawnSync(bwrap, tried, { stdio: "ignore", env: {} }).status === 0;
}

const CLOSES_ON_EXEC = 0o2_000_000;
const STREAMS = 3;

/**
 * Closes what whoever started this process left open in it besides the three streams: a child would have it, too, in a jail or not. What
 * this process opened itself closes on its own. Where there is no /proc, nothing is closed.
 */
export function closeInherited(): void {
	if (!existsSync("/proc/self/fdinfo")) return;
	for (const name of readdirSync("/proc/self/fdinfo")) {
		const fd = Number(name);
		if (fd < STREAMS) continue;
		try {
			const flags = /^flags:\s*([0-7]+)/m.exec(readFileSync(`/proc/self/fdinfo/${fd}`, "utf8"))?.[1];
			if (flags !== undefined && (Number.parseInt(flags, 8) & CLOSES_ON_EXEC) === 0) closeSync(fd);
		} catch {
			// The list's own, which is closed already.
		}
	}
}

/** Entries of a folder that are looked at. */
const MAX_LOOKED = 100_000;

/**
 * Throws InputError (USAGE) where a place that a jailed program is to read is a socket or a pipe, or holds one: what is read-only can be
 * connected to, and written to, all the same. Of a folder the first 100,000 entries are looked at.
 */
export function mustHoldNoDoor(place: string): void {
	let left = MAX_LOOKED;
	const refuse = (path: string, entry: Pick<Stats, "isSocket" | "isFIFO">) => {
		const kind = entry.isSocket() ? "socket" : entry.isFIFO() ? "pipe" : undefined;
		if (kind === undefined) return;
		throw new InputError(`${quote(path)} is a ${kind}: what reads its folder can speak to whoever listens there`, {
			code: "USAGE",
			hint: "Give a folder without it.",
		});
	};
	const top = lstatSync(realpathSync(place));
	refuse(place, top);
	const folders = top.isDirectory() ? [place] : [];
	for (let folder = folders.pop(); folder !== undefined && left > 0; folder = folders.pop()) {
		const open = opendirSync(folder);
		for (let entry = open.readSync(); entry !== null && left-- > 0; entry = open.readSync()) {
			const path = join(folder, entry.name);
			refuse(path, entry);
			if (entry.isDirectory()) folders.push(path);
		}
		open.closeSync();
	}
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
