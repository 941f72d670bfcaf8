import { rmSync } from "node:fs";
import { join } from "node:path";
import { JsonRpcProvider, Wallet } from "ethers";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startAnvil } from "../anvil.js";
import { clewAsync, mustClew, scratch } from "../clew.js";
import { undocumented } from "../documented.js";
import { HANG_MS } from "../team.js";

const ETHER = 10n ** 18n;
const folder = scratch();

interface Leaf {
	readonly account: string;
	readonly agreed: string;
	readonly stop: { readonly reason: string };
}

describe("following money whose blocks went away", { timeout: HANG_MS }, () => {
	let node: Awaited<ReturnType<typeof startAnvil>>;
	let provider: JsonRpcProvider;
	let cases = 0;
	const place = () => join(folder, `${cases}.clew`);
	/** The victim is one for all cases, the others have nothing before theirs. */
	const person = (n: number) => new Wallet(`0x${`${n}${n === 1 ? 0 : cases}`.repeat(32)}`, provider);
	const address = (n: number) => person(n).address.toLowerCase();
	const mine = (blocks: number) => provider.send("anvil_mine", [`0x${blocks.toString(16)}`]);
	const pay = async (from: number, to: string, value: bigint) => {
		const sent = await person(from).sendTransaction({ to, value, gasPrice: 2n * 10n ** 9n, gasLimit: 21_000n, type: 0 });
		await mine(1);
		return sent.hash;
	};
	const follow = async (seed: string) => {
		const { code, out, err } = await clewAsync(["follow", seed, "--rpc", node.url, "--case", place(), "--json"]);
		if (code !== 0) throw new Error(err);
		const answer = JSON.parse(out);
		expect(undocumented("clew.follow/1", answer)).toEqual([]);
		const ends = (answer.result.leaves as Leaf[]).map((leaf) => [leaf.account.slice(-42), leaf.agreed, leaf.stop.reason]);
		return { ends, err, reorganisedAt: answer.reorganisedAt as number | undefined };
	};
	const doctor = async () => {
		const { code, out } = await clewAsync(["doctor", "--case", place(), "--rpc", node.url, "--json"]);
		return { code, check: (JSON.parse(out).checks as { name: string; detail: string }[]).find(({ name }) => name === "case and node") };
	};
	/** A theft of 5 and 20 blocks on top; gives its hash and the first block after the theft that may go away. */
	const theft = async () => {
		mustClew("case", "new", place(), "--title", "t", "--chain", "eip155:31337");
		const hash = await pay(1, address(2), 5n * ETHER);
		await mine(20);
		return { hash, next: (await provider.getBlockNumber()) + 1, snapshot: await provider.send("evm_snapshot", []) };
	};

	beforeAll(async () => {
		node = await startAnvil("--no-mining");
		provider = new JsonRpcProvider(node.url, 31337, { staticNetwork: true, cacheTimeout: -1 });
		await provider.send("anvil_setBalance", [address(1), `0x${(1_000n * ETHER).toString(16)}`]);
		await mine(1);
	});
	afterAll(async () => {
		provider.destroy();
		await node.stop();
		rmSync(folder, { recursive: true, force: true });
	});

	it("finds the payment of the true chain, keeps nothing of the other, and says so; doctor does, too", async () => {
		cases++;
		const [x, y] = [address(3), address(4)];
		const { hash, next, snapshot } = await theft();
		await pay(2, x, 2n * ETHER);
		await mine(4);
		expect((await follow(hash)).ends).toContainEqual([x, String(2n * ETHER), "unspent"]);
		expect(await doctor()).toMatchObject({ code: 0, check: { detail: expect.stringContaining("of the case is the node's") } });
		await provider.send("evm_revert", [snapshot]);
		await mine(1);
		await pay(2, y, ETHER);
		await mine(5);
		expect(await doctor()).toMatchObject({ code: 1, check: { detail: expect.stringContaining(`${next}`) } });
		const { ends, err, reorganisedAt } = await follow(hash);
		expect(ends.map(([account]) => account)).not.toContain(x);
		expect(ends).toContainEqual([y, String(ETHER), "unspent"]);
		expect(err).toContain("not on the node's chain any more");
		expect(reorganisedAt).toBeLessThanOrEqual(next);
		expect(mustClew("custody", "--case", place())).toContain("chain reorganised");
		expect(await doctor()).toMatchObject({ code: 0 });
		expect((await follow(hash)).reorganisedAt).toBeUndefined();
	});

	it("finds a payment in a block of which the case held none, where nothing was found before", async () => {
		cases++;
		const [thief, y] = [address(2), address(4)];
		const { hash, snapshot } = await theft();
		await mine(6);
		expect((await follow(hash)).ends).toEqual([[thief, String(5n * ETHER), "unspent"]]);
		await provider.send("evm_revert", [snapshot]);
		await pay(2, y, ETHER);
		await mine(7);
		expect((await follow(hash)).ends).toContainEqual([y, String(ETHER), "unspent"]);
	});

	it("a node that lags takes nothing back, and that it does is said", async () => {
		cases++;
		const x = address(3);
		const { hash, snapshot } = await theft();
		await pay(2, x, 2n * ETHER);
		expect((await follow(hash)).ends).toContainEqual([x, String(2n * ETHER), "unspent"]);
		await provider.send("evm_revert", [snapshot]);
		const { ends, err, reorganisedAt } = await follow(hash);
		expect([ends.map(([account]) => account).includes(x), reorganisedAt]).toEqual([true, undefined]);
		expect(err).toContain("the case rests on newer ones");
	});
});
