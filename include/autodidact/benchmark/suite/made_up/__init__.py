"""Made-up material that families draw for their items: services and who calls whom, handlers, tools, log
lines, code, messages, status cards, words.
"""
