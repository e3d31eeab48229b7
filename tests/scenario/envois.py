"""Messages: commands, the post of the server, and what a gateway may say of them."""
import json, os, re, shutil, sqlite3, subprocess, tempfile, time, urllib.parse
from client import Server
from connexion import first_admin


def config(folder, **settings):
    os.makedirs(folder, exist_ok=True)
    with open(f'{folder}/config', 'w') as f:
        f.writelines(f'{k} = {v}\n' for k, v in settings.items())


def add(test, binary, watched, tremplin):
    def state(data, id):
        out = json.loads(tremplin('envoi', 'list', '--data', data, '--json').stdout)
        return next(m['etat'] for m in out['messages'] if m['id'] == id)

    @test('a trial message leaves by the command, with a server beside it or without')
    def _():
        d = tempfile.mkdtemp()
        data = f'{d}/data'
        config(data, sms_passerelle='dossier', smtp='dossier', courriel_expediteur='Aide 93 <aide@exemple.fr>')
        s = Server(binary, 'serve', '--data', data)
        try:
            out = tremplin('envoi', 'essai', '--data', data, '--a', '06 12 34 56 78', '--json')
            assert json.loads(out.stdout)['etat'] == 'parti', out
            now = state(data, json.loads(out.stdout)['id'])
            assert now == 'parti', now
        finally:
            code = s.stop()
        assert code == 0, code
        out = tremplin('envoi', 'essai', '--data', data, '--a', 'moi@exemple.fr', '--json')
        assert json.loads(out.stdout)['etat'] == 'parti', out
        kinds = sorted(os.path.splitext(f)[1] for f in os.listdir(f'{data}/messages'))
        assert kinds == ['.eml', '.sms'], kinds
        for to, words in (('08 92 12 34 56', 'surtaxé'), ('3639', 'court'), ('01 23 45 67 89', 'fixe'), ('a@b', 'adresse')):
            assert words in tremplin('envoi', 'essai', '--data', data, '--a', to, code=1).stderr, to
        shutil.rmtree(d)

    @test('a secret in the config file is refused, and a missing setting is named')
    def _():
        d = tempfile.mkdtemp()
        kannel = {'sms_passerelle': 'kannel', 'sms_adresse': 'http://127.0.0.1:9/', 'sms_utilisateur': 'u'}
        check = ('envoi', 'passerelle', 'check', '--data', d)
        config(d, **kannel)
        assert 'sms_mot_de_passe' in tremplin(*check, code=1).stderr
        config(d, **kannel, sms_mot_de_passe='enclair')
        out = tremplin(*check, code=1).stderr
        assert 'fichier:' in out and 'enclair' not in out, out
        open(f'{d}/mdp', 'w').write('motdepasse\n')
        config(d, **kannel, sms_mot_de_passe='fichier:mdp')
        out = tremplin(*check)
        assert 'password=%28secret%29' in out.stdout and 'motdepasse' not in out.stdout + out.stderr, out
        config(d, **kannel, sms_mot_de_passe='fichier:mdp', sms_motdepasse='x')
        assert 'sms_motdepasse' in tremplin(*check, code=1).stderr
        shutil.rmtree(d)

    @test('a secret of the environment is known to the sender alone, once the server runs')
    def _():
        d = tempfile.mkdtemp()
        os.environ['TREMPLIN_SMTP_MOT_DE_PASSE'] = 'xyzzy-plugh'
        config(f'{d}/data', smtp='smtps://localhost:9', smtp_utilisateur='u', courriel_expediteur='aide@exemple.fr')
        try:
            s = Server(binary, 'serve', '--data', f'{d}/data')
            del os.environ['TREMPLIN_SMTP_MOT_DE_PASSE']
            assert b'xyzzy' not in open(f'/proc/{s.process.pid}/environ', 'rb').read()
            out = tremplin('envoi', 'essai', '--data', f'{d}/data', '--a', 'a@exemple.fr', code=1)
            assert 'refuse la connexion' in out.stderr, out.stderr     # the sender could be asked to use it
            assert s.stop() == 0
        finally:
            os.environ.pop('TREMPLIN_SMTP_MOT_DE_PASSE', None)
            shutil.rmtree(d)

    @test('a server that starts while a command sends goes on with the messages afterwards')
    def _():
        import fcntl
        d = tempfile.mkdtemp()
        data = f'{d}/data'
        config(data, sms_passerelle='dossier')
        with open(f'{data}/envoi.lock', 'w') as f:
            fcntl.flock(f, fcntl.LOCK_EX)
            s = Server(binary, 'serve', '--data', data)
            p = subprocess.Popen([binary, 'envoi', 'essai', '--data', data, '--a', '0612345678'], stderr=subprocess.DEVNULL)
            time.sleep(0.5)
            assert not os.listdir(f'{data}/messages')
        assert p.wait(20) == 0 and len(os.listdir(f'{data}/messages')) == 1
        assert s.stop() == 0
        shutil.rmtree(d)

    @test('a gateway calls back: what is proved counts once, all else is refused and changes nothing')
    def _():
        d = tempfile.mkdtemp()
        data = f'{d}/data'
        open(f'{d}/s', 'w').write('s3cret')
        config(data, sms_passerelle='dossier')
        s = Server(binary, 'serve', '--data', data)
        try:
            id = json.loads(tremplin('envoi', 'essai', '--data', data, '--a', '0612345678', '--json').stdout)['id']
        finally:
            assert s.stop() == 0
        config(data, sms_passerelle='kannel', sms_adresse='http://127.0.0.1:9/', sms_utilisateur='u',
               sms_mot_de_passe=f'fichier:{d}/s', sms_retour_secret=f'fichier:{d}/s')
        with sqlite3.connect(f'{data}/tremplin.db') as db:
            jeton = db.execute('SELECT jeton FROM envoi WHERE id = ?', (id,)).fetchone()[0]
        s = Server(binary, 'serve', '--data', data)
        try:
            b = watched(s.port)

            def call(kind, status, method='GET', **pairs):
                query = urllib.parse.urlencode(pairs)
                if method == 'GET':
                    p = b.send('GET', f'/envois/retour/{kind}?{query}')
                else:
                    p = b.send('POST', f'/envois/retour/{kind}', query, **{'Content-Type': 'application/x-www-form-urlencoded'})
                assert p.status == status and not p.body, (kind, pairs, p.status, p.body[:200])
                assert 'set-cookie' not in p.headers

            now = int(time.time())
            call('accuse', 403, id=id, jeton='0' * 32, statut=1, le=now)
            call('accuse', 403, id=id, statut=1, le=now)
            call('accuse', 403, id=id, jeton=jeton, statut=1, le=now + 3600)
            call('accuse', 404, id='01999999-0000-7000-8000-000000000000', jeton=jeton, statut=1, le=now)
            call('accuse', 400, id=id, jeton=jeton, statut=77, le=now)
            call('accuse', 400, jeton=jeton)
            assert state(data, id) == 'parti'
            call('accuse', 200, id=id, jeton=jeton, statut=1, le=now)
            assert state(data, id) == 'remis'
            call('accuse', 409, id=id, jeton=jeton, statut=1, le=now)
            call('accuse', 409, method='POST', id=id, jeton=jeton, statut=2, le=now)
            assert state(data, id) == 'remis'

            oui = dict(de='+33612345678', texte='Oui\nmerci', id='r1', le=now)
            call('reponse', 403, **oui)
            call('reponse', 403, secret='autre', **oui)
            call('reponse', 403, secret='s3cret', **{**oui, 'le': now + 3600})
            call('reponse', 200, secret='s3cret', **oui)
            call('reponse', 409, secret='s3cret', **oui)
            call('reponse', 200, method='POST', secret='s3cret', **{**oui, 'texte': 'STOP', 'id': 'r2'})
            assert b.send('HEAD', f'/envois/retour/accuse?id={id}').status in (400, 403)
        finally:
            assert s.stop() == 0
        with sqlite3.connect(f'{data}/tremplin.db') as db:
            rows = db.execute('SELECT mot, texte, envoi_id FROM envoi_reponse ORDER BY rowid').fetchall()
            assert [(mot, to) for mot, _, to in rows] == [('oui', id), ('stop', id)], rows
            # a consent that waits for an answer may have read these already: then their words are gone
            assert all(text in ('', words) for (_, text, _), words in zip(rows, ('Oui\nmerci', 'STOP'))), rows
            assert db.execute('SELECT count(*) FROM envoi_stop').fetchone()[0] == 1
        shutil.rmtree(d)

    @test('an administrator reads what a message became, sends a trial, and never sees whom others went to')
    def _():
        d = tempfile.mkdtemp()
        data = f'{d}/data'
        config(data, sms_passerelle='dossier')
        s = Server(binary, 'serve', '--data', data)
        try:
            b = first_admin(tremplin, watched, s.port, data).b
            p = b.get(b.get('/agent').link('Messages'))
            assert p.h1.strip() == 'Messages' and 'Aucun message' in p.text and 'Pas encore réglé' in p.text
            form = b.get(p.link('Envoyer un essai'))
            for to, words in (('', 'Écrivez un numéro'), ('a@b.fr', 'Les e-mails ne sont pas réglés'),
                              ('08 92 12 34 56', 'surtaxé'), ('01 23 45 67 89', 'fixe'), ('0612', 'court')):
                q = b.submit(form, '/agent/envois/essai', a=to)
                assert q.status == 400 and words in q.text and to in q.body.decode(), (to, q.status, q.text[:300])
            p = b.submit(form, '/agent/envois/essai', a='06 12 34 56 78')
            for _ in range(50):
                if 'Parti' in p.text:
                    break
                time.sleep(0.1)
                p = b.get(p.url)
            assert 'Parti' in p.text and '+33 6 •• •• •• 78' in p.text and '12 34' not in p.text.split('À qui')[1][:60], p.text[:600]
            p = b.get('/agent/envois?etat=parti&canal=sms')
            assert p.body.count(b'Message d\xe2\x80\x99essai') == 1 and 'confirm' not in p.text
            assert 'Aucun message' in b.get('/agent/envois?etat=refuse').text
            p = b.get('/agent/envois/textes')
            assert 'Coûte 1 SMS.' in p.text and 'Votre lien de connexion' in p.text
            assert b.get('/agent/envois/01999999-0000-7000-8000-000000000000').status == 404
        finally:
            assert s.stop() == 0
        config(data, sms_passerelle='kannel', sms_adresse='http://127.0.0.1:9/', sms_utilisateur='u',
               sms_mot_de_passe=f'fichier:{d}/s')
        open(f'{d}/s', 'w').write('x')
        s = Server(binary, 'serve', '--data', data)
        try:
            b.port = s.port
            p = b.submit(b.get('/agent/envois/essai'), '/agent/envois/essai', a='06 12 34 56 79')
            for _ in range(80):
                if 'Essayer maintenant' in p.text:
                    break
                time.sleep(0.1)
                p = b.get(p.url)
            assert 'refuse la connexion' in p.text, p.text[:600]
            p = b.submit(p, p.url + '/relancer')
            assert p.status == 200 and p.h1.strip() == 'Message d’essai'
        finally:
            assert s.stop() == 0
        shutil.rmtree(d)
