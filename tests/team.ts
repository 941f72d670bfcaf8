import { type ChildProcess, spawn } from "node:child_process";
import { type GraphStore, parseChainId } from "@clew/core";
import { JsonRpcProvider } from "ethers";
import { startAnvilNode } from "../scripts/services/anvil.js";
import { MAIN, ROOT, scratch } from "./clew.js";

export const ANVIL_CHAIN = parseChainId("eip155:31337");

/** Mines blocks of plain transfers between the node's own accounts; amounts tell them apart. Gives the head's height. */
export async function mineTransfers(url: string, blocks: number, perBlock: number): Promise<number> {
	const provider = new JsonRpcProvider(url, 31337, { staticNetwork: true, cacheTimeout: -1 });
	await provider.send("evm_setAutomine", [false]);
	const accounts: string[] = await provider.send("eth_accounts", []);
	let amount = 1_000;
	for (let block = 0; block < blocks; block++) {
		const send = (i: number) =>
			provider.send("eth_sendTransaction", [
				{ from: accounts[i % accounts.length], to: accounts[(i * 7 + block + 1) % accounts.length], value: `0x${(amount++).toString(16)}` },
			]);
		// One of each account at a time: the node gives out nonces.
		for (let i = 0; i < perBlock; i += accounts.length) await Promise.all(accounts.slice(0, perBlock - i).map((_, k) => send(i + k)));
		await provider.send("evm_mine", []);
	}
	const height = await provider.getBlockNumber();
	provider.destroy();
	return height;
}

/** A node that keeps its chain in a folder, so that it can be killed and started again with the same blocks. */
export async function startKeptAnvil() {
	const folder = scratch();
	let node = await startAnvilNode({ folder });
	const port = Number(new URL(node.url).port);
	return {
		url: node.url,
		kill: () => node.kill(),
		restart: async () => {
			node = await startAnvilNode({ folder, port });
		},
		stop: () => node.stop(),
	};
}

/** Everything that a case holds of a chain, in an order of its own: equal for equal cases, whatever happened on the way. */
export async function everything(store: GraphStore) {
	const { chain } = store.info;
	const { accounts, contracts } = await store.contents();
	return {
		heights: await store.heights(chain, 0, 100_000),
		coverage: await store.coverage(chain),
		gaps: await store.blockGaps(chain),
		counts: await store.counts(),
		sources: await store.sources(),
		assets: await store.assets(),
		accounts: [...accounts].sort(),
		contracts: [...contracts].sort(),
	};
}

/** A `clew` process that goes on until it is told to end. */
export interface Background {
	readonly process: ChildProcess;
	readonly output: () => string;
	/** Settles when the output holds a text. */
	says(text: string): Promise<void>;
	ended(): Promise<number | null>;
}

/** Starts the built command line beside this process. */
export function clewInBackground(args: readonly string[], env: Record<string, string> = {}): Background {
	const child = spawn(process.execPath, [MAIN, ...args], { cwd: ROOT, env: { ...process.env, NO_COLOR: "1", ...env } });
	let output = "";
	for (const stream of [child.stdout, child.stderr])
		stream.on("data", (chunk) => {
			output += chunk;
		});
	const exit = new Promise<number | null>((resolve) => child.once("close", resolve));
	return {
		process: child,
		output: () => output,
		ended: () => exit,
		async says(text) {
			for (const deadline = Date.now() + HANG_MS; !output.includes(text); await new Promise((resolve) => setTimeout(resolve, 20))) {
				if (Date.now() > deadline || child.exitCode !== null) throw new Error(`clew ${args.join(" ")} never said ${text}:\n${output}`);
			}
		},
	};
}

/** After this a test waits in vain: a guard against a hang, not a measure. */
export const HANG_MS = 600_000;

export const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
