import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** Where programs that are fetched once, and the data of services run by hand, are kept. */
export const CACHE = fileURLToPath(new URL("../../node_modules/.cache/clew/", import.meta.url));

/** How long a service may take to start: a guard against a hang, not a measure; a busy machine takes its time. */
export const START_GUARD_MS = 600_000;

const POLL_MS = 50;

/** How a service's process is started. */
export interface Launch {
	readonly name: string;
	readonly command: string;
	readonly args: readonly string[];
	/** True once the service answers as itself; a throw counts as no. */
	readonly ready: () => Promise<boolean>;
	readonly timeoutMs: number;
	/** File that takes what the process prints; without it nothing is kept. */
	readonly log?: string | undefined;
	/** The process outlives this one: for services run by hand. */
	readonly detached?: boolean | undefined;
}

/** A started process. */
export interface Child {
	readonly pid: number;
	/** Ends the process and waits until it is gone; SIGKILL by default. */
	kill(signal?: NodeJS.Signals): Promise<void>;
}

/** Starts a process and waits until it answers. Throws when it ends first or is late; then it does not run. */
export async function launch({ name, command, args, ready, timeoutMs, log, detached }: Launch): Promise<Child> {
	const file = log === undefined ? undefined : openSync(log, "a");
	const out = file ?? "ignore";
	const child: ChildProcess = spawn(command, [...args], { stdio: ["ignore", out, out], detached: detached === true });
	if (file !== undefined) closeSync(file);
	let failure: string | undefined;
	child.once("error", (error) => {
		failure = error.message;
	});
	const kill = async (signal: NodeJS.Signals = "SIGKILL") => {
		if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
		const ended = new Promise((resolve) => child.once("exit", resolve));
		child.kill(signal);
		await ended;
	};
	const deadline = Date.now() + timeoutMs;
	// A listener that answers while our own child has ended is somebody else's.
	while (!(await ready().catch(() => false)) || child.exitCode !== null) {
		const ended = child.exitCode !== null || child.signalCode !== null;
		if (failure !== undefined || ended || Date.now() > deadline) {
			await kill();
			const why = failure ?? (ended ? `it ended (exit ${child.exitCode})` : `no answer within ${timeoutMs / 1000} s`);
			throw new Error(`${name} did not start: ${why}${log === undefined ? "" : `; see ${log}`}`);
		}
		await new Promise((resolve) => setTimeout(resolve, POLL_MS));
	}
	if (detached) child.unref();
	return { pid: child.pid ?? 0, kill };
}
