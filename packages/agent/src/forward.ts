// Runs inside a jail, with nothing but Node: leads a port of the jail's own loopback to a socket, and runs a command beside it.
// Arguments: the socket, the port, the command.
import { spawn } from "node:child_process";
import { connect, createServer } from "node:net";

const [socket = "", port = "", program = "", ...args] = process.argv.slice(2);
const server = createServer((outer) => {
	const inner = connect(socket);
	outer.pipe(inner).pipe(outer);
	outer.on("error", () => inner.destroy());
	inner.on("error", () => outer.destroy());
});
server.listen(Number(port), "127.0.0.1", () => {
	const child = spawn(program, args, { stdio: "inherit" });
	child.once("error", () => process.exit(127));
	child.once("exit", (code) => process.exit(code ?? 1));
});
