import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { connect, createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Duplex } from "node:stream";
import { fileURLToPath } from "node:url";
import { ClewError } from "@clew/core";
import { answerRequests, type BrokerRequest } from "./broker.js";
import type { Budget } from "./budget.js";
import type { InsideOptions } from "./inside.js";
import { bubblewrap, canForbidNamespaces, closeInherited, codeOf, jailArguments, nodeOf } from "./jail.js";
import { mustBeReviewed } from "./manifest.js";
import type { SessionLog } from "./session-log.js";

/** How a case is served. */
export interface ServeOptions {
	/** Writes the copy that is served to a path that does not exist yet. */
	readonly copyTo: (path: string) => Promise<void>;
	readonly log: SessionLog;
	readonly budget: Budget;
	readonly version: string;
	/** Without bubblewrap: the owner's own word. */
	readonly jailed: boolean;
	/** Absent: standard input and output. Port 0: any that is free. */
	readonly http?: { readonly host: string; readonly port: number };
	/** Told the URL of an HTTP server when it answers. */
	readonly onReady: (url: string) => void;
	readonly signal: AbortSignal;
}

const INSIDE = fileURLToPath(new URL("./inside.js", import.meta.url));
/** The most that the served process keeps in its heap, in MB. */
const HEAP_MB = 512;
/** Of it what is new, in MB: little, so that what is done with is let go soon. */
const YOUNG_MB = 2;
const SECRET_BYTES = 16;
/** Where things stand inside of the jail. */
const COPY = "/served/case.clew";
const SOCKETS = "/served/sockets";

/**
 * Serves a case until its client goes, or `signal` ends it: makes the copy, starts the process that an assistant speaks to in a jail that
 * has the copy and nothing else, and answers what that process may ask. Throws ClewError (USAGE) where there is no jail, where the tools
 * are not those that were reviewed, or where the process failed.
 */
export async function serve({ copyTo, log, budget, version, jailed, http, onReady, signal }: ServeOptions): Promise<void> {
	mustBeReviewed();
	const bwrap = jailed ? bubblewrap() : undefined;
	closeInherited();
	const folder = mkdtempSync(join(tmpdir(), "clew-agent-"));
	try {
		const [copy, sockets] = [join(folder, "case.clew"), mkdtempSync(join(folder, "s-"))];
		await copyTo(copy);
		const path = `/mcp/${randomBytes(SECRET_BYTES).toString("hex")}`;
		const port = http && (await listening(http, join(sockets, "http")));
		const inside: InsideOptions = {
			copy: bwrap === undefined ? copy : COPY,
			...{ budget, version },
			...(port === undefined ? {} : { http: { socket: join(bwrap === undefined ? sockets : SOCKETS, "http"), port: port.number, path } }),
		};
		const { node, reads } = nodeOf();
		const run = [node, `--max-old-space-size=${HEAP_MB}`, `--max-semi-space-size=${YOUNG_MB}`, INSIDE, JSON.stringify(inside)];
		const jail = {
			reads: [...codeOf(INSIDE), ...reads, { from: copy, to: COPY }],
			...(port === undefined ? {} : { writes: [{ from: sockets, to: SOCKETS }] }),
			environment: ENVIRONMENT,
			noNamespaces: bwrap !== undefined && canForbidNamespaces(bwrap),
			command: run,
		};
		const [program, ...args] = bwrap === undefined ? run : [bwrap, ...jailArguments(jail)];
		const child = spawn(program as string, args, {
			stdio: [http === undefined ? "inherit" : "ignore", http === undefined ? "inherit" : "ignore", "inherit", "pipe"],
			env: ENVIRONMENT,
		});
		const ready = () => port !== undefined && onReady(`http://${http?.host ?? ""}:${port.number}${path}`);
		await served(child, log, ready, signal);
		port?.server.close();
	} finally {
		rmSync(folder, { recursive: true, force: true });
	}
}

/** Nothing of the owner's environment goes in: keys and names stand there. */
const ENVIRONMENT = { PATH: "/usr/local/bin:/usr/bin:/bin", HOME: "/tmp", LANG: "C.UTF-8", NODE_NO_WARNINGS: "1" };

/** Runs until the process ends; what it may ask is answered meanwhile. */
function served(child: ChildProcess, log: SessionLog, ready: () => unknown, signal: AbortSignal): Promise<void> {
	return new Promise((resolve, reject) => {
		let breach: string | undefined;
		const end = () => child.kill("SIGKILL");
		const channel = child.stdio[3] as Duplex;
		const answer = (request: BrokerRequest): string => {
			if (request.ask === "ready") {
				ready();
				return "ready";
			}
			return kept(() => (request.ask === "note" ? log.note(request.action, request.detail, request.by) : log.propose(request)));
		};
		answerRequests(channel, answer, (why) => {
			breach = why;
			end();
		});
		signal.addEventListener("abort", end, { once: true });
		if (signal.aborted) end();
		child.once("error", (cause) => reject(new ClewError("USAGE", "the served process could not be started", { cause })));
		child.once("exit", (code) => {
			signal.removeEventListener("abort", end);
			if (breach !== undefined) reject(new ClewError("USAGE", `the served process was ended: it asked for what it may not (${breach})`));
			else if (code === 0 || signal.aborted) resolve();
			else reject(new ClewError("USAGE", `the served process ended (${code ?? "killed"}); what it said stands above`, { hint: FAILED }));
		});
	});
}

const FAILED = "Where bubblewrap may not make namespaces (in some containers), --no-jail serves without it.";

function kept(work: () => string): string {
	try {
		return work();
	} catch (cause) {
		throw new ClewError("DISK_FULL", cause instanceof RangeError ? cause.message : "it could not be noted", { cause });
	}
}

/** A port of this machine whose every connection goes on to a socket in the jail: the jail itself has no network. */
async function listening({ host, port }: { readonly host: string; readonly port: number }, socket: string) {
	const server: Server = createServer((outer) => {
		const inner = connect(socket);
		outer.pipe(inner).pipe(outer);
		for (const [one, other] of [[outer, inner] as const, [inner, outer] as const]) one.on("error", () => other.destroy());
		outer.setNoDelay(true);
	});
	await new Promise<void>((resolve, reject) => server.once("error", reject).listen(port, host, resolve));
	const address = server.address();
	return { server, number: typeof address === "object" && address !== null ? address.port : port };
}
