'use strict';
// The worker's SDK loads webpack in every test file, which takes half a second, for the few that bundle workflows.
module.exports = new Proxy({}, { get: (_, name) => require('webpack/lib/index.js')[name] });
