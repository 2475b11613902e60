/** Mocha's spec reporter, which also writes what passed and failed to the file in TEST_RESULTS: for the last lines and for `npm run requirements`. */
const { writeFileSync } = require('node:fs');
const { reporters, Runner } = require('mocha');

module.exports = class Reporter extends reporters.Spec {
  constructor(runner, options) {
    super(runner, options);
    const results = [];
    const note = (passed) => (test, error) =>
      results.push({
        title: test.fullTitle(),
        file: test.file,
        passed,
        ms: test.duration ?? 0,
        error: error && String(error.stack ?? error.message ?? error),
      });
    runner.on(Runner.constants.EVENT_TEST_PASS, note(true));
    runner.on(Runner.constants.EVENT_TEST_FAIL, note(false));
    runner.on(Runner.constants.EVENT_RUN_END, () => {
      if (process.env.TEST_RESULTS) writeFileSync(process.env.TEST_RESULTS, JSON.stringify(results));
    });
  }
};
