"""Draws the pictures of the demo shop: one for each dish, a banner and a store front. No file of pictures is shipped."""

from haowei.demo.pictures.drawing import draw_pictures

__all__ = ["draw_pictures"]
