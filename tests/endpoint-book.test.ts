import { existsSync, readFileSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { startAnvil } from "./anvil.js";
import { clewAsync, scratch } from "./clew.js";
import { undocumented } from "./documented.js";
import { PARTIAL, WHOLE } from "./providers/profiles.js";
import { type Profile, type Provider, startProvider } from "./providers/proxy.js";

const KEY = "0f1e2d3c4b5a69788796a5b4c3d2e1f0";
const CHAIN = "eip155:31337";
const folder = scratch();
const book = join(folder, "endpoints.json");

const clew = async (...args: string[]) => {
	const ran = await clewAsync(args, { CLEW_ENDPOINTS: book, THE_KEY: KEY });
	expect(`${ran.out}${ran.err}`).not.toContain(KEY);
	if (existsSync(book)) expect(readFileSync(book, "utf8")).not.toContain(KEY);
	return ran;
};
const asJson = async (...args: string[]) => {
	const { code, out } = await clew(...args, "--json");
	const answer = JSON.parse(out);
	expect(undocumented("clew.endpoints/1", answer)).toEqual([]);
	return { code, endpoints: answer.endpoints as { name: string; url: string; tested?: Tested }[] };
};

interface Tested {
	readonly failed?: string;
	readonly findings: readonly { readonly about: string; readonly answer: string; readonly means: string }[];
	readonly batch?: number;
	readonly blocks?: number;
}

const answers = ({ findings }: Tested) => Object.fromEntries(findings.map(({ about, answer }) => [about, answer]));

beforeEach(() => rmSync(book, { force: true }));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("an endpoint that is added", () => {
	it.each([
		["in the path", `https://mainnet.infura.io/v3/${KEY}`],
		["as a parameter", `https://api.etherscan.io/v2/api?apikey=${KEY}`],
		["as a user", `https://${KEY}@api.trongrid.io`],
		["as a password", `https://me:${KEY}@node.example`],
		["though it is called none", `https://node.example/${KEY}`, "--keyless"],
		["in the place of its variable", "https://node.example/{key}", "--key-env", KEY],
		["in the place of its variable, in letters first", "https://node.example/{key}", "--key-env", `A${KEY}`],
	])("with a key %s is refused, and the key told to nobody", async (_, ...args) => {
		expect((await clew("endpoints", "add", "mine", ...args)).code).toBe(2);
		expect(existsSync(book)).toBe(false);
	});

	it.each([
		["https://mainnet.infura.io/v3/{key}", [], "https://mainnet.infura.io/v3/{key}", "node"],
		["https://api.etherscan.io/v2/api", ["--chain", "base"], "https://api.etherscan.io/v2/api?chainid=8453&apikey={key}", "etherscan"],
		["https://api.trongrid.io", [], "https://{key}@api.trongrid.io", "trongrid"],
	])("with its key in the environment is kept without it: %s", async (url, more, kept, kind) => {
		expect((await clew("endpoints", "add", "mine", url, "--key-env", "THE_KEY", ...more)).code).toBe(0);
		expect((await asJson("endpoints", "list")).endpoints).toMatchObject([
			{ name: "mine", url: kept, kind, keyEnv: "THE_KEY", keySet: true },
		]);
		expect((await clew("endpoints", "remove", "mine")).code).toBe(0);
		expect((await clew("endpoints", "remove", "mine")).code).toBe(2);
	});

	it("is named where a URL is, on its chain, for its use, with its key", async () => {
		await clew("endpoints", "add", "scan", "https://api.etherscan.io/v2/api", "--chain", "base", "--key-env", "THE_KEY");
		await clew("endpoints", "add", "keyed", "https://node.example/{key}", "--key-env", "NOT_SET");
		const hash = `0x${"1".repeat(64)}`;
		for (const [name, chain, said] of [
			["scan", "base", "serves no blocks"],
			["scan", "ethereum", "is of eip155:8453"],
			["keyed", "ethereum", "NOT_SET is not set"],
			["other", "ethereum", "no endpoint has this name"],
		] as const)
			expect(await clew("follow", hash, "--rpc", name, "--chain", chain)).toMatchObject({ code: 2, err: expect.stringContaining(said) });
	});
});

describe("an endpoint before a real node", () => {
	let node: Awaited<ReturnType<typeof startAnvil>>;
	const open: Provider[] = [];
	const add = async (name: string, profile: Profile) => {
		const provider = await startProvider(node.url, profile);
		open.push(provider);
		await clew("endpoints", "add", name, provider.url, "--chain", CHAIN);
		return provider;
	};
	const named = (text: string) => [...WHOLE, ...PARTIAL].find(({ name }) => name.includes(text)) as Profile;

	beforeAll(async () => {
		node = await startAnvil();
		await node.provider.send("anvil_mine", ["0x100"]);
	});
	afterAll(async () => {
		for (const one of open) one.close();
		await node.stop();
	});

	it("is tested for what it can do, says what cannot be known from it, and is asked accordingly from then on", async () => {
		await add("full", { name: "full" });
		const public_ = await add("public", named("no traces, short ranges"));
		const { code, endpoints } = await asJson("endpoints", "test");
		const [full, poor] = endpoints.map(({ tested }) => tested as Tested) as [Tested, Tested];
		expect(code).toBe(0);
		expect(answers(full)).toMatchObject({
			"all receipts of a block at once": "yes",
			"calls inside transactions, by trace_block": "yes",
			"tokens of an account, by logs": "yes",
			"balances of long ago (archive)": "yes",
		});
		expect(full).toMatchObject({ batch: 32 });
		expect(full.blocks).toBeUndefined();
		expect(answers(poor)).toMatchObject({
			"all receipts of a block at once": "no",
			"calls inside transactions, by trace_block": "no",
			"calls inside transactions, by debug_traceBlockByNumber": "no",
			"an account's blocks, by trace_filter": "no",
			"tokens of an account, by logs": "yes",
			"balances of long ago (archive)": "no",
		});
		expect(poor.batch).toBeLessThanOrEqual(3);
		expect(poor.blocks).toBeLessThanOrEqual(64);
		const shown = await clew("endpoints", "list");
		expect(shown.out).toContain("no: all receipts of a block at once");
		public_.asked.largestBatch = 0;
		const place = join(folder, "learned.clew");
		await clew("case", "new", place, "--title", "t", "--chain", CHAIN);
		expect((await clew("ingest", "--case", place, "--rpc", "public", "--from", "0", "--to", "20")).code).toBe(0);
		expect(public_.asked.largestBatch).toBeLessThanOrEqual(poor.batch as number);
	});

	it("is asked where none is named, which is said, those that did not work last", async () => {
		await add("down", { name: "down", request: () => ({ status: 404, body: "" }) });
		await add("up", { name: "up" });
		expect((await clew("endpoints", "test")).code).toBe(1);
		const place = join(folder, "named.clew");
		await clew("case", "new", place, "--title", "t", "--chain", CHAIN);
		const { code, err } = await clew("ingest", "--case", place, "--from", "0", "--to", "2");
		expect({ code, err }).toMatchObject({ code: 0, err: expect.stringMatching(/asking up \(http.*\), then down/) });
	});

	it("of another chain does not work; one that limits what is asked of it is not known, rather than unable", async () => {
		const limited = (method: string) => ({
			name: "limited",
			refuse: (call: { method: string }) => (call.method === method ? { code: -32005, message: "rate limit exceeded" } : undefined),
		});
		await add("busy", limited("trace_block"));
		const provider = await startProvider(node.url, { name: "other" });
		open.push(provider);
		await clew("endpoints", "add", "other", provider.url, "--chain", "ethereum");
		const { code, endpoints } = await asJson("endpoints", "test");
		expect(code).toBe(1);
		expect(answers(endpoints[0]?.tested as Tested)["calls inside transactions, by trace_block"]).toBe("not known");
		expect(endpoints[1]?.tested?.failed).toContain("serves eip155:31337");
	});
});

describe("an index", () => {
	let server: Server;
	let url: string;
	let tell: (action: string, key: string | null) => object;
	beforeAll(async () => {
		server = createServer((request, response) => {
			const asked = new URL(request.url ?? "", "http://index");
			response.end(JSON.stringify(tell(asked.searchParams.get("action") ?? "", asked.searchParams.get("apikey"))));
		});
		await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
		url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/api`;
	});
	afterAll(() => void server.close());

	const none = { status: "0", message: "No transactions found", result: [] };
	const notOk = (result: string) => ({ status: "0", message: "NOTOK", result });

	it("says what it lists, and up to which block; once it says with HTTP 200 that it is asked too often it is asked again", async () => {
		let refusals = 2;
		tell = (action, key) => {
			if (key !== KEY) return notOk("Missing/Invalid API Key");
			if (action === "txlist" && refusals-- > 0) return notOk("Max calls per sec rate limit reached (3/sec)");
			if (action === "getblocknobytime") return { status: "1", message: "OK", result: "1234" };
			return none;
		};
		await clew("endpoints", "add", "scan", url, "--kind", "etherscan", "--chain", "base", "--key-env", "THE_KEY");
		const { code, endpoints } = await asJson("endpoints", "test");
		expect({ code, found: answers(endpoints[0]?.tested as Tested) }).toEqual({
			code: 0,
			found: {
				"it is of this chain": "not known",
				"transactions of an account": "yes",
				"calls inside transactions of an account": "yes",
				"tokens of an account": "yes",
				"how far it has read the chain": "yes",
			},
		});
	});

	it.each(["Invalid API Key", "Free API access is not supported for this chain"])("that says %j does not work", async (said) => {
		tell = () => notOk(said);
		await clew("endpoints", "add", "scan", url, "--kind", "blockscout", "--chain", "base", "--key-env", "THE_KEY");
		const { code, endpoints } = await asJson("endpoints", "test", "scan");
		expect({ code, failed: endpoints[0]?.tested?.failed }).toEqual({ code: 1, failed: expect.stringContaining(said) });
	});
});
