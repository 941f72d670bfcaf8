import { realpathSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { launch, START_GUARD_MS } from "./child.js";
import { claimPort, type Service, type ServiceOptions } from "./service.js";

/**
 * The program itself: the package's own command is a script that starts it, and would survive as an orphan when only that script is killed.
 */
function binary(): string {
	const here = createRequire(realpathSync(fileURLToPath(new URL("../../node_modules/@foundry-rs/anvil/package.json", import.meta.url))));
	const machine = `${process.platform}-${process.arch === "x64" ? "amd64" : process.arch}`;
	return join(dirname(here.resolve(`@foundry-rs/anvil-${machine}/package.json`)), "bin", "anvil");
}

/** Number of the chain unless `--chain-id` says another. */
const ANVIL_CHAIN = 31_337;

/** The chain that these arguments start. */
export function anvilChain(args: readonly string[]): number {
	const at = args.indexOf("--chain-id");
	return at < 0 ? ANVIL_CHAIN : Number(args[at + 1]);
}

/**
 * Starts an Ethereum node for development on a loopback port. It keeps its chain in memory, with a folder also in `anvil.json` there,
 * written when it ends and every second.
 */
export async function startAnvilNode(options: ServiceOptions = {}, ...args: readonly string[]): Promise<Service> {
	const port = await claimPort(options.port);
	const state = options.folder === undefined ? [] : ["--state", join(options.folder, "anvil.json"), "--state-interval", "1"];
	const url = `http://127.0.0.1:${port}`;
	const child = await launch({
		name: "anvil",
		command: binary(),
		args: ["--host", "127.0.0.1", "--port", String(port), "--silent", ...state, ...args],
		ready: () => answers(url, `0x${anvilChain(args).toString(16)}`),
		timeoutMs: START_GUARD_MS,
		log: options.log,
		detached: options.detached,
	});
	return { url, pid: child.pid, kill: () => child.kill(), stop: () => child.kill(options.folder === undefined ? "SIGKILL" : "SIGTERM") };
}

async function answers(url: string, chain: string): Promise<boolean> {
	const response = await fetch(url, {
		method: "POST",
		headers: { "content-type": "application/json" },
		body: '{"jsonrpc":"2.0","id":1,"method":"eth_chainId","params":[]}',
	});
	return ((await response.json()) as { result?: string }).result === chain;
}
