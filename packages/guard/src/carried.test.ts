import { Wallet } from "ethers";
import { describe, expect, it } from "vitest";
import { type BitcoinReader, bitcoinDialect } from "./bitcoin.js";
import { Desk } from "./desk.js";
import type { Dialect } from "./dialect.js";
import { sortCalls } from "./json-rpc.js";
import type { Facts, LookedAt } from "./judge.js";
import type { Limits } from "./limits.js";
import { EVM_DIALECT } from "./methods.js";
import { tronDialect } from "./tron.js";

const THIEF = `0x${"4d".repeat(20)}`;
const look = async (address: string): Promise<LookedAt> => ({
	...{ verdict: address === THIEF ? "danger" : "clear", sentence: "It stole.", reasons: ["It stole."], whatToDo: [] },
});
const facts: Facts = {
	...{ chainId: async () => 1n, look, glance: look, hasCode: async () => true, holds: async () => 1n, unit: () => undefined },
	search: async () => ({ found: [], whole: true }),
	effect: async () => ({ leaves: [], comes: [], lets: [], receives: [], fails: false, bare: false }),
};
const desk = (limits?: Limits) =>
	new Desk({ facts, strict: false, onDecision: () => {}, now: () => "2026-01-01T00:00:00Z", ...(limits && { limits }) });
const sorted = (body: string, dialect: Dialect = EVM_DIALECT, limits?: Limits) => sortCalls(body, dialect, desk(limits));
const call = (method: string, params: unknown) => JSON.stringify({ jsonrpc: "2.0", id: 1, method, params });
const wallet = new Wallet(`0x${"5".repeat(64)}`);
const paying = (to: string, type: number) =>
	wallet.signTransaction({
		to,
		value: 1n,
		chainId: 1n,
		nonce: 0,
		gasLimit: 21_000n,
		type,
		...(type === 2 ? { maxFeePerGas: 1n, maxPriorityFeePerGas: 1n } : { gasPrice: 1n }),
	});

describe("a signed transaction in a call of any name", () => {
	it.each([0, 1, 2])("of type %i is judged as one that is sent, in hex and base64, however deep", async (type) => {
		const [bad, good] = [await paying(THIEF, type), await paying(wallet.address, type)];
		const forms = (raw: string) => [
			[raw],
			{ transaction: raw.slice(2) },
			[[{ a: { b: [raw.toUpperCase().replace("0X", "0x")] } }]],
			[Buffer.from(raw.slice(2), "hex").toString("base64")],
			[Buffer.from(raw.slice(2), "hex").toString("base64url")],
		];
		for (const params of forms(bad))
			expect([params, await sorted(call("zz_doIt", params))]).toEqual([params, expect.objectContaining({ answer: expect.anything() })]);
		for (const params of forms(good))
			expect(await sorted(call("zz_doIt", params))).toEqual({ forward: call("zz_doIt", params), answers: [] });
		const twice = `{"jsonrpc":"2.0","id":1,"method":"zz_doIt","params":["${bad}"],"params":[]}`;
		expect(JSON.stringify(await sorted(twice))).not.toContain(bad);
	});

	it("is none that only looks so, which goes on to the byte; too many texts are held back", async () => {
		const body = ` ${call("eth_call", [{ to: THIEF, data: `0x02f8${"ab".repeat(300)}` }])}`;
		expect(await sorted(body)).toEqual({ forward: body, answers: [] });
		const many = call("zz_doIt", Array(6_000).fill("ab".repeat(60)));
		expect(await sorted(many)).toHaveProperty("answer");
	});

	it.each([
		"blxr_tx",
		"blxr_private_tx",
		"blxr_batch_tx",
		"Filecoin.MpoolPush",
		"Filecoin.MpoolPushMessage",
		"avax.issueTx",
		"avax.export",
		"platform.issueTx",
		"CreateTransaction",
		"blockchain.transaction.broadcast",
	])("may be in a form that is not read: %s is held back by its name", async (method) => {
		expect(await sorted(call(method, { transaction: "00" }))).toHaveProperty("answer");
	});
});

const reader: BitcoinReader = {
	fromHex: (txid) => {
		if (!txid.startsWith("02000000")) throw new TypeError("none");
		return { txid, pays: [{ to: THIEF, amount: 1n }] };
	},
	address: (text) => text,
};
const bitcoin = bitcoinDialect(reader);
const tron = tronDialect({
	fromHex: (hex) => {
		if (!hex.startsWith("0a7f")) throw new TypeError("none");
		return { id: "1", owner: wallet.address, type: "TransferContract", pays: [{ to: THIEF, amount: 1n }] };
	},
	fromJson: () => ({ id: "1", owner: wallet.address, type: "TransferContract", pays: [{ to: THIEF, amount: 1n }] }),
});

describe("a signed transaction at any path", () => {
	const raw = `02000000${"ab".repeat(90)}`;
	const at = (dialect: Dialect, path: string, body: string, method = "POST", query = "") =>
		dialect.pathSending?.({ method, path, query: new URLSearchParams(query), body });
	it.each([
		["/txs/push", JSON.stringify({ tx: raw })],
		["/tx/push", raw],
		["/pushtx", `tx=${raw}`],
		["/bitcoin/push/transaction", `data=${raw}`],
		["/anything", JSON.stringify({ a: [raw] })],
		["/v1/tx/send", raw],
	])("of Bitcoin is judged: %s", (path, body) => {
		expect(at(bitcoin, path, body)?.read().intents[0]?.actions).toEqual([{ kind: "pay", to: THIEF, amount: 1n }]);
		expect(at(bitcoin, path, "", "GET", `tx=${raw}`)?.read().intents).toHaveLength(1);
	});
	it("of Bitcoin that does not read is held back, and what reads goes on", async () => {
		for (const path of ["/txs/push", "/pushtx"]) expect(() => at(bitcoin, path, "00")?.read()).toThrow();
		expect(at(bitcoin, "/address/x/txs", "", "GET")).toBeUndefined();
		expect(await sorted(call("zz_push1", [raw]), bitcoin)).toHaveProperty("answer");
		expect(await sorted(call("zz_doIt", [raw]), bitcoin)).toHaveProperty("answer");
		expect(await sorted(call("decoderawtransaction", [raw]), bitcoin)).toHaveProperty("forward");
	});
	it("of Tron is judged, in hex and as JSON; one whose signatures are weighed is not sent", () => {
		const hex = `0a7f${"cd".repeat(90)}`;
		expect(at(tron, "/v2/relay", JSON.stringify({ tx: hex }))?.read().intents).toHaveLength(1);
		const json = JSON.stringify({ raw_data: {}, signature: ["00"] });
		expect(() => at(tron, "/v2/relay", json)?.read()).toThrow("not known");
		expect(at(tron, "/wallet/getsignweight", json)).toBeUndefined();
		expect(at(tron, "/wallet/getaccount", "{}")).toBeUndefined();
	});
});

const ENDANGERING: readonly (readonly [method: string, params: unknown, dialect: Dialect])[] = [
	...["dumpprivkey", "dumpwallet", "backupwallet", "importprivkey", "stop", "DumpPrivKey"].map((one) => [one, ["x"], bitcoin] as const),
	["listdescriptors", [true], bitcoin],
	["importdescriptors", [[{ desc: "wpkh(xprv9s21ZrQH143K)" }]], bitcoin],
	...["personal_importRawKey", "personal_unlockAccount", "parity_exportAccount", "admin_startHTTP", "debug_setHead"].map(
		(one) => [one, ["x"], EVM_DIALECT] as const,
	),
];

describe("calls that give keys away or stop a node", () => {
	it.each(ENDANGERING)("are held back: %s", async (method, params, dialect) => {
		expect(JSON.stringify(await sorted(call(method, params), dialect))).toMatch(/Held back by Clew: It (gives|puts|stops|changes) /);
	});
	it("are told from those that only list and watch", async () => {
		for (const [method, params] of [
			["listdescriptors", []],
			["importdescriptors", [[{ desc: "wpkh(xpub661)" }]]],
			["getwalletinfo", []],
		])
			expect(await sorted(call(method as string, params), bitcoin)).toHaveProperty("forward");
		for (const method of ["admin_nodeInfo", "personal_listAccounts"]) expect(await sorted(call(method, []))).toHaveProperty("forward");
	});
});

describe("with limits", () => {
	const limits = { maxValue: 1n, receivers: undefined };
	it("nothing passes but what is known to read", async () => {
		for (const method of ["eth_call", "eth_getLogs", "net_version", "eth_chainId"])
			expect(await sorted(call(method, []), EVM_DIALECT, limits)).toHaveProperty("forward");
		for (const method of ["zz_doIt", "eth_doIt", "admin_nodeInfo", "eth_call "]) {
			expect(JSON.stringify(await sorted(call(method, []), EVM_DIALECT, limits))).toContain("limits were set");
			expect(await sorted(call(method, []), EVM_DIALECT)).toHaveProperty("forward");
		}
		expect(await sorted(call("getblock", []), bitcoin, limits)).toHaveProperty("forward");
		expect(await sorted(call("zz_doIt", []), bitcoin, limits)).toHaveProperty("answer");
	});
});
