import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type IncomingHttpHeaders, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { canonicalJson } from "@clew/core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { type DeliverOptions, deliverer, signWebhook } from "./deliver.js";
import type { Delivery } from "./model.js";
import { holdsSecret, parseChannel, showChannel } from "./places.js";

const folder = mkdtempSync(join(tmpdir(), "clew-deliver-"));
const received: { headers: IncomingHttpHeaders; body: string; method: string | undefined }[] = [];
let server: Server;
let answer: { code: number; headers?: Record<string, string>; hang?: true } = { code: 204 };
let url = "";

beforeAll(async () => {
	server = createServer((request, response) => {
		let body = "";
		request.on("data", (part) => {
			body += part;
		});
		request.on("end", () => {
			received.push({ headers: request.headers, body, method: request.method });
			if (answer.hang) return;
			response.writeHead(answer.code, answer.headers).end("echo of the secret path hook-key-1");
		});
	});
	await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
	url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook-key-1`;
});
afterEach(() => {
	received.length = 0;
	answer = { code: 204 };
});
afterAll(async () => {
	server.closeAllConnections();
	await new Promise((closed) => server.close(closed));
	rmSync(folder, { recursive: true, force: true });
});

const alert = { watch: "w1", text: "money moved" } as unknown as Delivery["alert"];
const body = canonicalJson(alert);
const lines: string[] = [];
const send = (channel: string, over: Partial<DeliverOptions> = {}) =>
	deliverer({
		allowed: () => true,
		secret: undefined,
		print: (line) => void lines.push(line),
		timeoutMs: 60_000,
		facts: async () => ({ amount: "1 ETH", value: "no price" }),
		seconds: () => 1_700_000_000,
		signal: new AbortController().signal,
		...over,
	})({ channel, alert, id: "delivery-7" } as Delivery);
const failed = (message: RegExp) =>
	expect.objectContaining({ code: "NOTIFY_FAILED", retryable: true, message: expect.stringMatching(message) });

describe("a webhook", () => {
	it("gets the alert once, with its key, the time and a signature that a receiver can compute", async () => {
		await send(`webhook:${url}`, { secret: "s3cret" });
		const [one, ...more] = received;
		expect(more).toEqual([]);
		expect(one).toMatchObject({
			method: "POST",
			body,
			headers: {
				"content-type": "application/json",
				"idempotency-key": "delivery-7",
				"clew-time": "1700000000",
				"clew-signature": `sha256=${signWebhook("s3cret", 1_700_000_000, body)}`,
			},
		});
		// HMAC-SHA256 of "1.{}", by Python's hmac.
		expect(signWebhook("s3cret", 1, "{}")).toBe("3aef069923b329162e71de34136b0ef6ee4b9253867069748da3fc3680c71406");
		expect(signWebhook("s3cret", 2, "{}")).not.toBe(signWebhook("s3cret", 1, "{}"));
	});

	it("without a key is not signed", async () => {
		await send(`webhook:${url}`);
		expect(received[0]?.headers).not.toHaveProperty("clew-signature");
	});

	it("that refuses, or sends elsewhere, has not got it; its path is in no message", async () => {
		answer = { code: 500 };
		await expect(send(`webhook:${url}`)).rejects.toEqual(failed(/^webhook:http:\/\/127\.0\.0\.1:[0-9]+\/… answered 500$/));
		answer = { code: 302, headers: { location: `${url}/elsewhere` } };
		await expect(send(`webhook:${url}`)).rejects.toEqual(failed(/^webhook:http:\/\/127\.0\.0\.1:[0-9]+\/…: /));
		expect(received).toHaveLength(2);
		await expect(send(`webhook:${url}`)).rejects.toMatchObject({ message: expect.not.stringContaining("hook-key-1") });
	});

	it("that hangs ends with the time limit, and with an interrupt", { timeout: 600_000 }, async () => {
		answer = { code: 200, hang: true };
		await expect(send(`webhook:${url}`, { timeoutMs: 50 })).rejects.toEqual(failed(/webhook:/));
		const stop = new AbortController();
		const sent = send(`webhook:${url}`, { signal: stop.signal });
		stop.abort();
		await expect(sent).rejects.toEqual(failed(/webhook:/));
	});

	it("by a variable is read where alerts are sent", async () => {
		process.env["CLEW_TEST_HOOK"] = url;
		await send("webhook:$CLEW_TEST_HOOK");
		expect(received).toHaveLength(1);
		for (const value of ["ftp://a/b", "http://", undefined]) {
			if (value === undefined) delete process.env["CLEW_TEST_HOOK"];
			else process.env["CLEW_TEST_HOOK"] = value;
			await expect(send("webhook:$CLEW_TEST_HOOK")).rejects.toEqual(failed(/holds no such URL/));
		}
		expect(received).toHaveLength(1);
	});
});

describe("a program", () => {
	const script = (text: string) => {
		const path = join(folder, `${Math.abs(text.length * 7919)}.mjs`);
		writeFileSync(path, text);
		return `exec:${process.execPath} ${path}`;
	};

	it("reads the alert, knows its key, and sees nothing else of the environment", async () => {
		process.env["CLEW_TEST_SECRET"] = "s3cret";
		process.env["CLEW_EXEC_MINE"] = "passed";
		const out = join(folder, "got.json");
		const text = `import { readFileSync, writeFileSync } from "node:fs"; writeFileSync(${JSON.stringify(out)}, JSON.stringify({ body: readFileSync(0, "utf8"), env: process.env, words: process.argv.slice(2) }));`;
		await send(`${script(text)} one two`);
		const got = JSON.parse(readFileSync(out, "utf8"));
		expect(got).toMatchObject({ body, words: ["one", "two"], env: { CLEW_IDEMPOTENCY_KEY: "delivery-7", CLEW_EXEC_MINE: "passed" } });
		expect(Object.keys(got.env)).not.toContain("CLEW_TEST_SECRET");
	});

	it("that fails says how it ended, and none of its arguments", { timeout: 600_000 }, async () => {
		const outcome = async (text: string, over: Partial<DeliverOptions> = {}) => {
			const error = await send(`${script(text)} argument-s3cret`, over).catch((e: unknown) => e as Error);
			expect(String((error as Error).message)).not.toContain("argument-s3cret");
			return error;
		};
		expect(await outcome("process.exit(3)")).toEqual(failed(/: ended with code 3$/));
		expect(await outcome("process.kill(process.pid, 'SIGTERM')")).toEqual(failed(/: was ended by SIGTERM$/));
		expect(await outcome("setInterval(() => {}, 1000)", { timeoutMs: 500 })).toEqual(failed(/: did not end in time$/));
		await expect(send("exec:/nowhere/program x")).rejects.toEqual(failed(/^\/nowhere\/program: ENOENT$/));
	});
});

describe("places to notify", () => {
	it("are told nothing where this machine does not allow them", async () => {
		const error = await send(`webhook:${url}`, { allowed: () => false }).catch((e: unknown) => e);
		expect(error).toEqual(failed(/is not allowed on this machine$/));
		expect(error).toMatchObject({ hint: "See it whole and allow it: clew watch allow w1" });
		expect(received).toEqual([]);
		await send("stdout");
		expect(lines).toEqual([body]);
	});

	it("are read as people type them, and shown without what may be secret", () => {
		for (const good of ["stdout", "exec:/bin/x y", "webhook:https://a.example/k", "webhook:$MY_HOOK"])
			expect(parseChannel(good)).toBe(good);
		for (const bad of ["", "exec:", "exec: x", "webhook:", "webhook:a.example", "webhook:http://", "webhook:$", "mail:a@b.example"])
			expect(() => parseChannel(bad), bad).toThrow(/a place to notify is none/);
		const shown = ["stdout", "exec:/bin/x y z", "exec:/bin/x", "webhook:https://a.example/k?x=1", "webhook:$MY_HOOK", "webhook:http://["];
		expect(shown.map(showChannel)).toEqual([
			"stdout",
			"exec:/bin/x …",
			"exec:/bin/x",
			"webhook:https://a.example/…",
			"webhook:$MY_HOOK",
			"webhook:/…",
		]);
		expect(["stdout", "exec:/bin/x", "exec:/bin/x y", "webhook:$UNSET_HOOK"].map(holdsSecret)).toEqual([false, false, true, false]);
	});
});
