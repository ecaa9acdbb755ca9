"""The wrong-client guard: what in a text says whose it is, and whether that is the client it shall go out for.

`marks` reads a text (links, phone numbers, prices, handles, hashtags), `tongues` tells its language, `knowledge`
holds what each client's brief says and what went out for it, and `check` compares. Pure: no database is read here.
"""
