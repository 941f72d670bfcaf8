import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { ClewError } from "@clew/core";
import { guardDoor } from "./guard-door.js";
import { bubblewrap, canForbidNamespaces, closeInherited, jailArguments, mustHoldNoDoor, nodeOf } from "./jail.js";

/** A command to be run where it reaches nothing. */
export interface JailedCommand {
	readonly command: readonly string[];
	/** Files and folders that it may read besides the system's programs. */
	readonly reads: readonly string[];
	/** The guard that is to be its only node, on this machine. */
	readonly guard?: URL;
	/** The most memory that one of its processes may have for its data. */
	readonly memoryMb: number;
	/** Variables of the environment that it gets. */
	readonly environment: Readonly<Record<string, string>>;
	readonly signal: AbortSignal;
}

const FORWARD = fileURLToPath(new URL("./forward.js", import.meta.url));
const [INSIDE_FORWARD, INSIDE_SOCKETS] = ["/jail/forward.mjs", "/jail/sockets"] as const;
/** Where a jailed program finds its node: the usual port of a guard. */
const RPC_PORT = 8546;
const KIB_PER_MB = 1_024;
const FAILED = 1;

/**
 * Runs a command in a jail, with this process's standard streams, and gives its exit code. Throws ClewError
 * (USAGE) where there is no jail, or where what it may read holds a socket or a pipe.
 */
export async function runJailed({ command, reads, guard, memoryMb, environment, signal }: JailedCommand): Promise<number> {
	const bwrap = bubblewrap();
	for (const place of reads) mustHoldNoDoor(place);
	closeInherited();
	const folder = mkdtempSync(join(tmpdir(), "clew-jail-"));
	try {
		const door = guard && (await guardDoor(guard, join(folder, "rpc")));
		const own = nodeOf();
		const forwarded = door === undefined ? [] : [own.node, INSIDE_FORWARD, join(INSIDE_SOCKETS, "rpc"), String(RPC_PORT)];
		const args = jailArguments({
			reads: [...reads, ...(door === undefined ? [] : [...own.reads, { from: FORWARD, to: INSIDE_FORWARD }])],
			...(door === undefined ? {} : { writes: [{ from: folder, to: INSIDE_SOCKETS }] }),
			environment: {
				...{ PATH: "/usr/local/bin:/usr/bin:/bin", HOME: "/tmp", LANG: "C.UTF-8" },
				...(door === undefined ? {} : { CLEW_EVM_RPC: `http://127.0.0.1:${RPC_PORT}`, ETH_RPC_URL: `http://127.0.0.1:${RPC_PORT}` }),
				...environment,
			},
			noNamespaces: canForbidNamespaces(bwrap),
			// The limit is set inside, and stays for all that it starts.
			command: ["/bin/sh", "-c", `ulimit -d ${memoryMb * KIB_PER_MB}; exec "$@"`, "sh", ...forwarded, ...command],
		});
		const code = await ended(bwrap, args, signal);
		door?.close();
		return code;
	} finally {
		rmSync(folder, { recursive: true, force: true });
	}
}

function ended(program: string, args: readonly string[], signal: AbortSignal): Promise<number> {
	return new Promise((resolve, reject) => {
		const child = spawn(program, args, { stdio: "inherit", env: {} });
		const end = () => child.kill("SIGKILL");
		signal.addEventListener("abort", end, { once: true });
		if (signal.aborted) end();
		child.once("error", (cause) => reject(new ClewError("USAGE", "the jail could not be started", { cause })));
		child.once("exit", (code) => {
			signal.removeEventListener("abort", end);
			resolve(code ?? FAILED);
		});
	});
}
