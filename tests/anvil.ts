import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { JsonRpcProvider } from "ethers";
import { startAnvilNode } from "../scripts/services/anvil.js";

/** A real Ethereum node of this test's own, on a free loopback port, with a client of ethers. Throws when it does not answer in time. */
export async function startAnvil(...args: string[]): Promise<{ url: string; provider: JsonRpcProvider; stop(): Promise<void> }> {
	const node = await startAnvilNode({}, ...args);
	const provider = new JsonRpcProvider(node.url, 31337, { staticNetwork: true, cacheTimeout: -1, pollingInterval: 20 });
	return {
		url: node.url,
		provider,
		stop: async () => {
			provider.destroy();
			await node.stop();
		},
	};
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
