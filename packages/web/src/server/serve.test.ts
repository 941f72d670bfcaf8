import { createHash } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type AccountId, ClewError, type GraphStore, traceParts } from "@clew/core";
import { createCase } from "@clew/graph-store";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { marksOf } from "../marks/marks.js";
import { account, CHAIN, leaf, row, trace } from "../view/trace.test-util.js";
import { type Explorer, openExplorer } from "./serve.js";

const folder = mkdtempSync(join(tmpdir(), "clew-web-"));
const theft = trace([row(1, 9, 1, 3), row(2, 1, 2, 2)], [leaf(1, 1, "unspent"), leaf(2, 2, "service", "Upbit")]);
let store: GraphStore;
let explorer: Explorer;
let url: URL;
let cookie = "";

interface Told {
	readonly status: number | undefined;
	readonly headers: Readonly<Record<string, string | string[] | undefined>>;
	readonly body: string;
}

function ask(path: string, headers: Record<string, string> = {}, method = "GET", port = url.port, sent = ""): Promise<Told> {
	return new Promise((resolve, reject) => {
		const asked = request({ host: "127.0.0.1", port, path, method, headers }, (response) => {
			let body = "";
			response.on("data", (chunk) => {
				body += chunk;
			});
			response.on("end", () => resolve({ status: response.statusCode, headers: response.headers, body }));
		});
		asked.once("error", reject).end(sent);
	});
}
const api = (path: string, more: Record<string, string> = {}) => ask(`/api/${path}`, { cookie, ...more });

beforeAll(async () => {
	store = await createCase(join(folder, "a.clew"), { title: "a theft", chain: CHAIN, at: "2026-01-01T00:00:00Z" });
	await store.putTrace(theft.id, traceParts(theft));
	const traceOf = async (id: string) => {
		if (id === theft.id) return theft;
		throw new ClewError("CASE_CORRUPT", `trace ${id} was changed`);
	};
	explorer = await openExplorer({ store, traceOf, port: 0 });
	url = new URL(explorer.link);
});
afterAll(async () => {
	await explorer?.close();
	await store?.close();
	rmSync(folder, { recursive: true, force: true });
});

describe("who may look", () => {
	it("lets in whoever brings the link, once, by a cookie that no other site can send; and nobody else", async () => {
		expect((await ask("/api/view")).status).toBe(403);
		expect((await ask("/")).status).toBe(403);
		expect((await ask(`/?token=${"0".repeat(64)}`)).status).toBe(403);
		const first = await ask(`${url.pathname}${url.search}`);
		expect(first.status).toBe(200);
		const [given = ""] = first.headers["set-cookie"] ?? [];
		expect(given).toMatch(/^clew-\d+=[0-9a-f]{64}; HttpOnly; SameSite=Strict; Path=\/$/);
		expect((await ask(`${url.pathname}${url.search}`)).status).toBe(403);
		cookie = given.split(";")[0] ?? "";
		expect((await api("view")).status).toBe(200);
		expect((await ask("/api/view", { cookie: `${cookie.slice(0, -1)}x` })).status).toBe(403);
	});

	it.each([
		["a name that was led here", { host: "evil.example" }],
		["another port", { host: "127.0.0.1:1" }],
		["a page of another site", { origin: "https://evil.example" }],
		["a page of another port", { origin: "http://127.0.0.1:1" }],
		["a page that hides its origin", { origin: "null" }],
		["a request across sites", { "sec-fetch-site": "cross-site" }],
		["a page of another port, by its site", { "sec-fetch-site": "same-site" }],
	])("refuses %s, with the cookie too", async (_, headers) => {
		const { status, body } = await api("view", headers as unknown as Record<string, string>);
		expect([status, body]).toEqual([403, expect.not.stringContaining("nodes")]);
	});

	it("only looks: nothing else than GET", async () => {
		for (const method of ["POST", "PUT", "DELETE", "PATCH", "OPTIONS"])
			expect((await ask("/api/view", { cookie }, method)).status).toBe(405);
	});

	it("lets a browser run the page's own script and style, by their hashes, and load nothing", async () => {
		const { headers, body } = await ask("/", { cookie });
		const policy = String(headers["content-security-policy"]);
		const [, script = ""] = /<script type="module">([\s\S]*?)<\/script>/.exec(body) ?? [];
		expect(script.length).toBeGreaterThan(1_000);
		expect(policy).toContain(`script-src 'sha256-${createHash("sha256").update(script).digest("base64")}'`);
		expect(policy).toMatch(/^default-src 'none'; .*require-trusted-types-for 'script'; trusted-types 'none'$/);
		expect(policy).not.toMatch(/unsafe|https?:|\*/);
		expect(body).not.toMatch(/(src|href)="(?!#)/);
	});
});

describe("what is written", () => {
	const on = account(1);
	const note = JSON.stringify({ kind: "note", on, text: "seen at the desk\u202e" });
	let open: Explorer;
	let own: Record<string, string>;
	const post = (body: string, more: Record<string, string> = {}, path = "/api/mark") =>
		ask(path, { ...own, ...more }, "POST", new URL(open.link).port, body);
	beforeAll(async () => {
		open = await openExplorer({ store, traceOf: async () => theft, port: 0, now: () => "2026-01-02T00:00:00Z" });
		const { port, pathname, search } = new URL(open.link);
		const [given = ""] = (await ask(`${pathname}${search}`, {}, "GET", port)).headers["set-cookie"] ?? [];
		own = { cookie: given.split(";")[0] ?? "", origin: `http://127.0.0.1:${port}`, "content-type": "application/json" };
	});
	afterAll(() => open?.close());

	it("needs --write, the cookie, this page's own origin, JSON, a length, and a mark of an account of the chain", async () => {
		const refused = async (status: number, body: string, more: Record<string, string> = {}, path?: string) =>
			expect([(await post(body, more, path)).status, body.slice(0, 60), more]).toEqual([status, body.slice(0, 60), more]);
		await refused(403, note, { cookie: "" });
		await refused(403, note, { origin: "http://127.0.0.1:1" });
		await refused(403, note, { origin: "null" });
		await refused(403, note, { host: "evil.example" });
		await refused(403, note, { "sec-fetch-site": "same-site" });
		await refused(400, note, { "content-type": "text/plain" });
		await refused(400, note, { "content-type": "application/x-www-form-urlencoded" });
		await refused(405, note, {}, "/api/view");
		for (const body of [
			"",
			"[]",
			"{",
			JSON.stringify({ kind: "note", on, text: "x".repeat(2_001) }),
			JSON.stringify({ kind: "note", on, text: "x".repeat(1 << 20) }),
			JSON.stringify({ kind: "note", on, text: " " }),
			JSON.stringify({ kind: "note", on: "@others", text: "x" }),
			JSON.stringify({ kind: "decision", on, text: "burn" }),
			JSON.stringify({ kind: "place", on, x: -1, y: 1e9 }),
			JSON.stringify({ kind: "note", on, text: "x", by: "somebody else" }),
			JSON.stringify({ kind: "undo", of: "0000000001-00000000" }),
		])
			await refused(400, body);
		const withoutOrigin = { cookie: own["cookie"] ?? "", "content-type": "application/json" };
		expect((await ask("/api/mark", withoutOrigin, "POST", new URL(open.link).port, note)).status).toBe(400);
		expect((await ask("/api/mark", { cookie, "content-type": "application/json" }, "POST", url.port, note)).status).toBe(405);
		expect(await marksOf(store)).toEqual([]);
	});

	it("loses nothing of many who write at once; each is an entry of the log; taken back is a new one", async () => {
		const texts = Array.from({ length: 20 }, (_, i) => `note ${i}`);
		const told = await Promise.all(texts.map((text) => post(JSON.stringify({ kind: "note", on, text }))));
		expect(told.map(({ status }) => status)).toEqual(texts.map(() => 200));
		const made = await marksOf(store);
		expect(made.map((mark) => ("text" in mark ? mark.text : "")).sort()).toEqual([...texts].sort());
		await post(JSON.stringify({ kind: "hide", on }));
		const groups = async () => (await traceOf()).nodes.filter(({ role }: { role: string }) => role === "hidden").length;
		const traceOf = async () => JSON.parse((await ask("/api/view", own, "GET", new URL(open.link).port)).body);
		expect(await groups()).toBe(1);
		const hide = (await marksOf(store)).at(-1);
		await post(JSON.stringify({ kind: "undo", of: hide?.id }));
		expect(await groups()).toBe(0);
		await post(JSON.stringify({ kind: "undo", of: (await marksOf(store)).at(-1)?.id }));
		expect(await groups()).toBe(1);
		await post(JSON.stringify({ kind: "undo", of: hide?.id }));
		const log = (await store.custody()).filter(({ action }) => action.startsWith("view mark"));
		expect(log.length).toBe(24);
		expect(log.at(-1)).toMatchObject({
			action: "view mark taken back",
			detail: expect.stringMatching(/^mark \d{10}-[0-9a-f]{8}; sha256 [0-9a-f]{64}$/),
		});
		// The words of a note stay in the case: the log, which goes into bundles, has their hash.
		expect(log[0]?.detail).toMatch(new RegExp(`^note of ${on}; sha256 [0-9a-f]{64}$`));
	});
});

describe("what is asked with nonsense", () => {
	it.each([
		"view?nodes=301",
		"view?nodes=1e2",
		"view?nodes=-1",
		"view?figure=__proto__",
		"view?figure=fifo&figure=lifo",
		"view?what=1",
		"view?asset=nothing",
		"view?trace=..%2f..%2fetc%2fpasswd",
		"view?trace=ffffffffffffffff",
		"view?until=99999999999",
		`view?show=${"x%20".repeat(80)}`,
		"rows",
		"rows?node=a&from=b&to=c&of=d",
		"rows?node=a&cursor=1.1",
		"rows?node=a&cursor=1.1.1-x",
		"node?id=@nothing",
		"node?id=%00",
		"node?id=0x12",
		`node?id=${account(1)}&cursor=9.9`,
		"find?q=",
	])("%s gets 400 with a code, and no stack", async (path) => {
		const { status, body } = await api(path);
		expect([status, JSON.parse(body)]).toEqual([400, { error: { code: expect.stringMatching(/^[A-Z_]+$/), message: expect.any(String) } }]);
		expect(body).not.toMatch(/\.(js|ts)\b|node_modules|\bat \S+:\d/);
	});

	it("tells of what is not there, and of an address that is too long", async () => {
		expect((await api("nothing")).status).toBe(404);
		expect((await api(`view?show=${"x".repeat(14_000)}`)).status).toBe(400);
	});
});

describe("a case that grows while it is looked at", () => {
	it("keeps the trace that is open, tells of a newer one, and says what is wrong with one that was changed", async () => {
		expect(JSON.parse((await api("state")).body)).toMatchObject({ trace: theft.id, traces: [theft.id] });
		await store.putTrace("aaaaaaaaaaaaaaaa", traceParts(theft));
		expect(JSON.parse((await api(`state?trace=${theft.id}`)).body)).toMatchObject({
			trace: theft.id,
			traces: [theft.id, "aaaaaaaaaaaaaaaa"],
		});
		expect(JSON.parse((await api(`view?trace=${theft.id}`)).body).trace.id).toBe(theft.id);
		const changed = await api("view");
		expect([changed.status, JSON.parse(changed.body).error.code]).toEqual([500, "CASE_CORRUPT"]);
	});

	it("shows a label that came since, with its source, and that a history was not fetched", async () => {
		const page = async () => JSON.parse((await api(`node?trace=${theft.id}&id=${account(1)}`)).body);
		expect(await page()).toMatchObject({ labels: [], coverage: [], ledger: [], ends: [{ reason: "unspent", agreed: "1 ETH" }] });
		const label = {
			entity: "Mallory",
			name: "<b>x</b>\u202e",
			category: "hack",
			source: "a list",
			retrievedAt: "",
			confidence: 50,
		} as const;
		await store.putLabels([{ account: account(1) as AccountId, ...label }]);
		expect((await page()).labels).toEqual(["Mallory (<b>x</b>·), hack, by a list of no known date, confidence 50"]);
		const { nodes } = JSON.parse((await api(`view?trace=${theft.id}`)).body);
		expect(nodes.find(({ id }: { id: string }) => id === account(1)).name).toBe("Mallory");
	});
});
