// The gateway beside a bare server of the same SDK that answers with the same bytes: over standard input and output, and over HTTP; and
// what either process of the gateway keeps in memory. Run after a build: npx tsx --conditions=source scripts/bench/agent.ts [--quick]
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { McpServer } from "@modelcontextprotocol/sdk/server/mcp.js";
import { StdioServerTransport } from "@modelcontextprotocol/sdk/server/stdio.js";
import { StreamableHTTPServerTransport } from "@modelcontextprotocol/sdk/server/streamableHttp.js";
import { z } from "zod";
import { MAIN, makePureBit } from "../../tests/clew.js";

const CALLS = process.argv.includes("--quick") ? 100 : 1_000;
const WARM_UP = 50;
const THIEF = "0x7df1bd58e8fd49803e43987787adfecb4a0a086c";
const ASKED = [
	["labels", { account: "0x5e032243d507c743b061ef021e2ec7fcc6d3ab89" }],
	["account", { account: THIEF }],
	["ledger", { account: THIEF, limit: 50 }],
] as const;
const SELF = fileURLToPath(import.meta.url);

/** The bare server: every tool answers with what the gateway answered, without looking at anything. */
function bareServer(answers: Readonly<Record<string, Record<string, unknown>>>): McpServer {
	const server = new McpServer({ name: "bare", version: "1" });
	const outputSchema = z.object({ facts: z.array(z.object({}).loose()), next: z.string().nullable(), notes: z.array(z.string()) });
	for (const [name, structuredContent] of Object.entries(answers))
		server.registerTool(name, { inputSchema: z.object({}).loose(), outputSchema }, async () => ({
			content: [{ type: "text", text: JSON.stringify(structuredContent) }],
			structuredContent,
		}));
	return server;
}

type Transport = Parameters<Client["connect"]>[0];

async function connected(transport: unknown): Promise<Client> {
	const client = new Client({ name: "bench", version: "1" });
	await client.connect(transport as Transport);
	return client;
}

interface Times {
	readonly median: number;
	readonly p99: number;
}

/** Both in turns, so that a machine that is busy with something else is so for both. */
async function times(clients: readonly Client[], name: string, args: Record<string, unknown>): Promise<Times[]> {
	const taken = clients.map((): number[] => []);
	for (let i = 0; i < CALLS + WARM_UP; i++)
		for (const [n, client] of clients.entries()) {
			const start = performance.now();
			await client.callTool({ name, arguments: args });
			if (i >= WARM_UP) taken[n]?.push(performance.now() - start);
		}
	return taken.map((own) => {
		own.sort((a, b) => a - b);
		return { median: own[own.length >> 1] as number, p99: own[Math.floor(own.length * 0.99)] as number };
	});
}

function childrenOf(pid: number): number[] {
	const lists = readdirSync(`/proc/${pid}/task`).map((task) => readFileSync(`/proc/${pid}/task/${task}/children`, "utf8"));
	return lists.flatMap((list) =>
		list
			.trim()
			.split(" ")
			.filter((child) => child !== "")
			.map(Number),
	);
}

/** The most that a process and those under it kept, in MB, one by one. */
function peaks(pid: number): { readonly name: string; readonly mb: number }[] {
	const status = readFileSync(`/proc/${pid}/status`, "utf8");
	const [, name = ""] = /^Name:\s+(\S+)/m.exec(status) ?? [];
	const mb = Number(/^VmHWM:\s+(\d+)/m.exec(status)?.[1] ?? 0) / 1_024;
	return [{ name, mb }, ...childrenOf(pid).flatMap(peaks)];
}

/** Ticks of a process's clock in a second (USER_HZ). */
const TICKS = 100;

/** Processor time that a process and those under it took, in ms: what other work on the machine does not change. */
function processorMs(pid: number): number {
	const fields = readFileSync(`/proc/${pid}/stat`, "utf8")
		.replace(/^.*\) /, "")
		.split(" ");
	const own = ((Number(fields[11]) + Number(fields[12])) / TICKS) * 1_000;
	return childrenOf(pid).reduce((sum, child) => sum + processorMs(child), own);
}

async function compare(way: string, connect: () => Promise<readonly [Client, Client]>, pids: readonly [number, number]): Promise<void> {
	for (const [name, args] of ASKED) {
		const before = pids.map(processorMs);
		// A connection each: over HTTP the SDK's client keeps a listener for every call.
		const clients = await connect();
		const [own, plain] = (await times(clients, name, args)) as [Times, Times];
		const over = `${(own.median - plain.median).toFixed(2)} ms and ${(own.p99 - plain.p99).toFixed(2)} ms over it`;
		const [took, bare] = pids.map((pid, n) => (processorMs(pid) - (before[n] as number)) / (CALLS + WARM_UP)) as [number, number];
		console.log(
			`${way}, ${name}: ${took.toFixed(2)} ms of a processor a call, all its processes together; the bare server ${bare.toFixed(2)} ms`,
		);
		console.log(
			`${way}, ${name}: ${own.median.toFixed(2)} ms median, ${own.p99.toFixed(2)} ms p99; the bare server ${plain.median.toFixed(2)} and ${plain.p99.toFixed(2)}: ${over} (goal 5 at p99), ${(own.median / plain.median).toFixed(1)} x`,
		);
	}
}

const bareEnvironment = (told: string): Record<string, string> => ({ ...(process.env as Record<string, string>), BARE: told });

function urlOf(server: ChildProcess): Promise<string> {
	return new Promise((resolve) => server.stdout?.on("data", (chunk) => resolve(/http:\S+/.exec(`${chunk}`)?.[0] ?? "")));
}

/** The bare server over HTTP, in a process of its own like the gateway. */
async function serveBare(): Promise<void> {
	const transports = new Map<string, StreamableHTTPServerTransport>();
	const listener = createServer(async (request, response) => {
		const known = transports.get(String(request.headers["mcp-session-id"]));
		const transport: StreamableHTTPServerTransport =
			known ??
			new StreamableHTTPServerTransport({
				sessionIdGenerator: () => String(transports.size),
				onsessioninitialized: (id) => {
					transports.set(id, transport);
				},
			});
		if (known === undefined) await bareServer(ANSWERS()).connect(transport as Transport & Parameters<McpServer["connect"]>[0]);
		await transport.handleRequest(request, response);
	});
	listener.listen(0, "127.0.0.1", () => console.log(`http://127.0.0.1:${(listener.address() as { port: number }).port}/`));
}

const ANSWERS = () => JSON.parse(process.env["BARE"] ?? "") as Record<string, Record<string, unknown>>;

async function main(): Promise<void> {
	const folder = mkdtempSync(join(tmpdir(), "clew-bench-agent-"));
	const file = join(folder, "purebit.clew");
	makePureBit(file);
	const budget = ["--max-calls", "1000000", "--max-rows", "10000000", "--max-bytes", "1000000000", "--max-seconds", "100000"];
	const serve = [MAIN, "agent", "serve", "--case", file, ...budget];
	const overStdio = new StdioClientTransport({ command: process.execPath, args: serve });
	const gateway = await connected(overStdio);
	const answers: Record<string, Record<string, unknown>> = {};
	for (const [name, args] of ASKED)
		answers[name] = (await gateway.callTool({ name, arguments: args })).structuredContent as Record<string, unknown>;
	const told = JSON.stringify(answers);
	const plain = new StdioClientTransport({
		command: process.execPath,
		args: ["--import", "tsx", SELF, "--bare"],
		env: bareEnvironment(told),
	});
	const bare = await connected(plain);
	await compare("stdio", async () => [gateway, bare], [overStdio.pid as number, plain.pid as number]);
	for (const { name, mb } of peaks(overStdio.pid as number))
		if (mb > 10) console.log(`memory: ${name} ${mb.toFixed(0)} MB at most (goal 150)`);
	await gateway.close();
	await bare.close();
	const server: ChildProcess = spawn(process.execPath, [...serve, "--http", "127.0.0.1:0"]);
	const url = await urlOf(server);
	const other = spawn(process.execPath, ["--import", "tsx", SELF, "--bare-http"], { env: bareEnvironment(told) });
	const bareUrl = await urlOf(other);
	const connect = async () =>
		[
			await connected(new StreamableHTTPClientTransport(new URL(url))),
			await connected(new StreamableHTTPClientTransport(new URL(bareUrl))),
		] as const;
	await compare("HTTP", connect, [server.pid as number, other.pid as number]);
	for (const { name, mb } of peaks(server.pid as number))
		if (mb > 10) console.log(`memory over HTTP: ${name} ${mb.toFixed(0)} MB at most (goal 150)`);
	server.kill("SIGINT");
	other.kill();
	rmSync(folder, { recursive: true });
	process.exit();
}

if (process.argv.includes("--bare")) await bareServer(ANSWERS()).connect(new StdioServerTransport());
else if (process.argv.includes("--bare-http")) await serveBare();
else await main();
