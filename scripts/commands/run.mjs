// Runs command lines of the built clew one after the other in this process, as a test asks by JSON on stdin: a list of lists of words, or
// "pages" for what the commands are. Prints a line of JSON for each: its exit code and what it said.
import { text } from "node:stream/consumers";
import { describedProgram, run } from "../../packages/cli/dist/run.js";

/** One that says nothing here, since its log goes elsewhere, is stopped after so long. */
const QUIET_MS = 1_500;
/** A line that begins so is of a command that runs until it is stopped; it is, once it has said something. */
const ENDLESS = /^(guard|worker|watch run|agent serve|open)\b/;
const asked = JSON.parse(await text(process.stdin));
const { stdout, stderr } = process;
const print = stdout.write.bind(stdout);
const own = [stdout.write, stderr.write];

async function ran(words) {
	let said = "";
	const take = (chunk, ...rest) => {
		said += chunk;
		rest.find((one) => typeof one === "function")?.();
		return true;
	};
	stdout.write = take;
	stderr.write = take;
	const began = performance.now();
	const until = ENDLESS.test(words.join(" ")) ? setInterval(stop, 50) : undefined;
	function stop() {
		if (said === "" && performance.now() - began < QUIET_MS) return;
		clearInterval(until);
		process.emit("SIGINT");
	}
	const code = await run(["node", "clew", ...words]);
	clearInterval(until);
	[stdout.write, stderr.write] = own;
	return { code, said };
}

if (asked === "pages") print(`${JSON.stringify(await describedProgram())}\n`);
else for (const words of asked) print(`${JSON.stringify(await ran(words))}\n`);
print("", () => process.exit(0));
