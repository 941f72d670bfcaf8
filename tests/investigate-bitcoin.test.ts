import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import type { Transaction } from "bitcoinjs-lib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Btcd, obtainBtcd, startBtcd } from "../scripts/services/btcd.js";
import { coinbaseOf, payTo, person, send, sign } from "./bitcoin-scenario.js";
import { clewAsync, mustClew, scratch } from "./clew.js";

const binary = obtainBtcd();
if (binary === undefined) console.warn("SKIPPED: no Bitcoin node: install Go, so that btcd can be built");
const BTC = 100_000_000n;
/** Segwit is active on btcd's regtest from here on. */
const ACTIVE = 432;

describe.skipIf(binary === undefined)("an investigation on a Bitcoin node", () => {
	const folder = scratch();
	const place = join(folder, "btc.clew");
	const [miner, thief, mule, exchange] = [person(1), person(2), person(3), person(4)];
	let node: Btcd;
	let theft: Transaction;
	const run = async (...args: string[]) => {
		const labels = ["--labels", join(folder, "labels.csv")];
		const base = ["investigate", theft.getId(), "--chain", "bitcoin-regtest", "--rpc", node.url, "--case", place];
		return clewAsync([...base, ...(existsSync(join(folder, "labels.csv")) ? labels : []), ...args]);
	};

	beforeAll(async () => {
		node = await startBtcd(binary as string, payTo("p2pkh", miner).address as string);
		await node.call("generate", ACTIVE + 100);
		const coin = await coinbaseOf(node, 1, miner);
		theft = sign(
			[coin],
			[
				[payTo("p2wpkh", thief), 20n * BTC],
				[payTo("p2wpkh", mule), 29n * BTC],
			],
		);
		await send(node, theft);
		await node.call("generate", 1);
	});
	afterAll(async () => {
		await node?.stop();
		rmSync(folder, { recursive: true, force: true });
	});

	it("ends with a report that verifies and that the case gives again, since what was told of single outputs is in the case", async () => {
		const { code, out, err } = await run();
		expect(code, err).toBe(0);
		expect(out).toMatch(/STILL THERE 49 rBTC/);
		expect(out).not.toMatch(/no longer|no report/);
		const report = /OPEN (\S+report\.html)/.exec(out.replace(/\n {2}/g, ""))?.[1] ?? "";
		expect(readFileSync(report, "utf8")).toContain("BTC");
		expect(mustClew("verify", join(report, ".."))).toContain("rows");
		const traced = JSON.parse(mustClew("trace", "--seed", `tx:${theft.getId()}`, "--case", place, "--json"));
		expect(traced.leaves.map(({ stop }: { stop: { reason: string } }) => stop.reason)).toEqual(["unspent", "unspent"]);
	});

	it("through a node without an address index says what it was not told, and what tells it", async () => {
		const proxy = createServer(async (request, response) => {
			const body = await text(request);
			const refused = JSON.stringify({ id: 1, result: null, error: { code: -32601, message: "Method not found" } });
			const { authorization = "" } = request.headers;
			const passed = () => fetch(node.url.replace(/\/\/[^@/]*@/, "//"), { method: "POST", body, headers: { authorization } });
			response.end(body.includes("searchrawtransactions") ? refused : await (await passed()).text());
		});
		await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
		const { port } = proxy.address() as { port: number };
		const at = node.url.replace(/[^/@]+$/, `127.0.0.1:${port}`);
		const args = ["--chain", "bitcoin-regtest", "--rpc", at, "--case", join(folder, "plain.clew"), "--json"];
		const { code, out, err } = await clewAsync(["investigate", theft.getId(), ...args]);
		proxy.close();
		expect(code, err).toBe(5);
		const told = JSON.parse(out);
		expect(told).toMatchObject({ stopped: null, taken: [{ agreed: `${49n * BTC}` }] });
		expect(told.toClose.join()).toContain("give --rpc of an Esplora API");
		expect(told.toClose.join()).not.toContain("call it again");
	});

	it("called again after a spend it follows that, with a letter to whom it went to", async () => {
		const spent = sign(
			[{ tx: theft, vout: 0, kind: "p2wpkh", owner: thief }],
			[
				[payTo("p2wpkh", exchange), 15n * BTC],
				[payTo("p2wpkh", thief), 4n * BTC],
			],
		);
		await send(node, spent);
		await node.call("generate", 1);
		writeFileSync(join(folder, "labels.csv"), `address,entity,category\n${payTo("p2wpkh", exchange).address},Some Exchange,exchange\n`);
		const { out, err } = await run("--json");
		const told = JSON.parse(out);
		expect(told.report, err).not.toBeNull();
		expect(told.packets).toMatchObject([{ entity: "some-exchange" }]);
		expect(told.notLooked.join()).not.toContain("no longer");
	});
});
