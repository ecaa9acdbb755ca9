"""Learning by doing: days with goals in sandbox worlds of their own, judged by what was really done there.

It stands above the services, as the demo does. Nothing of it reaches anything but the world in its folder.
"""
