import { readFileSync } from "node:fs";
import { breathing, countOf, defang, defangLong, filesInWords, InputError, type TraceResult } from "@clew/core";
import {
	askedFor,
	BundleDraft,
	type Desk,
	type Disputing,
	defaultTemplate,
	describeAmount,
	disputing,
	type FreezeRequest,
	packetFiles,
	planRequests,
	publishedChannel,
	type RequestDocument,
	type RequestFields,
	type RequestValues,
	readCaseDetails,
	readRequestFields,
	redactionOf,
	withKnownIssuers,
	worthInWords,
} from "@clew/evidence";
import { Command } from "@commander-js/extra-typings";
import { collect, redaction } from "../arguments.js";
import { CASE_OPTION, withCase } from "../case-file.js";
import type { Context } from "../context.js";
import { noteDone } from "../custody-notes.js";
import { BY_OPTION, WHY_OPTION } from "../custody-statement.js";
import { askNode } from "../freeze-now.js";
import { RPC_OPTION } from "../node.js";
import { json, showAccount } from "../output.js";
import { sameMoneyElsewhere } from "../over-chains.js";
import { ownRecipients, RECIPIENTS_OPTION } from "../own-recipients.js";
import { restingOn } from "../resting-on.js";
import { forwardTrace, mustBeOfNow, namesIn } from "../stored-trace.js";
import { traceSummary } from "../trace-summary.js";
import { noteShared, noteTrace, noteWithheld } from "../trace-table.js";
import { PRICE_AGE_OPTION, UNIT_OPTION, valuingOf } from "../unit-option.js";

/** `clew freeze`: one packet a custodian or token issuer, to be completed and signed by a person. */
export function freezeCommand(context: Context) {
	return new Command("freeze")
		.description("write requests to preserve and freeze: one packet a custodian or token issuer, as text, PDF, CSV and spreadsheet")
		.option(...CASE_OPTION)
		.option("--trace <id>", "id that clew trace printed, or 'last'", "last")
		.option("--for <entity>", "only this custodian or issuer")
		.option("--out <folder>", "folder to make")
		.option("--include-leads", "also end points on which the rules agree on nothing: as leads in an annex, never as an amount", false)
		.option(...RECIPIENTS_OPTION)
		.option("--fields <file>", "what only you can say: agency, badge, order and so on (default: $CLEW_REQUEST_FIELDS); see docs/freeze.md")
		.option("--redact <what>", "victims: names of victims are replaced; a packet that would still hold one is refused", redaction)
		.option(...UNIT_OPTION)
		.option(...PRICE_AGE_OPTION)
		.option("--template <file>", "your wording; see --print-template")
		.option("--print-template", "print the wording that is used without --template", false)
		.option(...RPC_OPTION, collect, [])
		.option(...BY_OPTION)
		.option(...WHY_OPTION)
		.option("--json", "what was written, as one JSON object (schema clew.freeze/1)", false)
		.action(async (options) => {
			if (options.printTemplate) return context.print(defaultTemplate());
			const { out } = options;
			if (out === undefined) throw new InputError("no folder is named", { code: "USAGE", hint: "Give --out FOLDER." });
			const recipients = withKnownIssuers(ownRecipients(options));
			const filled = options.fields ?? process.env["CLEW_REQUEST_FIELDS"];
			const said = filled ? readRequestFields(filled) : undefined;
			const template = options.template === undefined ? undefined : { text: readText(options.template), where: options.template };
			await withCase(options, async (store) => {
				const stored = await forwardTrace(store, options.trace, "freeze");
				noteTrace(context, stored);
				await mustBeOfNow(store, stored, context.signal);
				const redacted = options.redact === undefined ? undefined : redactionOf(stored, await namesIn(store));
				noteShared(context, redacted);
				// Without its names a trace has another id: that of the bundle that is exported without them.
				const result = redacted?.result(stored) ?? stored;
				noteWithheld(context, stored, result);
				const { requests, leftOut } = planRequests(result, recipients, {
					only: options.for,
					includeLeads: options.includeLeads,
					contradicted: options.rpc.length > 0,
				});
				for (const text of leftOut) context.note(`left out: ${defangLong(text)}`);
				const others = [...(await sameMoneyElsewhere(store, stored))];
				const elsewhere = others.map(
					([chain, { id }]) => `of the same money on ${chain} there is trace ${id}: --trace ${id} asks for what it found`,
				);
				if (requests.length === 0)
					throw new InputError(
						`in trace ${stored.id} of ${stored.chain} no end point that every rule agrees on is at a labelled custodian or in a token that an issuer could freeze`,
						{
							hint: [
								...elsewhere,
								"Import labels (clew label import), and trace again; --include-leads also takes what the rules do not agree on.",
							].join("\n"),
						},
					);
				for (const text of [...elsewhere, ...restingOn(result, requests)]) context.note(text);
				const held = await readCaseDetails(store);
				const details = redacted?.details(held) ?? held;
				const fields = said === undefined || redacted === undefined ? said : fieldsWithout(said, redacted.note);
				const info = redacted?.info(store.info) ?? store.info;
				const valuing = await valuingOf(context, store, options);
				const worth = new Map<string, RequestValues["totals"]>();
				const breathe = breathing(context.signal);
				if (!options.json) for (const line of askedInWords(result, named(requests))) context.print(line);
				const draft = new BundleDraft(out);
				if (redacted !== undefined) draft.checkWith(redacted.guard);
				try {
					for (const [name, request] of named(requests)) {
						const now =
							options.rpc.length === 0
								? { balances: [], differences: [], frozen: [] }
								: await askNode(context, store, result, request, options.rpc);
						if (fields !== undefined) noteUntil(context, fields.until, request);
						for (const { account = "", text } of now.differences) context.note(`${account}: ${defangLong(text)}`);
						const files = await packetFiles({
							info,
							details,
							result,
							request,
							toolVersion: context.version,
							...now,
							elsewhere: others.map(([, trace]) => trace),
							valuing,
							...(template ? { template } : {}),
							...(fields ? { fields } : {}),
						});
						for (const [file, content] of files) draft.put(`${name}/${file}`, content);
						const values = valuing && (JSON.parse(String(files.get("request.json"))) as RequestDocument).values;
						if (values !== undefined) worth.set(name, values.totals);
						await breathe();
						if (options.json) continue;
						context.print(
							`${out}/${name}: ${defang(request.recipient?.name || request.entity)}, ${request.points.length} end points${request.leads.length === 0 ? "" : `, ${request.leads.length} leads`}${request.recipient === undefined ? "; not in your registry of recipients" : ""}`,
						);
						if (request.desk !== undefined) context.print(`  how to reach them: ${publishedChannel(request.desk)}`);
						if (values !== undefined && request.points.length > 0) context.print(`  worth at block time: ${worthInWords(values)}`);
						for (const { account, whose } of disputesOf(request)) context.print(`  ${showAccount(account)}: ${whose}`);
					}
					const packets = packetsOf(draft, requests, worth);
					draft.finish();
					const lists = packets.flatMap(({ files, folder }) => files.filter(({ path }) => path === `${folder}/packet.json`));
					const hashes = filesInWords(lists.map(({ sha256 }) => sha256));
					const folders = packets.map(({ folder }) => folder).join(", ");
					const withheld = redacted === undefined ? "" : `; names of victims withheld, the trace as ${result.id}`;
					await noteDone(context, store, "requests written", `trace ${stored.id}: ${folders}; packet.json ${hashes}${withheld}`);
					if (options.json)
						context.print(json({ schema: "clew.freeze/1", out, trace: traceSummary(result), storedTrace: stored.id, packets, leftOut }));
				} finally {
					draft.discard();
				}
			});
		});
}

function readText(path: string): string {
	try {
		return readFileSync(path, "utf8");
	} catch (cause) {
		throw new InputError("cannot be read", { where: path, cause });
	}
}

/** The fields without names of victims. */
function fieldsWithout(fields: RequestFields, note: (text: string) => string): RequestFields {
	return Object.fromEntries(Object.entries(fields).map(([name, text]) => [name, note(text)])) as unknown as RequestFields;
}

/**
 * Says so where the day until which records are to be kept is over. Throws InputError where it lies before the first movement that the
 * request names.
 */
function noteUntil(context: Context, until: string, { points, leads }: FreezeRequest): void {
	if (until === "") return;
	const times = [...points, ...leads].flatMap(({ rows }) => rows.map(({ time }) => time)).filter((time) => time !== "");
	const [first = ""] = times.sort();
	if (until < first.slice(0, until.length))
		throw new InputError(`until: ${until} lies before the first movement of the request, ${first}`, { code: "USAGE" });
	if (until < context.now().slice(0, until.length))
		context.note(`warning: records are asked to be kept until ${until}, a day that is over`);
}

/** Folder names from hostile names: letters, digits and dashes, none twice. */
function named(requests: readonly FreezeRequest[]): Map<string, FreezeRequest> {
	const folders = new Map<string, FreezeRequest>();
	for (const request of requests) {
		const plain =
			(request.recipient?.entity ?? request.entity)
				.toLowerCase()
				.replace(/[^a-z0-9]+/g, "-")
				.replace(/^-+|-+$/g, "")
				.slice(0, 60) || "recipient";
		let name = `${request.kind}-${plain}`;
		for (let n = 2; folders.has(name); n++) name = `${request.kind}-${plain}-${n}`;
		folders.set(name, request);
	}
	return folders;
}

/** End points of a request about which lists disagree, each once: which labels contradict the recipient's, and whose it may be in words. */
function disputesOf(request: FreezeRequest): { readonly account: string; readonly by: readonly Disputing[]; readonly whose: string }[] {
	const found = new Map<string, readonly Disputing[]>();
	for (const point of [...request.points, ...request.leads]) {
		const by = disputing(request, point);
		if (by.length > 0) found.set(point.leaf.account, by);
	}
	return [...found].map(([account, by]) => {
		const others = by.map(({ entity, category, source }) => `${category} of ${defang(entity)}, says ${defang(source)}`);
		return { account, by, whose: `lists disagree, and the packet says so: ${defang(request.entity)}, or ${others.join(", or ")}` };
	});
}

/** What was written for each request, for programs. */
function packetsOf(draft: BundleDraft, requests: readonly FreezeRequest[], worth: ReadonlyMap<string, RequestValues["totals"]>) {
	const files = draft.files();
	return [...named(requests)].map(([folder, { kind, entity, recipient, desk, points, leads }]) => ({
		folder,
		kind,
		entity,
		recipient: recipient === undefined ? null : recipient.name || recipient.entity,
		desk: desk === undefined ? null : statedDesk(desk),
		endPoints: points.length,
		leads: leads.length,
		asked: askedFor(points),
		...(worth.has(folder) ? { worth: worth.get(folder) } : {}),
		disputed: disputesOf({ kind, entity, recipient, points, leads }).map(({ account, by }) => ({ account, by })),
		files: files.filter(({ path }) => path.startsWith(`${folder}/`)),
	}));
}

/** Which desk a request states, and of when that is. */
function statedDesk({ entity, source, dated, read }: Desk) {
	return { entity, source, ...(dated === undefined ? {} : { dated }), read };
}

/** Of what trace, begun where, how much is asked for in all and in each packet: what a person sees before anything is written. */
function askedInWords(result: TraceResult, packets: ReadonlyMap<string, FreezeRequest>): string[] {
	const sums = [...packets].map(([folder, { points }]) => [folder, askedFor(points)] as const);
	const total = new Map<string, bigint>();
	for (const [asset, amount] of sums.flatMap(([, asked]) => Object.entries(asked)))
		total.set(asset, (total.get(asset) ?? 0n) + BigInt(amount));
	const words = (asked: Iterable<readonly [string, bigint]>) =>
		[...asked].map(([asset, amount]) => defang(describeAmount(result, asset, amount))).join(", ") || "nothing, leads alone";
	return [
		`trace ${result.id}, from ${result.seeds.map(({ spec }) => spec).join(", ")}`,
		`${countOf(packets.size, "packet")} ${packets.size === 1 ? "asks" : "ask"} for ${words(total)} in all`,
		...sums.map(
			([folder, asked]) => `  ${folder}: ${words(Object.entries(asked).map(([asset, amount]) => [asset, BigInt(amount)] as const))}`,
		),
	];
}
