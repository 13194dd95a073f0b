"""Who was asked, and which of these attempts were answered.

Not here: the statuses of an attempt (`contact_status`), what asking costs (`warehouse.published.asked`).
"""
