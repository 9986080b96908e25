"""From sources to an index: analysis, documents, engines, building. Imports nothing of `search` or `web`."""
