import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { JsonRpcProvider } from "ethers";
import { anvilChain, startAnvilNode } from "../scripts/services/anvil.js";

/** A real Ethereum node of this test's own, on a free loopback port, with a client of ethers. Throws when it does not answer in time. */
export async function startAnvil(...args: string[]): Promise<{ url: string; provider: JsonRpcProvider; stop(): Promise<void> }> {
	const node = await startAnvilNode({}, ...args);
	const provider = new JsonRpcProvider(node.url, anvilChain(args), { staticNetwork: true, cacheTimeout: -1, pollingInterval: 20 });
	return {
		url: node.url,
		provider,
		stop: async () => {
			provider.destroy();
			await node.stop();
		},
	};
}

/** What a deployment needs. */
export interface Compiled {
	readonly abi: unknown[];
	readonly bytecode: string;
}

/** Compiles tests/contracts/Scenario.sol. */
export function compileScenario(): Record<"Token" | "Splitter" | "Shop", Compiled> {
	const pick = compile("Scenario.sol");
	return { Token: pick("Token"), Splitter: pick("Splitter"), Shop: pick("Shop") };
}

/** Compiles tests/contracts/Crossing.sol. */
export function compileCrossing(): Compiled {
	return compile("Crossing.sol")("Crossing");
}

/** Compiles tests/contracts/Wrapping.sol. */
export function compileWrapping(): Record<"Borrowed" | "Router" | "Wrapped", Compiled> {
	const pick = compile("Wrapping.sol");
	return { Borrowed: pick("Borrowed"), Router: pick("Router"), Wrapped: pick("Wrapped") };
}

/** What tests/contracts/Freezing.sol is once deployed, and how it is called. */
export function compileFreezing(): { readonly abi: unknown[]; readonly code: string } {
	return deployed("Freezing");
}

/** The same of tests/contracts/Issuing.sol. */
export function compileIssuing(): { readonly abi: unknown[]; readonly code: string } {
	return deployed("Issuing");
}

/** The same of tests/contracts/Draining.sol. */
export function compileDraining(): { readonly abi: unknown[]; readonly code: string } {
	return deployed("Draining");
}

function deployed(name: string): { readonly abi: unknown[]; readonly code: string } {
	const contracts = runSolc("Solidity", `contracts/${name}.sol`, {
		outputSelection: { "*": { "*": ["abi", "evm.deployedBytecode.object"] } },
	});
	return { abi: contracts[name].abi, code: `0x${contracts[name].evm.deployedBytecode.object}` };
}

/** Compiles tests/contracts/Abstraction.sol. */
export function compileAbstraction(): Record<"Account" | "EntryPoint" | "Sweeper", Compiled> {
	const pick = compile("Abstraction.sol");
	return { Account: pick("Account"), EntryPoint: pick("EntryPoint"), Sweeper: pick("Sweeper") };
}

/** What packages/chains/src/acting/puppet.yul is once deployed. */
export function compilePuppet(): string {
	const path = "../packages/chains/src/acting/puppet.yul";
	const { Puppet } = runSolc("Yul", path, {
		optimizer: { enabled: true },
		outputSelection: { "*": { "*": ["evm.deployedBytecode.object"] } },
	});
	return `0x${Puppet.evm.deployedBytecode.object}`;
}

function compile(file: string): (name: string) => Compiled {
	const contracts = runSolc("Solidity", `contracts/${file}`, { outputSelection: { "*": { "*": ["abi", "evm.bytecode.object"] } } });
	return (name) => ({ abi: contracts[name].abi, bytecode: `0x${contracts[name].evm.bytecode.object}` });
}

/** Contracts by name, as solc describes them; `path` from this folder. */
// biome-ignore lint/suspicious/noExplicitAny: solc's output, read by tests alone
function runSolc(language: string, path: string, settings: object): Record<string, any> {
	const solc = createRequire(import.meta.url)("solc") as { compile(input: string): string };
	const content = readFileSync(new URL(path, import.meta.url), "utf8");
	const input = { language, sources: { [path]: { content } }, settings: { evmVersion: "paris", ...settings } };
	const output = JSON.parse(solc.compile(JSON.stringify(input)));
	const contracts = output.contracts?.[path];
	if (contracts === undefined) throw new Error(JSON.stringify(output.errors));
	return contracts;
}
