"""validate.py SCHEMA FILE...: whether the JSON documents of the files are as a JSON Schema says.

A file may have one document, or one per line. Exits with 1 and what is wrong with the first ten that
are not, with 77 if the jsonschema package is missing.
"""
import json
import sys

try:
    from jsonschema.validators import validator_for
except ImportError:
    sys.exit(77)


def documents(path):
    """The documents of a file, each with a name for people."""
    with open(path, encoding="utf-8") as file:
        text = file.read()
    try:
        yield path, json.loads(text)
    except ValueError:
        for number, line in enumerate(text.splitlines(), 1):
            yield f"{path}:{number}", json.loads(line)


def main(schema_path, *paths):
    with open(schema_path, encoding="utf-8") as file:
        schema = json.load(file)
    kind = validator_for(schema)
    kind.check_schema(schema)
    validator = kind(schema)
    checked = wrong = 0
    for path in paths:
        for name, document in documents(path):
            checked += 1
            for error in validator.iter_errors(document):
                wrong += 1
                if wrong <= 10:
                    where = "/".join(str(part) for part in error.absolute_path)
                    print(f"{name}: {where}: {error.message[:300]}")
    print(f"{checked} documents, {wrong} errors")
    return wrong > 0 or not checked


sys.exit(main(*sys.argv[1:]))
