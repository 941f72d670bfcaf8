import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { smallBundle, smallTrace } from "./bundle.test-util.js";

let files: ReadonlyMap<string, Uint8Array> = new Map();
beforeAll(async () => {
	files = await smallBundle(await smallTrace());
});
afterEach(() => {
	vi.unstubAllGlobals();
	vi.restoreAllMocks();
	vi.resetModules();
});

describe("the verifier for Node", () => {
	const folder = mkdtempSync(join(tmpdir(), "clew-main-"));
	const { argv, exitCode } = process;
	beforeAll(() => {
		for (const [path, data] of files) {
			mkdirSync(dirname(join(folder, path)), { recursive: true });
			writeFileSync(join(folder, path), data);
		}
	});
	afterEach(() => {
		process.argv = argv;
		process.exitCode = exitCode;
	});
	afterAll(() => rmSync(folder, { recursive: true, force: true }));

	/** Runs it with these arguments: exit code, what it printed, and what it said of how it was called. */
	async function run(...args: string[]) {
		const out = vi.spyOn(console, "log").mockImplementation(() => {});
		const err = vi.spyOn(console, "error").mockImplementation(() => {});
		process.argv = ["node", "verify.mjs", ...args];
		await import("./main.js");
		const told = { code: process.exitCode, out: out.mock.calls.join("\n"), err: err.mock.calls.join("\n") };
		vi.restoreAllMocks();
		vi.resetModules();
		return told;
	}

	it("says how much is proven or what fails, and ends with 0 or 1", async () => {
		expect(await run(folder)).toMatchObject({ code: 0, out: expect.stringMatching(/^intact: hashes agree/), err: "" });
		expect(await run(folder, "--trust-key", "1".repeat(64))).toMatchObject({
			code: 1,
			out: expect.stringMatching(/^FAILED manifest.dsse.json: .*\nnot verified: 1 failures$/),
		});
		expect(await run(join(folder, "none"))).toEqual({ code: 1, out: "FAILED there is no such folder or file", err: "" });
		expect(JSON.parse((await run(folder, "--json")).out)).toMatchObject({ ok: true, verdict: "intact" });
	});

	it.each([["--help"], ["-h"], ["--guess"], ["one", "two"]])("that is called with %s tells how to call it", async (...args) => {
		expect(await run(...args)).toEqual({ code: 2, out: "", err: expect.stringMatching(/^usage: node verify.mjs/) });
	});

	it.each([
		["--trust-header", "x", "a trusted header is chain:height:hash"],
		["--trust-key", "x", "a key id is 64 hex digits"],
		["--trust-time", "/dev/null", "this is no certificate"],
	])("does not go on where %s names nothing", async (option, value, message) => {
		expect(await run(folder, option, value)).toMatchObject({ code: 2, err: expect.stringContaining(message) });
	});
});

describe("the verifier's page", () => {
	/** Loads the page with these files chosen, asks it to verify, and gives what it shows. */
	async function shown(chosen: Readonly<Record<string, readonly File[]>>) {
		let click: () => Promise<void> = async () => {};
		const element = (id: string) => ({
			...{ className: "", textContent: "", files: chosen[id] ?? [], value: "" },
			addEventListener: (_: string, listener: typeof click) => {
				click = listener;
			},
		});
		const elements = new Map(["result", "zip", "folder", "headers", "keys", "roots", "verify"].map((id) => [id, element(id)]));
		vi.stubGlobal("document", { getElementById: (id: string) => elements.get(id) });
		await import("./page.js");
		await click();
		const { className, textContent } = elements.get("result") ?? element("result");
		return { className, first: textContent.split("\n")[0] };
	}

	it("says what Node's says of a chosen folder, and asks for one", async () => {
		const folder = [...files].map(([path, data]) =>
			Object.assign(new File([data as Uint8Array<ArrayBuffer>], path), { webkitRelativePath: `bundle/${path}` }),
		);
		expect(await shown({ folder })).toMatchObject({ first: expect.stringMatching(/^intact: hashes agree/) });
		vi.resetModules();
		expect(await shown({})).toEqual({ className: "bad", first: "FAILED choose the bundle's folder, or its zip" });
	});
});
