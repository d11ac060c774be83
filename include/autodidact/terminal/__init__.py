"""What people see in a terminal: durations, the pace of long work, tables, and the screen of a cycle.

`rich` draws on a terminal and is imported there alone; elsewhere the same things are plain lines.
"""
