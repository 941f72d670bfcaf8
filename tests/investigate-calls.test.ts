import { rmSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { join } from "node:path";
import { Wallet } from "ethers";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startAnvil } from "./anvil.js";
import { clewAsync, scratch } from "./clew.js";
import { type Provider, startProvider } from "./providers/proxy.js";

const ETHER = 10n ** 18n;
const folder = scratch();
/** Pays all that its account holds to whoever calls: the smallest drainer. */
const PAYS_ITS_CALLER = "0x600060006000600047335af100";
const REVERTS = "0x60006000fd";
const PLAN = "Free API access is not supported for this chain. Please upgrade your api plan for full chain coverage.";
const DRAINER = `0x${"dc".repeat(20)}`;
const [victim, thief, other] = [1, 2, 3].map((n) => new Wallet(`0x${(0xe1e0 + n).toString(16).padStart(64, "0")}`)) as [
	Wallet,
	Wallet,
	Wallet,
];

const PERSON = `0x${"ad".repeat(20)}`;

describe("money that moves by calls, through a node without traces", () => {
	let node: Awaited<ReturnType<typeof startAnvil>>;
	let [untraced, index]: [Provider | undefined, Server | undefined] = [undefined, undefined];
	let [theft, failed, indexUrl] = ["", "", ""];
	/** The block in which {@link PERSON} is paid, which the index lists. */
	let paidIn = 0;
	const run = async (name: string, rpc: string, ...args: string[]) => {
		const { code, out, err } = await clewAsync(["investigate", ...args, "--rpc", rpc, "--case", join(folder, `${name}.clew`)]);
		return { code, out: out.replace(/\s+/g, " "), err: err.replace(/\s+/g, " ") };
	};
	const ordinary = () => untraced?.url ?? "";

	beforeAll(async () => {
		node = await startAnvil("--chain-id", "1");
		const { provider } = node;
		untraced = await startProvider(node.url, {
			name: "untraced",
			refuse: ({ method }) =>
				/^(debug_|trace_)/.test(method) ? { code: -32601, message: `the method ${method} does not exist` } : undefined,
		});
		for (const one of [thief, other]) await provider.send("anvil_setBalance", [one.address, `0x${(100n * ETHER).toString(16)}`]);
		await provider.send("anvil_setCode", [DRAINER, PAYS_ITS_CALLER]);
		await provider.send("anvil_setCode", [`0x${"ee".repeat(20)}`, REVERTS]);
		const send = async (from: Wallet, to: string, value: bigint) => {
			const sent = await from.connect(provider).sendTransaction({ to, value, gasLimit: 100_000n });
			await sent.wait().catch(() => undefined);
			return sent.hash;
		};
		await send(other, victim.address, 3n * ETHER);
		// As if its key had signed for the drainer (EIP-7702).
		await provider.send("anvil_setCode", [victim.address, `0xef0100${DRAINER.slice(2)}`]);
		theft = await send(thief, victim.address, 0n);
		failed = await send(other, `0x${"ee".repeat(20)}`, ETHER);
		await provider.send("anvil_mine", ["0x5"]);
		index = createServer((request, response) => {
			const asked = new URL(request.url ?? "", "http://index").searchParams;
			const row = { from: victim.address, to: thief.address, value: `${3n * ETHER}`, isError: "0", blockNumber: "2" };
			const action = asked.get("action");
			const refuses = asked.get("plan") === "none" || (asked.get("plan") === "lists" && action === "txlistinternal");
			if (refuses) return void response.end(JSON.stringify({ status: "0", message: "NOTOK", result: PLAN }));
			const isIt = action === "txlistinternal" && asked.get("txhash") === theft;
			const listed = action === "txlist" && asked.get("address") === PERSON ? [{ blockNumber: `${paidIn}` }] : [];
			response.end(JSON.stringify({ status: "1", message: "OK", result: isIt ? [row] : listed }));
		});
		await new Promise<void>((resolve) => index?.listen(0, "127.0.0.1", resolve));
		indexUrl = `http://127.0.0.1:${(index.address() as { port: number }).port}/api`;
	});
	afterAll(async () => {
		untraced?.close();
		index?.close();
		await node.stop();
		rmSync(folder, { recursive: true, force: true });
	});

	it("is not called nothing: what calls moved is not known, and how it becomes known is said", async () => {
		const { code, err } = await run("calls", ordinary(), theft);
		expect(code).toBe(3);
		expect(err).toContain("what contracts called from it moved is not known");
		expect(err).toContain("Give --rpc of a node that traces");
		expect(err).not.toMatch(/nothing moved|another transaction took it/);
		const shown = await clewAsync(["show", theft, "--case", join(folder, "calls.clew")]);
		expect(shown.out).toContain("what contracts called from it moved is not known");
		const traced = await clewAsync(["trace", "--seed", `tx:${theft}`, "--case", join(folder, "calls.clew")]);
		expect(traced.err).toContain("what contracts called from it moved is not known");
		expect((await run("calls", node.url, theft)).out).toMatch(/TAKEN (3|2\.9999…) ETH/);
	});

	it("an index's list says it as the index's word, and names who got it", async () => {
		const { err } = await run("index", ordinary(), theft, "--history", indexUrl);
		expect(err).toMatch(/By the word of the Etherscan API at \S+: 3 ETH from 0x\w+ to 0x\w+/);
		expect(err).toContain(`clew investigate ${thief.address}`);
	});

	it("what failed moved nothing whoever was asked, by its receipt", async () => {
		const { code, err } = await run("failed", ordinary(), failed);
		expect(code).toBe(3);
		expect(err).toMatch(/nothing moved: .* but its fee: it failed/);
	});

	it("of a victim's wallet says that coins left by a way that is not in the case, and what acts for it", async () => {
		const { code, err } = await run("victim", ordinary(), victim.address, "--victim");
		expect(code).toBe(3);
		expect(err).toMatch(/its key lets 0xdc\w+ act for it \(EIP-7702\); 3 ETH left by a way that is not in the case: it holds 0 ETH/i);
		expect(err).toContain("give its hash");
		const told = await run("victim", node.url, victim.address, "--victim");
		expect(told.err).toMatch(/1 payment left 0x\w+, and no source tells by whose hand; by the node at block \d+ its key lets/);
	});

	it("an index that refuses this chain for good is turned from to the node; one that refuses a list alone tells the others", async () => {
		const paid = await other.connect(node.provider).sendTransaction({ to: PERSON, value: ETHER });
		paidIn = (await paid.wait())?.blockNumber ?? 0;
		const turned = await run("plan", node.url, paid.hash, "--history", `${indexUrl}?plan=none`);
		expect(turned.err).toMatch(/turned from the index to ots_searchTransactionsAfter/);
		expect(turned.out).toContain("TAKEN 1 ETH");
		expect(turned.out).not.toContain("NOT YET FETCHED");
		const part = await run("part", node.url, paid.hash, "--history", `${indexUrl}?plan=lists`);
		expect(part.err).not.toContain("turned from");
		expect(part.out).toMatch(/NOT YET FETCHED 1 ETH .*whose internal calls are not known/);
	});

	it("a payment of coins to a person calls nothing, and leaves nothing open", async () => {
		const paid = await other.connect(node.provider).sendTransaction({ to: `0x${"ab".repeat(20)}`, value: ETHER });
		await paid.wait();
		const { out } = await run("plain", ordinary(), paid.hash);
		expect(out).toContain("TAKEN 1 ETH");
		expect(out).not.toContain("what contracts called from");
	});
});
