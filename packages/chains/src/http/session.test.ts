import { endpointSecrets } from "@clew/core";
import { describe, expect, it } from "vitest";
import { readSession, sessionHead, sessionLine } from "./session.js";

const LONG = "s3cr3tKeyOfTwentyChars";
const SHORT = "k3y7a";

describe("a recorded session", () => {
	const secrets = [...endpointSecrets(`https://user:${SHORT}@node.example/v3/${LONG}?apikey=q%2Buery9`)];
	const lineOf = (request: string, text: string) =>
		sessionLine({ endpoint: "https://node.example/v3/***", request, status: 200, body: new TextEncoder().encode(text), secrets });

	it("holds no secret of a URL, in whichever form it comes back", () => {
		const said = [LONG, LONG.toLowerCase(), SHORT, "q+uery9", "q%2Buery9", btoa(`user:${SHORT}`), `0x${LONG}`].join('","');
		const line = lineOf(`GET &apikey=q%2Buery9`, `{"echo":["${said}"]}`);
		for (const secret of [LONG, SHORT, "q+uery9", "q%2Buery9", btoa(`user:${SHORT}`)])
			expect([secret, line.toLowerCase().includes(secret.toLowerCase())]).toEqual([secret, false]);
	});

	it("leaves data whole where a short key stands in it by chance", () => {
		const data = `{"hash":"0xabc${"de".repeat(8)}"}`;
		expect(
			JSON.parse(sessionLine({ endpoint: "e", request: "r", status: 200, body: new TextEncoder().encode(data), secrets: ["abc"] })),
		).toMatchObject({ text: data });
	});

	it("is read again as it was written, silences too; any other file is refused", () => {
		const lines = [
			sessionHead("0.1.0", "2026-01-01T00:00:00Z"),
			lineOf("a", "b"),
			sessionLine({ endpoint: "e", request: "r", failed: "NODE_TIMEOUT", secrets }),
		];
		expect(readSession(`${lines.join("\n")}\n`)).toEqual([
			{ endpoint: "https://node.example/v3/***", request: "a", status: 200, text: "b" },
			{ endpoint: "e", request: "r", failed: "NODE_TIMEOUT" },
		]);
		expect(() => readSession(`${lines[1]}\n`)).toThrow();
		expect(() => readSession(`${lines[0]}\n{"endpoint":"e"}\n`)).toThrow();
	});
});
