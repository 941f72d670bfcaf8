import { rmSync } from "node:fs";
import { request } from "node:http";
import { join } from "node:path";
import { tronAddress, tronDigits } from "@clew/core";
import { payments, Transaction } from "bitcoinjs-lib";
import { id as keccak } from "ethers";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { addressBytes, message } from "../packages/chains/src/tron/made-up.test-util.js";
import { scratch } from "./clew.js";
import { type RunningGuard, recorder, startGuard } from "./guard-process.js";

const folder = scratch();
let node: Awaited<ReturnType<typeof recorder>>;
const guards: RunningGuard[] = [];
const start = async (...options: string[]) => {
	const guard = await startGuard(node.url, join(folder, `${guards.length}.jsonl`), ...options);
	guards.push(guard);
	return guard.url;
};
const post = async (url: string, body: string, headers: Record<string, string> = {}) => {
	const answer = await fetch(url, { method: "POST", body, headers });
	return { status: answer.status, text: await answer.text() };
};
/** Without the tidying of paths that fetch does. */
const rawPost = (url: string, path: string, body: string) =>
	new Promise<{ status: number; text: string }>((resolve, reject) => {
		const { hostname, port } = new URL(url);
		const asked = request({ hostname, port, method: "POST", path }, (answer) => {
			let text = "";
			answer.on("data", (chunk) => {
				text += chunk;
			});
			answer.once("end", () => resolve({ status: answer.statusCode ?? 0, text }));
		});
		asked.once("error", reject).end(body);
	});

beforeAll(async () => {
	node = await recorder(({ call }) => (call.endsWith("/wallet/getcontract") ? "{}" : '{"result":true}'));
});
afterAll(() => {
	for (const guard of guards) guard.stop();
	node.stop();
	rmSync(folder, { recursive: true });
});

describe("a guard before a node of Tron", () => {
	const [OWNER, FRIEND, TOKEN] = [
		"TJRabPrwbZy45sbavfcjinPJC18kjpRTv8",
		"TJCnKsPa7y5okkXvQAidZBzqx3QyQ6sxMW",
		"TXYZopYRdj2D9XRtbG411XZZ3kM5VkAeBf",
	];
	/** Of a key on OFAC's list that ships with Clew. */
	const LISTED = tronAddress("098b716b8aaf21512996dc57eb0615e2383e2f96");
	/** The first and last characters of the friend's, with what differs between. */
	const like = (address: string): string => {
		for (let i = 0; ; i++) {
			const digits = `${tronDigits(address).slice(0, 8)}${keccak(String(i)).slice(2, 34)}`;
			const found = tronAddress(digits);
			if (found.slice(0, 5) === address.slice(0, 5) && found.endsWith(address.slice(-2))) return found;
		}
	};
	const numbers: Record<string, number> = { TransferContract: 1, TriggerSmartContract: 31, AccountPermissionUpdateContract: 46 };
	const signed = (name: string, inner: Buffer, type = numbers[name] ?? 0) => {
		const any = message([1, `type.googleapis.com/protocol.${name}`], [2, inner]);
		return message([1, message([8, 1_700_000_000_000n], [11, message([1, type], [2, any])])], [2, Buffer.alloc(65, 1)]).toString("hex");
	};
	const pay = (to: string) => signed("TransferContract", message([1, addressBytes(OWNER)], [2, addressBytes(to)], [3, 5n]));
	const call = (data: string) =>
		signed("TriggerSmartContract", message([1, addressBytes(OWNER)], [2, addressBytes(TOKEN)], [4, Buffer.from(data, "hex")]));
	const word = (address: string) => tronDigits(address).padStart(64, "0");
	const sends = () => node.got.filter(({ call: one }) => one.includes("broadcast")).length;
	let url = "";
	const broadcast = (hex: string) => post(`${url}/wallet/broadcasthex`, JSON.stringify({ transaction: hex }));

	beforeAll(async () => {
		url = await start("--chain", "tron");
	});

	it("passes reads and honest payments as they came, with the wallet's own key", async () => {
		const body = '{"value":"T...",  "visible":true, "amount":9007199254740993}';
		await post(`${url}/wallet/createtransaction?x=1`, body, { "TRON-PRO-API-KEY": "own" });
		expect(node.got.at(-1)).toMatchObject({ call: "POST /wallet/createtransaction?x=1", body, headers: { "tron-pro-api-key": "own" } });
		await fetch(`${url}/v1/accounts/${OWNER}/transactions?limit=1`);
		expect(node.got.at(-1)?.call).toBe(`GET /v1/accounts/${OWNER}/transactions?limit=1`);
		const sent = JSON.stringify({ transaction: pay(FRIEND) });
		expect((await post(`${url}/wallet/broadcasthex`, sent)).text).toBe('{"result":true}');
		expect(node.got.at(-1)?.body).toBe(sent);
	});

	it("holds back a look-alike, a permission for a person, another owner's keys, and what it cannot read, in words that wallets show", async () => {
		const before = sends();
		const limit = "f".repeat(64);
		for (const [hex, why] of [
			[pay(like(FRIEND)), "looks like"],
			[pay(LISTED), "sanction"],
			[call(`a9059cbb${word(LISTED)}${"1".padStart(64, "0")}`), "sanction"],
			// Among other bytes of a call that nobody reads.
			[call(`deadbeef010203${tronDigits(LISTED)}07`), "among its bytes"],
			[call(`f2fde38b${word(FRIEND)}`), "hands over the contract"],
			[call(`095ea7b3${word(FRIEND)}${limit}`), "own address"],
			[call(`d73dd623${word(FRIEND)}${limit}`), "own address"],
			[call(`095ea7b3${word(FRIEND)}${limit}`.slice(0, -2)), "cannot be read"],
			[
				signed(
					"AccountPermissionUpdateContract",
					message([1, addressBytes(OWNER)], [2, message([4, 1n], [7, message([1, addressBytes(FRIEND)], [2, 1n])])]),
				),
				"who may sign",
			],
			[signed("LaterContract", message([1, addressBytes(OWNER)]), 99), "not known"],
			["ffff", "cannot be read"],
		] as const) {
			const { result, message: said } = JSON.parse((await broadcast(hex)).text);
			expect([result, said]).toEqual([false, expect.stringContaining(why)]);
		}
		const answer = JSON.parse((await post(`${url}/wallet/broadcasttransaction`, '{"raw_data":{},"signature":["00"]}')).text);
		expect([answer.result, answer.code]).toEqual([false, "OTHER_ERROR"]);
		expect(Buffer.from(answer.message, "hex").toString()).toContain("Held back by Clew");
		expect(sends()).toBe(before);
	});

	it("is not passed by another way of writing a path, and refuses a key for the node to sign with", async () => {
		const before = sends();
		const body = JSON.stringify({ transaction: pay(like(FRIEND)) });
		for (const path of [
			...[
				"/wallet//broadcasthex",
				"/wallet/%62roadcasthex",
				"/wallet/%2562roadcasthex",
				"/x/../wallet/broadcasthex",
				"/wallet\\broadcasthex",
			],
			...["/wallet/BroadcastHex", "/wallet/broadcasthex;a=b", "//evil/wallet/broadcasthex", "/wallet/broadcasthex/"],
		])
			expect([path, JSON.parse((await rawPost(url, path, body)).text).message]).toEqual([path, expect.stringContaining("Held back")]);
		expect((await rawPost(url, "/wallet/%zz", body)).status).toBe(400);
		const easy = JSON.parse((await post(`${url}/wallet/easytransferbyprivate`, '{"privateKey":"00"}')).text);
		expect(easy.result).toBe(false);
		expect(JSON.parse((await post(`${url}/jsonrpc`, '{"id":1,"method":"eth_sendRawTransaction","params":[]}')).text).error.code).toBe(
			-32_090,
		);
		expect(sends()).toBe(before);
	});
});

describe("a guard before a node of Bitcoin", () => {
	/** On OFAC's list that ships with Clew. */
	const LISTED = "123WBUDmSJv4GctdVEz6Qq6z8nXSKrJ4KX";
	const FRIEND = "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa";
	const raw = (...addresses: string[]) => {
		const tx = new Transaction();
		tx.addInput(Buffer.alloc(32, 7), 0);
		for (const address of addresses) tx.addOutput(payments.p2pkh({ address }).output as Uint8Array, 1_000n);
		return tx.toHex();
	};
	let url = "";
	beforeAll(async () => {
		url = await start("--chain", "bitcoin");
	});

	it("judges every output, by JSON-RPC and by Esplora's paths, and passes the rest unchanged", async () => {
		const rpc = (method: string, params: unknown) => post(url, JSON.stringify({ jsonrpc: "1.0", id: "a", method, params }));
		expect(JSON.parse((await rpc("sendrawtransaction", [raw(FRIEND)])).text)).toEqual({ result: true });
		const [honest, bad] = [raw(FRIEND), raw(FRIEND, LISTED)];
		// The first and last characters of the friend's, with what differs between.
		const digest = (i: number) =>
			Buffer.concat([
				(payments.p2pkh({ address: FRIEND }).hash as Buffer).subarray(0, 4),
				Buffer.from(keccak(String(i)).slice(2, 34), "hex"),
			]);
		let alike = "";
		for (let i = 0; !(alike.startsWith(FRIEND.slice(0, 5)) && alike.endsWith(FRIEND.slice(-2))); i++)
			alike = payments.p2pkh({ hash: digest(i) }).address as string;
		expect(JSON.parse((await rpc("sendrawtransaction", [raw(alike)])).text).error.message).toContain("looks like");
		const before = node.got.length;
		for (const [method, params] of [
			["sendrawtransaction", [bad]],
			["sendrawtransaction", { hexstring: bad }],
			["submitpackage", [[honest, bad]]],
			["testmempoolaccept", [[bad]]],
			["sendtoaddress", [LISTED, 0.5]],
			["sendmany", ["", { [FRIEND]: 1, [LISTED]: "0.1" }]],
			["send", [[{ [LISTED]: 1 }, { data: "00" }]]],
			["sendtoaddress", ["tb1qw508d6qejxtdg4y5r3zarvary0c5xw7kxpjzsx", 1]],
			["sendall", [[LISTED]]],
			["sendrawtransaction", ["00"]],
		] as const) {
			const { result, error } = JSON.parse((await rpc(method, params)).text);
			expect([method, result, error?.code]).toEqual([method, null, -32_090]);
		}
		for (const answer of [
			await post(`${url}/tx`, bad),
			await post(`${url}/pushtx`, `tx=${bad}`),
			await post(`${url}/txs/push`, JSON.stringify({ tx: bad })),
			await post(`${url}/api/txs/package`, JSON.stringify([bad])),
			await fetch(`${url}/broadcast?tx=${bad}`).then(async (one) => ({ status: one.status, text: await one.text() })),
			await fetch(`${url}/broadcast?tx=${honest}&tx=${bad}`).then(async (one) => ({ status: one.status, text: await one.text() })),
		])
			expect(answer).toEqual({ status: 400, text: expect.stringMatching(/^sendrawtransaction RPC error: .*Held back by Clew/) });
		expect(node.got.length).toBe(before);
		await post(`${url}/tx`, honest, { "content-type": "text/plain" });
		await fetch(`${url}/address/${LISTED}/utxo`);
		expect(node.got.slice(before).map(({ call, body }) => [call, body])).toEqual([
			["POST /tx", honest],
			[`GET /address/${LISTED}/utxo`, ""],
		]);
	});
});
