import { rmSync } from "node:fs";
import { join } from "node:path";
import type { Detection, TraceResult } from "@clew/core";
import {
	type Contract,
	ContractFactory,
	HDNodeWallet,
	Interface,
	keccak256,
	Mnemonic,
	NonceManager,
	parseEther,
	ZeroAddress,
} from "ethers";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { compileAbstraction, startAnvil } from "./anvil.js";
import { clew, mustClew, scratch } from "./clew.js";
import { undocumented } from "./documented.js";

const CHAIN = "eip155:31337";
const ENTRY_POINT = "0x0000000071727de22e5e9d8baf0edac6f37da032";
const PHRASE = "test test test test test test test test test test test junk";
const folder = scratch();
const file = join(folder, "abstraction.clew");
const id = (address: string) => `${CHAIN}:${address.toLowerCase()}`;
const { Account, EntryPoint, Sweeper } = compileAbstraction();

let node: Awaited<ReturnType<typeof startAnvil>>;
let wallets: readonly HDNodeWallet[];
const done: Record<string, string> = {};
const key = (n: number) => wallets[n] as HDNodeWallet;
const address = (n: number) => key(n).address;
/** Victims, who paid them later, and the others. */
const VICTIMS = [0, 1, 2] as const;
const PAYERS = [3, 4, 5] as const;
const [THIEF, LOOT, SHOP, BUNDLER, OWNER] = [6, 7, 8, 9, 10];

const sent = async (what: Promise<{ hash: string; wait(): Promise<unknown> }>): Promise<string> => {
	const { hash, wait } = await what.then((tx) => ({ hash: tx.hash, wait: () => tx.wait() }));
	await wait();
	return hash;
};

/** A wallet whose key signs for its account on the test's node. */
const at = (n: number) => key(n).connect(node.provider);

async function takeAccounts(): Promise<void> {
	const sweeper = await new ContractFactory(new Interface(Sweeper.abi as never), Sweeper.bytecode, at(THIEF)).deploy(address(LOOT));
	await sweeper.waitForDeployment();
	done["sweeper"] = (await sweeper.getAddress()).toLowerCase();
	for (const victim of VICTIMS) await sent(at(victim).sendTransaction({ to: address(SHOP), value: parseEther("1") }));
	for (const victim of VICTIMS) {
		const signed = await key(victim).authorize({ address: done["sweeper"], nonce: 1, chainId: victim === 0 ? 0 : 31_337 });
		const tx = { type: 4, to: ZeroAddress, value: 0n, authorizationList: [signed] };
		done[`taken${victim}`] = await sent(at(THIEF).sendTransaction(tx));
	}
	for (const [i, payer] of PAYERS.entries())
		await sent(at(payer).sendTransaction({ to: address(VICTIMS[i] as number), value: parseEther("2") }));
	const back = await key(2).authorize({
		address: ZeroAddress,
		nonce: (await node.provider.getTransactionCount(address(2))) + 1,
		chainId: 31_337,
	});
	done["back"] = await sent(at(2).sendTransaction({ type: 4, to: ZeroAddress, value: 0n, authorizationList: [back] }));
}

async function actByOperation(): Promise<void> {
	const owner = new NonceManager(at(OWNER));
	const made = new ContractFactory(new Interface(EntryPoint.abi as never), EntryPoint.bytecode, owner);
	const model = await made.deploy();
	await model.waitForDeployment();
	await node.provider.send("anvil_setCode", [ENTRY_POINT, await node.provider.getCode(await model.getAddress())]);
	const account = await new ContractFactory(new Interface(Account.abi as never), Account.bytecode, owner).deploy();
	await account.waitForDeployment();
	done["account"] = (await account.getAddress()).toLowerCase();
	done["funded"] = await sent(owner.sendTransaction({ to: done["account"], value: parseEther("5") }));
	const entryPoint = made.attach(ENTRY_POINT).connect(at(BUNDLER)) as Contract;
	const handle = (paymaster: string) =>
		sent(
			entryPoint.getFunction("handle")(
				done["account"],
				paymaster,
				parseEther("0.06"),
				parseEther("0.04"),
				address(SHOP),
				parseEther("1"),
				address(BUNDLER),
			),
		);
	done["own"] = await handle(ZeroAddress);
	done["deposit"] = await sent(
		(entryPoint.connect(owner) as Contract).getFunction("depositTo")(address(OWNER), { value: parseEther("1") }),
	);
	done["paid"] = await handle(address(OWNER));
	done["withdrawn"] = await sent((entryPoint.connect(owner) as Contract).getFunction("withdrawTo")(address(OWNER), parseEther("0.5")));
}

beforeAll(async () => {
	node = await startAnvil("--accounts", "11", "--hardfork", "prague");
	const root = HDNodeWallet.fromMnemonic(Mnemonic.fromPhrase(PHRASE), "m/44'/60'/0'/0");
	wallets = Array.from({ length: 11 }, (_, i) => root.deriveChild(i));
	await takeAccounts();
	await actByOperation();
	mustClew("case", "new", file, "--title", "abstraction", "--chain", CHAIN);
	const report = JSON.parse(mustClew("ingest", "--case", file, "--rpc", node.url, "--from", "0", "--to", "latest", "--json"));
	expect(report.gaps).toEqual([]);
}, 60_000);
afterAll(async () => {
	await node?.stop();
	rmSync(folder, { recursive: true, force: true });
});

const show = (what: string) => mustClew("show", "--case", file, what);
const shown = (what: string) => JSON.parse(mustClew("show", "--case", file, what, "--json"));

describe("accounts that were delegated (EIP-7702)", () => {
	it("show since when, by which transaction and to what; what the sender signed itself surely took effect", () => {
		const account = shown(address(0));
		expect(undocumented("clew.account/1", account)).toEqual([]);
		expect(account.delegations).toMatchObject([
			{ account: id(address(0)), to: id(done["sweeper"] as string), signedFor: "every chain", effect: "unknown", txHash: done["taken0"] },
		]);
		expect(shown(address(2)).delegations).toMatchObject([
			{ to: id(done["sweeper"] as string), signedFor: CHAIN, effect: "unknown" },
			{ to: null, effect: "yes", txHash: done["back"] },
		]);
		expect(show(address(0))).toMatch(
			/has a key; see its delegations[\s\S]*let 0x[0-9a-f]{40} act for it \(EIP-7702, signed for every chain\)/,
		);
		expect(show(address(2))).toMatch(/took back what it had let act for it \(EIP-7702, signed for eip155:31337\): it took effect/);
		const tx = shown(done["taken1"] as string);
		expect([undocumented("clew.transaction/1", tx), tx.delegations.length]).toEqual([[], 1]);
	});

	it("are found with what sweeps them, until they surely take that back", () => {
		const { detections } = JSON.parse(mustClew("detect", "--case", file, "--json")) as { detections: readonly Detection[] };
		const of = (kind: string) => detections.filter((one) => one.kind === kind).map(({ account, tier }) => `${tier} ${account}`);
		expect(of("sweeper")).toEqual([`structural ${id(done["sweeper"] as string)}`]);
		expect(of("delegated-to-sweeper").sort()).toEqual([`structural ${id(address(0))}`, `structural ${id(address(1))}`].sort());
		expect(detections.find(({ kind }) => kind === "sweeper")?.reasons.join("; ")).toContain(address(LOOT).toLowerCase());
	});

	it("are warned of by check, which a node tells what acts for them now", async () => {
		const check = (n: number, ...more: string[]) => {
			const { out, code } = clew(["check", address(n), "--case", file, "--json", ...more]);
			const told = JSON.parse(out);
			return { code, verdict: told.verdict, codes: told.reasons.map((one: { code: string }) => one.code), words: told.words.join("\n") };
		};
		const taken = check(0);
		expect([taken.code, taken.verdict]).toEqual([1, "danger"]);
		expect(taken.codes).toEqual(expect.arrayContaining(["detected-swept", "maybe-delegated"]));
		const hash = keccak256(await node.provider.getCode(done["sweeper"] as string));
		expect(check(0, "--rpc", node.url).words).toContain(`code hash ${hash}`);
		// What a node says of now settles what the case leaves open, and outweighs what it saw.
		const asked = check(0, "--rpc", node.url);
		expect([asked.codes.includes("detected-swept"), asked.codes.includes("maybe-delegated")]).toEqual([true, false]);
		await node.provider.send("anvil_setCode", [address(1), "0x"]);
		expect([check(1).codes.includes("detected-swept"), check(1, "--rpc", node.url).codes.includes("detected-swept")]).toEqual([
			true,
			false,
		]);
		// Taken after the case was made: the node knows the delegate, and the case what that does.
		const signed = await key(SHOP).authorize({ address: done["sweeper"] as string, nonce: 0, chainId: 31_337 });
		await sent(at(THIEF).sendTransaction({ type: 4, to: ZeroAddress, value: 0n, authorizationList: [signed] }));
		expect(check(SHOP, "--rpc", node.url)).toMatchObject({ code: 1, verdict: "danger" });
		const freed = check(2, "--rpc", node.url);
		expect(freed.codes).toContain("delegation-revoked");
		expect(freed.codes).not.toContain("detected-swept");
		expect(freed.codes).not.toContain("delegated");
	});

	it("are followed as accounts of persons: what was paid to one goes on to whoever sweeps it", () => {
		const result: TraceResult = JSON.parse(mustClew("trace", "--case", file, "--seed", `account:${address(1)}`, "--json"));
		expect(result.leaves.map(({ account }) => account)).toContain(id(address(LOOT)));
	});
});

describe("who acted by UserOperations (ERC-4337)", () => {
	it("is named beside the bundler, with who paid for the gas and what stays a deposit", () => {
		const own = show(done["own"] as string);
		expect(own).toMatch(
			new RegExp(
				`who acted: ${done["account"]} by a UserOperation \\(ERC-4337, EntryPoint 0.7\\); brought by the bundler ${address(BUNDLER)}; gas 0.04`,
				"i",
			),
		);
		expect(own).toMatch(/paid the EntryPoint 0\.06 .*, for gas of 0\.04 .*, 0\.02 .* more than that stays its deposit/);
		expect(own).toMatch(new RegExp(`the EntryPoint paid ${address(BUNDLER)} 0.04 .*, for gas`, "i"));
		expect(show(done["paid"] as string)).toMatch(new RegExp(`paid by the paymaster ${address(OWNER)}`, "i"));
		expect(show(done["deposit"] as string)).toMatch(new RegExp(`1 .* to deposits for gas of ${address(OWNER)}`, "i"));
		expect(show(done["withdrawn"] as string)).toMatch(/0\.5 .*, which 0x[0-9a-f]{40} took out of its deposit/i);
		const tx = shown(done["paid"] as string);
		expect(undocumented("clew.transaction/1", tx)).toEqual([]);
		expect(tx.userOperations).toMatchObject([{ sender: id(done["account"] as string), paymaster: id(address(OWNER)), version: "0.7" }]);
	});

	it("ends a trace where gas is paid, and joins no bundler; a stranger verifies it", () => {
		const result: TraceResult = JSON.parse(mustClew("trace", "--case", file, "--seed", `tx:${done["funded"]}`, "--json"));
		const ends = new Map(result.leaves.map(({ account, stop, amounts }) => [account, [stop.reason, Object.values(amounts)[0]?.fifo]]));
		expect(ends.get(id(ENTRY_POINT))).toEqual(["entry-point", parseEther("0.06").toString()]);
		expect(ends.get(id(address(SHOP)))?.[1]).toBe(parseEther("2").toString());
		expect([...ends.keys()]).not.toContain(id(address(BUNDLER)));
		mustClew("export", "--case", file, "--trace", result.id, "--out", join(folder, "bundle"));
		expect(clew(["verify", join(folder, "bundle")]).code).toBe(0);
	});
});
