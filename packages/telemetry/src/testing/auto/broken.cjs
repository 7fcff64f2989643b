// What goes wrong inside of telemetry must not reach the service: here each thing that it reads throws.
const Module = require("node:module");
const client = require("pg").Client;
const query = {
  get text() {
    throw new Error("not for you");
  },
  submit() {},
  handleError() {},
};
const one = new client({ host: "127.0.0.1", port: 1 });
try {
  one.query(query);
} catch (error) {
  console.log(error.message);
}
console.log(typeof Module.prototype._compile, "goes on");
