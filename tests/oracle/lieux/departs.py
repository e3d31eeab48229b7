"""departs.py BINARY: a stop that is off, a rule that changed, a stop and a place that are gone, as
icalendar and vobject read what is answered: the same UID, a greater SEQUENCE, STATUS:CANCELLED; the same
card with a newer REV; and nothing of what the place was."""
import datetime, json, os, shutil, sqlite3, subprocess, sys, tempfile, time
sys.path.insert(0, os.path.join(os.path.dirname(__file__), '..', '..', 'scenario'))
import icalendar, vobject
from client import Browser, Server

binary = os.path.abspath(sys.argv[1])
d = tempfile.mkdtemp()
passed = failed = 0


def say(what, ok, seen=''):
    global passed, failed
    passed, failed = passed + bool(ok), failed + (not ok)
    print(('ok ' if ok else 'FAILED ') + what, *([] if ok else [str(seen)[:600]]))


def stops(rows):
    with open(f'{d}/arrets.csv', 'w') as f:
        f.write('id,lieu,arret,commune,latitude,longitude,quand,dates,sauf,non_public\n' + '\n'.join(rows) + '\n')
    run = subprocess.run([binary, 'passage', 'import', '--data', f'{d}/data', '--source', 'essai', '--complet', '--json',
                          f'{d}/arrets.csv'], capture_output=True, text=True)
    assert json.loads(run.stdout)['acceptes'] == len(rows), run


def events(b, path):
    p = b.get(path)
    assert p.status == 200 and p.headers['content-type'].startswith('text/calendar'), (path, p.status)
    cal = icalendar.Calendar.from_ical(p.body)
    return {str(e['UID']): e for e in cal.walk('VEVENT')}, p


def until(b, path, wanted):
    for _ in range(100):
        got, p = events(b, path)
        if wanted(got):
            return got, p
        time.sleep(0.1)
    return got, p


def off(e):
    return str(e.get('STATUS')) == 'CANCELLED'


demo = Server(binary, 'demo', '--data', f'{d}/data')
try:
    b = Browser(demo.port)
    ours = [l for l in json.loads(b.get('/api/v1/lieux?limite=50').body)['lieux'] if 'horaires' in l]
    place = ours[0]['id']
    day = lambda n: datetime.date.today() + datetime.timedelta(days=n)
    rows = lambda sauf, rule: [f'1,{place},parvis neuf,Bondy,48.9,2.48,{rule},,{sauf},non',
                               f'2,{place},halle,Bondy,48.9,2.48,,{day(3)} 14:00-17:00,,non',
                               f'3,{place},square caché,Bondy,48.9,2.48,,{day(3)} 15:00-16:00,,oui']
    path = f'/lieux/{place}/passages'
    stops(rows('', 'Mo-Su 09:00-10:00'))
    told, _ = until(b, path, lambda e: len(e) >= 30)
    mine = {u: e for u, e in told.items() if 'parvis' in str(e.get('LOCATION'))}
    say('stops are told, each once, and none is off', len(mine) >= 30 and not any(off(e) for e in told.values()), len(mine))

    time.sleep(1.1)
    stops(rows(str(day(5)), 'Mo-Su 09:00-10:00'))
    then, _ = until(b, path, lambda e: any(off(x) for x in e.values()))
    gone = [u for u in then if off(then[u])]
    say('an exception calls one off: same UID, SEQUENCE up, same day', len(gone) == 1 and gone[0] in mine
        and then[gone[0]]['SEQUENCE'] > mine[gone[0]]['SEQUENCE']
        and then[gone[0]]['DTSTART'].dt == mine[gone[0]]['DTSTART'].dt and then[gone[0]]['DTSTART'].dt.date() == day(5), gone)

    time.sleep(1.1)
    stops(rows('', 'Mo-Su 11:00-12:00')[:1] + rows('', '')[2:])
    last, page = until(b, path, lambda e: sum(off(x) for x in e.values()) > 20)
    held = {u for u in last if not off(last[u])}
    lost = set(told) - held
    say('what a new rule and a stop taken away had told is called off, all of it',
        lost and all(u in last and off(last[u]) and last[u]['SEQUENCE'] > told[u]['SEQUENCE'] for u in list(lost)
                     if told[u]['DTSTART'].dt.date() > day(0)), sorted(lost - set(last))[:3])
    say('what holds is not', all(not off(last[u]) for u in last if '11:00' in str(last[u]['DTSTART'].dt)))
    say('a stop that is not public is in none of it', b'cach' not in page.body)

    hours, _ = events(b, f'/lieux/{place}/horaires')
    card = vobject.readOne(b.get(f'/lieux/{place}/contact').body.decode())
    name = ours[0]['nom']
    db = sqlite3.connect(f'{d}/data/tremplin.db', timeout=20)
    now = datetime.datetime.now(datetime.timezone.utc).strftime('%Y-%m-%dT%H:%M:%SZ')
    with db:
        db.execute("UPDATE lieu SET publication = 'retire', maj_le = ? WHERE id = ?", (now, place))
        db.execute("UPDATE generation SET numero = numero + 1 WHERE nom = 'lieu'")
    db.close()
    for _ in range(100):
        if b.get(f'/api/v1/lieux/{place}').status == 404:
            break
        time.sleep(0.1)
    after, p = events(b, f'/lieux/{place}/horaires')
    say('the hours of a place that left are called off, event by event', set(after) == set(hours)
        and all(off(e) and e['SEQUENCE'] > hours[u]['SEQUENCE'] for u, e in after.items()), (set(hours), set(after)))
    say('and nothing says what it was', name.encode() not in p.body and b'LOCATION' not in p.body and b'GEO' not in p.body)
    ended, p = events(b, path)
    say('so are its stops', held <= set(ended) | {u for u in held if last[u]['DTSTART'].dt.date() <= day(0)}
        and all(off(e) for e in ended.values()) and name.encode() not in p.body and b'parvis' not in p.body,
        sorted(held - set(ended))[:3])
    p = b.get(f'/lieux/{place}/contact')
    left = vobject.readOne(p.body.decode())
    say('its card has the same UID, a newer REV and a note', left.uid.value == card.uid.value and left.rev.value >= card.rev.value
        and 'Retiré de l’annuaire depuis' in left.note.value and name not in p.body.decode() and not hasattr(left, 'tel'))
    p = b.get(f'/donnees/lieux/horaires.ics?depuis={day(-1)}')
    since = {str(e['UID']): e for e in icalendar.Calendar.from_ical(p.body).walk('VEVENT')}
    say('the calendar of all places since a date calls it off', all(u in since and off(since[u]) for u in hours))
    p = b.get(f'/donnees/lieux/contacts.vcf?depuis={day(-1)}')
    cards = [c for c in vobject.readComponents(p.body.decode()) if c.uid.value.endswith(place)]
    say('the cards since a date say that it left', len(cards) == 1 and 'Retiré' in cards[0].note.value)
    say('a place that never was is not found', b.get('/lieux/00000000-0000-7000-8000-000000000000/contact').status == 404)
finally:
    demo.stop()
    shutil.rmtree(d)
print(f'{passed} passed, {failed} failed')
sys.exit(failed != 0)
