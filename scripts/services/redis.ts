import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { launch, START_GUARD_MS } from "./child.js";
import { claimPort, missing, type Service, type ServiceOptions } from "./service.js";

/** The name of a Redis 7 server that runs here, or undefined. Debian's package is called redis-server. */
export function obtainRedis(): string | undefined {
	const { status } = spawnSync("redis-server", ["--version"], { stdio: "ignore" });
	return status === 0 ? "redis-server" : missing("there is no redis-server; install the package redis-server");
}

/**
 * Starts a Redis of one's own, which writes every change to disk before it answers (so that kill -9 loses nothing)
 * and refuses writes, instead of dropping keys, when its memory is full.
 */
export async function startRedis(binary: string, options: ServiceOptions & { readonly maxMemory?: string } = {}): Promise<Service> {
	const folder = options.folder ?? mkdtempSync(join(tmpdir(), "clew-redis-"));
	mkdirSync(folder, { recursive: true });
	const port = await claimPort(options.port);
	const settings: Record<string, string> = {
		bind: "127.0.0.1",
		port: String(port),
		dir: folder,
		appendonly: "yes",
		appendfsync: "always",
		save: "",
		"maxmemory-policy": "noeviction",
		...(options.maxMemory === undefined ? {} : { maxmemory: options.maxMemory }),
	};
	const child = await launch({
		name: "Redis",
		command: binary,
		args: Object.entries(settings).flatMap(([key, value]) => [`--${key}`, value]),
		ready: () => answersPing(port),
		timeoutMs: START_GUARD_MS,
		log: options.log,
		detached: options.detached,
	});
	return {
		url: `redis://127.0.0.1:${port}`,
		pid: child.pid,
		kill: () => child.kill(),
		stop: async () => {
			await child.kill();
			if (options.folder === undefined) rmSync(folder, { recursive: true, force: true });
		},
	};
}

function answersPing(port: number): Promise<boolean> {
	return new Promise((resolve) => {
		const socket = connect(port, "127.0.0.1", () => socket.write("PING\r\n"));
		socket.once("data", (data) => {
			socket.destroy();
			resolve(data.toString().startsWith("+PONG"));
		});
		socket.once("error", () => resolve(false));
	});
}
