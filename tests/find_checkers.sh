#!/bin/sh
# Gets the checkers that are no Python packages of ours: axe, html-validate, schemathesis. They stay in .cache/checkers;
# where they cannot be had (no npm, no network), their tests skip and say why. $1: the Python to make an environment with.
AXE=axe-core@4.14.1
HTML=html-validate@9.7.1
API=schemathesis==4.32.5
FOLDER=.cache/checkers
mkdir -p "$FOLDER"
if [ ! -f "$FOLDER/$AXE+$HTML" ] && command -v npm >/dev/null 2>&1; then
    if npm install --prefix "$FOLDER" --silent --no-audit --no-fund --no-save --ignore-scripts "$AXE" "$HTML" >/dev/null 2>&1; then
        touch "$FOLDER/$AXE+$HTML"
    fi
fi
if [ ! -f "$FOLDER/$API" ] && "$1" -m venv "$FOLDER/python" >/dev/null 2>&1; then
    if "$FOLDER/python/bin/python" -m pip install --quiet --disable-pip-version-check "$API" >/dev/null 2>&1; then
        touch "$FOLDER/$API"
    fi
fi
[ -f "$FOLDER/$AXE+$HTML" ] || echo "axe and html-validate could not be had: their tests will be skipped"
[ -f "$FOLDER/$API" ] || echo "schemathesis could not be had: its test will be skipped"
exit 0
