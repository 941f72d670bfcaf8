import { AbiCoder, Interface, MaxUint256, solidityPacked, Wallet } from "ethers";
import { describe, expect, it } from "vitest";
import { readRequest, readSigned } from "./intent.js";
import { type Facts, judge, type LookedAt } from "./judge.js";
import { EVM_DIALECT } from "./methods.js";

const { sendingOf } = EVM_DIALECT;
const address = (n: number) => `0x${n.toString(16).padStart(40, "0")}`;
const [OWNER, TOKEN, SPENDER, OTHER] = [1, 2, 3, 4].map(address) as [string, string, string, string];
const ABI = new Interface([
	"function approve(address,uint256)",
	"function approve(address,address,uint160,uint48)",
	"function setApprovalForAll(address,bool)",
	"function transferFrom(address,address,uint256)",
	"function permit(address,address,uint256,uint256,uint8,bytes32,bytes32)",
	"function permit(address owner, ((address token, uint160 amount, uint48 expiration, uint48 nonce) details, address spender, uint256 sigDeadline) permitSingle, bytes signature)",
	"function multicall(bytes[])",
	"function execute(address,uint256,bytes)",
	"function transfer(address,uint256)",
]);
const encoded = (name: string, ...args: unknown[]) => ABI.encodeFunctionData(name, args);
const actions = (data: string, value = "0x0") => readRequest({ from: OWNER, to: TOKEN, value, data }).actions;
const approve = encoded("approve(address,uint256)", SPENDER, 5n);

describe("what a transaction asks for", () => {
	it.each([
		["a plain payment", "0x", "0x5", [{ kind: "pay", to: TOKEN, amount: 5n }]],
		["a token's payment", encoded("transfer", OTHER, 7n), "0x0", [{ kind: "pay-token", token: TOKEN, to: OTHER, amount: 7n }]],
		[
			"its own by transferFrom",
			encoded("transferFrom", OWNER, OTHER, 7n),
			"0x0",
			[{ kind: "pay-token", token: TOKEN, to: OTHER, amount: 7n }],
		],
		[
			"another's by transferFrom",
			encoded("transferFrom", SPENDER, OTHER, 7n),
			"0x0",
			[{ kind: "take-token", token: TOKEN, from: SPENDER, to: OTHER, amount: 7n }],
		],
		["a permission", approve, "0x0", [{ kind: "let-spend", token: TOKEN, spender: SPENDER, amount: 5n }]],
		[
			"one without a limit",
			encoded("approve(address,uint256)", SPENDER, MaxUint256),
			"0x0",
			[{ kind: "let-spend", token: TOKEN, spender: SPENDER, amount: undefined }],
		],
		[
			"one through Permit2",
			encoded("approve(address,address,uint160,uint48)", OTHER, SPENDER, 2n ** 160n - 1n, 1),
			"0x0",
			[{ kind: "let-spend", token: OTHER, spender: SPENDER, amount: undefined }],
		],
		[
			"a whole collection",
			encoded("setApprovalForAll", SPENDER, true),
			"0x0",
			[{ kind: "let-all", collection: TOKEN, operator: SPENDER, approved: true }],
		],
		[
			"a collection taken back",
			encoded("setApprovalForAll", SPENDER, false),
			"0x0",
			[{ kind: "let-all", collection: TOKEN, operator: SPENDER, approved: false }],
		],
		[
			"calls in calls",
			encoded("multicall", [approve, encoded("multicall", [encoded("transfer", OTHER, 1n)])]),
			"0x0",
			[
				{ kind: "let-spend", token: TOKEN, spender: SPENDER, amount: 5n },
				{ kind: "pay-token", token: TOKEN, to: OTHER, amount: 1n },
			],
		],
		[
			"what a smart account carries out",
			encoded("execute", OTHER, 9n, approve),
			"0x0",
			[
				{ kind: "pay", to: OTHER, amount: 9n },
				{ kind: "let-spend", token: OTHER, spender: SPENDER, amount: 5n },
			],
		],
		[
			"code that is not read",
			"0xdeadbeef",
			"0x1",
			[
				{ kind: "pay", to: TOKEN, amount: 1n },
				{ kind: "call", to: TOKEN, selector: "0xdeadbeef" },
			],
		],
		["arguments that are cut", approve.slice(0, 60), "0x0", [{ kind: "unreadable", to: TOKEN, selector: "0x095ea7b3" }]],
	])("%s", (_, data, value, expected) => {
		expect(actions(data, value)).toEqual(expected);
	});

	it("reads a permit that somebody brings, of a token and of Permit2", () => {
		const bytes = `0x${"0".repeat(64)}`;
		const permit = encoded("permit(address,address,uint256,uint256,uint8,bytes32,bytes32)", OWNER, SPENDER, 1n, 1n, 27, bytes, bytes);
		expect(actions(permit)).toEqual([{ kind: "permit", token: TOKEN, owner: OWNER, spender: SPENDER }]);
		const single = "permit(address,((address,uint160,uint48,uint48),address,uint256),bytes)";
		expect(actions(encoded(single, OWNER, [[OTHER, 1n, 1n, 0n], SPENDER, 1n], "0x"))).toEqual([
			{ kind: "permit", token: OTHER, owner: OWNER, spender: SPENDER },
		]);
	});

	it("bounds what it reads of calls in calls", () => {
		let nested = approve;
		for (let i = 0; i < 20; i++) nested = encoded("multicall", [nested]);
		expect(actions(nested)).toEqual([{ kind: "unreadable", to: TOKEN, selector: "0xac9650d8" }]);
		expect(actions(encoded("multicall", Array(1_000).fill(approve))).length).toBeLessThanOrEqual(1_000);
	});

	it("takes nothing for read that some contracts carry out all the same: bytes that lack, or stand above an address", () => {
		const dirty = `${approve.slice(0, 10)}${"f".repeat(24)}${approve.slice(34)}`;
		for (const data of [dirty, approve.slice(0, -2)])
			expect(actions(data)).toEqual([{ kind: "unreadable", to: TOKEN, selector: "0x095ea7b3" }]);
		expect(() => readRequest({ from: OWNER, to: TOKEN, data: "0x", input: approve })).toThrow("differ");
		expect(() => readRequest({ from: OWNER, to: TOKEN, data: approve, input: approve })).not.toThrow();
	});

	it("reads what accounts carry out by ERC-7579 and ERC-7821, one call or several", () => {
		const execute = new Interface(["function execute(bytes32,bytes)"]);
		const word = (first: string) => `0x${first}${"0".repeat(62)}`;
		const packed = solidityPacked(["address", "uint256", "bytes"], [OTHER, 0n, approve]);
		const batch = AbiCoder.defaultAbiCoder().encode(["tuple(address,uint256,bytes)[]"], [[[OTHER, 2n, approve]]]);
		const spends = { kind: "let-spend", token: OTHER, spender: SPENDER, amount: 5n };
		expect(actions(execute.encodeFunctionData("execute", [word("00"), packed]))).toEqual([spends]);
		expect(actions(execute.encodeFunctionData("execute", [word("01"), batch]))).toEqual([{ kind: "pay", to: OTHER, amount: 2n }, spends]);
		expect(actions(execute.encodeFunctionData("execute", [word("ff"), packed]))).toMatchObject([{ kind: "unreadable" }]);
	});

	it("reads a delegation with who signed it", async () => {
		const wallet = new Wallet(`0x${"7".repeat(64)}`);
		const authorization = wallet.authorizeSync({ address: SPENDER, chainId: 0n, nonce: 1n });
		const fields = { type: 4, chainId: 1n, nonce: 0, gasLimit: 100_000n, maxFeePerGas: 1n, maxPriorityFeePerGas: 1n };
		const raw = await wallet.signTransaction({ ...fields, to: OTHER, value: 0n, authorizationList: [authorization] });
		const signer = wallet.address.toLowerCase();
		expect(readSigned(raw)).toMatchObject({
			from: signer,
			chainId: 1n,
			actions: [
				{ kind: "let-act", delegate: SPENDER, signer, everyChain: true },
				{ kind: "pay", to: OTHER },
			],
		});
	});

	it("refuses what it cannot read, and reads nothing that sends nothing", () => {
		for (const params of [[], [5], ["0x"], ["0x02c0"], ["zz"]]) expect(() => sendingOf("eth_sendRawTransaction", params)).toThrow();
		expect(() => sendingOf("eth_sendTransaction", [{ value: "five" }])).toThrow(TypeError);
		expect(() => sendingOf("eth_sendBundle", [{ txs: "no" }])).toThrow(TypeError);
		expect(sendingOf("eth_call", [{ to: TOKEN }])).toBeUndefined();
		expect(sendingOf("constructor", [])).toBeUndefined();
		expect(() => sendingOf("eth_sendSomethingNew", [])).toThrow(TypeError);
		const operation = sendingOf("eth_sendUserOperation", [{ sender: OWNER, callData: encoded("execute", OTHER, 9n, "0x") }]);
		expect(operation?.intents[0]?.actions).toEqual([{ kind: "pay", to: OTHER, amount: 9n }]);
		expect(sendingOf("wallet_sendCalls", [{ from: OWNER, calls: [{ to: TOKEN, data: approve }] }])?.intents[0]?.actions).toHaveLength(1);
	});
});

describe("judgement", () => {
	const clear: LookedAt = { verdict: "clear", sentence: "", reasons: [], whatToDo: [] };
	const danger: LookedAt = { verdict: "danger", sentence: "Do not pay.", reasons: ["Do not pay.", "It stole."], whatToDo: ["Stop."] };
	const facts = (rest: Partial<Facts> = {}): Facts => ({
		chainId: async () => 1n,
		look: async () => clear,
		hasCode: async () => true,
		effect: async () => ({ leaves: [], comes: [], lets: [], receives: [], fails: false, bare: false }),
		glance: async () => clear,
		holds: async () => 10n ** 30n,
		search: async () => ({ found: [], whole: true }),
		unit: () => undefined,
		...rest,
	});
	const judged = (data: string, rest?: Partial<Facts>, strict?: boolean) =>
		judge(readRequest({ from: OWNER, to: TOKEN, data }), facts(rest), strict);

	it("holds back what deals with a danger wherever it stands, and says its reasons once", async () => {
		const look = async (address: string) => (address === SPENDER ? danger : clear);
		expect(await judged(encoded("multicall", [approve, approve]), { look })).toMatchObject({
			outcome: "hold",
			reasons: ["Do not pay. It stole."],
			whatToDo: ["Stop."],
		});
		expect(await judged(encoded("transfer", OTHER, 1n), { look })).toMatchObject({ outcome: "pass", reasons: [] });
	});

	it("never takes a node that does not tell for a contract or for a person", async () => {
		expect((await judged(approve, { hasCode: async () => false })).outcome).toBe("hold");
		const untold = await judged(approve, { hasCode: async () => undefined });
		expect([untold.outcome, untold.sentence]).toEqual([
			"hold",
			expect.stringContaining("does not tell whether that is somebody's own address"),
		]);
		expect((await judged(encoded("approve(address,uint256)", SPENDER, 0n), { hasCode: async () => false })).outcome).toBe("pass");
	});

	it("tells what takes and brings nothing, where the node tried it out; strict holds it back", async () => {
		const effect = async () => ({
			leaves: [{ token: undefined, amount: 5n }],
			comes: [],
			lets: [],
			receives: [],
			fails: false,
			bare: false,
		});
		expect((await judged("0xdeadbeef", { effect })).outcome).toBe("notice");
		expect((await judged("0xdeadbeef", { effect }, true)).outcome).toBe("hold");
		expect(
			(await judged("0xdeadbeef", { effect: async () => ({ ...(await effect()), comes: [{ token: TOKEN, amount: 1n }] }) })).outcome,
		).toBe("pass");
	});

	it("looks at whom code that is not read would let take tokens", async () => {
		const effect = async () => ({ leaves: [], comes: [], lets: [SPENDER], receives: [], fails: false, bare: false });
		expect((await judged("0xdeadbeef", { effect, hasCode: async () => false })).outcome).toBe("hold");
		expect((await judged("0xdeadbeef", { effect })).outcome).toBe("notice");
	});

	it("holds back what cannot be read", async () => {
		expect((await judged(approve.slice(0, -2))).outcome).toBe("hold");
	});

	it("passes on what facts throw: it could not be judged", async () => {
		const look = async () => {
			throw new Error("no library");
		};
		await expect(judged(approve, { look })).rejects.toThrow("no library");
	});
});
