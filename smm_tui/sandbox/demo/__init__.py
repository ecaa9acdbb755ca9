"""The demo: six clients in a sandbox world, a month of their posts, and a walk through the main job.

It stands above the services, although it lives beside the world that it peoples: the world knows nothing of it.
"""

from smm_tui.sandbox.demo.opening import bring_due, demo_settings, prepare

__all__ = ["bring_due", "demo_settings", "prepare"]
