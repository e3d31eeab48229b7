"""A small hub's workbook, never seen before, becomes places by `lieu map` and its documentation alone.

The workbook is invented, in the style of those that hubs keep: a merged title, a line of merged groups above the
titles, two groups of yes and no columns, hours and telephones as people write them, Lambert-93, a column for the team."""
import json, math, re, shutil, sqlite3, subprocess, sys, tempfile, zipfile
from xml.sax.saxutils import escape

COMMUNES = ('code,nom,departement,region,epci,ept,population,codes_postaux,lat,lon,surface_km2_approx\n'
            '93010,Bondy,93,11,200054781,200058790,51490,93140,48.90280,2.48450,5.47\n'
            '93066,Saint-Denis,93,11,200054781,200057867,150000,93200|93210,48.92950,2.36160,12.4\n'
            '93048,Montreuil,93,11,200054781,200057875,110000,93100,48.86300,2.44800,8.9\n')
TITLES = ['Nom du lieu', 'Type', 'Adresse', 'CP', 'Ville', 'Tél.', 'Mail', 'Site web', 'X (L93)', 'Y (L93)',
          'Démarches en ligne', 'Ateliers débutants', 'Prêt d\'ordinateurs', 'Accès libre', 'Jeunes', 'Seniors', 'Étrangers',
          'Horaires', 'Tarif', 'Vérifié le', 'Remarques internes']
ROWS = [
    ['Le Fil fictif', 'Association', '1 rue Inventée', 93140, 'BONDY', '01.99.00.10.01', 'lefil@exemple.fr', 'lefil.exemple.fr',
     48.9041, 2.4859, 'x', 'x', '', 'x', 'oui', 'oui', 'non', 'Lundi au vendredi 9h-12h et 14h-17h30', 'Gratuit', 44805, 'clé chez Mme Fictive'],
    ['Médiathèque inventée', 'Bibliothèque', '2, place Fictive', 93140, 'Bondy', '01 99 00 10 02', 'media@exemple.fr', '',
     48.9011, 2.4812, '', 'x', '', 'x', 'oui', 'non', 'non', 'mardi, mercredi et samedi de 10h à 18h', 'gratuit', 44806, ''],
    ['La Souris imaginaire', 'Association', '3 bd Inventé', 93200, 'St Denis', '01.99.00.10.03', '', '',
     48.9301, 2.3577, 'x', '', 'x', '', 'non', 'oui', 'oui', 'sur rendez-vous', 'Adhésion', 44807, 'rappeler en janvier'],
    ['Maison des Exemples', 'Centre social', '4 avenue Fictive', 93200, 'Saint Denis', '01.99.00.10.04', 'exemples@exemple.fr', '',
     48.9322, 2.3611, 'x', 'x', 'x', 'x', 'oui', 'oui', 'oui', 'du lundi au samedi 9h - 19h', 'Gratuit', 44810, ''],
    ['Point numérique rêvé', 'Mairie', '5 rue Inventée', 93100, 'Montreuil', '0199001005', 'point@exemple.fr', 'https://exemple.fr/point',
     48.8630, 2.4441, 'x', '', '', '', 'non', 'non', 'non', 'lun-mer-ven 13h30-17h', 'Gratuit', 44811, ''],
    ['Atelier sans point', 'Association', '6 rue Fictive', 93100, 'MONTREUIL', '01.99.00.10.06', '', '',
     None, None, '', 'x', '', 'x', 'oui', 'non', 'oui', '9h-12h le jeudi', 'payant', 44812, 'coordonnées à demander'],
]


def lambert93(lat, lon):
    """Forward projection, IGN NT/G 71; written here so that the program is not held against itself."""
    e, n, c, xs, ys = 0.0818191910428158, 0.7256077650532670, 11754255.4261, 700000.0, 12655612.0499
    phi = math.radians(lat)
    iso = math.log(math.tan(math.pi / 4 + phi / 2) * ((1 - e * math.sin(phi)) / (1 + e * math.sin(phi))) ** (e / 2))
    r, g = c * math.exp(-n * iso), n * (math.radians(lon) - math.radians(3))
    return round(xs + r * math.sin(g), 1), round(ys - r * math.cos(g), 1)


def column(i):
    return chr(65 + i)


def cell(i, row, v, style=''):
    ref = f'{column(i)}{row}'
    if v is None or v == '':
        return ''
    if isinstance(v, (int, float)):
        return f'<c r="{ref}"{style}><v>{v}</v></c>'
    return f'<c r="{ref}" t="inlineStr"><is><t>{escape(v)}</t></is></c>'


def workbook(path):
    lines = [f'<row r="1">{cell(0, 1, "RÉSEAU DES LIEUX NUMÉRIQUES DU VAL FICTIF - septembre 2022")}</row>',
             f'<row r="3">{cell(10, 3, "CE QU’ON Y FAIT")}{cell(14, 3, "POUR QUI")}</row>',
             f'<row r="4">{"".join(cell(i, 4, t) for i, t in enumerate(TITLES))}</row>']
    for n, r in enumerate(ROWS, 5):
        r = list(r)
        if r[8] is not None:
            r[8], r[9] = lambert93(r[8], r[9])
        lines.append(f'<row r="{n}">' + ''.join(cell(i, n, v, ' s="1"' if i == 19 else '') for i, v in enumerate(r)) + '</row>')
    main = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main'
    rel = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'
    kind = 'application/vnd.openxmlformats-officedocument.spreadsheetml.'
    parts = {
        '[Content_Types].xml': '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
            '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            '<Default Extension="xml" ContentType="application/xml"/>'
            f'<Override PartName="/xl/workbook.xml" ContentType="{kind}sheet.main+xml"/>'
            f'<Override PartName="/xl/styles.xml" ContentType="{kind}styles+xml"/>'
            f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{kind}worksheet+xml"/></Types>',
        '_rels/.rels': '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
            f'<Relationship Id="r1" Type="{rel}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        'xl/workbook.xml': f'<workbook xmlns="{main}" xmlns:r="{rel}"><sheets><sheet name="Lieux" sheetId="1" r:id="r1"/></sheets></workbook>',
        'xl/_rels/workbook.xml.rels': '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
            f'<Relationship Id="r1" Type="{rel}/worksheet" Target="worksheets/sheet1.xml"/>'
            f'<Relationship Id="r2" Type="{rel}/styles" Target="styles.xml"/></Relationships>',
        'xl/styles.xml': f'<styleSheet xmlns="{main}"><cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs></styleSheet>',
        'xl/worksheets/sheet1.xml': f'<worksheet xmlns="{main}"><sheetData>{"".join(lines)}</sheetData><mergeCells count="3">'
            '<mergeCell ref="A1:U1"/><mergeCell ref="K3:N3"/><mergeCell ref="O3:Q3"/></mergeCells></worksheet>',
    }
    with zipfile.ZipFile(path, 'w', zipfile.ZIP_DEFLATED) as z:
        for name, text in parts.items():
            z.writestr(name, '<?xml version="1.0" encoding="UTF-8"?>' + text)


FINISHED = [    # what a person changes in what `lieu map` proposes, by docs/mappings.md
    ('titre hub', 'titre Réseau du Val fictif'), ('source hub', 'source val-fictif'), ('complet non', 'complet oui'),
    ('\tAdhésion -> Payant', '\tAdhésion -> Gratuit sous condition'),
]


def add(test, binary):
    @test('a small hub\'s workbook never seen before is mapped by what lieu map proposes, and imported twice without change')
    def _():
        d = tempfile.mkdtemp()
        try:
            def run(*words):
                out = subprocess.run([binary, *words], capture_output=True, text=True)
                assert out.returncode == 0, (words, out.stderr)
                return out.stdout

            workbook(f'{d}/hub.xlsx')
            open(f'{d}/communes.csv', 'w').write(COMMUNES)
            run('territoire', 'import', '--data', f'{d}/essai', f'{d}/communes.csv')
            proposed = run('lieu', 'map', f'{d}/hub.xlsx')
            for line in ('entete 4', '\tcolonne Tél.', 'projection 2154 X (L93) | Y (L93)', 'horaires-texte Horaires',
                         '\tcolonne Vérifié le', '\tquand Jeunes | oui -> Jeunes', 'ignorer Remarques internes',
                         '\tquand Ateliers débutants | oui -> Maîtrise des outils numériques du quotidien'):
                assert line in proposed, (line, proposed)
            for before, after in FINISHED:
                assert before in proposed, (before, proposed)
                proposed = proposed.replace(before, after)
            open(f'{d}/hub.txt', 'w').write(proposed)
            words = ('lieu', 'import', '--data', f'{d}/essai', '--mapping', f'{d}/hub.txt', '--json')
            first = json.loads(run(*words, '--report', f'{d}/r.csv', f'{d}/hub.xlsx'))
            assert (first['lus'], first['acceptes'], first['nouveaux']) == (6, 6, 6), first
            report = open(f'{d}/r.csv').read()
            assert 'RÉSEAU DES LIEUX' in report and 'CE QU’ON Y FAIT' in report, report
            again = json.loads(run(*words, f'{d}/hub.xlsx'))
            assert (again['modifies'], again['inchanges']) == (0, 6), again
            db = sqlite3.connect(f'{d}/essai/tremplin.db')
            rows = {r[0]: r[1:] for r in db.execute('SELECT nom, latitude, longitude, telephone, horaires, date_maj, services,'
                                                    ' frais_a_charge, position, presentation_detail FROM lieu')}
            db.close()
            for r in ROWS:
                lat, lon, phone, hours, day, services, fees, position, detail = rows[r[0]]
                if r[8] is not None:    # under a metre from where it was put on the plan
                    assert abs(lat - r[8]) * 111e3 < 1 and abs(lon - r[9]) * 73e3 < 1, (r[0], lat, lon)
                assert position == ('source' if r[8] is not None else 'commune'), r[0]
                assert phone == '+33' + re.sub(r'\D', '', r[5])[1:], (r[0], phone)
                assert day.startswith('2022-09-') and detail is None, (r[0], day, detail)
                assert ('Maîtrise des outils' in services) == (r[11] == 'x'), (r[0], services)
            assert rows['Le Fil fictif'][3] == 'Mo-Fr 09:00-12:00,14:00-17:30', rows
            assert rows['La Souris imaginaire'][6] == 'Gratuit sous condition', rows
        finally:
            shutil.rmtree(d)
