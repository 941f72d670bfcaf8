// pnpm services up|down|status [neo4j redis anvil btcd]
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { startAnvilNode } from "./anvil.js";
import { obtainBtcd, startBtcd } from "./btcd.js";
import { CACHE } from "./child.js";
import { obtainNeo4j, PASSWORD, startNeo4j } from "./neo4j.js";
import { obtainRedis, startRedis } from "./redis.js";
import type { Service, ServiceOptions } from "./service.js";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const FOLDER = join(CACHE, "services");
const STATE = join(FOLDER, "running.json");
const STOP_MS = 20_000;

/** What is known of a service: the variable that names it to Clew, its port, and how it starts from a local install. */
interface Kind {
	readonly variable: string;
	readonly port: number;
	/** The URL under Docker (compose.yaml); undefined where there is no image of the project. */
	readonly docker?: string;
	start(options: ServiceOptions): Promise<Service | undefined>;
}

const install = async <T>(found: T | undefined, start: (found: T) => Promise<Service>) => (found === undefined ? undefined : start(found));

/** Ports of our own, so that services of other projects are left alone. */
const KINDS: Record<string, Kind> = {
	neo4j: {
		variable: "CLEW_NEO4J_URI",
		port: 17687,
		docker: `neo4j://neo4j:${PASSWORD}@127.0.0.1:17687`,
		start: (options) => install(obtainNeo4j(), (libraries) => startNeo4j(libraries, options)),
	},
	redis: {
		variable: "CLEW_REDIS_URL",
		port: 16379,
		docker: "redis://127.0.0.1:16379",
		start: (options) => install(obtainRedis(), (binary) => startRedis(binary, options)),
	},
	anvil: {
		variable: "CLEW_EVM_RPC",
		port: 18545,
		docker: "http://127.0.0.1:18545",
		start: (options) => startAnvilNode(options),
	},
	btcd: {
		variable: "CLEW_BTC_RPC",
		port: 18334,
		start: (options) => install(obtainBtcd(), (binary) => startBtcd(binary, undefined, options)),
	},
};

/** A service that `up` started: a process of ours, or a container. */
interface Started {
	readonly how: "local" | "docker";
	readonly pid: number;
	readonly url: string;
}

const read = (): Record<string, Started> => (existsSync(STATE) ? JSON.parse(readFileSync(STATE, "utf8")) : {});
const write = (state: Record<string, Started>) => writeFileSync(STATE, JSON.stringify(state, null, "\t"));

function alive(pid: number): boolean {
	try {
		process.kill(pid, 0);
		return true;
	} catch {
		return false;
	}
}

function docker(...args: string[]): boolean {
	return spawnSync("docker", args, { cwd: ROOT, stdio: ["ignore", "ignore", "ignore"] }).status === 0;
}

async function up(name: string, kind: Kind): Promise<void> {
	const given = process.env[kind.variable];
	if (given) return say(name, `${kind.variable} is set: that one is used`, given);
	const state = read();
	const running = state[name];
	if (running?.how === "local" && alive(running.pid)) return say(name, "runs already", running.url);
	if (kind.docker !== undefined && docker("info") && docker("compose", "up", "--detach", "--wait", name)) {
		write({ ...state, [name]: { how: "docker", pid: 0, url: kind.docker } });
		return say(name, "in Docker", kind.docker);
	}
	const folder = join(FOLDER, name);
	mkdirSync(folder, { recursive: true });
	const service = await kind.start({ folder, port: kind.port, log: join(FOLDER, `${name}.log`), detached: true });
	if (service === undefined) throw new Error(`${name}: neither ${kind.variable}, nor Docker, nor a local install`);
	write({ ...read(), [name]: { how: "local", pid: service.pid, url: service.url } });
	say(name, `local install, data in ${folder}`, service.url);
}

async function down(name: string): Promise<void> {
	const { [name]: running, ...others } = read();
	if (running === undefined) return console.log(`${name}: was not started here`);
	if (running.how === "docker") docker("compose", "rm", "--stop", "--force", name);
	else if (alive(running.pid)) {
		process.kill(running.pid, "SIGTERM");
		const deadline = Date.now() + STOP_MS;
		while (alive(running.pid) && Date.now() < deadline) await new Promise((resolve) => setTimeout(resolve, 100));
		if (alive(running.pid)) process.kill(running.pid, "SIGKILL");
	}
	write(others);
	console.log(`${name}: stopped; its data is kept`);
}

function status(name: string, { variable }: Kind): void {
	const given = process.env[variable];
	const running = read()[name];
	if (given) say(name, `${variable} is set`, given);
	else if (running === undefined) console.log(`${name}: not started`);
	else if (running.how === "local" && !alive(running.pid)) console.log(`${name}: has ended; see ${join(FOLDER, `${name}.log`)}`);
	else say(name, running.how === "docker" ? "in Docker" : `local, process ${running.pid}`, running.url);
}

function say(name: string, how: string, url: string): void {
	console.log(`${name}: ${how}\n  export ${KINDS[name]?.variable}=${url}`);
}

const [action, ...names] = process.argv.slice(2);
const chosen = names.length > 0 ? names : Object.keys(KINDS);
mkdirSync(FOLDER, { recursive: true });
for (const name of chosen) {
	const kind = KINDS[name];
	if (kind === undefined || !["up", "down", "status"].includes(action ?? "")) {
		console.error(`usage: pnpm services up|down|status [${Object.keys(KINDS).join(" ")}]`);
		process.exit(2);
	}
	try {
		if (action === "up") await up(name, kind);
		else if (action === "down") await down(name);
		else status(name, kind);
	} catch (error) {
		console.error(error instanceof Error ? error.message : error);
		process.exitCode = 4;
	}
}
