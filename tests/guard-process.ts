import { type ChildProcess, spawn } from "node:child_process";
import { createServer, type IncomingMessage } from "node:http";
import { MAIN, ROOT } from "./clew.js";

/** `clew guard` as a person runs it, found by the address that it prints. */
export interface RunningGuard {
	readonly url: string;
	readonly pid: number;
	/** All that it printed. */
	readonly words: string[];
	stop(): void;
}

/** Starts one before a node; `log` is the file of its judgements. Throws what it printed where it ends. */
export async function startGuard(node: string, log: string, ...options: string[]): Promise<RunningGuard> {
	const guard: ChildProcess = spawn(process.execPath, [MAIN, "guard", "--rpc", node, "--listen", "127.0.0.1:0", ...options], {
		cwd: ROOT,
		env: { ...process.env, CLEW_GUARD_LOG: log, NO_COLOR: "1" },
	});
	const words: string[] = [];
	const url = await new Promise<string>((resolve, reject) => {
		guard.stderr?.on("data", (chunk) => words.push(`${chunk}`));
		guard.stdout?.on("data", (chunk) => {
			words.push(`${chunk}`);
			const found = /(http:\/\/127\.0\.0\.1:\d+)/.exec(words.join(""));
			if (found?.[1] !== undefined) resolve(found[1]);
		});
		guard.once("exit", () => reject(new Error(words.join(""))));
	});
	return { url, pid: guard.pid as number, words, stop: () => guard.kill("SIGINT") };
}

/** What a node got: method, path with query, headers, body. */
export interface Got {
	readonly call: string;
	readonly headers: IncomingMessage["headers"];
	readonly body: string;
}

/** A server that keeps what it gets, in place of nodes that cannot be run here, or before one, to see what comes. */
export async function recorder(answer: (got: Got) => string | Promise<string>) {
	const got: Got[] = [];
	const server = createServer(async (request, response) => {
		const chunks: Buffer[] = [];
		for await (const chunk of request) chunks.push(chunk as Buffer);
		const one = { call: `${request.method} ${request.url}`, headers: request.headers, body: Buffer.concat(chunks).toString("utf8") };
		got.push(one);
		response.setHeader("content-type", "application/json");
		response.end(await answer(one));
	});
	await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
	const { port } = server.address() as { port: number };
	return {
		url: `http://127.0.0.1:${port}`,
		got,
		stop: () => {
			server.closeAllConnections();
			server.close();
		},
	};
}
