import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createCase, createNeo4jCase, openCase, openNeo4jCase, removeNeo4jCase } from "@clew/graph-store";
import { openQueue } from "@clew/workers";
import { Redis } from "ioredis";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { obtainNeo4j, startNeo4j } from "../scripts/services/neo4j.js";
import { obtainRedis, startRedis } from "../scripts/services/redis.js";
import type { Service } from "../scripts/services/service.js";
import { clewAsync, mustClew, scratch } from "./clew.js";
import { undocumented } from "./documented.js";
import { ANVIL_CHAIN, type Background, clewInBackground, everything, HANG_MS, mineTransfers, pause, startKeptAnvil } from "./team.js";

const redisBinary = obtainRedis();
const neo4jLibraries = obtainNeo4j();
const BLOCKS = 80;
const folder = scratch();
/** Every case has a title of its own, and so queues of its own. */
const named = (title: string) => ({ title, chain: ANVIL_CHAIN, at: "2026-01-01T00:00:00Z" });
/** Short, so that the work of a killed worker is soon taken up by another. */
const LOCK = ["--lock", "2"];

/** The first of the accounts that every development node holds. */
const FIRST_ACCOUNT = "0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266";

/** Numbers from a seed (mulberry32), so that a failing order of kills can be run again. */
function random(seed: number): () => number {
	let state = seed;
	return () => {
		state = (state + 0x6d2b79f5) | 0;
		let t = Math.imul(state ^ (state >>> 15), 1 | state);
		t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
		return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
	};
}

describe.skipIf(redisBinary === undefined || neo4jLibraries === undefined)("an ingest shared by workers", () => {
	let redis: Service;
	let neo4j: Service;
	let anvil: Awaited<ReturnType<typeof startKeptAnvil>>;
	let undisturbed: Awaited<ReturnType<typeof everything>>;
	const redisFolder = join(folder, "redis");
	const neo4jFolder = join(folder, "neo4j");
	const running: Background[] = [];
	const port = (url: string) => Number(new URL(url.replace(/^\w+:/, "http:")).port);

	beforeAll(async () => {
		[redis, neo4j, anvil] = await Promise.all([
			startRedis(redisBinary as string, { folder: redisFolder }),
			startNeo4j(neo4jLibraries as string, { folder: neo4jFolder }),
			startKeptAnvil(),
		]);
		const head = await mineTransfers(anvil.url, BLOCKS, 5);
		// The node writes its chain to disk every second.
		await pause(2_500);
		await (await createCase(join(folder, "plain.clew"), named("plain"))).close();
		mustClew("ingest", "--case", join(folder, "plain.clew"), "--rpc", anvil.url, "--from", "0", "--to", String(head));
		const store = await openCase(join(folder, "plain.clew"));
		undisturbed = await everything(store);
		await store.close();
		expect(undisturbed.counts.transfers).toBe(BLOCKS * 5 * 2);
	});
	afterAll(async () => {
		for (const { process: child } of running) child.kill("SIGKILL");
		await Promise.all([redis?.stop(), neo4j?.stop(), anvil?.stop()]);
		rmSync(folder, { recursive: true, force: true });
	});

	const worker = (place: string) => {
		const started = clewInBackground(["worker", "--case", place, "--queue", redis.url, "--rpc", anvil.url, "--concurrency", "2", ...LOCK]);
		running.push(started);
		return started;
	};
	const ingest = (place: string, ...more: string[]) =>
		clewAsync([
			"ingest",
			"--case",
			place,
			"--queue",
			redis.url,
			"--rpc",
			anvil.url,
			"--from",
			"0",
			"--to",
			String(BLOCKS),
			"--blocks-per-job",
			"4",
			...more,
		]);

	it("four workers on Neo4j store what one process stores in a file", async () => {
		const made = await createNeo4jCase(neo4j.url, named("four"));
		await made.close();
		const uri = `${neo4j.url}?case=${made.info.id}`;
		expect(await ingest(uri, "--workers", "4")).toMatchObject({ code: 0 });
		const store = await openNeo4jCase(uri);
		expect(await everything(store)).toEqual(undisturbed);
		await store.close();
		await removeNeo4jCase(uri);
	});

	it.each([1, 2, 3])("kill -9 of workers at any moment loses and doubles nothing (seed %i)", async (seed) => {
		const place = join(folder, `killed-${seed}.clew`);
		await (await createCase(place, named(place))).close();
		const next = random(seed);
		const done = ingest(place, "--workers", "0");
		let ended = false;
		void done.then(() => {
			ended = true;
		});
		for (let kills = 0; !ended && kills < 6; kills++) {
			const one = worker(place);
			await one.says("worker ready");
			await pause(next() * 400);
			one.process.kill("SIGKILL");
			await one.ended();
		}
		const last = worker(place);
		expect(await done).toMatchObject({ code: 0 });
		// What was killed may have done all of it: nobody listens for signals before.
		await last.says("worker ready");
		last.process.kill("SIGTERM");
		expect(await last.ended()).toBe(0);
		const store = await openCase(place);
		expect(await everything(store)).toEqual(undisturbed);
		await store.close();
	});

	it("Redis, Neo4j, the node and workers are killed in turn; the graph is the undisturbed one", async () => {
		const made = await createNeo4jCase(neo4j.url, named("all killed"));
		await made.close();
		const uri = `${neo4j.url}?case=${made.info.id}`;
		const next = random(7);
		// One job a tenth of a second, so that every kill falls into the middle.
		const done = ingest(uri, "--workers", "0", "--blocks-per-second", "40");
		const workers = [worker(uri), worker(uri)];
		await Promise.all(workers.map((one) => one.says("worker ready")));
		// Who begins while Redis is away is told so at once: the kills are for an ingest under way.
		const queue = await openQueue(redis.url, made);
		const queued = async () => Object.values(await queue.counts("blocks")).some((jobs) => jobs !== 0);
		for (const deadline = Date.now() + HANG_MS; !(await queued()) && Date.now() < deadline; ) await pause(20);
		await queue.close();
		const kills: (() => Promise<void>)[] = [
			async () => {
				await redis.kill();
				await pause(300);
				redis = await startRedis(redisBinary as string, { folder: redisFolder, port: port(redis.url) });
			},
			async () => {
				await anvil.kill();
				await pause(300);
				await anvil.restart();
			},
			async () => {
				await neo4j.kill();
				neo4j = await startNeo4j(neo4jLibraries as string, { folder: neo4jFolder, port: port(neo4j.url) });
			},
			async () => {
				workers[0]?.process.kill("SIGKILL");
				workers[0] = worker(uri);
			},
		];
		for (const kill of kills) {
			await pause(next() * 500);
			await kill();
		}
		const result = await done;
		expect(result.err + workers.map((one) => one.output()).join("")).not.toContain("job given up");
		expect(result).toMatchObject({ code: 0, err: expect.not.stringContaining("clew:") });
		const store = await openNeo4jCase(uri);
		expect(await everything(store)).toEqual(undisturbed);
		await store.close();
	});

	it("a poisonous job becomes a dead letter that can be looked at, replayed and dropped; others go on", async () => {
		const place = join(folder, "poison.clew");
		const made = await createCase(place, named(place));
		await made.close();
		const queue = await openQueue(redis.url, made);
		await queue.add("blocks", { case: made.info.id, chain: "eip155:1" as typeof ANVIL_CHAIN, from: 0, to: 1 });
		await queue.add("blocks", { case: made.info.id, chain: ANVIL_CHAIN, from: 3, to: 4 });
		await queue.add("labels", { case: made.info.id, path: "/nowhere.csv", source: "s", confidence: 50 });
		const one = worker(place);
		await one.says("blocks 3 to 4");
		for (const deadline = Date.now() + HANG_MS; (await queue.dead(9)).length < 2 && Date.now() < deadline; ) await pause(50);
		const dead = await queue.dead(9);
		expect(dead.map(({ kind, attempts }) => [kind, attempts])).toEqual([
			["blocks", 1],
			["labels", 1],
		]);
		expect(mustClew("queue", "dead", "--case", place, "--queue", redis.url)).toContain(
			"the job is about eip155:1, the case about eip155:31337",
		);
		expect(mustClew("queue", "replay", "all", "--case", place, "--queue", redis.url)).toContain("2 jobs put back");
		for (const deadline = Date.now() + HANG_MS; (await queue.dead(9)).length < 2 && Date.now() < deadline; ) await pause(50);
		expect(mustClew("queue", "drop", dead[0]?.id ?? "", "--case", place, "--queue", redis.url)).toContain("1 jobs removed");
		const shown = JSON.parse(mustClew("queue", "show", "--case", place, "--queue", redis.url, "--json"));
		expect(shown.queues).toContainEqual(expect.objectContaining({ kind: "labels", dead: 1 }));
		expect(undocumented("clew.queue/1", shown)).toEqual([]);
		const letters = JSON.parse(mustClew("queue", "dead", "--case", place, "--queue", redis.url, "--json"));
		expect([letters.letters.length, undocumented("clew.dead-letters/1", letters)]).toEqual([1, []]);
		await queue.close();
		one.process.kill("SIGTERM");
		expect(await one.ended()).toBe(0);
	});

	it("a payload that is none is refused before it is worked on", async () => {
		const place = join(folder, "hostile.clew");
		const made = await createCase(place, named(place));
		await made.close();
		const queue = await openQueue(redis.url, made);
		await queue.add("blocks", { case: made.info.id, chain: ANVIL_CHAIN, from: -1, to: 1e12 });
		const one = worker(place);
		await one.says("job given up");
		expect((await queue.dead(1))[0]?.reason).toContain("job blocks: from");
		await queue.close();
		one.process.kill("SIGKILL");
	});

	it("metrics and health tell how a worker does", async () => {
		const place = join(folder, "metrics.clew");
		await (await createCase(place, named(place))).close();
		const metricsPort = 20_000 + (process.pid % 10_000);
		const one = clewInBackground([
			"worker",
			"--case",
			place,
			"--queue",
			redis.url,
			"--rpc",
			anvil.url,
			"--metrics-port",
			String(metricsPort),
		]);
		running.push(one);
		await one.says("worker ready");
		const ingested = await ingest(place, "--workers", "0", "--json");
		expect([ingested.code, undocumented("clew.ingest/1", JSON.parse(ingested.out))]).toEqual([0, []]);
		const text = await (await fetch(`http://127.0.0.1:${metricsPort}/metrics`)).text();
		expect(text).toMatch(/clew_jobs_total\{kind="blocks",end="done"\} \d+/);
		expect(await (await fetch(`http://127.0.0.1:${metricsPort}/health`)).json()).toEqual({ ok: true, height: BLOCKS });
		const status = mustClew("status", "--case", place, "--queue", redis.url, "--rpc", anvil.url);
		expect(status).toContain("the case is 0 blocks behind");
		expect(status).toContain("jobs blocks: 0 waiting, 0 active, 0 delayed, 0 dead");
		expect(one.output()).toMatch(/"msg":"blocks 0 to 3: 4 fetched/);
		one.process.kill("SIGTERM");
		expect(await one.ended()).toBe(0);
	});

	it("watches are evaluated by whichever worker is there, and alerts are delivered as jobs", async () => {
		const place = join(folder, "watched.clew");
		await (await createCase(place, named(place))).close();
		const out = join(folder, "alerts.jsonl");
		const program = join(folder, "tell.mjs");
		writeFileSync(
			program,
			`import { appendFileSync, readFileSync } from "node:fs"; appendFileSync(process.argv[2], readFileSync(0) + "\\n");`,
		);
		mustClew("watch", "add", FIRST_ACCOUNT, "--case", place, "--notify", `exec:${process.execPath} ${program} ${out}`);
		mustClew("watch", "run", "--case", place, "--queue", redis.url, "--interval", "1");
		const one = worker(place);
		await one.says("watched blocks");
		await mineTransfers(anvil.url, 1, 1);
		await one.says("arrived");
		const [alert] = readFileSync(out, "utf8").trim().split("\n");
		expect(JSON.parse(alert ?? "")).toMatchObject({ status: "seen", rules: ["any-outflow"], from: `${ANVIL_CHAIN}:${FIRST_ACCOUNT}` });
		one.process.kill("SIGTERM");
		expect(await one.ended()).toBe(0);
	});

	it("a full Redis, one that is away and a wrong URL are told plainly; nothing queued is lost", async () => {
		const place = join(folder, "full.clew");
		const made = await createCase(place, named(place));
		await made.close();
		const full = await startRedis(redisBinary as string, { maxMemory: "3mb" });
		const filler = new Redis(full.url);
		const fill = async (i: number) =>
			filler.set(`x${i}`, "x".repeat(50_000)).then(
				() => true,
				() => false,
			);
		for (let i = 0; i < 1000 && (await fill(i)); ) i++;
		filler.disconnect();
		const command = ["ingest", "--case", place, "--rpc", anvil.url, "--from", "0", "--to", "5", "--queue"];
		expect(await clewAsync([...command, full.url])).toMatchObject({ code: 4, err: expect.stringContaining("its memory is full") });
		await full.stop();
		expect(await clewAsync([...command, full.url])).toMatchObject({ code: 4, err: expect.stringContaining("no answer") });
		expect(await clewAsync([...command, "http://127.0.0.1"])).toMatchObject({ code: 2 });
	});
});
