// Reads an RPDE feed to its end with OpenActive's validator: the feed's address is the only
// argument; stdout gets what the validator found, as JSON.

import validator from "@openactive/rpde-validator";

const log = await validator.RpdeValidator(process.argv[2], { pageLimit: 10_000, requestDelayMs: 0 });
const found = log.pages.flatMap((page) =>
  page.errors.map(({ severity, message, type }) => ({ url: page.url, severity, type, message })),
);
process.stdout.write(JSON.stringify({ pages: log.pages.map((page) => page.url), found }));
