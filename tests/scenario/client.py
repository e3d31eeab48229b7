"""A browser without JavaScript: follows links and forms, keeps cookies, reads HTML."""
import gzip, html.parser, http.client, socket, subprocess, time, urllib.parse


class Page(html.parser.HTMLParser):
    """What a page says: text, title, links, forms with their fields."""

    def __init__(self, status, headers, body):
        super().__init__(convert_charrefs=True)
        self.status, self.headers, self.body = status, headers, body
        self.links, self.forms, self.texts, self.title, self.h1 = [], [], [], '', ''
        self._stack, self._form, self._select, self._link, self._area = [], None, None, None, None
        if 'html' in headers.get('content-type', ''):
            self.feed((gzip.decompress(body) if headers.get('content-encoding') == 'gzip' else body).decode())
        self.text = ' '.join(' '.join(self.texts).split())

    def handle_starttag(self, tag, attrs):
        a = dict(attrs)
        self._stack.append(tag)
        if tag == 'a' and 'href' in a:
            self._link = [a['href'], '']
            self.links.append(self._link)
        elif tag == 'form':
            self._form = {'method': a.get('method', 'get'), 'action': a.get('action', ''),
                          'fields': [], 'buttons': []}
            self.forms.append(self._form)
        elif self._form is not None and tag == 'input':
            kind = a.get('type', 'text')
            if kind in ('radio', 'checkbox'):
                self._form['fields'].append((a.get('name'), a.get('value', 'on'), 'checked' in a, kind))
            elif kind not in ('submit', 'button'):
                self._form['fields'].append((a.get('name'), a.get('value', ''), True, kind))
        elif self._form is not None and tag == 'button':
            self._form['buttons'].append((a.get('name'), a.get('value', '')))
        elif tag == 'textarea' and self._form is not None:
            self._area = [a.get('name'), '']
        elif tag == 'select':
            self._select = a.get('name')
        elif tag == 'option' and self._form is not None:
            self._form['fields'].append((self._select, a.get('value', ''), 'selected' in a, 'option'))

    def handle_endtag(self, tag):
        if tag == 'textarea' and self._area:
            self._form['fields'].append((self._area[0], self._area[1].removeprefix('\n'), True, 'text'))
            self._area = None
        if tag == 'form':
            self._form = None
        if tag == 'a':
            self._link = None
        while self._stack and self._stack.pop() != tag:
            pass

    def handle_data(self, data):
        if self._area:
            self._area[1] += data
        if self._link is not None:
            self._link[1] += data
        if 'title' in self._stack:
            self.title += data
        elif 'script' not in self._stack and 'style' not in self._stack:
            self.texts.append(data)
        if 'h1' in self._stack:
            self.h1 += data

    def link(self, words):
        for href, text in self.links:
            if words in ' '.join(text.split()):
                return href
        raise AssertionError(f'no link says "{words}": {[t for _, t in self.links]}')

    def form(self, action):
        for f in self.forms:
            if f['action'].split('?')[0] == action:
                return f
        raise AssertionError(f'no form goes to {action}: {[f["action"] for f in self.forms]}')


class Browser:
    def __init__(self, port, **headers):
        self.port, self.cookies, self.headers, self.hit = port, {}, headers, []

    def send(self, method, target, body=None, **headers):
        target = target.split('#')[0]
        c = http.client.HTTPConnection('127.0.0.1', self.port, timeout=20)
        h = {**self.headers, **headers}
        if self.cookies:
            h['Cookie'] = '; '.join(f'{k}={v}' for k, v in self.cookies.items())
        c.request(method, target, body, h)
        r = c.getresponse()
        data = r.read()
        for k, v in r.getheaders():
            if k.lower() == 'set-cookie':
                name, value = v.split(';')[0].split('=', 1)
                if value and 'max-age=0' not in v.lower():
                    self.cookies[name] = value
                else:
                    self.cookies.pop(name, None)
        page = Page(r.status, {k.lower(): v for k, v in r.getheaders()}, data)
        page.url = target
        c.close()
        return page

    def get(self, target, follow=True, **headers):
        page = self.send('GET', target, None, **headers)
        for _ in range(5):
            if not follow or page.status not in (301, 302, 303):
                break
            page = self.send('GET', page.headers['location'], None, **headers)
        return page

    def submit(self, page, action, follow=True, button=None, **values):
        """Fills the form that goes to `action` and sends it as a browser does."""
        form, pairs, used = page.form(action), [], set()
        for name, value, on, kind in form['fields']:
            if not name:
                continue
            if name in values:
                wanted = values[name] if isinstance(values[name], list) else [values[name]]
                if kind in ('radio', 'checkbox', 'option'):
                    if value in wanted:
                        pairs.append((name, value))
                        used.add(name)
                elif name not in used:
                    pairs.append((name, wanted[0]))
                    used.add(name)
            elif on:
                pairs.append((name, value))
        missing = [k for k in values if k not in used]
        assert not missing, f'the form has no such field or choice: {missing}'
        if button:
            pairs.append(button)
        query = urllib.parse.urlencode(pairs)
        if form['method'].lower() == 'post':
            out = self.send('POST', form['action'] or page.url, query,
                            **{'Content-Type': 'application/x-www-form-urlencoded'})
            if follow and out.status in (302, 303):
                return self.get(out.headers['location'])
            return out
        return self.get(f'{form["action"]}?{query}')


def free_port():
    with socket.socket() as s:
        s.bind(('127.0.0.1', 0))
        return s.getsockname()[1]


class Server:
    """The real program, started and stopped."""

    def __init__(self, binary, *words, port=None):
        self.port = port or free_port()
        self.process = subprocess.Popen([binary, *words, '--listen', f'127.0.0.1:{self.port}'],
                                        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        for _ in range(400):
            try:
                socket.create_connection(('127.0.0.1', self.port), 0.2).close()
                self.wait_answer()
                return
            except OSError:
                if self.process.poll() is not None:
                    raise RuntimeError('did not start: ' + self.process.stdout.read())
                time.sleep(0.05)
        raise RuntimeError('does not answer')

    def wait_answer(self):
        """It listens before all is open: a demonstration makes links of its invented agents
        meanwhile, which replace those that a command makes for them."""
        c = http.client.HTTPConnection('127.0.0.1', self.port, timeout=30)
        c.request('HEAD', '/')
        c.getresponse().read()
        c.close()

    def stop(self):
        self.process.terminate()
        try:
            return self.process.wait(15)
        finally:
            self.process.stdout.close()
