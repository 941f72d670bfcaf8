import { AbiCoder, Interface, solidityPacked } from "ethers";
import { describe, expect, it } from "vitest";
import { readRequest } from "./intent.js";
import { type Facts, judge, type LookedAt } from "./judge.js";
import { Allowance } from "./limits.js";
import { EVM_DIALECT } from "./methods.js";

const [OWNER, TOKEN, OTHER, THIEF] = ["1a", "2b", "3c", "4d"].map((digits) => `0x${digits.repeat(20)}`) as [string, string, string, string];
const clear: LookedAt = { verdict: "clear", sentence: "", reasons: [], whatToDo: [] };
const danger: LookedAt = { verdict: "danger", sentence: "It stole.", reasons: ["It stole."], whatToDo: [] };
const facts = (rest: Partial<Facts> = {}): Facts => ({
	chainId: async () => 1n,
	look: async () => clear,
	glance: async (address) => (address === THIEF ? danger : clear),
	hasCode: async () => true,
	holds: async () => 10n ** 30n,
	search: async () => ({ found: [], whole: true }),
	unit: () => undefined,
	effect: async () => ({ leaves: [], comes: [], lets: [], receives: [], fails: false, bare: false }),
	...rest,
});
const judged = async (request: object, rest?: Partial<Facts>) => {
	const { outcome, reasons } = await judge(readRequest({ from: OWNER, to: TOKEN, ...request }), facts(rest));
	return [outcome, reasons.join(" ")];
};
const encoded = (signature: string, ...args: unknown[]) =>
	new Interface([`function ${signature}`]).encodeFunctionData(signature.split("(")[0] as string, args);
const asked = async (method: string, ...params: unknown[]) => {
	const intent = EVM_DIALECT.sendingOf(method, params)?.intents[0];
	return intent === undefined ? undefined : judge(intent, facts({ look: async (address) => (address === THIEF ? danger : clear) }));
};

describe("what is not read, and names a listed address", () => {
	it.each([
		["an unread function", encoded("bridge(address,uint256)", THIEF, 1n)],
		["a call in its data", encoded("aggregate((address,bytes)[])", [[OTHER, encoded("go(uint256,address)", 5n, THIEF)]])],
		["a list", encoded("disperse(address[],uint256[])", [OTHER, THIEF], [1n, 10n ** 18n])],
		["a call in a call that is read", encoded("multicall(bytes[])", [encoded("go(address)", THIEF)])],
		["arguments that are cut", encoded("setApprovalForAll(address,bool)", THIEF, true).slice(0, -2)],
	])("%s is held back", async (_, data) => {
		expect(await judged({ data })).toEqual(["hold", expect.stringContaining(`Its call names ${THIEF}. It stole.`)]);
	});

	it("takes no number for an address, and says where there were too many", async () => {
		const glanced: string[] = [];
		const glance = async (address: string) => {
			glanced.push(address);
			return clear;
		};
		expect(await judged({ data: encoded("swap(uint256,uint256,address)", 10n ** 18n, 2n ** 90n, OTHER) }, { glance })).toEqual([
			"pass",
			"",
		]);
		// What stands four bytes before it may be one in a call within a call.
		expect(glanced).toEqual([TOKEN, `0x00000000${OTHER.slice(2, 34)}`, OTHER]);
		const many = Array.from({ length: 300 }, (_, i) => `0x${(i + 1).toString(16).padStart(4, "0")}${"ab".repeat(18)}`);
		expect(await judged({ data: encoded("go(address[])", many) })).toEqual(["notice", expect.stringContaining("more addresses")]);
	});

	it("reads Safe's multiSend", () => {
		const pay = solidityPacked(["uint8", "address", "uint256", "uint256", "bytes"], [0, THIEF, 7n, 0n, "0x"]);
		const actions = (packed: string) => readRequest({ from: OWNER, to: TOKEN, data: encoded("multiSend(bytes)", packed) }).actions;
		expect(actions(`${pay}${pay.slice(2)}`)).toEqual(Array(2).fill({ kind: "pay", to: THIEF, amount: 7n }));
		expect(actions(pay.slice(0, -2))).toContainEqual(expect.objectContaining({ kind: "unreadable" }));
	});
});

describe("the making of a contract", () => {
	it("is told where it is given coins, and held back where its code or arguments name a listed address", async () => {
		expect(await judged({ to: null, data: "0x6000" })).toEqual(["pass", ""]);
		expect((await judged({ to: null, data: "0x6000", value: "0x1" }))[0]).toBe("notice");
		expect(await judged({ to: null, data: `0x73${THIEF.slice(2)}ff` })).toEqual(["hold", expect.stringContaining("that it creates names")]);
		const argued = `0x600a${AbiCoder.defaultAbiCoder().encode(["address"], [THIEF]).slice(2)}`;
		expect((await judged({ to: null, data: argued }))[0]).toBe("hold");
	});
});

describe("whom it pays, tried out", () => {
	const effect = async () => ({ leaves: [], comes: [], lets: [], receives: [TOKEN, THIEF], fails: false, bare: false });
	it.each([
		["a plain payment", { value: "0x1" }],
		["a creation", { to: null, data: "0x6000" }],
		["a token's payment", { data: encoded("transfer(address,uint256)", OTHER, 1n) }],
	])("holds back %s that goes on to a listed address", async (_, request) => {
		expect(await judged(request, { effect })).toEqual(["hold", expect.stringContaining(`Tried out, it pays ${THIEF}.`)]);
	});
});

describe("a permission", () => {
	const approve = (amount: bigint) => ({ data: encoded("approve(address,uint256)", OTHER, amount) });
	it("above what its owner holds is one without a limit; where that is not known, any may be", async () => {
		const told = { holds: async () => undefined };
		for (const amount of [2n ** 64n, 1_000_000_000n, 1n])
			expect(await judged(approve(amount), told)).toEqual(["notice", expect.stringContaining("does not tell how much you have")]);
		const holds = async () => 2n ** 99n;
		expect((await judged(approve(2n ** 99n), { holds }))[0]).toBe("pass");
		expect((await judged(approve(2n ** 99n + 1n), { holds }))[0]).toBe("notice");
	});
});

describe("what a node signs with its own keys", () => {
	const typed = (message: object, primaryType = "Permit") => ({
		types: {},
		primaryType,
		domain: { verifyingContract: TOKEN, chainId: 1 },
		message,
	});
	it("is told, and judged as a permission where it is one, as an object and as text", async () => {
		expect(await asked("personal_sign", "0xdead", OWNER)).toMatchObject({ outcome: "notice" });
		expect(await asked("eth_sign", OWNER, "0xdead")).toMatchObject({ outcome: "notice" });
		const permit = await asked("eth_signTypedData_v4", OWNER, typed({ details: { token: OTHER }, spender: THIEF }));
		expect(permit?.outcome).toBe("hold");
		expect(permit?.actions[0]).toContain(`take the token ${OTHER}`);
		expect(await asked("eth_signTypedData_v3", OWNER, JSON.stringify(typed({ spender: OTHER })))).toMatchObject({
			outcome: "notice",
			reasons: expect.arrayContaining([expect.stringContaining("as much as you have")]),
		});
		expect((await asked("eth_signTypedData", OWNER, typed({ offer: [{ recipient: THIEF }] }, "OrderComponents")))?.outcome).toBe("hold");
	});

	it("is not read where it may be read in two ways", () => {
		const text = JSON.stringify(typed({ spender: OTHER }));
		for (const one of [text.replace('"spender"', `"spender":"${THIEF}","spender"`), typed({ spender: OTHER, Spender: THIEF }), "{}"])
			expect(() => EVM_DIALECT.sendingOf("eth_signTypedData_v4", [OWNER, one])).toThrow();
	});

	it("is beyond any limits", () => {
		const intent = EVM_DIALECT.sendingOf("personal_sign", ["0xdead", OWNER])?.intents[0];
		expect(intent && new Allowance({ maxValue: undefined, receivers: new Set([OWNER]) }).beyond(intent, true)).toContain("nobody");
	});
});

describe("calls for others to carry out", () => {
	it("name the contracts that make, pay for and act for an account", async () => {
		const operation = { sender: OWNER, callData: "0x" };
		for (const part of [
			{ factory: THIEF, factoryData: "0x" },
			{ initCode: `${THIEF}00` },
			{ paymaster: THIEF },
			{ paymasterAndData: THIEF },
			{ eip7702Auth: { address: THIEF, chainId: "0x1" } },
		])
			expect([part, (await asked("eth_sendUserOperation", { ...operation, ...part }, TOKEN))?.outcome]).toEqual([part, "hold"]);
		expect((await asked("eth_sendUserOperation", operation, TOKEN))?.outcome).toBe("pass");
		expect((await asked("wallet_sendCalls", { from: OWNER, chainId: "0x89", calls: [{ to: OTHER }] }))?.outcome).toBe("hold");
	});
});
