"""Targeted advertising through VK Реклама (ads.vk.com), VK's advertising cabinet of today."""
