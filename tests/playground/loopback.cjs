// Loaded before the playground, which by itself listens on every interface and opens a browser window.
"use strict";
const childProcess = require("node:child_process");
const net = require("node:net");

const { listen } = net.Server.prototype;
net.Server.prototype.listen = function (port, ...rest) {
    const whole = port !== null && typeof port === "object" ? port : { port };
    return listen.call(this, { ...whole, host: "127.0.0.1" }, ...rest.filter((each) => typeof each === "function"));
};

// The only program it ever starts is that browser.
const { spawn } = childProcess;
childProcess.spawn = (_command, _args, options) => spawn(process.execPath, ["-e", ""], options ?? {});
