"""The outside world for the demo and the tests, with codecs of its own: it must not share our mistakes."""
