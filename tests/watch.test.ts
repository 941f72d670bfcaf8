import { createHmac } from "node:crypto";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { join } from "node:path";
import type { GraphStore } from "@clew/core";
import { createCase } from "@clew/graph-store";
import { deliverDue, listDeliveries, RECORDS } from "@clew/workers";
import { Wallet } from "ethers";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { startAnvil } from "./anvil.js";
import { clew, clewAsync, mustClew, scratch } from "./clew.js";
import { undocumented } from "./documented.js";
import { ANVIL_CHAIN, type Background, clewInBackground, HANG_MS, pause } from "./team.js";

const SECRET = "a secret of this test";
const ETHER = 10n ** 18n;
/** The same payment again has the same hash. */
const GAS = { gas: "0x5208", gasPrice: "0x2540be400" };
const folder = scratch();

/** A receiver of webhooks that keeps what it is sent, and can be told to fail or to hang. */
interface Receiver {
	readonly url: string;
	readonly got: { key: string; body: string; signed: boolean; alert: Alert }[];
	mode: "take" | "fail" | "hang";
	tries: number;
	close(): void;
}
interface Alert {
	id: string;
	status: string;
	revision: number;
	rules: string[];
	amount: string;
	from: string;
	to: string;
	height: number;
	counterparty: string;
	confirmations: number;
	tainted?: Record<string, string>;
}

async function receiver(): Promise<Receiver> {
	const state = { got: [] as Receiver["got"], mode: "take" as Receiver["mode"], tries: 0 };
	const server: Server = createServer((request, response) => {
		let body = "";
		request.on("data", (chunk) => {
			body += chunk;
		});
		request.on("end", () => {
			state.tries++;
			if (state.mode === "fail") response.writeHead(500).end();
			if (state.mode !== "take") return;
			const expected = createHmac("sha256", SECRET).update(`${request.headers["clew-time"]}.${body}`).digest("hex");
			const signed = request.headers["clew-signature"] === `sha256=${expected}`;
			state.got.push({ key: String(request.headers["idempotency-key"]), body, signed, alert: JSON.parse(body) });
			response.end();
		});
	});
	await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
	const { port } = server.address() as { port: number };
	const close = () => {
		server.closeAllConnections();
		server.close();
	};
	return Object.assign(state, { url: `http://127.0.0.1:${port}/hook`, close });
}

async function until(what: () => boolean): Promise<void> {
	for (const deadline = Date.now() + HANG_MS; !what(); await pause(20)) if (Date.now() > deadline) throw new Error("waited in vain");
}

describe("watching", () => {
	let node: Awaited<ReturnType<typeof startAnvil>>;
	let accounts: string[];
	let hook: Receiver;
	let place: string;
	let cases = 0;
	const running: Background[] = [];
	const at = (...args: string[]) => mustClew(...args, "--case", place);
	const addWatch = (...args: string[]) => at("watch", "add", ...args, "--rpc", node.url);
	const send = async (from: number, to: string, value: bigint) => {
		const hash = await node.provider.send("eth_sendTransaction", [{ from: accounts[from], to, value: `0x${value.toString(16)}`, ...GAS }]);
		await node.provider.send("evm_mine", []);
		return hash as string;
	};
	const watch = (...more: string[]) => {
		const started = clewInBackground(["watch", "run", "--case", place, "--rpc", node.url, "--interval", "1", ...more], {
			CLEW_WEBHOOK_SECRET: SECRET,
		});
		running.push(started);
		return started;
	};
	/** One round, as cron would run it. */
	const once = async (...more: string[]) => {
		const result = await clewAsync(["watch", "run", "--case", place, "--rpc", node.url, "--once", ...more]);
		if (result.code !== 0) throw new Error(result.err);
		return result.out;
	};
	const history = (): Alert[] => {
		const told = JSON.parse(at("watch", "history", "--json"));
		expect(undocumented("clew.alerts/1", told)).toEqual([]);
		return told.alerts;
	};

	beforeAll(async () => {
		node = await startAnvil("--no-mining");
		accounts = await node.provider.send("eth_accounts", []);
		mkdirSync(folder, { recursive: true });
	});
	beforeEach(async () => {
		hook?.close();
		hook = await receiver();
		place = join(folder, `${cases++}.clew`);
		mustClew("case", "new", place, "--title", `watch ${cases}`, "--chain", "eip155:31337");
	});
	afterAll(async () => {
		for (const { process: child } of running) child.kill("SIGKILL");
		hook?.close();
		await node.stop();
		rmSync(folder, { recursive: true, force: true });
	});

	it("tells of an outflow once, signed, with rule, amount and confirmations; a restart tells nothing twice", async () => {
		const chat = await receiver();
		addWatch(accounts[1] as string, "--on", "any-outflow,>10ETH", "--notify", `webhook:${hook.url}`, "--notify", `discord:${chat.url}`);
		const first = watch("--ws", node.url.replace("http", "ws"));
		await first.says("watching from block");
		await send(1, accounts[2] as string, 3n * ETHER);
		await send(1, accounts[3] as string, 11n * ETHER);
		await until(() => hook.got.length === 2);
		expect(hook.got.map(({ signed, alert }) => [signed, alert.rules, alert.amount])).toEqual([
			[true, ["any-outflow"], String(3n * ETHER)],
			[true, ["any-outflow", ">10ETH"], String(11n * ETHER)],
		]);
		expect(hook.got.flatMap(({ alert }) => undocumented("clew.alert/1", alert))).toEqual([]);
		// A process killed between an answer and its note of it tells again, under the same id: that is not what is tried here.
		await until(() => JSON.parse(at("watch", "list", "--json")).pending === 0);
		first.process.kill("SIGKILL");
		await first.ended();
		// Moves while nobody looks are told when somebody looks again.
		await send(1, accounts[4] as string, 5n * ETHER);
		const second = watch();
		await until(() => hook.got.length === 3);
		await pause(1_500);
		expect(hook.got).toHaveLength(3);
		expect(new Set(hook.got.map(({ key }) => key)).size).toBe(3);
		second.process.kill("SIGINT");
		expect(await second.ended()).toBe(0);
		const texts = chat.got.map(({ body }) => String(JSON.parse(body).content));
		expect(texts.map((text) => /\d+ ETH, no price/.exec(text)?.[0])).toEqual(["3 ETH, no price", "11 ETH, no price", "5 ETH, no price"]);
		expect(texts.map((text) => /Clew alert (\w+):/.exec(text)?.[1])).toEqual(hook.got.map((one) => one.alert.id));
		chat.close();
		expect(JSON.parse(at("watch", "list", "--json"))).toMatchObject({ pending: 0 });
		expect(at("watch", "list")).not.toContain("/hook");
	});

	it("a webhook that fails or hangs is tried again, does not hold up others, and gets every alert once", async () => {
		const out = join(folder, "told.jsonl");
		const program = join(folder, "tell.mjs");
		writeFileSync(
			program,
			`import { appendFileSync, readFileSync } from "node:fs"; appendFileSync(process.argv[2], readFileSync(0) + "\\n");`,
		);
		addWatch(accounts[1] as string, "--notify", `webhook:${hook.url}`, "--notify", `exec:${process.execPath} ${program} ${out}`);
		await once();
		hook.mode = "fail";
		const loop = watch();
		await send(1, accounts[2] as string, 1n);
		await until(() => hook.tries >= 2);
		hook.mode = "hang";
		await send(1, accounts[2] as string, 2n);
		const lines = () => {
			try {
				return readFileSync(out, "utf8").trim().split("\n").length;
			} catch {
				return 0;
			}
		};
		await until(() => lines() >= 2);
		loop.process.kill("SIGKILL");
		hook.mode = "take";
		const again = watch();
		await until(() => hook.got.length === 2);
		await pause(1_200);
		expect(hook.got.map(({ alert }) => alert.amount).sort()).toEqual(["1", "2"]);
		// Killed between telling and noting that it was told, it is told again: receivers know it by its id.
		const told = readFileSync(out, "utf8").trim().split("\n");
		expect(new Set(told.map((line) => JSON.parse(line).id)).size).toBe(2);
		again.process.kill("SIGKILL");
	});

	it("knows services by their labels", async () => {
		writeFileSync(
			join(folder, "labels.csv"),
			`address,entity,category\n${accounts[9]},Some Exchange,exchange\n${accounts[8]},A Mixer,mixing_service\n`,
		);
		at("label", "import", join(folder, "labels.csv"), "--source", "test", "--confidence", "50");
		addWatch(accounts[1] as string, "--on", "to-service,to-mixing_service,from-mixing_service");
		await once();
		await send(1, accounts[2] as string, 5n);
		await send(1, accounts[9] as string, 6n);
		await send(8, accounts[1] as string, 7n);
		await once();
		expect(history().map((alert) => [alert.amount, alert.rules, alert.counterparty])).toEqual([
			["6", ["to-service"], "Some Exchange (exchange)"],
			["7", ["from-mixing_service"], "A Mixer (mixing_service)"],
		]);
	});

	it("a block that goes away takes its alert back; in another block it is told again under the same id", async () => {
		addWatch(accounts[1] as string, "--notify", `webhook:${hook.url}`);
		await once();
		const snapshot = await node.provider.send("evm_snapshot", []);
		await send(1, accounts[2] as string, 77n);
		await once();
		expect(hook.got.map(({ alert }) => [alert.status, alert.revision])).toEqual([["seen", 1]]);
		await node.provider.send("evm_revert", [snapshot]);
		// Another history of the same length: the payment is not in it.
		await send(3, accounts[4] as string, 1n);
		await send(3, accounts[4] as string, 2n);
		await once();
		expect(hook.got.map(({ alert }) => alert.status)).toEqual(["seen", "retracted"]);
		await send(1, accounts[2] as string, 77n);
		await once();
		expect(hook.got.map(({ alert }) => [alert.status, alert.revision])).toEqual([
			["seen", 1],
			["retracted", 2],
			["seen", 3],
		]);
		expect(new Set(hook.got.map(({ alert }) => alert.id)).size).toBe(1);
		await node.provider.send("anvil_mine", ["0xd"]);
		await once();
		expect(history()).toMatchObject([{ status: "final", confirmations: 14 }]);
		expect(hook.got).toHaveLength(3);
	});

	it("a node that lags behind or answers old data takes nothing back", async () => {
		addWatch(accounts[1] as string);
		await once();
		const snapshot = await node.provider.send("evm_snapshot", []);
		await send(1, accounts[2] as string, 5n);
		expect(await once()).toContain('"status":"seen"');
		await node.provider.send("evm_revert", [snapshot]);
		expect(await once()).toBe("");
		expect(history().map((alert) => alert.status)).toEqual(["seen"]);
		await send(3, accounts[2] as string, 5n);
		expect(await once()).toContain('"status":"retracted"');
	});

	it("follows the money, not the address alone: hop after hop from one theft", async () => {
		addWatch(accounts[1] as string);
		await once();
		// Wallets of our own: what a node signs for an impersonated account does not hash as it must, and is refused.
		const wallets = [1, 2, 3].map((n) => new Wallet(`0x${String(n).repeat(64)}`, node.provider));
		const fresh = wallets.map((wallet) => wallet.address.toLowerCase());
		const pay = async (from: number, to: number, value: bigint) => {
			await wallets[from]?.sendTransaction({ to: fresh[to] ?? null, value, gasPrice: 10n ** 10n, gasLimit: 21_000n, type: 0 });
			await node.provider.send("evm_mine", []);
		};
		const theft = await send(1, fresh[0] as string, 4n * ETHER);
		await once();
		at("watch", "remove", JSON.parse(at("watch", "list", "--json")).watches[0].id);
		addWatch(`tx:${theft}`, "--on", "taint", "--notify", `webhook:${hook.url}`);
		await once();
		expect(hook.got).toEqual([]);
		await pay(0, 1, 2n * ETHER);
		await send(3, accounts[4] as string, ETHER);
		await once();
		expect(hook.got.map(({ alert }) => [alert.to.slice(-40), alert.rules, alert.tainted?.["fifo"]])).toEqual([
			[(fresh[1] as string).slice(2), ["taint"], String(2n * ETHER)],
		]);
		await pay(1, 2, ETHER);
		await once();
		expect(hook.got).toHaveLength(2);
		expect(hook.got[1]?.alert.to).toContain(fresh[2]);
	});

	it("acknowledges alerts, and refuses rules, places and subjects that are none", async () => {
		addWatch(accounts[1] as string);
		await once();
		await send(1, accounts[2] as string, 5n);
		await once();
		const [alert] = history();
		at("watch", "ack", alert?.id ?? "", "--note", "exchange was called");
		expect(at("watch", "history", "--open")).toBe("no alert so far\n");
		const refused = (...args: string[]) => expect(clew(["watch", "add", ...args, "--case", place]).code, args.join(" ")).not.toBe(0);
		refused(accounts[1] as string, "--on", "sometimes");
		refused(accounts[1] as string, "--on", "to-nowhere");
		refused(accounts[1] as string, "--on", ">many");
		refused("0x12");
		refused(accounts[1] as string, "--on", "taint,any-outflow");
		refused(accounts[1] as string, "--notify", "mail:somebody");
		refused(accounts[1] as string, "--notify", "webhook:file:///etc/passwd");
	});
});

describe("deliveries under odd clocks", () => {
	const START = 1_700_000_000_000;
	const HOUR_MS = 3_600_000;
	let store: GraphStore;
	let place: string;
	beforeEach(async () => {
		place = scratch();
		store = await createCase(join(place, "a.clew"), { title: "t", chain: ANVIL_CHAIN, at: "2026-01-01T00:00:00Z" });
	});
	afterEach(async () => {
		await store.close();
		rmSync(place, { recursive: true, force: true });
	});
	const alert: Alert & Record<string, unknown> = {
		...{ schema: "clew.alert/1", id: "a", watch: "w", case: "c", rules: ["any-outflow"], status: "seen", revision: 1, chain: ANVIL_CHAIN },
		...{
			subject: "s",
			from: "f",
			to: "t",
			direction: "out",
			asset: "x",
			amount: "1",
			kind: "native",
			txHash: "h",
			height: 1,
			blockHash: "b",
		},
		...{ time: 1, confirmations: 1, counterparty: "" },
	};
	const put = (nextAt: number) =>
		store.putRecord(RECORDS.delivery, "d", JSON.stringify({ id: "d", channel: "stdout", alert, attempts: 0, nextAt, lastError: "" }));

	it("a webhook that answers 500 for an hour gets the alert once, after it has recovered", async () => {
		await put(0);
		let now = START;
		let [tries, arrived] = [0, 0];
		const deliver = async () => {
			tries++;
			if (now < START + HOUR_MS) throw new Error("500");
			arrived++;
		};
		for (; now < START + 2 * HOUR_MS; now += 1_000) await deliverDue(store, deliver, now);
		expect(arrived).toBe(1);
		expect(tries).toBeGreaterThan(60);
		expect(tries).toBeLessThan(200);
		expect(await listDeliveries(store)).toEqual([]);
	});

	it("a clock that was set back by days silences nothing", async () => {
		await put(START + 10 * 24 * HOUR_MS);
		let arrived = 0;
		expect(
			await deliverDue(
				store,
				async () => {
					arrived++;
				},
				START,
			),
		).toBe(1);
		expect(arrived).toBe(1);
	});
});
