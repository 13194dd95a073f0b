"""What is built and kept by month from the loads that count: what there is to build, responses, facts, people, contacts.

Not here: what is made of all months together (`published`).
"""
