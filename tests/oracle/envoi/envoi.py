"""Messages against programs that we did not write; each test is a sentence, the last line counts."""
import email, email.header, email.policy, email.utils, json, os, random, subprocess, sys, time, unicodedata
from collections import Counter
sys.path.insert(0, os.path.dirname(__file__))
import consentement
from monde import AIDE, BINARY, Folder, Kannel, Mails, aide, run, until

MESSAGES = int(sys.argv[3])
ONLY = sys.argv[4] if len(sys.argv) > 4 else ''
TESTS = []
OVERSEAS = ('0262', '0263', '0269', '0508', '0590', '0594', '0596', '0639', '0690', '0691', '0692', '0693', '0694', '0696', '0697')


def test(sentence):
    def add(f):
        TESTS.append((sentence, f))
        return f
    return add


# --- alphabets and numbers -----------------------------------------------------------------------
@test('the SMS alphabet is that of Perl (Encode::GSM0338), sign by sign')
def _():
    perl = r'''use Encode; binmode STDOUT; for my $c (0..0xffff) {
        if ($c >= 0xd800 && $c <= 0xdfff || $c >= 0xfdd0 && $c <= 0xfdef || ($c & 0xfffe) == 0xfffe) { print "0\n"; next }
        my $s = chr($c); my $b = eval { encode("gsm0338", $s, Encode::FB_CROAK) };
        print defined $b ? length($b) : 0, "\n" }'''
    theirs = subprocess.run(['perl', '-e', perl], capture_output=True, text=True, check=True).stdout.split()
    ours = aide('gsm').split()
    different = [(hex(c), a, b) for c, (a, b) in enumerate(zip(ours, theirs)) if a != b]
    # Perl takes U+0000 for @ padding, and an escape alone; the table has neither
    assert [d for d in different if d[0] not in ('0x0', '0x1b')] == [], different[:20]


@test('numbers are read as libphonenumber reads them')
def _():
    import phonenumbers as lib
    chance, typed = random.Random(7), []
    regions = ('FR', 'GP', 'GF', 'MQ', 'RE', 'YT')
    for _ in range(20000):
        typed.append('0' + ''.join(str(chance.randrange(10)) for _ in range(9)))
    for _ in range(6000):
        typed.append('+' + chance.choice(['33', '590', '594', '596', '262', '508', '687', '689', '681'])
                     + ''.join(str(chance.randrange(10)) for _ in range(chance.choice((6, 8, 9)))))
    ours = aide('numeros', input='\n'.join(typed) + '\n').split('\n')
    taken, wrong = 0, []
    for text, said in zip(typed, ours):
        if text.startswith('00'):               # already with a country
            continue
        for region in ('FR',) if text[0] == '+' else regions:
            if region == 'FR' and text[:4] in OVERSEAS:         # libphonenumber would say +33 2 62...
                continue
            try:
                n = lib.parse(text, region)
            except lib.NumberParseException:
                continue
            if not lib.is_valid_number(n):
                continue
            kind = lib.number_type(n)
            e164 = lib.format_number(n, lib.PhoneNumberFormat.E164)
            costs = kind in (lib.PhoneNumberType.PREMIUM_RATE, lib.PhoneNumberType.SHARED_COST, lib.PhoneNumberType.TOLL_FREE)
            if costs and said != '-':
                wrong.append((text, region, said, 'it costs'))
            elif not costs and kind in (lib.PhoneNumberType.MOBILE, lib.PhoneNumberType.FIXED_LINE, lib.PhoneNumberType.FIXED_LINE_OR_MOBILE):
                taken += 1
                if said == '-' or said.split()[0] != e164:
                    # 0976 numbers belong to no one territory before they are called
                    if not text.startswith('0976'):
                        wrong.append((text, region, said, e164))
                elif kind == lib.PhoneNumberType.MOBILE and said.split()[1] == 'fixe' and '976' not in said[:7]:
                    wrong.append((text, region, said, 'a mobile'))
                elif kind == lib.PhoneNumberType.FIXED_LINE and said.split()[1] == 'mobile':
                    wrong.append((text, region, said, 'a landline'))
    assert taken > 3000 and not wrong, (taken, len(wrong), wrong[:12])


# --- mails -----------------------------------------------------------------------------------------
@test("a mail that Python reads is the one that was written")
def _():
    cases = [('Aide numérique 93', 'Été à Noisy-le-Sec : 😀', 'Bonjour,\n\nçà et là…\n.\nFrom ici\nfin '),
             ('', 'Simple', 'x'), ('A' * 90, 'é' * 200, 'long ' * 300 + '\n' + 'é' * 500), ('"q" \\ <b>', '=?UTF-8?Q?x?=', '=3D\t\n\n')]
    for name, subject, text in cases:
        raw = subprocess.run([AIDE, 'courriel', name, subject, text], capture_output=True, check=True).stdout
        m = email.message_from_bytes(raw, policy=email.policy.default)
        assert str(m['Subject']) == subject, (str(m['Subject']), subject)
        sender = email.message_from_bytes(raw)['From'].replace('\r\n', '')     # the old reader joins encoded words
        sender, address = email.utils.parseaddr(str(email.header.make_header(email.header.decode_header(sender))))
        assert (sender, address) == (name, 'aide@exemple.fr'), (sender, address)
        assert m.get_content_type() == 'multipart/alternative' and not m.defects, m.defects
        first, second = m.iter_parts()
        assert (first.get_content_type(), second.get_content_type()) == ('text/plain', 'text/html')
        for part in (first, second):
            assert part.get_content().replace('\r\n', '\n') == text + '\n', (part.get_content(), text)
            assert not part.defects and part['Content-Transfer-Encoding'] == 'quoted-printable'
        assert all(len(line) <= 78 for line in raw.split(b'\r\n')) and b'\n' not in raw.replace(b'\r\n', b'')


def mail_folder(port, scheme='smtp', host='127.0.0.1', **more):
    return dict(smtp=f'{scheme}://{host}:{port}', courriel_expediteur='Aide numérique <aide@exemple.fr>', **more)


@test('a mail reaches a server in the clear on this machine, whole and in both forms')
def _():
    f = Folder()
    m = Mails(f)
    try:
        f.write(**mail_folder(m.port, smtp_tls='non'))
        f.serve().stop()
        assert json.loads(f.essai('amina@exemple.fr', 0).stdout)['etat'] == 'parti'
        sender, to, content, _, tls = m.mails[0]
        assert (sender, to, tls) == ('aide@exemple.fr', ['amina@exemple.fr'], False)
        mail = email.message_from_bytes(content, policy=email.policy.default)
        assert str(mail['Subject']) == 'Message d’essai' and 'amina' not in str(mail['Subject'])
        assert 'Il n’y a rien à faire.' in mail.get_body(('plain',)).get_content()
        assert f.rows('SELECT texte, html, objet FROM envoi') == [(None, None, None)]
    finally:
        m.close(), f.close()


@test('with STARTTLS and with SMTPS: our authority, a login, a secret that only the server sees')
def _():
    for way, scheme in (('starttls', 'smtp'), ('smtps', 'smtps')):
        f = Folder()
        m = Mails(f, tls=way, auth=(b'tremplin', b'chat noir'))
        try:
            password = f.secret('smtp', 'chat noir')
            f.write(**mail_folder(m.port, scheme, 'localhost', smtp_utilisateur='tremplin', smtp_mot_de_passe=password,
                                  smtp_autorite=f'{f.dir}/ca.pem'))
            f.serve()               # the sender is confined: certificates and secrets were read before
            assert json.loads(f.essai('amina@exemple.fr', 0).stdout)['etat'] == 'parti', (way, open(f'{f.dir}/log').read())
            assert m.mails[0][3] and (way == 'smtps' or m.mails[0][4]), way
            f.stop()
            assert 'chat noir' not in open(f'{f.dir}/log').read()
            # the same server, without its authority, or under another name: nothing is sent, the mail waits
            for more in (dict(smtp_autorite=None), mail_folder(m.port, scheme, '127.0.0.1', smtp_autorite=f'{f.dir}/ca.pem')):
                f.write(**more)
                out = f.essai('amina@exemple.fr')
                assert out.returncode == 1 and 'certificat' in out.stderr, (way, out.stderr)
            assert len(m.mails) == 1 and f.states() == {'parti': 1, 'attente': 2}
            # a wrong password is a setting: the mail waits
            f.write(**mail_folder(m.port, scheme, 'localhost', smtp_autorite=f'{f.dir}/ca.pem', smtp_mot_de_passe=f.secret('faux', 'x')))
            assert f.essai('amina@exemple.fr').returncode == 1
            assert f.states() == {'parti': 1, 'attente': 3}, f.states()
        finally:
            m.close(), f.close()


@test('a server that has no TLS gets nothing unless that is set')
def _():
    f = Folder()
    m = Mails(f)
    try:
        f.write(**mail_folder(m.port))
        f.serve().stop()
        out = f.essai('amina@exemple.fr')
        assert out.returncode == 1 and 'chiffrée' in out.stderr, out.stderr
        assert not m.mails and f.states() == {'attente': 1}
    finally:
        m.close(), f.close()


@test('a 5xx about the recipient ends a mail, a 4xx is tried again and leaves')
def _():
    f = Folder()
    m = Mails(f, rcpt=['550 5.1.1 no such user', '451 4.7.1 greylisted', '250 OK'])
    try:
        f.write(**mail_folder(m.port, smtp_tls='non'))
        f.serve()
        out = f.essai('personne@exemple.fr')
        assert out.returncode == 1 and '550' in out.stderr and 'personne' not in out.stderr, ('550', out, f.rows('SELECT * FROM envoi'), open(f'{f.dir}/log').read())
        out = f.essai('amina@exemple.fr')
        assert '451' in out.stderr, ('451', out, f.rows('SELECT * FROM envoi_etat'))
        until(lambda: f.states() == {'refuse': 1, 'parti': 1}, 15, 'the second try')
        assert [x[1] for x in m.mails] == [['amina@exemple.fr']], m.mails
        tries = f.rows('SELECT essais FROM envoi ORDER BY id')
        assert tries == [(1,), (2,)], tries
    finally:
        f.close(), m.close()


@test('a mail server that keeps silent does not hold back the SMS')
def _():
    f = Folder()
    m = Mails(f, silent=True)
    k = Kannel(f)
    try:
        f.write(**mail_folder(m.port, smtp_tls='non'), **k.settings)
        f.serve()
        slow = subprocess.Popen([BINARY, 'envoi', 'essai', '--data', f.data, '--a', 'amina@exemple.fr'],
                                stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        until(lambda: f.states() == {'en_cours': 1}, 10, 'the mail under way')
        began = time.monotonic()
        f.essai('0612345678', 0)
        assert time.monotonic() - began < 5 and f.states()['en_cours'] == 1, f.states()
        slow.kill()
        slow.wait()
    finally:
        f.close(), k.close(), m.close()


# --- a gateway, both ways ----------------------------------------------------------------------------
@test('Kannel takes an SMS as it was written, and its receipt comes back to the message')
def _():
    f = Folder()
    k = Kannel(f)
    try:
        f.write(**k.settings)
        f.serve()
        f.essai('06 12 34 56 78', 0)
        until(lambda: f.states() == {'remis': 1}, 15, 'the receipt')
        assert k.got() == [('Aide', '+33612345678', 'text', "Tremplin : message d'essai. Les SMS partent. Il n'y a rien à faire.")], k.got()
        etats = [e for e, in f.rows('SELECT etat FROM envoi_etat ORDER BY rang')]
        assert etats == ['attente', 'parti', 'remis'] or etats == ['attente', 'remis'], etats
    finally:
        f.close(), k.close()


@test('what a person answers is kept, with the message that it answers; STOP is obeyed')
def _():
    f = Folder()
    k = Kannel(f)
    try:
        f.write(**k.settings)
        f.serve()
        f.essai('0612345678', 0)
        until(lambda: f.states() == {'remis': 1}, 15, 'the receipt')
        k.talk('-m', '1', '33612345678 36000 text Oui, à demain ! 5 €')
        until(lambda: f.rows('SELECT 1 FROM envoi_reponse'), 15, 'the answer')
        sent, = f.rows('SELECT id FROM envoi')
        assert f.rows('SELECT expediteur, texte, mot, envoi_id FROM envoi_reponse') \
            == [('+33612345678', 'Oui, à demain ! 5 €', 'oui', sent[0])]
        k.talk('-m', '1', '33610000001 36000 text STOP')
        until(lambda: f.rows('SELECT 1 FROM envoi_stop'), 15, 'STOP')
        aide('mettre', f.data, '3')             # +33610000000 to 2, as a reminder would
        until(lambda: f.states() == {'remis': 3, 'annule': 1}, 15, 'the reminders')
        assert '+33610000001' not in [to for _, to, _, _ in k.got()]
    finally:
        f.close(), k.close()


@test('Kannel cuts long texts into as many parts as we say')
def _():
    chance, texts = random.Random(3), []
    for _ in range(14):
        signs = chance.choice(['abcdé ', 'ab€[', 'aéê', 'abç'])
        texts.append(''.join(chance.choice(signs) for _ in range(chance.choice((159, 161, 200, 306, 307, 71, 135, 250)))).strip())
    ours = [int(l.split()[1]) for l in aide('parts', input=''.join(json.dumps(t) + '\n' for t in texts)).splitlines()]
    f = Folder()
    k = Kannel(f)
    try:
        import urllib.parse, urllib.request
        for text, n in zip(texts, ours):
            before = len(k.got())
            coding = 0 if all(u in '0' or True for u in text) and aide('parts', input=json.dumps(text) + '\n').startswith('gsm7') else 2
            query = urllib.parse.urlencode({'username': 'tremplin', 'password': 'mot de passe', 'to': '+33612345678', 'from': 'A',
                                            'text': text, 'charset': 'UTF-8', 'coding': coding})
            assert urllib.request.urlopen(f"{k.settings['sms_adresse']}?{query}").status == 202
            until(lambda: len(k.got()) >= before + n, 10, f'{n} parts of {text!r}')
            time.sleep(0.1)
            assert len(k.got()) == before + n, (text, n, len(k.got()) - before)
    finally:
        f.close(), k.close()


@test('a gateway that is not there holds the messages, and they leave when it comes')
def _():
    f = Folder()
    k = Kannel(f)
    try:
        f.write(**k.settings)
        address = k.settings['sms_adresse']
        f.write(sms_adresse='http://127.0.0.1:9/')
        f.serve()
        out = f.essai('0612345678')
        assert out.returncode == 1 and 'refuse la connexion' in out.stderr
        f.stop()
        f.write(sms_adresse=address)
        f.serve()
        run('envoi', 'relancer', '--data', f.data)
        until(lambda: f.states() == {'remis': 1}, 15, 'the message')
    finally:
        f.close(), k.close()


@test(f'{MESSAGES} SMS leave at the pace of the gateway in flat memory; killed three times, none is lost')
def _():
    f = Folder()
    k = Kannel(f)
    together = 4
    try:
        f.write(**k.settings, sms_ensemble=together)
        f.serve().stop()
        aide('mettre', f.data, str(MESSAGES))
        f.serve()
        memory, kills, began = [], 0, time.monotonic()

        def left():
            return f.rows("SELECT count(*) FROM envoi WHERE etat IN ('parti', 'remis')")[0][0]
        until(lambda: left() > MESSAGES // 20, 60, 'the first ones')
        memory.append(f.memory())
        for n in (1, 2, 3):
            until(lambda: left() > n * MESSAGES // 4, 300, f'a quarter ({n})')
            f.kill()
            kills += 1
            f.serve()
        until(lambda: left() == MESSAGES, 600, 'all of them')
        seconds = time.monotonic() - began
        memory.append(f.memory())
        until(lambda: len(k.got()) >= MESSAGES, 30, 'the last at the centre')
        time.sleep(1)
        times = Counter(text for _, _, _, text in k.got())
        lost = [n for n in range(MESSAGES) if f'message {n}' not in times]
        again = sum(times.values()) - len(times)
        print(f'  {MESSAGES} messages in {seconds:.0f} s ({MESSAGES / seconds:.0f} a second), {kills} kills, '
              f'{again} repeated, sender {memory[0]} then {memory[1]} KB')
        assert not lost, (len(lost), lost[:10])
        assert again <= kills * together, again
        assert memory[1] < memory[0] + 4096, memory
        until(lambda: f.states() == {'remis': MESSAGES}, 60, f'all receipts ({f.states()})')
        assert f.rows('SELECT count(*) FROM envoi WHERE texte IS NOT NULL') == [(0,)]
    finally:
        f.close(), k.close()


consentement.add(test)
passed = failed = 0
for sentence, f in TESTS:
    if ONLY not in sentence:
        continue
    try:
        f()
        passed += 1
    except Exception as e:          # a failing sentence must not hide the others
        failed += 1
        print(f'FAILED: {sentence}\n  {type(e).__name__}: {str(e)[:1500]}')
print(f'{passed} passed, {failed} failed')
sys.exit(failed != 0)
