import { rmSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { clew, clewAsync, mustClew, scratch } from "./clew.js";

const folder = scratch();
const labels = join(folder, "labels.db");
const DRAINER = "0x00000000000000000000000000000000000bad01";

describe("the newest of the lists whose places are known", () => {
	let server: Server;
	let base = "";
	let isAway = false;

	beforeAll(async () => {
		server = createServer((request, response) => {
			if (isAway || request.url !== "/combined.json") return void response.writeHead(503).end();
			response.end(JSON.stringify({ "evil.example": [DRAINER] }));
		});
		await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
		base = `http://127.0.0.1:${(server.address() as { port: number }).port}`;
	});
	afterAll(() => {
		server.close();
		rmSync(folder, { recursive: true });
	});
	const update = (...args: string[]) => clewAsync(["label", "update", ...args, "--labels", labels, "--json"]);

	it("are fetched only when asked, dated by the day they were taken, and one that is away keeps no other from it", async () => {
		expect(clew(["label", "update", "--labels", labels])).toMatchObject({ code: 2, err: expect.stringContaining("--download") });
		const places = ["--from", `scamsniffer=${base}/combined.json`, "--from", `metamask=${base}/none`];
		const { code, out } = await update("scamsniffer", "metamask", "--download", ...places);
		expect(code).toBe(5);
		expect(JSON.parse(out)).toMatchObject({
			schema: "clew.label-update/1",
			lists: [{ kind: "scamsniffer", retrievedAt: "2023-11-14", rows: 2, added: 2 }],
			failed: [{ kind: "metamask" }],
		});
		expect(clew(["check", DRAINER, "--labels", labels]).out).toContain("Scam Sniffer");
		const again = await update("scamsniffer", "--download", ...places);
		expect([again.code, JSON.parse(again.out).lists[0].added]).toEqual([0, 0]);
		isAway = true;
		expect((await update("scamsniffer", "--download", ...places)).code).toBe(5);
		expect(mustClew("label", "lists", "--labels", labels)).toContain("scamsniffer");
	});

	it("are no place of something else", async () => {
		expect((await update("--download", "--from", "nonsense")).code).toBe(2);
		expect((await update("csv", "--download")).code).toBe(2);
		expect((await update("scamsniffer", "--download", "--from", "scamsniffer=http://lists.example/x")).code).toBe(5);
	});
});
