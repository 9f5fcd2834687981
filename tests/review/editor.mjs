// Opens plans in the YAML language server, as an editor does, and says what it answered, as JSON on one line.
//
//   node editor.mjs FOLDER_WITH_NODE_MODULES FILE:LINE:COLUMN…
//
// Of each file: the diagnostics, and what completion and hover say at the place (from 0).
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";

const [, , modules, ...places] = process.argv;
const server = spawn("node", [join(modules, "node_modules/yaml-language-server/bin/yaml-language-server"), "--stdio"]);
const waiting = new Map();
const diagnostics = new Map();
let buffer = Buffer.alloc(0);
let next = 1;
const send = (message) => {
  const text = JSON.stringify({ jsonrpc: "2.0", ...message });
  server.stdin.write(`Content-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`);
};
const ask = (method, params) => new Promise((resolve) => {
  waiting.set(next, resolve);
  send({ id: next++, method, params });
});
server.stdout.on("data", (data) => {
  buffer = Buffer.concat([buffer, data]);
  for (;;) {
    const end = buffer.indexOf("\r\n\r\n");
    if (end < 0) return;
    const length = Number(/Content-Length: (\d+)/i.exec(buffer.subarray(0, end))[1]);
    if (buffer.length < end + 4 + length) return;
    const message = JSON.parse(buffer.subarray(end + 4, end + 4 + length));
    buffer = buffer.subarray(end + 4 + length);
    if (message.method === "textDocument/publishDiagnostics") diagnostics.set(message.params.uri, message.params.diagnostics);
    else if (message.method === "workspace/configuration") send({ id: message.id, result: message.params.items.map(() => ({ validate: true, completion: true, hover: true })) });
    else if (message.method && message.id !== undefined) send({ id: message.id, result: null });
    else if (waiting.has(message.id)) waiting.get(message.id)(message.result);
  }
});
await ask("initialize", { processId: process.pid, rootUri: null, capabilities: { textDocument: { publishDiagnostics: {} }, workspace: { configuration: true } } });
send({ method: "initialized", params: {} });
const seen = [];
for (const place of places) {
  const [file, line, character] = place.split(":");
  const uri = `file://${file}`;
  send({ method: "textDocument/didOpen", params: { textDocument: { uri, languageId: "yaml", version: 1, text: readFileSync(file, "utf8") } } });
  const at = { textDocument: { uri }, position: { line: Number(line), character: Number(character) } };
  const hover = await ask("textDocument/hover", at);
  const completion = await ask("textDocument/completion", at);
  for (let tries = 0; tries < 100 && !diagnostics.has(uri); tries += 1) await new Promise((resolve) => setTimeout(resolve, 100));
  seen.push({
    file,
    diagnostics: (diagnostics.get(uri) || [{ message: "nothing was published" }]).map((one) => one.message),
    labels: ((completion && completion.items) || []).map((item) => item.label),
    hover: hover ? JSON.stringify(hover.contents) : "",
  });
}
console.log(JSON.stringify(seen));
server.kill();
