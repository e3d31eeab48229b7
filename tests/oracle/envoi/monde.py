"""What the comparisons share: a folder, the program, a gateway, a mail server."""
import asyncio, json, os, re, shutil, signal, socket, sqlite3, ssl, subprocess, sys, tempfile, time, urllib.request
sys.path.insert(0, os.path.join(os.path.dirname(__file__), '../../scenario'))
from client import free_port

BINARY, AIDE = sys.argv[1], sys.argv[2]
QUIET = {'envoi_heures': '0-24', 'envoi_dimanche': 'oui', 'envoi_par_jour': '0', 'envoi_par_personne': '0'}


def run(*words, code=0, input=None):
    out = subprocess.run([BINARY, *words], capture_output=True, text=True, input=input)
    assert code is None or out.returncode == code, (words, out.returncode, out.stderr)
    return out


def aide(*words, input=None):
    out = subprocess.run([AIDE, *words], capture_output=True, text=True, input=input)
    assert out.returncode == 0, out.stderr
    return out.stdout


class Folder:
    """A data folder with its settings; a server on it, that can be killed."""

    def __init__(self, **settings):
        self.dir = tempfile.mkdtemp(prefix='tremplin-envoi-')
        self.data, self.server, self.port = f'{self.dir}/data', None, free_port()
        os.mkdir(self.data, 0o700)
        self.settings = {**QUIET, 'sms_retour_adresse': f'http://127.0.0.1:{self.port}', **settings}
        self.write()

    def write(self, **more):
        self.settings.update(more)
        with open(f'{self.data}/config', 'w') as f:
            f.writelines(f'{k} = {v}\n' for k, v in self.settings.items() if v is not None)

    def secret(self, name, text):
        with open(f'{self.dir}/{name}', 'w') as f:
            f.write(text + '\n')
        return f'fichier:{self.dir}/{name}'

    def serve(self, *more):
        self.server = subprocess.Popen([BINARY, 'serve', '--data', self.data, '--listen', f'127.0.0.1:{self.port}', *more],
                                       stdout=subprocess.DEVNULL, stderr=open(f'{self.dir}/log', 'a'), start_new_session=True)
        for _ in range(400):
            try:
                urllib.request.urlopen(f'http://127.0.0.1:{self.port}/healthz', timeout=5).read()
                return self
            except OSError:
                assert self.server.poll() is None, (self.server.poll(), open(f'{self.dir}/log').read())
                time.sleep(0.02)
        raise AssertionError('does not answer')

    def kill(self):
        """All its processes at once, as a power cut would."""
        os.killpg(self.server.pid, signal.SIGKILL)
        self.server.wait()
        self.server = None

    def stop(self):
        if self.server:
            self.server.terminate()
            assert self.server.wait(20) == 0
            self.server = None

    def close(self):
        if self.server:
            self.kill()
        shutil.rmtree(self.dir, ignore_errors=True)

    def sender(self):
        """The process that sends."""
        for pid in os.listdir('/proc'):
            try:
                if pid.isdigit() and os.getpgid(int(pid)) == self.server.pid \
                        and open(f'/proc/{pid}/comm').read().strip() == 'tremplin-sender':
                    return int(pid)
            except OSError:
                pass
        raise AssertionError('no sender')

    def memory(self):
        """Of the process that sends, in KB."""
        return int(re.search(r'VmRSS:\s+(\d+)', open(f'/proc/{self.sender()}/status').read())[1])

    def rows(self, sql, *values):
        with sqlite3.connect(f'file:{self.data}/tremplin.db?mode=ro', uri=True, timeout=10) as db:
            return db.execute(sql, values).fetchall()

    def states(self):
        return dict(self.rows('SELECT etat, count(*) FROM envoi GROUP BY etat'))

    def essai(self, to, code=None):
        return run('envoi', 'essai', '--data', self.data, '--a', to, '--json', code=code)


def until(holds, seconds=20, what='it'):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if holds():
            return
        time.sleep(0.05)
    raise AssertionError(f'{what} does not come')


class Kannel:
    """bearerbox, smsbox and the fake SMS centre, on ports of their own."""

    def __init__(self, folder):
        self.dir = folder.dir
        admin, boxes, self.sendsms, self.centre = (free_port() for _ in range(4))
        self.settings = {'sms_passerelle': 'kannel', 'sms_adresse': f'http://127.0.0.1:{self.sendsms}/cgi-bin/sendsms',
                         'sms_utilisateur': 'tremplin', 'sms_mot_de_passe': folder.secret('kannel', 'mot de passe'),
                         'sms_retour_secret': folder.secret('retour', 's3cret'), 'sms_expediteur': 'Aide'}
        with open(f'{self.dir}/kannel.conf', 'w') as f:
            f.write(f'''group = core
admin-port = {admin}
admin-interface = 127.0.0.1
admin-password = x
smsbox-port = {boxes}
smsbox-interface = 127.0.0.1
dlr-storage = internal
log-level = 4

group = smsc
smsc = fake
smsc-id = fake
port = {self.centre}
connect-allow-ip = 127.0.0.1

group = smsbox
bearerbox-host = 127.0.0.1
sendsms-port = {self.sendsms}
sendsms-interface = 127.0.0.1
http-request-retry = 20
http-queue-delay = 1
log-level = 4

group = sendsms-user
username = tremplin
password = "mot de passe"
max-messages = 10
concatenation = true

group = sms-service
keyword = default
max-messages = 0
get-url = "http://127.0.0.1:{folder.port}/envois/retour/reponse?secret=s3cret&de=%p&texte=%a&id=%I&le=%T"
''')
        self.processes, self.out = [], f'{self.dir}/centre.log'
        for box in ('bearerbox', 'smsbox'):
            self.processes.append(subprocess.Popen([box, f'{self.dir}/kannel.conf'], stdout=subprocess.DEVNULL,
                                                   stderr=open(f'{self.dir}/{box}.log', 'w')))
            until(lambda: self.listens(boxes if box == 'bearerbox' else self.sendsms), what=box)
        self.talk('-m', '0', '1 2 text x')

    def listens(self, port):
        try:
            socket.create_connection(('127.0.0.1', port), 0.2).close()
            return True
        except OSError:
            return False

    def talk(self, *words):
        """A centre that says `words` and prints what it is given; bearerbox knows one at a time."""
        for p in self.processes[2:]:
            p.terminate()
            p.wait()
        del self.processes[2:]
        self.processes.append(subprocess.Popen(['/usr/lib/kannel/test/fakesmsc', '-r', str(self.centre), '-i', '0.05', *words],
                                               stdout=open(self.out, 'a'), stderr=subprocess.STDOUT))

    def got(self):
        """The texts that came to the centre, in order: (from, to, kind, text)."""
        found = re.findall(r'Got message \d+: <(\S+) (\S+) (\S+) ([^>]*)>', open(self.out, errors='replace').read())
        return found

    def close(self):
        for p in reversed(self.processes):
            p.terminate()
        for p in self.processes:
            try:
                p.wait(10)
            except subprocess.TimeoutExpired:
                p.kill()
                p.wait()


class Mails:
    """An SMTP server that says what it is told; certificates of its own authority."""

    def __init__(self, folder, tls=None, auth=None, rcpt=None, silent=False):
        from aiosmtpd.smtp import SMTP, AuthResult
        from aiosmtpd.controller import Controller
        outer, self.mails, self.rcpt = self, [], list(rcpt or [])

        class Handler:
            async def handle_RCPT(self, server, session, envelope, address, options):
                said = outer.rcpt.pop(0) if outer.rcpt else '250 OK'
                if said.startswith('250'):
                    envelope.rcpt_tos.append(address)
                return said

            async def handle_DATA(self, server, session, envelope):
                if silent:
                    await asyncio.sleep(600)
                outer.mails.append((envelope.mail_from, envelope.rcpt_tos, envelope.content, session.authenticated, session.ssl is not None))
                return '250 OK'

        def check(server, session, envelope, mechanism, data):
            return AuthResult(success=(data.login, data.password) == auth, handled=False)

        context, options = None, {'hostname': '127.0.0.1', 'port': free_port()}
        if tls:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(*certificate(folder.dir))
        if auth:
            options.update(authenticator=check, auth_required=True, auth_require_tls=True)
        if tls == 'starttls':
            options.update(tls_context=context, require_starttls=True)
        if tls == 'smtps':
            options.update(ssl_context=context)
            if auth:
                options['auth_require_tls'] = False     # the whole connection is

        class Ours(Controller):
            def _trigger_server(self):          # its own first connection knows no certificate
                socket.create_connection((self.hostname, self.port), 1).close()
        self.controller = Ours(Handler(), **options)
        self.controller.start()
        self.port = options['port']

    def close(self):
        self.controller.stop()


def certificate(folder):
    """A server certificate for localhost, signed by an authority of its own (ca.pem)."""
    ca, key, pem = f'{folder}/ca.pem', f'{folder}/key.pem', f'{folder}/cert.pem'
    if not os.path.exists(pem):
        quiet = dict(stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True)
        subprocess.run(['openssl', 'req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-keyout', f'{folder}/ca.key', '-out', ca,
                        '-subj', '/CN=Essai', '-days', '2'], **quiet)
        subprocess.run(['openssl', 'req', '-newkey', 'rsa:2048', '-nodes', '-keyout', key, '-out', f'{folder}/req.pem',
                        '-subj', '/CN=localhost'], **quiet)
        with open(f'{folder}/ext', 'w') as f:
            f.write('subjectAltName=DNS:localhost\n')
        subprocess.run(['openssl', 'x509', '-req', '-in', f'{folder}/req.pem', '-CA', ca, '-CAkey', f'{folder}/ca.key',
                        '-CAcreateserial', '-out', pem, '-days', '2', '-extfile', f'{folder}/ext'], **quiet)
    return pem, key
