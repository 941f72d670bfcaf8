import {
	type AssetId,
	type ChainId,
	DEFAULT_CHAIN,
	defang,
	defangLong,
	FAMILIES,
	InputError,
	nativeAsset,
	parseAsset,
	parseFollowedChain,
	quote,
	RULES,
	type Rule,
	statementInWords,
} from "@clew/core";
import { putCaseDetails } from "@clew/evidence";
import { isNeo4jUri, removeNeo4jCase } from "@clew/graph-store";
import { Command, InvalidArgumentError } from "@commander-js/extra-typings";
import { collect } from "../arguments.js";
import { CASE_OPTION, createStore, showPlace, withCase } from "../case-file.js";
import type { Context } from "../context.js";
import { BY_OPTION, NOTE_OPTION, statedBy, WHY_OPTION } from "../custody-statement.js";
import { nativeInfo } from "../native-info.js";
import { json, moved } from "../output.js";

/** `clew case new|show|inspect|set|remove`. */
export function caseCommand(context: Context) {
	const command = new Command("case").description("make a case, or say what one holds");
	command
		.command("new")
		.description("make a case: one file that holds everything, or a case in a Neo4j database")
		.argument("<file>", "file to make, for example theft.clew, or neo4j://host:port/database")
		.requiredOption("--title <text>", "title of the case, as it stands on the report")
		.option("--chain <id>", `CAIP-2 chain, or ${FAMILIES.flatMap(({ names }) => names).join(", ")}`, DEFAULT_CHAIN)
		.option(...BY_OPTION)
		.option(...WHY_OPTION)
		.action(async (file, options) => {
			const chain = parseFollowedChain(options.chain);
			const store = await createStore(file, { title: options.title, chain, at: context.now(), stated: statedBy(options) });
			await store.putAssets([nativeInfo(chain)]);
			await store.close();
			context.print(`${showPlace(file)}: case ${store.info.id}, ${defang(options.title)} (${chain})`);
		});
	command
		.command("show")
		.description("title, chain, sizes and custody log of a case")
		.argument("[file]", "the case file (default: $CLEW_CASE)")
		.option("--json", "as one JSON object")
		.action((file, options) =>
			withCase({ case: file }, async (store) => {
				const [counts, custody] = [await store.counts(), await store.custody()];
				if (options.json) return context.print(json({ schema: "clew.case/1", ...store.info, counts, custody }));
				context.print(`${defang(store.info.title)}\ncase ${store.info.id} on ${store.info.chain}, made ${store.info.createdAt}`);
				context.print(
					`${moved(counts)}, ${counts.transactions} transactions, ${counts.accounts} accounts, ${counts.labels} labels, ${counts.traces} traces`,
				);
				for (const entry of custody) {
					const stated = statementInWords(entry);
					context.print(
						`${entry.sequence}  ${entry.at}  ${entry.action}: ${defang(entry.detail)}${stated === "" ? "" : ` (${defangLong(stated)})`}`,
					);
				}
			}),
		);
	command
		.command("inspect")
		.description("what is in a case file that came from somebody else: the file is only read, and nothing in it runs")
		.argument("<file>", "the case file")
		.option(...NOTE_OPTION)
		.option(...BY_OPTION)
		.option(...WHY_OPTION)
		.option("--json", "as one JSON object", false)
		.action(async (file, options) => {
			const { inspect, noteCase, withCopy } = await import("../inspect-case.js");
			await withCopy(file, async (store, hashes) => {
				const found = await inspect(store);
				await noteCase(context, hashes, found, options);
				if (options.json) return context.print(json({ schema: "clew.inspect/1", ...found }));
				context.print(`${defang(found.title)}\ncase ${found.id} on ${found.chain}, made ${found.createdAt}`);
				context.print(
					`${moved(found.counts)}, ${found.counts.transactions} transactions, ${found.counts.accounts} accounts, ${found.counts.labels} labels`,
				);
				for (const { kind, name, sha256 } of found.sources) context.print(`from ${kind} ${defangLong(name)} ${sha256}`);
				for (const { source, count } of found.labels) context.print(`${count} labels from ${defangLong(source)}`);
				for (const { id, fault } of found.traces)
					context.print(
						fault === null
							? `trace ${id}: its id is the hash of its content, and the custody log says that it was run`
							: `NOT USED: ${fault}`,
					);
				const { entries, firstBroken, lastHash } = found.custody;
				context.print(`custody: ${entries} entries, the chain of hashes ${firstBroken === null ? "holds" : "IS BROKEN"}`);
				if (firstBroken === null) context.print(`custody: the last entry hashes to ${lastHash}`);
				else context.print(`custody: entry ${firstBroken.sequence}: ${firstBroken.faults.join("; ")}`);
				for (const watch of found.watches)
					for (const { place, allowed } of watch.notify)
						context.print(`watch ${watch.id} would tell ${defangLong(place)}: ${allowed ? "allowed here" : "off until clew watch allow"}`);
			});
		});
	command
		.command("set")
		.description("say what only a person can say of a case; it stands on reports, bundles and requests")
		.option(...CASE_OPTION)
		.option("--requester <text>", "who asked for the trace")
		.option("--legal-basis <text>", "on what legal basis")
		.option("--jurisdiction <text>", "where")
		.option("--handling <text>", "how the papers may be handed on, for example TLP:AMBER")
		.option("--retention <text>", "how long the papers are kept, by whom, and what happens then")
		.option("--exhibit-rule <rule>", "rule under which the report quotes single figures (default: haircut); empty: none named", exhibitRule)
		.option("--exhibit-reason <text>", "why that rule")
		.option(
			"--statement <seed=reference>",
			"a seed, as clew trace prints it, and where its victim's statement is; several times for several",
			statement,
			{},
		)
		.option(
			"--value <asset=value;source>",
			"what one unit is worth and who says so, for example native=200 EUR on 2018-11-09;daily close of X; several times for several",
			collect,
			[],
		)
		.action(({ case: place, statement: statements, value: values, ...said }) =>
			withCase({ case: place }, async (store) => {
				const changes = {
					...said,
					...(Object.keys(statements).length === 0 ? {} : { statements }),
					...(values.length === 0 ? {} : { values: Object.fromEntries(values.map((text) => statedValue(text, store.info.chain))) }),
				};
				const details = await store.atomically(async (tx) => {
					const set = await putCaseDetails(tx, changes);
					await tx.appendCustody(context.now(), "details set", Object.keys(changes).sort().join(", "));
					return set;
				});
				for (const [name, value] of Object.entries(details)) {
					if (typeof value === "string") context.print(`${name}: ${defangLong(value) || "[not stated]"}`);
					else
						for (const [about, one] of Object.entries(value ?? {}))
							context.print(
								`${name} of ${defangLong(about)}: ${defangLong(typeof one === "string" ? one : `${one.value}; source: ${one.source}`)}`,
							);
				}
			}),
		);
	command
		.command("remove")
		.description("remove a case from a Neo4j database with all it holds; a case file is removed like any file")
		.argument("<uri>", "neo4j://host:port/database?case=ID")
		.requiredOption("--yes", "really remove it: nothing can be got back")
		.action(async (uri) => {
			if (!isNeo4jUri(uri))
				throw new InputError("this is no Neo4j URI", { code: "USAGE", hint: "Remove a case file with your system's own means." });
			const { id, title } = await removeNeo4jCase(uri);
			context.print(`case ${id}, ${defang(title)}: removed`);
		});
	return command;
}

/** A rule's name, or nothing. */
function exhibitRule(text: string): Rule | "" {
	const rule = text === "" ? "" : RULES.find((one) => one === text);
	if (rule === undefined) throw new InvalidArgumentError(`one of ${RULES.join(", ")}`);
	return rule;
}

/** Collects references by seed; an empty one takes a seed's reference away. */
function statement(text: string, before: Record<string, string>): Record<string, string> {
	const at = text.indexOf("=");
	if (at <= 0) throw new InvalidArgumentError("a seed, =, and a reference");
	return { ...before, [text.slice(0, at).trim()]: text.slice(at + 1).trim() };
}

/** An asset with what one unit is worth and who says so, or with "" to take that away. Throws InputError (USAGE). */
function statedValue(text: string, chain: ChainId): [AssetId, { value: string; source: string } | ""] {
	const [, name = "", said = ""] = /^([^=]+)=(.*)$/.exec(text) ?? [];
	const [value, source] = [said.split(";")[0] ?? "", said.split(";").slice(1).join(";")].map((part) => part.trim()) as [string, string];
	if (name === "" || (said.trim() !== "" && (value === "" || source === "")))
		throw new InputError(`${quote(text)} is not ASSET=VALUE;SOURCE`, { code: "USAGE", hint: "A value without its source says nothing." });
	const asset = name.trim() === "native" ? nativeAsset(chain) : parseAsset(name.trim(), chain);
	return [asset, said.trim() === "" ? "" : { value, source }];
}
