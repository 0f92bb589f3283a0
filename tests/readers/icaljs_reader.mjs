// Reads feeds with ical.js, as Thunderbird does: a line of JSON text in, a line of JSON out. Argument: where ical.js is.
import { createInterface } from 'node:readline';

const { default: ICAL } = await import(process.argv[2]);

function read(text) {
  const calendar = new ICAL.Component(ICAL.parse(text));
  return calendar.getAllSubcomponents('vevent').map((component) => {
    const event = new ICAL.Event(component);
    const ends = component.hasProperty('dtend');
    return [event.uid, event.summary, event.startDate.toICALString(), ends ? event.endDate.toICALString() : null];
  });
}

for await (const line of createInterface({ input: process.stdin })) {
  let answer;
  try {
    answer = read(JSON.parse(line));
  } catch (error) {
    answer = `ical.js: ${error.message}`;
  }
  console.log(JSON.stringify(answer));
}
