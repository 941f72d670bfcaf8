import { AbiCoder, Interface, MaxUint256, solidityPacked, ZeroAddress } from "ethers";
import { describe, expect, it } from "vitest";
import { HANDINGS } from "./control.js";
import { readRequest } from "./intent.js";
import { type Facts, judge, type LookedAt } from "./judge.js";
import { Allowance } from "./limits.js";

const [OWNER, TOKEN, OTHER, THIEF] = ["1a", "2b", "3c", "4d"].map((digits) => `0x${digits.repeat(20)}`) as [string, string, string, string];
const clear: LookedAt = { verdict: "clear", sentence: "", reasons: [], whatToDo: [] };
const danger: LookedAt = { verdict: "danger", sentence: "It stole.", reasons: ["It stole."], whatToDo: [] };
const look = async (address: string) => (address === THIEF ? danger : clear);
const facts = (rest: Partial<Facts> = {}): Facts => ({
	chainId: async () => 1n,
	look,
	glance: look,
	hasCode: async () => true,
	holds: async () => 10n ** 30n,
	search: async () => ({ found: [], whole: true }),
	unit: (token) => (token === undefined ? { decimals: 18, symbol: "ETH" } : undefined),
	effect: async () => ({ leaves: [], comes: [], lets: [], receives: [], fails: false, bare: false }),
	...rest,
});
const encoded = (signature: string, ...args: unknown[]) => {
	const abi = new Interface([`function ${signature}`]);
	return abi.encodeFunctionData(abi.fragments[0] as never, args);
};
const intentOf = (data: string, rest: object = {}) => readRequest({ from: OWNER, to: TOKEN, data, ...rest });
const judged = (data: string, rest?: Partial<Facts>) => judge(intentOf(data), facts(rest));

const argument = (type: string, isTaker: boolean, isGiven: boolean, takes: boolean): unknown => {
	if (type === "address") return isTaker ? OTHER : OWNER;
	if (type === "bool") return isGiven ? takes : true;
	if (type === "bytes") return "0x";
	if (type.startsWith("bytes")) return `0x${"00".repeat(Number(type.slice(5)))}`;
	return isGiven ? (takes ? MaxUint256 : 0n) : 1n;
};
const callOf = ({ signature, taker, given }: (typeof HANDINGS)[number], takes: boolean) => {
	const types = signature
		.slice(signature.indexOf("(") + 1, -1)
		.split(",")
		.filter((one) => one !== "");
	return encoded(signature, ...types.map((type, i) => argument(type, i === taker, i === given, takes)));
};

describe.each(HANDINGS.map((one) => [one.signature, one] as const))("handing over by %s", (_, handing) => {
	it("is held back where it is control, or to a person; told of a contract; passes where it is taken back", async () => {
		const [toPerson, toContract] = [
			await judged(callOf(handing, true), { hasCode: async () => false }),
			await judged(callOf(handing, true)),
		];
		const { hands } = handing;
		expect([toPerson.outcome, toContract.outcome]).toEqual(
			{ control: ["hold", "hold"], operator: ["hold", "notice"], back: ["pass", "pass"] }[hands],
		);
		if (handing.given !== undefined) {
			const back = await judged(callOf(handing, false), { hasCode: async () => false });
			expect(back.outcome).toBe("pass");
		}
		if (hands !== "back") expect(toPerson.reasons.join(" ")).toContain(handing.what);
	});
});

describe("what a Safe carries out", () => {
	const exec = (rest: { operation?: number; gasPrice?: bigint; data?: string; to?: string; receiver?: string }) =>
		encoded(
			"execTransaction(address,uint256,bytes,uint8,uint256,uint256,uint256,address,address,bytes)",
			...[rest.to ?? OTHER, 0n, rest.data ?? "0x", rest.operation ?? 0, 0n, 1_000_000n, rest.gasPrice ?? 0n, ZeroAddress],
			...[rest.receiver ?? THIEF, "0x"],
		);
	it("pays back its fee: a payment like any other, with a limit, too", async () => {
		expect((await judged(exec({}))).outcome).toBe("pass");
		const refund = exec({ gasPrice: 10n ** 12n });
		expect(await judged(refund)).toMatchObject({ outcome: "hold", sentence: "It stole." });
		expect(await judged(exec({ gasPrice: 10n ** 12n, receiver: OWNER }))).toMatchObject({
			outcome: "notice",
			sentence: `It pays ${OWNER} for the fee, 1 ETH or more.`,
		});
		expect(new Allowance({ maxValue: 10n ** 20n, receivers: undefined }).beyond(intentOf(refund), true)).toContain("more than pay");
	});

	it("runs another contract's code as its own only with its owner's word, whatever the call looks like", async () => {
		const transfer = encoded("transfer(address,uint256)", OTHER, 0n);
		expect(await judged(exec({ operation: 1, data: transfer }))).toMatchObject({
			outcome: "hold",
			sentence: expect.stringContaining(`code of ${OTHER} run as`),
		});
		const many = encoded("multiSend(bytes)", solidityPacked(["uint8", "address", "uint256", "uint256", "bytes"], [0, OTHER, 7n, 0n, "0x"]));
		expect((await judged(exec({ operation: 1, data: many }))).outcome).toBe("notice");
		expect((await judged(exec({ operation: 1, data: many, to: "0x9641d764fc13c8b624c04430c7356c1c7c8102e2" }))).outcome).toBe("pass");
		const nested = solidityPacked(["uint8", "address", "uint256", "uint256", "bytes"], [1, OTHER, 0n, 4n, "0xdeadbeef"]);
		expect((await judged(encoded("multiSend(bytes)", nested))).outcome).toBe("hold");
	});
});

describe("commands of the Universal Router", () => {
	const [coder, details] = [AbiCoder.defaultAbiCoder(), "tuple(address,uint160,uint48,uint48)"];
	const permit = (spender: string) =>
		coder.encode([`tuple(${details},address,uint256)`, "bytes"], [[[OTHER, 1n, 1n, 0n], spender, 1n], "0x11"]);
	const execute = (commands: string, inputs: string[]) => encoded("execute(bytes,bytes[],uint256)", commands, inputs, 1n);
	it.each([
		["a permit", (to: string) => execute("0x0a", [permit(to)])],
		["one that may fail", (to: string) => execute("0x8a", [permit(to)])],
		["one in a plan below", (to: string) => execute("0x21", [coder.encode(["bytes", "bytes[]"], ["0x0a", [permit(to)]])])],
		[
			"several",
			(to: string) =>
				execute("0x03", [coder.encode([`tuple(${details}[],address,uint256)`, "bytes"], [[[[OTHER, 1n, 1n, 0n]], to, 1n], "0x11"])]),
		],
		["a transfer", (to: string) => execute("0x05", [coder.encode(["address", "address", "uint256"], [OTHER, to, 1n])])],
	])("are read: %s", async (_, data) => {
		expect((await judged(data(THIEF))).outcome).toBe("hold");
	});
	it("are held back where they do not read, and pass where they name nobody", async () => {
		expect((await judged(execute("0x0a0b", [permit(OTHER)]))).outcome).toBe("hold");
		expect(
			(await judged(execute("0x04", [coder.encode(["address", "address", "uint256"], [OTHER, `0x${"0".repeat(39)}1`, 1n])]))).outcome,
		).toBe("pass");
	});
});

describe("what nobody tells", () => {
	it("is said: the trial of a call, and whether code stands where an account is delegated to", async () => {
		const untold = await judged("0xdeadbeef", { effect: async () => undefined });
		expect([untold.outcome, untold.sentence]).toEqual(["notice", expect.stringContaining("did not try it out")]);
		const empty = { leaves: [], comes: [], lets: [], receives: [], bare: false };
		expect((await judged("0xdeadbeef", { effect: async () => ({ ...empty, fails: true }) })).sentence).toContain("it fails");
		expect((await judged("0xdeadbeef", { effect: async () => ({ ...empty, fails: false, bare: true }) })).sentence).toContain(
			"without its fee",
		);
		const delegating = readRequest({ from: OWNER, to: OWNER, authorizationList: [{ address: OTHER, chainId: "0x1" }] });
		for (const [hasCode, outcome, words] of [
			[true, "notice", "the contract"],
			[false, "hold", "no code now"],
			[undefined, "hold", "does not tell"],
		] as const)
			expect(await judge(delegating, facts({ hasCode: async () => hasCode }))).toMatchObject({
				outcome,
				sentence: expect.stringContaining(words),
			});
	});

	it("does not keep what lists know waiting", async () => {
		const never = () => new Promise<never>(() => {});
		const silent = { chainId: never, look: never, hasCode: never, effect: never };
		expect(await judged(encoded("transfer(address,uint256)", THIEF, 1n), silent)).toMatchObject({ outcome: "hold", sentence: "It stole." });
	});

	it("finds who is listed at any byte of what goes with a call, but not whose permission is taken back", async () => {
		const search = async () => ({ found: [THIEF], whole: true });
		expect(await judged(`0xdeadbeef01${THIEF.slice(2)}`, { search })).toMatchObject({
			outcome: "hold",
			sentence: expect.stringContaining(THIEF),
		});
		expect((await judged(encoded("approve(address,uint256)", THIEF, 0n), { search })).outcome).toBe("pass");
		expect((await judged(encoded("setApprovalForAll(address,bool)", THIEF, false), { search })).outcome).toBe("pass");
		expect((await judged("0xdeadbeef", { search: async () => ({ found: [], whole: false }) })).sentence).toContain("longer than");
	});

	it("says little in its sentence, in the coin's own unit, and the rest in its reasons", async () => {
		const effect = async () => ({
			leaves: [{ token: undefined, amount: 10n ** 17n }],
			comes: [],
			lets: [],
			receives: [],
			fails: false,
			bare: false,
		});
		expect((await judged("0xdeadbeef", { effect })).sentence).toBe("Tried out, it takes 0.1 ETH from you, and nothing comes back.");
	});
});
