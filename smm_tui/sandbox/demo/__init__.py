"""The demo: six clients in a sandbox world, a month of their posts, and a walk through the main job.

It stands above the services, although it lives beside the world that it peoples: the world knows nothing of it.
"""

from smm_tui.sandbox.demo.story import demo_settings, prepare
from smm_tui.sandbox.demo.walk import HeadlessResult, Step, headless

__all__ = ["HeadlessResult", "Step", "demo_settings", "headless", "prepare"]
