import { FAMILY_READERS } from "@clew/chains";
import { type ClewError, chainName, defang, InputError, NodeError, parseFollowedChain, quote, scrubShown } from "@clew/core";
import { Command } from "@commander-js/extra-typings";
import type { Context, Finding } from "../context.js";
import {
	bookPath,
	describedEndpoint,
	dropEndpoint,
	type Endpoint,
	KEY_PLACE,
	kindOfEndpoint,
	putEndpoint,
	readBook,
	type Tested,
	urlOf,
} from "../endpoint-book.js";
import { json } from "../output.js";
import { printTable } from "../table.js";

const KINDS = [...new Set(FAMILY_READERS.flatMap(({ endpointKinds }) => endpointKinds.map(({ name }) => name)))];
const MS = 1_000;

/** `clew endpoints`: nodes and indexes that commands ask when none is named. */
export function endpointsCommand(context: Context, finding: Finding) {
	const command = new Command("endpoints").description(
		"nodes and indexes of your own: added once, tested for what they can do, named in --rpc and --history, and asked where none is named",
	);
	command
		.command("add")
		.description("keep an endpoint; its key stays in the environment and is never written down")
		.argument("<name>", "what to call it")
		.argument("<url>", `its URL, with ${KEY_PLACE} where the key stands`)
		.option("--chain <chain>", "the chain that it is of (default: by its host, else Ethereum)")
		.option("--kind <kind>", `${KINDS.join(", ")} (default: by its host, else node)`)
		.option("--key-env <variable>", "the environment variable that holds its key")
		.option(
			"--certificate <sha256>",
			"the certificate that an ssl:// server must show, as its operator tells it (default: the one of its first test)",
		)
		.option("--keyless", "nothing of the URL is a key, though it may look like one", false)
		.option("--json", "as one JSON object", false)
		.action((name, url, options) => {
			const { chain, kind, keyEnv, keyless, certificate } = options;
			const endpoint = describedEndpoint({ name, url, chain, kind, keyEnv, keyless, certificate });
			putEndpoint(endpoint);
			if (options.json) return context.print(json({ schema: "clew.endpoints/1", file: bookPath(), endpoints: [inJson(endpoint)] }));
			context.print(`${name}: ${endpoint.kind} of ${chainName(endpoint.chain) ?? endpoint.chain}, ${endpoint.url}`);
			if (urlOf(endpoint) === undefined) context.note(`its key is read from ${endpoint.keyEnv}, which is not set now`);
			context.note(`what it can do is not known yet: clew endpoints test ${name}`);
		});
	command
		.command("list")
		.description("the endpoints, and what they could do when they were last tested")
		.option("--json", "as one JSON object", false)
		.action((options) => {
			const endpoints = readBook();
			if (options.json) return context.print(json({ schema: "clew.endpoints/1", file: bookPath(), endpoints: endpoints.map(inJson) }));
			if (endpoints.length === 0) return context.print("no endpoint has been added: clew endpoints add NAME URL");
			const columns = [{ title: "name" }, { title: "chain" }, { title: "kind" }, { title: "url" }, { title: "key" }, { title: "tested" }];
			const can = { title: "what is known from it", optional: "below" as const };
			printTable(context, [...columns, can], endpoints.map(row));
		});
	command
		.command("remove")
		.description("forget an endpoint")
		.argument("<name>", "its name")
		.action((name) => {
			if (!dropEndpoint(name))
				throw new InputError(`no endpoint is named ${quote(name)}`, {
					code: "USAGE",
					hint: "clew endpoints list tells those that have been added.",
				});
			context.print(`${name} removed`);
		});
	command
		.command("test")
		.description("ask an endpoint, or all of them, what it can do; the answer is kept. Exit 1 where one does not work")
		.argument("[name]", "its name; without it, all are asked")
		.option("--chain <chain>", "only those of this chain")
		.option("--json", "as one JSON object", false)
		.action(async (name, options) => {
			const chain = options.chain === undefined ? undefined : parseFollowedChain(options.chain);
			const endpoints = readBook().filter(
				(one) => (name === undefined || one.name === name) && (chain === undefined || one.chain === chain),
			);
			if (endpoints.length === 0)
				throw new InputError(name === undefined ? "no endpoint has been added" : `no endpoint is named ${quote(name)}`, {
					code: "USAGE",
					hint: "clew endpoints add NAME URL",
				});
			const tested: Endpoint[] = [];
			for (const endpoint of endpoints) {
				const url = urlOf(endpoint);
				const { certificate, ...answer } = await test(context, endpoint, url);
				const told: Endpoint = { ...endpoint, ...(certificate === undefined ? {} : { certificate }), tested: answer };
				// Without its key an endpoint was not asked: what it told before stays.
				if (url !== undefined) putEndpoint(told);
				tested.push(told);
				if (answer.failed !== undefined) finding();
				if (!options.json) printTest(context, told, answer);
				if (certificate !== undefined)
					context.note(
						`${endpoint.name} showed a certificate that no authority vouches for, as Electrum servers do: SHA-256 ${certificate}. It is kept, and no other is taken from now on; compare it with what the operator tells`,
					);
			}
			if (options.json) context.print(json({ schema: "clew.endpoints/1", file: bookPath(), endpoints: tested.map(inJson) }));
		});
	return command;
}

/** What an endpoint tells of itself now; one that does not work says why. */
async function test(context: Context, endpoint: Endpoint, url: string | undefined): Promise<Tested & { readonly certificate?: string }> {
	const at = context.now();
	const failed = (why: string): Tested => ({ at, failed: why, findings: [], requests: 0 });
	if (url === undefined) return failed(`its key is not known: ${endpoint.keyEnv} is not set`);
	context.progress(`testing ${endpoint.name}`);
	try {
		const { client, head, findings, batch, blocks, requests, certificate } = await kindOfEndpoint(endpoint).test(
			url,
			endpoint.chain,
			Date.parse(at) / MS,
			{
				signal: context.signal,
				certificate: endpoint.certificate,
			},
		);
		const told = withoutSecrets({
			at,
			...(client === undefined ? {} : { client }),
			...(head === undefined ? {} : { head: { height: head.height, ...(head.time === undefined ? {} : { time: head.time }) } }),
			findings: [...findings],
			...(batch === undefined ? {} : { batch }),
			...(blocks === undefined ? {} : { blocks }),
			requests,
		});
		return certificate === undefined ? told : { ...told, certificate };
	} catch (error) {
		if (!(error instanceof NodeError || error instanceof InputError)) throw error;
		return withoutSecrets(failed(whatWentWrong(error)));
	} finally {
		context.clearProgress();
	}
}

/** What goes into a file is looked at once more, as what is shown is. */
const withoutSecrets = (tested: Tested): Tested => JSON.parse(scrubShown(JSON.stringify(tested))) as Tested;

const whatWentWrong = ({ message, hint }: ClewError): string => (hint === undefined ? message : `${message}. ${hint}`);

function printTest(context: Context, endpoint: Endpoint, { failed, client, head, findings, batch, blocks, requests }: Tested): void {
	const { bold, green, red, yellow } = context.colours;
	context.print(bold(`${endpoint.name}: ${endpoint.kind} of ${chainName(endpoint.chain) ?? endpoint.chain}`));
	if (failed !== undefined) {
		context.print(`${red("does not work")}: ${defang(failed)}`);
		return;
	}
	const about = [client === undefined ? [] : [defang(client)], head === undefined ? [] : [`block ${head.height}`]].flat();
	if (about.length > 0) context.print(about.join(", "));
	const shown = { yes: green("yes       "), no: red("no        "), "not known": yellow("not known ") };
	for (const one of findings) context.print(`${shown[one.answer]}${one.about}: ${defang(one.means)}`);
	if (batch !== undefined) context.print(`asked with ${batch} ${batch === 1 ? "call" : "calls"} in one request`);
	if (blocks !== undefined) context.print(`asked for ${blocks} ${blocks === 1 ? "block" : "blocks"} at a time`);
	context.note(`${requests} requests`);
}

function inJson(endpoint: Endpoint) {
	const { name, chain, kind, url, keyEnv, certificate, tested } = endpoint;
	const key = keyEnv === undefined ? {} : { keyEnv, keySet: urlOf(endpoint) !== undefined };
	const shown = certificate === undefined ? {} : { certificate };
	return { name, chain, kind, serves: kindOfEndpoint(endpoint).serves, url, ...key, ...shown, ...(tested === undefined ? {} : { tested }) };
}

function row(endpoint: Endpoint): string[] {
	const { name, chain, kind, url, keyEnv, tested } = endpoint;
	const key = keyEnv === undefined ? "none" : urlOf(endpoint) === undefined ? `${keyEnv} (not set)` : keyEnv;
	return [
		name,
		chainName(chain) ?? chain,
		kind,
		url,
		key,
		tested === undefined ? "never" : tested.at,
		tested === undefined ? "not known: clew endpoints test" : inShort(tested),
	];
}

function inShort({ failed, findings }: Tested): string {
	if (failed !== undefined) return `did not work: ${defang(failed)}`;
	const of = (answer: string) => findings.filter((one) => one.answer === answer).map(({ about }) => about);
	return ["yes", "no", "not known"]
		.flatMap((answer) => (of(answer).length === 0 ? [] : [`${answer}: ${of(answer).join(", ")}`]))
		.join("; ");
}
