import { InputError } from "@clew/core";
import { newKey, readKey } from "@clew/evidence";
import { Command } from "@commander-js/extra-typings";
import type { Context } from "../context.js";
import { json } from "../output.js";

const ENVIRONMENT = "CLEW_KEY";

/** `clew keys new|show`. */
export function keysCommand(context: Context) {
	const command = new Command("keys").description("keys that sign evidence bundles");
	const show = (path: string, { id, publicKey }: { id: string; publicKey: string }, asJson: boolean) =>
		context.print(
			asJson ? json({ schema: "clew.key/1", file: path, id, publicKey }) : `${path}: key id ${id}\npublic key ${publicKey} (Ed25519)`,
		);
	command
		.command("new")
		.description("make a key: a file that only you can read. Whoever has it signs in your name")
		.argument("<file>", "file to make")
		.option("--json", "as one JSON object", false)
		.action((path, options) => {
			show(path, newKey(path), options.json);
			context.note("Give the key id to those who will verify, by another way than the bundles: printed, on your site, or read aloud.");
		});
	command
		.command("show")
		.description("id and public part of a key")
		.argument("[file]", `the key (default: $${ENVIRONMENT})`)
		.option("--json", "as one JSON object", false)
		.action((path, options) => {
			const file = path ?? process.env[ENVIRONMENT];
			if (!file) throw new InputError("no key is named", { code: "USAGE", hint: `Give a file, or set ${ENVIRONMENT}.` });
			show(file, readKey(file), options.json);
		});
	return command;
}
