import { type ChildProcess, spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { JsonRpcProvider } from "ethers";
import { freePort } from "../scripts/services/free-port.js";
import { ROOT } from "./clew.js";

const BINARY = join(ROOT, "node_modules", ".bin", "anvil");
const START_MS = 20_000;

/** A real Ethereum node of this test's own, on a free loopback port. Throws when it does not answer in time. */
export async function startAnvil(...args: string[]): Promise<{ url: string; provider: JsonRpcProvider; stop(): Promise<void> }> {
	const port = await freePort();
	const child: ChildProcess = spawn(BINARY, ["--port", String(port), "--silent", ...args], { stdio: "ignore" });
	const url = `http://127.0.0.1:${port}`;
	const deadline = Date.now() + START_MS;
	while (!(await answers(url))) {
		if (child.exitCode !== null || Date.now() > deadline) throw new Error(`anvil did not start (exit ${child.exitCode})`);
		await new Promise((resolve) => setTimeout(resolve, 50));
	}
	const provider = new JsonRpcProvider(url, 31337, { staticNetwork: true, cacheTimeout: -1, pollingInterval: 20 });
	return {
		url,
		provider,
		stop: async () => {
			provider.destroy();
			const ended = new Promise((resolve) => child.once("exit", resolve));
			child.kill("SIGKILL");
			await ended;
		},
	};
}

async function answers(url: string): Promise<boolean> {
	try {
		const response = await fetch(url, {
			method: "POST",
			headers: { "content-type": "application/json" },
			body: '{"jsonrpc":"2.0","id":1,"method":"eth_chainId","params":[]}',
		});
		return ((await response.json()) as { result?: string }).result === "0x7a69";
	} catch {
		return false;
	}
}

/** Compiles tests/contracts/Scenario.sol. */
export function compileScenario(): Record<"Token" | "Splitter" | "Shop", { abi: unknown[]; bytecode: string }> {
	const solc = createRequire(import.meta.url)("solc") as { compile(input: string): string };
	const content = readFileSync(new URL("contracts/Scenario.sol", import.meta.url), "utf8");
	const input = {
		language: "Solidity",
		sources: { "Scenario.sol": { content } },
		settings: { evmVersion: "paris", outputSelection: { "*": { "*": ["abi", "evm.bytecode.object"] } } },
	};
	const output = JSON.parse(solc.compile(JSON.stringify(input)));
	const contracts = output.contracts?.["Scenario.sol"];
	if (contracts === undefined) throw new Error(JSON.stringify(output.errors));
	const pick = (name: string) => ({ abi: contracts[name].abi, bytecode: `0x${contracts[name].evm.bytecode.object}` });
	return { Token: pick("Token"), Splitter: pick("Splitter"), Shop: pick("Shop") };
}
