import { expect, it } from "vitest";
import { openEndpoints } from "./endpoints.js";

it("counts an endpoint once in a quorum, however its URL is written", async () => {
	const opened: string[] = [];
	const open = async (url: string) => {
		opened.push(url);
		return { name: url } as never;
	};
	const quorum = (...urls: string[]) => openEndpoints(urls, open, { quorum: 2 });
	for (const [one, two] of [
		["http://127.0.0.1:8545", "http://localhost:8545/"],
		["https://Node.example/key", "https://node.example:443/key/"],
		["http://a.example", "http://a.example"],
	] as const)
		await expect(quorum(one, two)).rejects.toThrow("at most the 1 different endpoints named");
	expect(opened).toEqual([]);
	await quorum("http://127.0.0.1:8545", "http://127.0.0.1:8546");
	expect(opened).toHaveLength(2);
});
