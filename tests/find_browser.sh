#!/bin/sh
# Finds a browser for the tests, or gets one where that is allowed; without one those tests skip and say why.
# $1: the folder of the virtual environment's commands.
for name in chromium chromium-browser google-chrome; do
    if command -v "$name" >/dev/null 2>&1; then echo "browser tests use $(command -v "$name")"; exit 0; fi
done
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    (apt-get update && apt-get install --yes --no-install-recommends chromium) >/dev/null 2>&1
    if command -v chromium >/dev/null 2>&1; then echo "browser tests use $(command -v chromium)"; exit 0; fi
fi
if "$1/python" -m playwright install chromium >/dev/null 2>&1; then echo "browser tests use playwright's chromium"; exit 0; fi
echo "no browser was found and none could be installed: browser tests will be skipped"
