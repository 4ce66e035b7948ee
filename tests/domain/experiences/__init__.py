"""Experiences: sessions, places, waiting lists, offers."""
