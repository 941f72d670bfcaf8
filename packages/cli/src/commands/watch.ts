import { FAMILY_READERS, type NewHeads, readerOf } from "@clew/chains";
import {
	type AssetId,
	type ChainId,
	type ChainNode,
	canonicalJson,
	defang,
	defangLong,
	familyOf,
	type GraphStore,
	InputError,
	NodeError,
} from "@clew/core";
import {
	addWatch,
	deliverDue,
	evaluateWatches,
	holdsSecret,
	listAlerts,
	listDeliveries,
	listUndelivered,
	listWatches,
	openQueue,
	parseChannel,
	parseRules,
	parseSubject,
	RECORDS,
	readAlert,
	showChannel,
} from "@clew/workers";
import { Command } from "@commander-js/extra-typings";
import { alertLine } from "../alert-line.js";
import { allowPlaces, isAllowed } from "../allowed-places.js";
import { amountOfAsset, collect, height, positive } from "../arguments.js";
import { CASE_OPTION, withCase } from "../case-file.js";
import type { Context } from "../context.js";
import { hasNode, openNode, QUORUM_OPTION, RPC_OPTION, TRUST_OPTION } from "../node.js";
import { assetsNamed, json, showAmount } from "../output.js";
import { QUEUE_OPTION, workContext } from "../work.js";

/** After a failed round the next one waits at most this long. */
const LONGEST_PAUSE_MS = 60_000;

/** `clew watch`: told once, soon and reliably, when a flagged address or the money itself moves. */
export function watchCommand(context: Context) {
	const command = new Command("watch").description("be told when a flagged address moves, or when traced money moves on");
	command
		.command("add")
		.description("watch an address, or with --on taint the money of a seed wherever it goes")
		.argument("<subject>", "an address; for taint a seed such as tx:HASH, outpoint:TXID:N or an address")
		.option(...CASE_OPTION)
		.option(
			"--on <rules>",
			"any-outflow, any-inflow, >AMOUNT, to-service, to-CATEGORY, from-CATEGORY or taint, separated by commas",
			"any-outflow",
		)
		.option(
			"--notify <place>",
			"webhook:URL, slack:URL, discord:URL, teams:URL, matrix:URL, telegram:URL, mail:URL, each also with $VARIABLE for the URL (read where alerts are sent), exec:PROGRAM ARGUMENTS or stdout; may come several times",
			collect,
			[],
		)
		.option("--note <text>", "why", "")
		.option(
			"--rpc <url>",
			"a node that tells the newest block, after which the watch begins; without one it begins now, by the blocks' own times, with room for earlier ones",
			collect,
			[],
		)
		.action((subject, options) =>
			withCase(options, async (store) => {
				const { chain } = store.info;
				const rules = parseRules(options.on, (text) => amountOfAsset(text, chain));
				const asked = {
					subject: parseSubject(subject, chain, rules),
					on: options.on.split(","),
					notify: (options.notify.length > 0 ? options.notify : ["stdout"]).map(parseChannel),
					note: options.note,
				};
				const after = await newestBlock(context, chain, options.rpc);
				allowPlaces(store.info.id, asked.notify);
				const watch = await addWatch(store, { ...asked, createdAt: context.now(), ...(after === undefined ? {} : { after }) });
				const minutes = familyOf(chain).earlyTimes / 60;
				const begins = watch.after === undefined ? `from ${watch.createdAt} on, by the blocks' own times` : `after block ${watch.after}`;
				context.print(`watch ${watch.id}: ${watch.subject} on ${watch.on.join(", ")}, ${begins}`);
				if (watch.after === undefined)
					context.note(
						`no node told the newest block (--rpc): blocks may bear times of before they came, so what moved up to ${minutes} ${minutes === 1 ? "minute" : "minutes"} before is told, too, and says so`,
					);
				if (watch.notify.some((place) => !/^[a-z]+:\$/.test(place) && holdsSecret(place)))
					context.note(
						"the case keeps this place with what is secret in it, for whoever can read the case: SERVICE:$VARIABLE, such as webhook:$VARIABLE, keeps the variable's name only",
					);
				if (options.notify.some((place) => place.startsWith("webhook:")) && !process.env["CLEW_WEBHOOK_SECRET"])
					context.note("set CLEW_WEBHOOK_SECRET where clew watch run runs, so that receivers can check who sends");
			}),
		);
	command
		.command("run")
		.description("ingest new blocks as they come, evaluate the watches and notify, until interrupted")
		.option(...CASE_OPTION)
		.option(...RPC_OPTION, collect, [])
		.option(...TRUST_OPTION)
		.option(...QUORUM_OPTION, positive)
		.option("--ws <url>", "EVM: also listen for new heads at this WebSocket, for alerts within a second")
		.option(...QUEUE_OPTION)
		.option("--interval <seconds>", "ask for new blocks this often", positive, 12)
		.option("--since <height>", "at the first run, look from here on instead of where each watch began", height)
		.option("--confirmations <n>", "blocks after which an alert is final", positive, 12)
		.option("--concurrency <n>", "blocks under way at once", positive, 8)
		.option("--checkpoint <n>", "blocks stored in one transaction", positive, 20)
		.option("--once", "one round, then end: for cron", false)
		.action((options) =>
			withCase(options, async (store) => {
				if (options.queue !== undefined) {
					const queue = await openQueue(options.queue, store);
					await queue.every("watch", options.interval * 1000, { case: store.info.id });
					await queue.close();
					return context.print(`watching every ${options.interval} s through the queue; clew worker does the work`);
				}
				await noteOff(context, store);
				const work = workContext(context, store, options, async () => {});
				const stop = options.ws === undefined ? undefined : listen(options.ws, store.info.chain);
				try {
					await watchLoop(context, work, { ...options, heads: stop });
				} finally {
					stop?.close();
					await work.close();
				}
			}),
		);
	command
		.command("allow")
		.description("let a watch of a case that came from elsewhere tell its places from this machine; they are shown whole")
		.argument("<watch>", "id of the watch")
		.option(...CASE_OPTION)
		.action((id, options) =>
			withCase(options, async (store) => {
				const watch = (await listWatches(store)).find((one) => one.id === id);
				if (watch === undefined) throw new InputError("there is no such watch", { code: "USAGE", hint: "See clew watch list." });
				allowPlaces(store.info.id, watch.notify);
				for (const place of watch.notify) context.print(`watch ${id} may tell ${defangLong(place)} from this machine`);
			}),
		);
	command
		.command("list")
		.description("what is watched, which places are off on this machine, and what waits to be delivered")
		.option(...CASE_OPTION)
		.option("--json", "as one JSON object", false)
		.action((options) =>
			withCase(options, async (store) => {
				const [watches, pending, failed] = [await listWatches(store), await listDeliveries(store), await listUndelivered(store)];
				const shown = watches.map((watch) => ({
					...watch,
					notify: watch.notify.map(showChannel),
					off: watch.notify.filter((place) => !isAllowed(store.info.id, place)).map(showChannel),
				}));
				if (options.json)
					return context.print(json({ schema: "clew.watches/1", watches: shown, pending: pending.length, undelivered: failed.length }));
				for (const watch of shown) {
					context.print(
						`${watch.id}  ${watch.subject}  on ${watch.on.join(", ")}  to ${watch.notify.map(defang).join(", ")}  ${defang(watch.note)}`,
					);
					if (watch.off.length > 0)
						context.print(`${watch.id}  told nothing until clew watch allow ${watch.id}: ${watch.off.map(defang).join(", ")}`);
				}
				for (const d of pending)
					context.print(`waits: alert ${d.alert.id} to ${defang(showChannel(d.channel))}, ${d.attempts} attempts, ${defang(d.lastError)}`);
				if (failed.length > 0) context.print(`${failed.length} deliveries were given up after a day`);
			}),
		);
	command
		.command("history")
		.description("alerts in chain order")
		.option(...CASE_OPTION)
		.option("--watch <id>", "of this watch only")
		.option("--open", "only those that nobody acknowledged", false)
		.option("--json", "as one JSON object", false)
		.action((options) =>
			withCase(options, async (store) => {
				const alerts = (await listAlerts(store)).filter(
					(alert) => (options.watch === undefined || alert.watch === options.watch) && !(options.open && alert.acknowledged !== undefined),
				);
				if (options.json) return context.print(json({ schema: "clew.alerts/1", alerts }));
				if (alerts.length === 0) return context.print("no alert so far");
				const assets = await assetsNamed(
					store,
					alerts.map((alert) => alert.asset as AssetId),
				);
				for (const alert of alerts) {
					const asset = alert.asset as AssetId;
					context.print(alertLine(alert, (units) => showAmount(BigInt(units), assets[asset], asset, assets)));
				}
			}),
		);
	command
		.command("ack")
		.description("note that somebody has seen to an alert")
		.argument("<alert>", "id of the alert")
		.option("--note <text>", "what was done", "seen")
		.option(...CASE_OPTION)
		.action((id, options) =>
			withCase(options, async (store) => {
				const alert = await readAlert(store, id);
				if (alert === undefined) throw new InputError("there is no such alert", { code: "USAGE", hint: "See clew watch history." });
				await store.atomically(async (tx) => {
					await tx.putRecord(RECORDS.alert, id, canonicalJson({ ...alert, acknowledged: options.note }));
					await tx.appendCustody(context.now(), "alert acknowledged", `${id}: ${options.note}`);
				});
				context.print(`alert ${id} acknowledged`);
			}),
		);
	command
		.command("remove")
		.description("watch no longer; its alerts stay")
		.argument("<watch>", "id of the watch")
		.option(...CASE_OPTION)
		.action((id, options) =>
			withCase(options, async (store) => {
				if (!(await store.removeRecord(RECORDS.watch, id)))
					throw new InputError("there is no such watch", { code: "USAGE", hint: "See clew watch list." });
				await store.appendCustody(context.now(), "watch removed", id);
				context.print(`watch ${id} removed`);
			}),
		);
	return command;
}

/** The head of the node that is named here or in the environment; undefined where none is. */
async function newestBlock(context: Context, chain: ChainId, rpc: readonly string[]): Promise<number | undefined> {
	if (!hasNode(rpc, chain)) return undefined;
	let node: ChainNode | undefined;
	try {
		node = await openNode(context, chain, { rpc });
		return (await node.head()).height;
	} catch (error) {
		// A node that was named for this is needed; one of the environment is only nearer than the clock.
		if (rpc.length > 0 || !(error instanceof NodeError)) throw error;
		context.note(`${message(error)}: the watch begins now, by the blocks' times`);
		return undefined;
	} finally {
		node?.close();
	}
}

/** Says which places are off: a case that came from somebody else runs and tells nothing by itself. */
async function noteOff(context: Context, store: GraphStore): Promise<void> {
	for (const { id, notify } of await listWatches(store))
		for (const place of notify)
			if (!isAllowed(store.info.id, place))
				context.note(`watch ${id}: ${defang(showChannel(place))} is not told: nobody allowed it on this machine (clew watch allow ${id})`);
}

function listen(url: string, chain: ChainId): NewHeads {
	const { newHeads, family } = readerOf(chain);
	if (newHeads !== undefined) return newHeads(url);
	const told = FAMILY_READERS.filter((reader) => reader.newHeads !== undefined).map((reader) => reader.family.name);
	throw new InputError(`--ws is for ${told.join(" and ")} nodes; ${family.name} nodes are asked every --interval`, { code: "USAGE" });
}

type Work = ReturnType<typeof workContext>;

/**
 * Rounds of evaluating and notifying. A round that fails is told and tried again; nothing is skipped, since the next begins where the last
 * one that ended left off.
 */
async function watchLoop(
	context: Context,
	work: Work,
	options: { readonly interval: number; readonly once: boolean; readonly heads: NewHeads | undefined },
): Promise<void> {
	const { store, signal, watching, concurrency, batch } = work;
	let failures = 0;
	let begun = false;
	let delivering: Promise<void> | undefined;
	const deliver = () =>
		deliverDue(store, work.deliver, Date.now(), signal).catch((error: unknown) => context.note(`notify: ${message(error)}`));
	while (!signal.aborted) {
		try {
			const report = await evaluateWatches(store, await work.node(), { ...watching, concurrency, batch, signal });
			failures = 0;
			if (!begun && !options.once) context.note(`watching from block ${report.from}`);
			begun = true;
			context.progress(`watching: block ${report.to}`);
			for (const warning of report.warnings) context.note(defang(warning));
		} catch (error) {
			if (signal.aborted && !options.once) break;
			if (options.once) throw error;
			context.note(`watch: ${message(error)}; trying again`);
			failures++;
		}
		if (options.once) {
			await deliver();
			return;
		}
		// A place that hangs does not hold up the next block; one round of deliveries at a time.
		delivering ??= deliver().then(() => {
			delivering = undefined;
		});
		const wait = failures === 0 ? options.interval * 1000 : Math.min(LONGEST_PAUSE_MS, 1_000 * 2 ** failures);
		await pause(wait, signal, options.heads);
	}
	// An interrupt ends what is under way, so this waits for no place; what did not arrive is sent at the next start.
	await delivering;
}

function message(error: unknown): string {
	return defang(error instanceof Error ? error.message : String(error));
}

/** Waits until the time is over, a block comes or an interrupt; nothing stays behind of it. */
function pause(ms: number, signal: AbortSignal, heads: NewHeads | undefined): Promise<void> {
	return new Promise((resolve) => {
		const end = () => {
			clearTimeout(timer);
			signal.removeEventListener("abort", end);
			unsubscribe?.();
			resolve();
		};
		const timer = setTimeout(end, ms);
		const unsubscribe = heads?.subscribe(end);
		signal.addEventListener("abort", end, { once: true });
		if (signal.aborted) end();
	});
}
