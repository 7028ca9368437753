"""Writes repartition.json with the package apportionment 1.0 (Martin Lackner, MIT): a second opinion on our apportionment.

    python3 -m venv /tmp/v && /tmp/v/bin/pip install apportionment==1.0
    /tmp/v/bin/python repartition.py > repartition.json

Cases that the package finds tied are left out: it draws nothing.
"""

import json
import random

from apportionment import methods

METHODS = {"sainte-lague": "saintelague", "dhondt": "dhondt", "plus-fort-reste": "hamilton"}

chance = random.Random(2026)
cases = []
while len(cases) < 200:
    seats = chance.choice([1, 5, 20, 100, 400, 4000])
    needs = [int(10 ** chance.uniform(1, 6)) for _ in range(chance.randint(1, 110))]
    method = chance.choice(list(METHODS))
    names = [f"{i:03}" for i in range(len(needs))]
    try:
        posts = methods.compute(METHODS[method], needs, seats, fractions=True, parties=names, tiesallowed=False)
    except methods.TiesException:
        continue
    cases.append({"methode": method, "postes": seats, "besoins": needs, "attendu": [int(p) for p in posts]})
print(json.dumps({"source": "apportionment 1.0", "licence": "MIT", "vecteurs": cases}, separators=(",", ":")))
