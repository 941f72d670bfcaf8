import { spawnSync } from "node:child_process";
import { Argument, Command, Option } from "@commander-js/extra-typings";
import { describe, expect, it } from "vitest";
import { type CompletedCommand, scriptFor } from "./completion.js";

const program = new Command("clew")
	.addCommand(
		new Command("label")
			.addCommand(new Command("sync").addArgument(new Argument("<kind>").choices(["ofac", "tagpack"])))
			.addCommand(new Command("list").option("--json", "as one JSON object")),
	)
	.addCommand(
		new Command("trace")
			.description("follows what's stolen")
			.addOption(new Option("--fee <rule>", "who pays").choices(["last", "proportional"]))
			.option("--follow", "goes on"),
	) as unknown as CompletedCommand;

/** What bash offers for the last of these words. */
function offered(...words: string[]): string[] {
	const script = `${scriptFor("bash", program)}
COMP_WORDS=(${words.map((word) => `'${word}'`).join(" ")}); COMP_CWORD=${words.length - 1}; _clew_complete; printf '%s\\n' "\${COMPREPLY[@]}"`;
	const { stdout, stderr, status } = spawnSync("bash", ["--norc", "-c", script], { cwd: "/", encoding: "utf8" });
	expect([status, stderr]).toEqual([0, ""]);
	return stdout.split("\n").filter((word) => word !== "");
}

describe("completion of command lines", () => {
	it.skipIf(spawnSync("bash", ["--version"]).status !== 0)(
		"knows commands, subcommands, options, and what options and arguments take, in bash",
		() => {
			expect(offered("clew", "")).toEqual(["label", "trace", "--help"]);
			expect(offered("clew", "tr")).toEqual(["trace"]);
			expect(offered("clew", "label", "")).toEqual(["sync", "list", "--help"]);
			expect(offered("clew", "label", "sync", "o")).toEqual(["ofac"]);
			expect(offered("clew", "label", "list", "--j")).toEqual(["--json"]);
			expect(offered("clew", "trace", "--follow", "--fe")).toEqual(["--fee"]);
			expect(offered("clew", "trace", "--fee", "p")).toEqual(["proportional"]);
			expect(offered("clew", "trace", "label", "--f")).toEqual(["--fee", "--follow"]);
			expect(offered("clew", "trace", "--follow", "et")).toEqual(["etc"]);
		},
	);
	it("is loaded by zsh through its reader of bash, and quotes what fish shows", () => {
		expect(scriptFor("zsh", program)).toMatch(/^autoload -U \+X bashcompinit && bashcompinit\n_clew_complete\(\)/);
		const fish = scriptFor("fish", program).split("\n");
		expect(fish).toContain(`complete -c clew -n "__clew_at ''" -f -a trace -d 'follows what\\'s stolen'`);
		expect(fish).toContain(`complete -c clew -n "__clew_at 'trace'" -l fee -x -a 'last proportional' -d 'who pays'`);
		expect(fish).toContain(`complete -c clew -n "__clew_at 'label sync'" -a 'ofac tagpack'`);
	});
	it("is refused for a shell that is not known", () => {
		expect(() => scriptFor("csh", program)).toThrow('"csh" is no shell that Clew knows');
	});
});
