import { type ChildProcess, spawn } from "node:child_process";
import { readFileSync, rmSync } from "node:fs";
import { request } from "node:http";
import { join } from "node:path";
import { Contract, ContractFactory, type InterfaceAbi, JsonRpcProvider, MaxUint256, parseEther, Transaction, Wallet } from "ethers";
import { chromium } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { compileScenario, startAnvil } from "./anvil.js";
import { chromiumPath } from "./browser.js";
import { MAIN, ROOT, scratch } from "./clew.js";

const folder = scratch();
const LOG = join(folder, "guard.jsonl");
/** Named on OFAC's list that ships with Clew (Tornado Cash and Lazarus Group among them). */
const SANCTIONED = "0x098b716b8aaf21512996dc57eb0615e2383e2f96";
const FRIEND = "0x1234567890abcdef1234567890abcdef12345678";
const LOOK_ALIKE = "0x1234561111111111111111111111111111345678";
const KEY = `0x${"5".repeat(64)}`;

describe("a guard between a wallet library and a real node", () => {
	let node: Awaited<ReturnType<typeof startAnvil>>;
	let guard: ChildProcess;
	let url = "";
	let provider: JsonRpcProvider;
	let wallet: Wallet;
	let token: Contract;
	const words: string[] = [];
	const balance = (address: string) => node.provider.getBalance(address);
	const post = async (body: string, headers: Record<string, string> = {}, path = "/") => {
		const answer = await fetch(`${url}${path}`, { method: "POST", body, headers });
		return { status: answer.status, text: await answer.text() };
	};
	const refusal = async (work: Promise<unknown>): Promise<string> =>
		work.then(
			() => "it was sent",
			(error) => JSON.stringify(error.info?.error ?? error.error ?? error.message ?? error),
		);
	const signed = async (fields: object) => wallet.signTransaction(await wallet.populateTransaction(fields));

	/** A guard before the node, and its URL; what it prints goes to `said`. */
	const opened = async (said: string[], ...options: string[]): Promise<[ChildProcess, string]> => {
		const child = spawn(process.execPath, [MAIN, "guard", "--rpc", node.url, "--listen", "127.0.0.1:0", ...options], {
			cwd: ROOT,
			env: { ...process.env, CLEW_GUARD_LOG: LOG, NO_COLOR: "1" },
		});
		const where = await new Promise<string>((resolve, reject) => {
			child.stdout.on("data", (chunk) => {
				said.push(`${chunk}`);
				const found = /(http:\/\/127\.0\.0\.1:\d+)/.exec(said.join(""));
				if (found?.[1] !== undefined) resolve(found[1]);
			});
			child.once("exit", () => reject(new Error(said.join(""))));
		});
		return [child, where];
	};

	beforeAll(async () => {
		node = await startAnvil("--chain-id", "1");
		[guard, url] = await opened(words);
		provider = new JsonRpcProvider(url, 1, { staticNetwork: true, batchMaxCount: 1, cacheTimeout: -1, pollingInterval: 50 });
		wallet = new Wallet(KEY, provider);
		const [rich] = await Promise.all([node.provider.getSigner(0)]);
		await (await rich.sendTransaction({ to: wallet.address, value: parseEther("100") })).wait();
		const { Token } = compileScenario();
		const made = await new ContractFactory(Token.abi as InterfaceAbi, Token.bytecode, rich).deploy(1_000_000n);
		await made.waitForDeployment();
		token = new Contract(
			await made.getAddress(),
			[...(Token.abi as object[]), "function approve(address,uint256)"] as InterfaceAbi,
			wallet,
		);
	});
	afterAll(async () => {
		provider.destroy();
		guard.kill("SIGINT");
		await node.stop();
		rmSync(folder, { recursive: true });
	});

	it("passes what only reads, to the byte, and an honest payment", async () => {
		const body = '{"jsonrpc":"2.0", "id":7,"method":"eth_getBlockByNumber","params":["0x1",true]}';
		const direct = await (await fetch(node.url, { method: "POST", body, headers: { "content-type": "application/json" } })).text();
		expect((await post(body)).text).toBe(direct);
		const sent = await wallet.sendTransaction({ to: FRIEND, value: 5n });
		expect((await sent.wait())?.status).toBe(1);
		expect(await balance(FRIEND)).toBe(5n);
	});

	it("holds back a payment to a sanctioned address, and to a look-alike of whom it paid before", async () => {
		const before = await node.provider.getTransactionCount(wallet.address);
		const raw = await signed({ to: SANCTIONED, value: 1n, gasLimit: 21_000n });
		expect(await refusal(provider.broadcastTransaction(raw))).toContain("Held back by Clew");
		expect(await refusal(wallet.sendTransaction({ to: LOOK_ALIKE, value: 1n }))).toMatch(/Clew/);
		const alike = await signed({ to: LOOK_ALIKE, value: 1n, gasLimit: 21_000n });
		expect(await refusal(provider.broadcastTransaction(alike))).toContain("Held back by Clew");
		expect(await node.provider.getTransactionCount(wallet.address)).toBe(before);
		const told = readFileSync(LOG, "utf8")
			.trim()
			.split("\n")
			.map((line) => JSON.parse(line));
		expect(told.filter(({ outcome }) => outcome === "hold").map(({ pays }) => pays)).toEqual([[SANCTIONED], [LOOK_ALIKE]]);
	});

	it("tells where a receiver shares only the first or only the last digits with whom was paid before", async () => {
		words.length = 0;
		for (const to of [`0x123456${"1".repeat(34)}`, `0x${"9".repeat(34)}345678`])
			await provider.send("eth_sendRawTransaction", [await signed({ to, value: 1n, gasLimit: 21_000n })]);
		expect(words.join("")).toMatch(/The first 6 characters of .*The last 6 characters of /s);
	});

	it("holds back a permission for somebody's own address, tells of one without a limit, and passes one that is taken back", async () => {
		const call = (spender: string, amount: bigint) => ({
			to: token.target as string,
			data: token.interface.encodeFunctionData("approve", [spender, amount]),
			gasLimit: 100_000n,
		});
		expect(await refusal(provider.broadcastTransaction(await signed(call(FRIEND, 5n))))).toContain("somebody's own address");
		words.length = 0;
		await provider.send("eth_sendRawTransaction", [await signed(call(token.target as string, MaxUint256))]);
		expect(words.join("")).toContain("as much as you have");
		await provider.send("eth_sendRawTransaction", [await signed(call(FRIEND, 0n))]);
	});

	it("holds back what cannot be read, and what is signed for another chain; a call by JSON of a node's own account is read, too", async () => {
		expect(await refusal(provider.send("eth_sendRawTransaction", ["0x02ffff"]))).toContain("cannot be read");
		const other = await wallet.signTransaction({
			...(await wallet.populateTransaction({ to: FRIEND, value: 1n })),
			chainId: 5n,
			from: null,
		});
		expect(Transaction.from(other).chainId).toBe(5n);
		expect(await refusal(provider.send("eth_sendRawTransaction", [other]))).toContain("chain 5");
		const from = await (await node.provider.getSigner(1)).getAddress();
		expect(await refusal(provider.send("eth_sendTransaction", [{ from, to: SANCTIONED, value: "0x1" }]))).toContain("Held back");
		// A name may be written with escapes, and a key twice.
		const raw = await signed({ to: SANCTIONED, value: 1n, gasLimit: 21_000n });
		const hidden = `{"jsonrpc":"2.0","id":1,"method":"eth_sendRawTransactio\\u006e","params":["${raw}"]}`;
		expect((await post(hidden)).text).toContain("Held back");
		const twice = `{"jsonrpc":"2.0","id":1,"method":"eth_sendRawTransaction","method":"eth_chainId","params":["${raw}"]}`;
		// What was judged is sent: the node gets the second name alone.
		expect((await post(twice)).text).not.toContain(Transaction.from(raw).hash);
		expect(await balance(SANCTIONED)).toBe(0n);
	});

	it("passes nothing on that a node may read otherwise, such as keys in another letter case", async () => {
		const raw = await signed({ to: SANCTIONED, value: 1n, gasLimit: 21_000n });
		const folded = `{"jsonrpc":"2.0","id":1,"method":"eth_chainId","params":[],"Method":"eth_sendRawTransaction","Params":["${raw}"]}`;
		for (const body of [folded, `[${folded}]`, `[[${folded}]]`]) expect(JSON.parse((await post(body)).text).error.code).toBe(-32_600);
	});

	it("tries out what is not read: contracts that are made, and those that pass on what they get", async () => {
		const rich = await node.provider.getSigner(0);
		const target = SANCTIONED.slice(2);
		const placed = async (code: string) => {
			const size = (code.length / 2).toString(16).padStart(2, "0");
			const sent = await rich.sendTransaction({ data: `0x60${size}600c60003960${size}6000f3${code}` });
			return (await sent.wait())?.contractAddress as string;
		};
		const passesOn = `60006000600060003473${target}5af100`;
		const [forwarder, ending, unread] = [await placed(passesOn), await placed(`73${target}ff`), await placed("00")];
		const held = async (fields: object) =>
			refusal(provider.broadcastTransaction(await signed({ gasLimit: 500_000n, value: 1n, ...fields })));
		expect(await held({ to: null, data: `0x73${target}ff` })).toContain("The contract that it creates names");
		// Its target is not in the code as it is written.
		const split = `0x60${target.slice(0, 2)}60981b72${target.slice(2)}17ff`;
		expect(await held({ to: null, data: split })).toContain("Tried out, it pays");
		for (const to of [forwarder, ending]) expect(await held({ to })).toContain("Tried out, it pays");
		// They pay it only where there is a price of gas, and where little of it is left.
		const priced = await placed(`3a15602657${passesOn}5b00`);
		const short = await placed(`620493e05a1015602b57${passesOn}5b00`);
		expect(await held({ to: priced })).toContain("Tried out, it pays");
		expect(await held({ to: short, gasLimit: 100_000n })).toContain("Tried out, it pays");
		// Among other bytes, at no word's place.
		expect(await held({ to: unread, data: `0xdeadbeef0102030405${target}07`, value: 0n })).toContain("among its bytes");
		expect(await held({ to: unread, data: `0xdeadbeef${target.padStart(64, "0")}`, value: 0n })).toContain("Its call names");
		words.length = 0;
		expect(await held({ to: unread })).toBe("it was sent");
		expect(words.join("")).toBe("");
	});

	it("answers each call of a batch: what is held back with its reason, the others by the node", async () => {
		const raw = await signed({ to: SANCTIONED, value: 1n, gasLimit: 21_000n });
		const { text } = await post(
			JSON.stringify([
				{ jsonrpc: "2.0", id: 1, method: "eth_chainId", params: [] },
				{ jsonrpc: "2.0", id: 2, method: "eth_sendRawTransaction", params: [raw] },
			]),
		);
		const answers = JSON.parse(text) as { id: number; result?: string; error?: { code: number } }[];
		expect(answers.find(({ id }) => id === 1)?.result).toBe("0x1");
		expect(answers.find(({ id }) => id === 2)?.error?.code).toBe(-32_090);
	});

	it("lets it pass once where its owner types so on the page; no other page can say so", async () => {
		const raw = await signed({ to: SANCTIONED, value: 3n, gasLimit: 21_000n });
		const ask = () => post(JSON.stringify({ jsonrpc: "2.0", id: 1, method: "eth_sendRawTransaction", params: [raw] }));
		const held = JSON.parse((await ask()).text).error.data.url as string;
		const path = new URL(held).pathname;
		const page = await (await fetch(`${url}${path}`)).text();
		const secret = /name="token" value="([0-9a-f]+)"/.exec(page)?.[1] ?? "";
		expect(page).toContain("type <strong>send anyway</strong>");
		const form = (typed: string, held = secret) => new URLSearchParams({ token: held, typed }).toString();
		const own = { origin: url, "content-type": "application/x-www-form-urlencoded" };
		expect((await post(form("send anyway"), { origin: "https://evil.example" }, path)).status).toBe(403);
		expect((await post(form("send anyway"), {}, path)).status).toBe(403);
		expect((await post(form("send anyway", "00"), own, path)).status).toBe(403);
		expect((await post(form("yes"), own, path)).status).toBe(400);
		expect(JSON.parse((await ask()).text)).toHaveProperty("error");
		expect((await post(form("Send anyway"), own, path)).text).toContain("it passes once");
		expect(JSON.parse((await ask()).text)).toHaveProperty("result");
		await expect.poll(() => balance(SANCTIONED)).toBe(3n);
		expect(readFileSync(LOG, "utf8")).toContain('"outcome":"sent anyway"');
	});

	it("lets it pass once by the form in a real browser; a page from elsewhere, which has no origin, cannot", async () => {
		const path = chromiumPath();
		if (path === undefined) return;
		const raw = await signed({ to: SANCTIONED, value: 4n, gasLimit: 21_000n });
		const ask = async () =>
			JSON.parse((await post(JSON.stringify({ jsonrpc: "2.0", id: 1, method: "eth_sendRawTransaction", params: [raw] }))).text);
		const held = (await ask()).error.data.url as string;
		const browser = await chromium.launch({ executablePath: path, args: ["--no-sandbox"] });
		try {
			const page = await browser.newPage();
			await page.goto(held);
			const token = await page.inputValue("input[name=token]");
			const form = `<form method=post action="${held}"><input name=token value="${token}"><input name=typed value="send anyway"></form>`;
			await page.goto(`data:text/html,${encodeURIComponent(`${form}<script>document.forms[0].submit()</script>`)}`);
			await page.waitForURL(held);
			expect(await page.textContent("body")).toContain("for programs of this machine");
			expect((await ask()).error.code).toBe(-32_090);
			await page.goto(held);
			await page.fill("input[name=typed]", "send anyway");
			await page.click("button");
			await page.getByText("it passes once").waitFor();
		} finally {
			await browser.close();
		}
		expect([(await ask()).result !== undefined, (await ask()).error !== undefined]).toEqual([true, true]);
	});

	it("lets pass once, by the same word, also what it could not read: the node then says what it is", async () => {
		const ask = () => post('{"jsonrpc":"2.0","id":1,"method":"eth_sendRawTransaction","params":["0x02ffff"]}');
		const first = JSON.parse((await ask()).text).error as { code: number; data: { url: string } };
		const page = await (await fetch(first.data.url)).text();
		const secret = /name="token" value="([0-9a-f]+)"/.exec(page)?.[1] ?? "";
		const body = new URLSearchParams({ token: secret, typed: "send anyway" }).toString();
		const headers = { origin: url, "content-type": "application/x-www-form-urlencoded" };
		expect((await post(body, headers, new URL(first.data.url).pathname)).text).toContain("it passes once");
		const [passed, again] = [JSON.parse((await ask()).text), JSON.parse((await ask()).text)];
		expect([first.code, passed.error?.code === first.code, again.error?.code]).toEqual([-32_090, false, -32_090]);
	});

	it("answers no page of a site, no other host name, nothing packed, and no WebSocket", async () => {
		const body = '{"jsonrpc":"2.0","id":1,"method":"eth_chainId","params":[]}';
		expect((await post(body, { origin: "https://evil.example" })).status).toBe(403);
		expect((await post(body, { origin: "chrome-extension://nkbihfbeogaeaoehlefnkodbefgpgknn" })).status).toBe(200);
		expect((await post(body, { "content-encoding": "gzip" })).status).toBe(415);
		const { port } = new URL(url);
		const status = await new Promise((resolve) => {
			const asked = request({ host: "127.0.0.1", port, method: "POST", headers: { host: `evil.example:${port}` } }, (answer) =>
				resolve(answer.statusCode),
			);
			asked.end(body);
		});
		expect(status).toBe(403);
		const upgrade = await new Promise((resolve) => {
			const asked = request({ host: "127.0.0.1", port, headers: { connection: "Upgrade", upgrade: "websocket" } });
			asked.once("response", (answer) => resolve(answer.statusCode));
			asked.once("error", () => resolve("closed"));
			asked.end();
		});
		expect(upgrade).toBe(501);
		expect((await post("{")).text).toBeTruthy();
		// Too large: said where the caller still listens, else cut off; what comes next is answered.
		const huge = await post(`{"x":"${"x".repeat(9 * 1024 * 1024)}"}`).then(
			({ status }) => status,
			() => 413,
		);
		expect([huge, (await post(body)).status]).toEqual([413, 200]);
	});

	it("lets a program pay whom and what its owner allowed, and nothing beyond", async () => {
		const limits = ["--max-value", "0.000000000000000010", "--receiver", FRIEND];
		const [limited, place] = await opened([], ...limits);
		try {
			const send = async (fields: object) => {
				const body = JSON.stringify({
					jsonrpc: "2.0",
					id: 1,
					method: "eth_sendRawTransaction",
					params: [await signed({ gasLimit: 21_000n, ...fields })],
				});
				const { result, error } = (await (await fetch(place, { method: "POST", body })).json()) as {
					result?: string;
					error?: { message: string };
				};
				return result === undefined ? (error?.message ?? "") : "sent";
			};
			const before = await balance(FRIEND);
			expect(await send({ to: FRIEND, value: 6n })).toBe("sent");
			expect(await send({ to: FRIEND, value: 6n })).toMatch(/Held back by Clew: It pays 0\.0+6 ETH, and 0\.0+4 ETH are left/);
			expect(await send({ to: `0x${"9a".repeat(20)}`, value: 1n })).toMatch(/none of the receivers that were allowed/);
			expect(await send({ to: FRIEND, value: 4n })).toBe("sent");
			expect((await balance(FRIEND)) - before).toBe(10n);
		} finally {
			limited.kill("SIGINT");
		}
	});
});
