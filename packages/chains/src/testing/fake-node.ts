import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";

/** What a made-up node answers: a result, or a whole HTTP answer. */
export type Handler = (
	method: string,
	params: readonly unknown[],
) => { result: unknown } | { error: { code: number; message: string } } | undefined;

/** A JSON-RPC server for tests that need a node to misbehave. `raw` answers a request before the handler does. */
export async function fakeNode(
	handler: Handler,
	raw?: (requests: number) => { status: number; headers?: Record<string, string>; body: string } | "hang" | undefined,
) {
	let requests = 0;
	const server: Server = createServer((request, response) => {
		let body = "";
		request.on("data", (chunk) => {
			body += chunk;
		});
		request.on("end", () => {
			const special = raw?.(++requests);
			if (special === "hang") return;
			if (special !== undefined) {
				response.writeHead(special.status, special.headers ?? {}).end(special.body);
				return;
			}
			const parsed: unknown = JSON.parse(body);
			const answer = (call: { id: number; method: string; params: unknown[] }) => ({
				jsonrpc: "2.0",
				id: call.id,
				...(handler(call.method, call.params) ?? { error: { code: -32601, message: "the method does not exist" } }),
			});
			const answers = Array.isArray(parsed) ? parsed.map(answer) : answer(parsed as Parameters<typeof answer>[0]);
			response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(answers));
		});
	});
	await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
	const { port } = server.address() as AddressInfo;
	return {
		url: `http://127.0.0.1:${port}/v3/0123456789abcdef0123456789abcdef?key=secret`,
		requests: () => requests,
		close: () =>
			new Promise<void>((resolve) => {
				server.closeAllConnections();
				server.close(() => resolve());
			}),
	};
}
