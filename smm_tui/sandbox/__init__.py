"""A simulated social world that answers the real clients as the real networks do.

``world`` keeps the state, ``faces`` speak the networks' APIs, ``exchange`` carries one call through faults to a face,
``transport`` (in process) and ``server`` (loopback socket) bring calls in.
"""
