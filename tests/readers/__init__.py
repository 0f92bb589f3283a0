"""Other people's programs reading our feeds: parsers, and real subscribers over HTTP."""
