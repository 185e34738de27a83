# SPDX-License-Identifier: Apache-2.0
"""The README's tour works as printed."""
import json
import pathlib
import re
import subprocess

README = pathlib.Path(__file__).resolve().parents[2] / 'README.md'


def test_the_tour_works_as_printed(server):
    block = re.search(r'second terminal:\n\n```sh\n(.*?)```', README.read_text(), re.DOTALL).group(1)
    script = block.replace('http://127.0.0.1:8080', server.url).replace('curl -s', 'timeout 5 curl -s')
    steps = re.split(r'^# ', script, flags=re.MULTILINE)[1:]
    marked = '\n'.join(f'echo; echo "=== {number}"\n# {step}' for number, step in enumerate(steps))
    ran = subprocess.run(['bash', '-c', marked], capture_output=True, text=True, timeout=60)
    answers = [text.strip() for text in re.split(r'=== \d+\n', ran.stdout)[1:]]
    created, changed, merged, clash, history = (json.loads(text) for text in answers[1:6])
    assert created['version'] == 1
    assert changed['phone'] == '555 0199' and changed['version'] == 2
    assert merged['merged'] is True and merged['address'] == 'Calle Mayor 1' and merged['phone'] == '555 0199'
    assert clash['status'] == 409 and clash['clashing_fields'] == ['phone']
    assert [item['version'] for item in history['items']] == [3, 2, 1]
    live = [json.loads(line[len('data: '):]) for line in answers[6].split('\n') if line.startswith('data: ')]
    assert [event['version'] for event in live if event.get('id') == created['id']] == [1, 2, 3]
