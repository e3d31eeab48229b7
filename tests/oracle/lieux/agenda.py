"""agenda.py LIEUX.ics OUVERTURES.json EXPLAINED.tsv: our calendar, read by icalendar and expanded by
dateutil, against what opening_hours says of the same hours: minute by minute over a year, holidays
included, then at a thousand moments one by one."""
import datetime, json, random, re, sys
import icalendar
from dateutil import rrule

ics, theirs, explained = sys.argv[1:]
theirs = json.load(open(theirs))
monday = datetime.datetime(1970, 1, 1) + datetime.timedelta(milliseconds=theirs['monday'])
end = theirs['semaines'] * 7 * 1440
wanted = {l['id']: l for l in theirs['lieux']}
reasons = [line.rstrip('\n').split('\t') for line in open(explained) if line.strip() and not line.startswith('#')]
passed, failed = 0, 0


def say(what, troubles):
    global passed, failed
    if troubles:
        failed += 1
        print(f'FAILED {what}: {len(troubles)}', *troubles[:8], sep='\n  ')
    else:
        passed += 1
        print(f'ok {what}')


def listed(event, name):
    """Naive local times of the EXDATE or RDATE of an event."""
    all_ = event.get(name, [])
    return [t.dt.replace(tzinfo=None) for p in (all_ if isinstance(all_, list) else [all_]) for t in p.dts]


def openings(event):
    """Each opening of an event, in minutes from the Monday."""
    start = event['DTSTART'].dt.replace(tzinfo=None)
    length = int((event['DTEND'].dt.replace(tzinfo=None) - start).total_seconds() // 60)
    days = [start] + listed(event, 'RDATE')
    if 'RRULE' in event:
        text = event['RRULE'].to_ical().decode()
        until = re.search(r'UNTIL=(\d{8}T\d{6})Z', text)
        zone = event['DTSTART'].dt.tzinfo
        last = datetime.datetime.strptime(until[1], '%Y%m%dT%H%M%S').replace(tzinfo=datetime.timezone.utc)
        rule = rrule.rrulestr(re.sub(r';?UNTIL=[^;]*', '', text), dtstart=start)
        days = rule.between(start, last.astimezone(zone).replace(tzinfo=None), inc=True)
    out = set(listed(event, 'EXDATE'))
    for d in days:
        if d not in out:
            at = int((d - monday).total_seconds() // 60)
            yield at, at + length


def minutes(spans):
    """A mask of the year: one bit a minute."""
    mask = 0
    for a, b in spans:
        a, b = max(a, 0), min(b, end)
        if a < b:
            mask |= ((1 << (b - a)) - 1) << a
    return mask


calendar = icalendar.Calendar.from_ical(open(ics, 'rb').read())
zones = {str(z['TZID']) for z in calendar.walk('VTIMEZONE')}
events, used, uids, faults = {}, set(), set(), []
for e in calendar.walk('VEVENT'):
    uid = str(e['UID'])
    if uid in uids:
        faults.append(f'twice: {uid}')
    uids.add(uid)
    used.add(e['DTSTART'].params['TZID'])
    place = uid.rsplit('-', 1)[0]
    if place in wanted:
        state = 'ouvert' if e['STATUS'] == 'CONFIRMED' else 'inconnu'
        events.setdefault(place, {'ouvert': [], 'inconnu': []})[state] += openings(e)
say(f'{len(uids)} events of hours are read, each with its own name', faults)
say(f'each of the {len(used)} zones is told', used - zones)

differ, excused = [], {}
for place, l in wanted.items():
    mine = events.get(place, {'ouvert': [], 'inconnu': []})
    if l['refus']:
        what = f'refused {l["refus"]}'
    else:
        bad = [s for s in ('ouvert', 'inconnu') if minutes(mine[s]) != minutes(l[s])]
        if not bad:
            continue
        x = minutes(mine[bad[0]]) ^ minutes(l[bad[0]])
        first = monday + datetime.timedelta(minutes=(x & -x).bit_length() - 1)
        what = f'{bad[0]} {bin(x).count("1")} min, first {first:%Y-%m-%d %H:%M}'
    line = f'{l["code"]}\t{l["texte"]}\t{what}'
    why = next((r for r in reasons if (r[0] == '*' or r[0] == l['code']) and r[1] in line), None)
    if why:
        excused[why[1]] = excused.get(why[1], 0) + 1
    else:
        differ.append(line)
say(f'{len(wanted)} different hours are the same all year long, but {sum(excused.values())} explained', differ)
say('each explanation serves', [r[1] for r in reasons if r[1] not in excused])

# A thousand moments, a third of them on public holidays.
random.seed(2026)
feries = [(1, 1), (5, 1), (5, 8), (7, 14), (8, 15), (11, 1), (11, 11), (12, 25)]
known = [l for l in wanted.values() if not l['refus'] and not any(r[1] in f'{l["code"]}\t{l["texte"]}' for r in reasons)]
wrong = []
for k in range(1000):
    l = random.choice(known)
    at = random.randrange(end)
    if k % 3 == 0:
        d = monday + datetime.timedelta(days=random.randrange(364))
        month, day = random.choice(feries)
        d = datetime.datetime(d.year, month, day, random.randrange(8, 19), random.randrange(60))
        at = int((d - monday).total_seconds() // 60)
        if not 0 <= at < end:
            continue
    inside = lambda spans: any(a <= at < b for a, b in spans)
    if inside(events.get(l['id'], {'ouvert': []})['ouvert']) != inside(l['ouvert']):
        wrong.append(f'{l["texte"]} at {monday + datetime.timedelta(minutes=at)}')
say('a thousand moments, holidays included, are open or closed as they say', wrong)
print(f'{passed} passed, {failed} failed')
sys.exit(failed > 0)
