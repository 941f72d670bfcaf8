import { createServer, request, type Server } from "node:http";

/** What a jailed program may reach of a guard: its calls alone. */
const FORWARDED = { "content-type": "application/json" } as const;

/**
 * A socket that passes JSON-RPC calls on to a guard and nothing else: not the guard's pages, on which a person lets go what was held back,
 * and no header of the caller's. Throws what the socket throws.
 */
export async function guardDoor(guard: URL, socket: string): Promise<Server> {
	const server = createServer((asked, answer) => {
		if (asked.method !== "POST" || asked.url !== "/") {
			answer.writeHead(405, { "content-type": "text/plain" }).end("POST a JSON-RPC request to /.");
			asked.resume();
			return;
		}
		const onward = request(guard, { method: "POST", headers: FORWARDED }, (told) => {
			answer.writeHead(told.statusCode ?? 502, { "content-type": told.headers["content-type"] ?? "application/json" });
			told.pipe(answer);
		});
		onward.on("error", () => {
			if (!answer.headersSent) answer.writeHead(502, { "content-type": "text/plain" });
			answer.end("the guard does not answer");
		});
		asked.pipe(onward);
	});
	await new Promise<void>((resolve, reject) => server.once("error", reject).listen(socket, resolve));
	return server;
}
