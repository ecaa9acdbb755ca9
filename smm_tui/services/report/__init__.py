"""The report of a month to a client: gathered once as a value, then written in the form that is asked for."""
