// A theft over six hops, from its hash to the screen, through a free public endpoint and an explorer at 3 calls a second, and through a
// public archive without an index, on two chains: npx tsx --conditions=source scripts/bench/access.ts [--quick]
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { JsonRpcProvider, Wallet } from "ethers";
import { MAIN } from "../../tests/clew.js";
import { startIndex } from "../../tests/providers/index-server.js";
import { type Call, type CallError, type Profile, startProvider } from "../../tests/providers/proxy.js";
import { startAnvilNode } from "../services/anvil.js";

const quick = process.argv.includes("--quick");
const HOPS = 6;
const ETHER = 10n ** 18n;
/** Blocks of strangers between two hops. */
const BETWEEN = quick ? 20 : 50;
const CHAINS = quick ? [31_337] : [31_337, 1_337];
const CALLS_A_SECOND = 50;
const MOST_IN_A_BATCH = 10;
const SECOND_MS = 1_000;
/**
 * What an answer takes: of a hop a block and its receipts, and of an account its three lists; the chain's number and head, and where the
 * hash is.
 */
const LEAST = { block: 2, account: 3, once: 3 };
/** What holds a hop to the node: what the account held before, and of its end point balance and code; its count where an index lists it. */
const HELD = { state: 3, listed: 1 };

const folder = mkdtempSync(join(tmpdir(), "clew-bench-"));
process.env["XDG_DATA_HOME"] = folder;
try {
	for (const chain of CHAINS) {
		const node = await startAnvilNode({}, "--no-mining", "--chain-id", String(chain));
		try {
			const theft = await steal(node.url, chain);
			await through(node.url, chain, theft, "a public endpoint and an explorer", true);
			await through(node.url, chain, theft, "a public archive, no index", false);
		} finally {
			await node.stop();
		}
	}
} finally {
	rmSync(folder, { recursive: true, force: true });
}

/** Money that goes on six times, a part of it each time; gives the hash of the theft. */
async function steal(url: string, chain: number): Promise<string> {
	const provider = new JsonRpcProvider(url, chain, { staticNetwork: true, cacheTimeout: -1 });
	const wallet = (n: number) => new Wallet(`0x${(0xacce00 + n).toString(16).padStart(64, "0")}`, provider);
	const [rich] = (await provider.send("eth_accounts", [])) as string[];
	await provider.send("eth_sendTransaction", [{ from: rich, to: wallet(0).address, value: `0x${(100n * ETHER).toString(16)}` }]);
	await provider.send("anvil_mine", [`0x${BETWEEN.toString(16)}`]);
	const hashes: string[] = [];
	for (let hop = 0; hop <= HOPS; hop++) {
		const { hash } = await wallet(hop).sendTransaction({
			to: wallet(hop + 1).address,
			value: (90n - BigInt(hop)) * ETHER,
			gasPrice: 2n * 10n ** 9n,
			gasLimit: 21_000n,
			type: 0,
		});
		hashes.push(hash);
		await provider.send("evm_mine", []);
		await provider.send("anvil_mine", [`0x${BETWEEN.toString(16)}`]);
	}
	provider.destroy();
	return hashes[0] as string;
}

/** What a free endpoint allows; with `old`, its states of long ago. `answered` are the calls that it answered. */
function free(old: boolean, head: number, answered: Call[]): Profile {
	let [second, calls] = [0, 0];
	const refuse = ({ method, params }: Call): CallError | undefined => {
		if (/^(trace_|debug_|ots_)/.test(method)) return { code: -32601, message: `the method ${method} does not exist/is not available` };
		const isOld = /^eth_get(Balance|Code|TransactionCount)$/.test(method) && Number(params.at(-1)) < head - 128;
		return isOld && !old ? { code: -32000, message: "missing trie node" } : undefined;
	};
	return {
		name: "free",
		refuse,
		request: ({ length }) => {
			const now = Math.floor(performance.now() / SECOND_MS);
			if (now !== second) [second, calls] = [now, 0];
			if (length > MOST_IN_A_BATCH) return { status: 413, body: "" };
			if (calls + length > CALLS_A_SECOND) return { status: 429, headers: { "retry-after": "1" }, body: "" };
			calls += length;
			return undefined;
		},
		change: (call, result) => {
			answered.push(call);
			return result;
		},
	};
}

async function through(node: string, chain: number, theft: string, name: string, hasIndex: boolean): Promise<void> {
	const answered: Call[] = [];
	const provider = await startProvider(node, free(!hasIndex, (HOPS + 2) * BETWEEN, answered));
	const index = hasIndex ? await startIndex(node, { perSecond: 3 }) : undefined;
	const place = join(folder, `${chain}-${hasIndex}.clew`);
	const history = index === undefined ? [] : ["--history", index.url];
	const { screens, seconds, out } = await timed([
		"investigate",
		theft,
		"--chain",
		`eip155:${chain}`,
		"--rpc",
		provider.url,
		...history,
		"--case",
		place,
		"--json",
	]);
	const told = JSON.parse(out) as {
		readonly node: { readonly requests: number };
		readonly groups: readonly { readonly places: readonly { readonly agreed: string }[] }[];
	};
	const keys = [...answered.map(({ method, params }) => `${method} ${JSON.stringify(params)}`), ...(index?.asked ?? [])];
	const once = new Set(keys);
	const repeated = [...once].filter((key) => keys.filter((one) => one === key).length > 1);
	const edges = HOPS + 1;
	const least = (edges * (LEAST.block + (hasIndex ? LEAST.account : 0)) + LEAST.once) / edges;
	const held = HELD.state + (hasIndex ? HELD.listed : 0);
	const agreed = told.groups.flatMap(({ places }) => places.map((one) => BigInt(one.agreed))).reduce((sum, one) => sum + one, 0n);
	console.log(`${name}, chain ${chain} of ${(HOPS + 2) * BETWEEN} blocks:`);
	console.log(
		`  first useful line after ${screens[0]?.toFixed(1) ?? "no"} s, the screen after ${seconds.toFixed(1)} s, ${agreed} wei agreed`,
	);
	console.log(
		`  ${keys.length} answered, ${told.node.requests} sent; ${(keys.length / edges).toFixed(1)} a hop; the least is ${least.toFixed(1)}, and ${held} hold it to the node`,
	);
	console.log(`  asked more than once: ${repeated.length}${repeated.length === 0 ? "" : ` (${repeated.slice(0, 6).join("; ")})`}`);
	if (process.argv.includes("--list")) for (const key of keys) console.log(`    ${key}`);
	provider.close();
	index?.close();
}

/** Runs clew; gives when it told something on the way and when it ended, in seconds. */
function timed(args: readonly string[]): Promise<{ screens: readonly number[]; seconds: number; out: string }> {
	const began = performance.now();
	const since = () => (performance.now() - began) / SECOND_MS;
	const child = spawn(process.execPath, [MAIN, ...args], { env: { ...process.env, CLEW_PLACES: join(folder, "places.json") } });
	const screens: number[] = [];
	let out = "";
	child.stdout.on("data", (chunk) => {
		out += chunk;
	});
	child.stderr.on("data", (chunk) => {
		if (String(chunk).includes("so far (")) screens.push(since());
	});
	return new Promise((resolve) => child.once("close", () => resolve({ screens, seconds: since(), out })));
}
