// What a calendar says to a client built on ical.js (Thunderbird, Nextcloud): one question a line
// on stdin, one answer a line on stdout, both JSON.
//
// {"ics", "after", "before"} asks which occurrences overlap two instants (seconds since 1970).
// {"ics", "walls"} asks at which instants these wall times are, in the zone the calendar describes.

import { createInterface } from "node:readline";
import ICAL from "ical.js";

const instant = (time) => (time.isDate ? time.toString() : time.toUnixTime());

function overlaps(start, end, { after, before }) {
  const [starts, ends] = [start.toUnixTime(), end.toUnixTime()];
  return starts < before && (ends > after || (starts === ends && starts >= after));
}

function shown(event, start, end) {
  const status = event.component.getFirstPropertyValue("status");
  return [instant(start), instant(end), event.summary, status];
}

// Every occurrence of a series, up to the window's end or the last one that is told apart.
function* unrolled(event, exceptions, before) {
  const told = exceptions.map((each) => each.recurrenceId.toUnixTime());
  const last = Math.max(before, ...told);
  const iterator = event.iterator();
  for (let at = iterator.next(); at && at.toUnixTime() <= last; at = iterator.next()) {
    const { item, startDate, endDate } = event.getOccurrenceDetails(at);
    yield [item, startDate, endDate];
  }
}

function* occurrences(calendar, before) {
  const events = calendar.getAllSubcomponents("vevent").map((each) => new ICAL.Event(each));
  for (const event of events.filter((each) => !each.isRecurrenceException())) {
    const exceptions = events.filter((e) => e.isRecurrenceException() && e.uid === event.uid);
    exceptions.forEach((each) => event.relateException(each));
    if (event.isRecurring()) yield* unrolled(event, exceptions, before);
    else yield [event, event.startDate, event.endDate];
  }
}

function described(calendar) {
  ICAL.TimezoneService.reset();
  const zones = calendar.getAllSubcomponents("vtimezone");
  return zones.map((each) => {
    const zone = new ICAL.Timezone(each);
    ICAL.TimezoneService.register(zone);
    return zone;
  });
}

function answer(question) {
  const calendar = new ICAL.Component(ICAL.parse(question.ics));
  const [zone] = described(calendar);
  if (question.walls) {
    const times = question.walls.map((wall) => ICAL.Time.fromDateTimeString(wall));
    return times.map((time) => {
      time.zone = zone;
      return time.toUnixTime();
    });
  }
  return [...occurrences(calendar, question.before)]
    .filter(([, start, end]) => overlaps(start, end, question))
    .map((found) => shown(...found));
}

for await (const line of createInterface({ input: process.stdin })) {
  let said;
  try {
    said = { answer: answer(JSON.parse(line)) };
  } catch (error) {
    said = { error: `${error.stack}` };
  }
  process.stdout.write(`${JSON.stringify(said)}\n`);
}
