"""Service calls (叫服务员): water, tissues, a chair, clearing up, the bill, or anything else, from a table by chat.

One open call for each table and kind. It is printed, taken by a member of staff and finished; when nobody takes it within three
minutes it is called again, louder, and after six once more. Source: RESTAURANT, Service calls.
"""
