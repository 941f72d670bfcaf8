import type { DescribedCommand } from "../../packages/cli/src/described.js";
import { EXAMPLES, type Example } from "./examples.js";

const MADE = "<!-- Made by scripts/commands.ts from the command's own definition. Change that, not this page. -->";

/** The words of an example behind `clew`, as a shell splits them. */
export function wordsOf({ line }: Example): readonly string[] {
	return [...line.matchAll(/"([^"]*)"|(\S+)/g)].slice(1).map(([, quoted, plain]) => quoted ?? plain ?? "");
}

/** Every page of docs/commands, by file name. Throws Error for a command without an example. */
export function commandPages(program: DescribedCommand): ReadonlyMap<string, string> {
	const pages = program.commands.map((command) => [`${command.name}.md`, pageOf(command)] as const);
	return new Map([["README.md", index(program)], ...pages]);
}

function index({ commands }: DescribedCommand): string {
	const rows = commands.map((command) => `| [clew ${command.name}](${command.name}.md) | ${cell(command.description)} |`);
	return [
		MADE,
		"# Commands",
		"",
		"One page for each command, with what it takes and an example. A test runs the examples of all pages, in the order below.",
		"",
		"| command | what it does |",
		"|---|---|",
		...rows,
		"",
		"Every command takes `--help` and `--debug` (the stack of an error). Exit codes: 0 done, 1 finding negative, 2 usage, 3 bad input or",
		"nothing to work on, 4 a service or node failed, 5 not checked, 130 interrupted.",
		"",
		"## All examples in one folder",
		"",
		"`fixtures` is that of this repository, 127.0.0.1:8545 a development node that imitates Ethereum, 127.0.0.1:6379 a Redis.",
		"",
		"```",
		...EXAMPLES.map((one) => `${one.line}${remark(one)}`),
		"```",
		"",
	].join("\n");
}

function pageOf(command: DescribedCommand): string {
	const name = `clew ${command.name}`;
	const examples = EXAMPLES.filter((one) => wordsOf(one)[0] === command.name);
	if (examples.length === 0) throw new Error(`${name} has no example in scripts/commands/examples.ts`);
	return [
		MADE,
		`# ${name}`,
		"",
		sentence(command.description),
		"",
		...(command.commands.length === 0 ? takes(command, name) : []),
		...command.commands.flatMap((child) => [
			`## ${name} ${child.name}`,
			"",
			sentence(child.description),
			"",
			...takes(child, `${name} ${child.name}`),
		]),
		`## ${examples.length === 1 ? "Example" : "Examples"}`,
		"",
		"```",
		...examples.map((one) => `${one.line}${remark(one)}`),
		"```",
		"",
		"What has to be there before: [all examples in their order](README.md#all-examples-in-one-folder).",
		"",
	].join("\n");
}

function takes(command: DescribedCommand, name: string): string[] {
	const usage = command.usage.replace(/^\[options\] ?/, "").trim();
	const hasOptions = command.takes.some(({ what }) => what.startsWith("-"));
	const rows = command.takes.map((one) => `| \`${cell(one.what)}\` | ${cell(told(one))} |`);
	return [
		"```",
		`${[name, usage].filter((word) => word !== "").join(" ")}${hasOptions ? " [options]" : ""}`,
		"```",
		"",
		...(rows.length === 0 ? [] : ["| takes | which is |", "|---|---|", ...rows, ""]),
	];
}

function told({ description, choices, usual }: DescribedCommand["takes"][number]): string {
	const named = choices.length === 0 || choices.every((one) => description.includes(one)) ? "" : `. One of: ${choices.join(", ")}`;
	const isEmpty = usual === undefined || usual === false || usual === "" || JSON.stringify(usual).length <= 2;
	const value = Array.isArray(usual) ? usual.join(", ") : String(usual);
	return `${description}${named}${isEmpty || description.includes("(default:") ? "" : ` (default: ${value})`}`;
}

const remark = ({ code, why, endless }: Example): string =>
	code === undefined ? (endless === true ? "   # until it is stopped" : "") : `   # exit code ${code}: ${why}`;
const sentence = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}${/[.!?]$/.test(text) ? "" : "."}`;
/** Text in a cell of a table, in which angle brackets are no markup. */
const cell = (text: string): string => text.replaceAll("|", "\\|").replaceAll("\n", " ");
