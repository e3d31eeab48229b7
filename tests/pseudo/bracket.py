"""Standard input, a catalogue; standard output, the same with each translation in brackets."""
import re
import sys

lines = sys.stdin.read().split('\n')
head, out, last = True, [], None        # last: where the translation that is open ends


def close():
    global last
    if last is not None:
        out[last] = out[last][:-1] + '⟧"'
        last = None


for line in lines:
    if not line.startswith('"'):
        close()
    if line == '':
        head = False
    if line.startswith('msgstr') and not head:
        line = re.sub(r'^(msgstr(?:\[\d\])? ")', r'\1⟦', line)
        last = len(out)
    elif last is not None:
        last = len(out)
    out.append(line)
close()
sys.stdout.write('\n'.join(out))
