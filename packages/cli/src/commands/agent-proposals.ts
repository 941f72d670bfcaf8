import type { Proposal } from "@clew/agent";
import {
	type AccountId,
	canonicalJson,
	defangLong,
	type GraphStore,
	InputError,
	LABEL_CATEGORIES,
	type LabelCategory,
	sha256Hex,
} from "@clew/core";
import { Command } from "@commander-js/extra-typings";
import { heldLogs } from "../agent-anchors.js";
import { CASE_OPTION, casePlace, withCase } from "../case-file.js";
import type { Context } from "../context.js";
import { BY_OPTION, statedBy, WHY_OPTION } from "../custody-statement.js";
import { json } from "../output.js";

const STATES = ["accepted", "refused"] as const;
type State = (typeof STATES)[number];
/** Of a label that a person took over from an assistant: a heuristic's, on GraphSense's scale. */
const CONFIDENCE = 10;

/** `clew agent proposals`: what assistants proposed, and a person's decision. */
export function agentProposalsCommand(context: Context) {
	const command = new Command("proposals").description(
		"what assistants proposed; nothing of it happens before a person accepts it by name",
	);
	command
		.command("list", { isDefault: true })
		.description("those that wait, with the facts that they rest on")
		.option(...CASE_OPTION)
		.option("--all", "also those that were decided", false)
		.option("--json", "as one JSON object (schema clew.agent-proposals/1)", false)
		.action((options) =>
			withCase(options, async (store) => {
				const decided = await decisionsOf(store);
				const proposals = (await proposalsOf(store, casePlace(options))).filter(({ id }) => options.all || !decided.has(id));
				const shown = proposals.map((one) => ({ ...one, state: decided.get(one.id) ?? "waiting" }));
				if (options.json) return context.print(json({ schema: "clew.agent-proposals/1", proposals: shown }));
				for (const one of shown) context.print(inWords(one, one.state).join("\n"));
				if (shown.length === 0) context.print("no proposal waits");
			}),
		);
	for (const state of STATES)
		command
			.command(state === "accepted" ? "accept" : "refuse")
			.description(state === "accepted" ? "do what was proposed, or say by which command it is done" : "leave it undone")
			.argument("<proposal>", "its id")
			.option(...CASE_OPTION)
			.option(...BY_OPTION)
			.option(...WHY_OPTION)
			.action((id, options) =>
				withCase(options, async (store) => {
					const stated = statedBy(options);
					if (stated.by === undefined)
						throw new InputError("a proposal is decided by a person, by name", { code: "USAGE", hint: "Give --by NAME, or set CLEW_BY." });
					const proposal = (await proposalsOf(store, casePlace(options))).find((one) => one.id === id);
					if (proposal === undefined)
						throw new InputError("there is no such proposal in a log that holds", {
							code: "USAGE",
							hint: "clew agent proposals lists them.",
						});
					const before = (await decisionsOf(store)).get(id);
					if (before !== undefined) throw new InputError(`it was ${before} already`, { code: "USAGE" });
					await decide(store, proposal, state, { at: context.now(), by: stated.by, why: stated.why });
					context.print(`${id} ${state} by ${defangLong(stated.by)}`);
					if (state === "accepted") context.print(defangLong(await done(context, store, proposal, stated.by)));
				}),
			);
	return command;
}

async function proposalsOf(store: GraphStore, place: string): Promise<readonly Proposal[]> {
	return (await heldLogs(store, place)).logs.flatMap(({ proposals }) => proposals);
}

async function decisionsOf(store: GraphStore): Promise<ReadonlyMap<string, State>> {
	const decided = new Map<string, State>();
	for (const { action, detail } of await store.custody()) {
		const [, state, id] = /^assistant's proposal (accepted|refused) (p[0-9a-f]{12})/.exec(`${action} ${detail}`) ?? [];
		if (id !== undefined) decided.set(id, state as State);
	}
	return decided;
}

/** The decision and what it is about become an entry of the case's own log, which names the log's entry by its hash. */
async function decide(
	store: GraphStore,
	{ id, kind, account, log, entry, hash }: Proposal,
	state: State,
	{ at, by, why }: { readonly at: string; readonly by: string; readonly why: string | undefined },
): Promise<void> {
	const detail = `${id}: ${kind} ${account}; entry ${entry} of ${log}, ${hash}`;
	const stated = { ...statedBy({ by, why }) };
	await store.appendCustody(at, `assistant's proposal ${state}`, detail, stated);
}

/** Does what was proposed where that is the case's own business; else says by which command a person does it. */
async function done(context: Context, store: GraphStore, proposal: Proposal, by: string): Promise<string> {
	const { kind, account, trace, entity, category, why } = proposal;
	if (kind === "freeze") {
		// Where names were taken out of what was served, the trace has another id there.
		const named = trace !== undefined && (await store.trace(trace)) !== undefined ? ` --trace ${trace}` : "";
		return `nothing was sent: look at the trace, then clew freeze --case CASE${named} --for NAME --out FOLDER (account ${account})`;
	}
	if (kind === "fetch") return `nothing was fetched: clew follow account:${account} --case CASE --rpc URL, or import its history`;
	if (kind === "watch") {
		const { addWatch } = await import("@clew/workers");
		const watch = await addWatch(store, { subject: account, on: ["any-outflow"], notify: ["stdout"], note: why, createdAt: context.now() });
		return `watch ${watch.id} added; it is evaluated by clew watch run`;
	}
	if (!LABEL_CATEGORIES.includes(category as LabelCategory) || entity === undefined)
		throw new InputError("the proposal names no category that there is", { code: "USAGE" });
	const name = defangLong(entity);
	const source = `${by}, from an assistant's proposal`;
	const retrievedAt = context.now();
	await store.putSource({
		id: `agent:${proposal.id}`,
		kind: "file",
		name: proposal.log,
		sha256: sha256Hex(canonicalJson(proposal)),
		detail: `labels: ${source}`,
	});
	await store.putLabels([
		{ account: account as AccountId, category: category as LabelCategory, entity: name, name, source, retrievedAt, confidence: CONFIDENCE },
	]);
	return `labelled ${name} (${category}), confidence ${CONFIDENCE}, source ${source}`;
}

function inWords({ id, kind, account, trace, category, entity, why, cites, by, at }: Proposal, state: string): string[] {
	const what = [category, entity, trace === undefined ? undefined : `trace ${trace}`].filter((one) => one !== undefined);
	return [
		`${id} ${state}: ${kind} ${account}${what.length === 0 ? "" : ` (${what.join(", ")})`}`,
		`  proposed ${at} by ${by ?? "unknown"}: ${why}`,
		...cites.map(({ id: fact, fact: text }) => `  rests on ${fact}: ${text}`),
	].map(defangLong);
}
